r"""Commits as ``git log`` prints them: what repeats above the message, what can be counted again.

- ``Author:`` is left out where it is that of the commit before.
- `` 2 files changed, 7 insertions(+)`` is left out where the rows above say it: that is so as long
  as their bars are not scaled down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ROW = re.compile(r" (?:\S.*?) +\| +(\d{1,6})(?: (\+{0,200})(-{0,200}))?\r?")
# No row is longer, in characters; looking at longer lines would cost more than it is worth.
_LONGEST_ROW = 1_000

_TOTALS = re.compile(r" \d+ files? changed(?:, \d+ insertions?\(\+\))?(?:, \d+ deletions?\(-\))?")


def is_totals(line: str) -> bool:
    """Say whether a line sums up the rows of a statistic.

    >>> is_totals(" 2 files changed, 7 insertions(+)")
    True
    """
    return line.startswith(" ") and _TOTALS.fullmatch(line) is not None


def is_stat_row(line: str) -> bool:
    """Say whether a line is a row of a statistic.

    >>> is_stat_row(" src/a.py | 5 +++++"), is_stat_row(" logo.png | Bin 0 -> 10 bytes")
    (True, True)
    """
    if line[:1] != " " or "|" not in line or len(line) > _LONGEST_ROW:
        return False
    return _ROW.fullmatch(line) is not None or " | Bin" in line


def totals_of(rows: Sequence[str]) -> str | None:
    """Return the totals of the rows of a statistic, or None if the rows do not say them.

    >>> totals_of([" a.py | 3 ++-", " b.py | 1 +"])
    ' 2 files changed, 3 insertions(+), 1 deletion(-)'
    """
    added = removed = 0
    for row in rows:
        found = _ROW.fullmatch(row)
        if found is None:
            return None
        plus, minus = len(found[2] or ""), len(found[3] or "")
        if plus + minus != int(found[1]):
            return None
        added += plus
        removed += minus
    if not rows or not added + removed:
        return None
    words = f" {len(rows)} file{_s(len(rows))} changed"
    words += f", {added} insertion{_s(added)}(+)" if added else ""
    return words + (f", {removed} deletion{_s(removed)}(-)" if removed else "")


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def without_totals(lines: Sequence[str]) -> list[str]:
    """Leave out the totals below each statistic that says them itself."""
    kept: list[str] = []
    rows: list[str] = []
    for line in lines:
        if is_stat_row(line):
            rows.append(line)
        else:
            said = totals_of(rows)
            rows = []
            if said is not None and line == said:
                continue
        kept.append(line)
    return kept


def with_totals(lines: Sequence[str]) -> list[str]:
    """Bring totals back below each statistic that has none."""
    whole: list[str] = []
    rows: list[str] = []
    for line in lines:
        if is_stat_row(line):
            rows.append(line)
        else:
            said = totals_of(rows)
            rows = []
            if said is not None and not is_totals(line):
                whole.append(said)
        whole.append(line)
    said = totals_of(rows)
    return whole if said is None else [*whole, said]


def author_at(lines: Sequence[str]) -> int:
    """Return which line of a commit names its author, or would: below the hash and the parents."""
    return 2 if len(lines) > 1 and lines[1].startswith("Merge:") else 1


def author_of(lines: Sequence[str]) -> str | None:
    """Return the line of a commit that names its author; None if that does not stand there."""
    at = author_at(lines)
    return lines[at] if at < len(lines) and lines[at].startswith("Author:") else None
