"""Lines as views of one text print them: with numbers before them, or indented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Literal

from headroom.originals.markers import UNCHANGED, Change

# How editors, `cat -n`, `nl` and `grep -n` print a number: "12:", "12 |", "    12<tab>", "12→",
# and `grep -C` around a match: "12-".
_NUMBER = re.compile("( *)([0-9]{1,7})(\t| ?[:|\u2192]|-)")

# A number with all that stands between it and the line's own beginning.
_NUMBERED = re.compile("( *)([0-9]{1,7})([^0-9\r\n][^\r\n]{0,20})")

_SUBSTANCE = re.compile(r"[^\W_]{2}")

_Unit = Literal["space", "tab"]
_UNITS: tuple[tuple[_Unit, str], ...] = (("space", " "), ("tab", "\t"))


def key_of(line: str) -> str:
    r"""Return what a line has in common with other views of it.

    >>> key_of("    12\t    return x") == key_of("7:return x")
    True
    """
    bare = line.lstrip(" \t")
    return line[_own_start(line) :].lstrip(" \t") if bare[:1].isdigit() else bare


def is_substantial(key: str) -> bool:
    """Say whether a line says enough to start a passage: blank lines and lone brackets do not."""
    return _SUBSTANCE.search(key) is not None


def _own_start(line: str) -> int:
    number = _NUMBER.match(line)
    return number.end() if number else 0


class ChangedLines:
    """A change, ready to be applied to one line after the other.

    Raises:
        ValueError: If the change's number is none.
    """

    def __init__(self, change: Change) -> None:
        self._change = change
        self._pad = abs(change.indent) * dict(_UNITS)[change.unit]
        self._first = self._width = 0
        self._after = ""
        if change.numbered:
            found = _NUMBERED.fullmatch(change.numbered)
            if found is None:
                raise ValueError(f"no number: {change.numbered!r}")
            self._first = int(found[2])
            self._width = len(found[1] + found[2]) if found[1] else 0
            self._after = found[3]

    def line(self, shown: str, offset: int) -> str | None:
        """Return what the line ``offset`` lines below the first stands for.

        None if the change cannot be applied to it.
        """
        change = self._change
        if change is UNCHANGED:
            return shown
        own = shown if change.numbered is None else shown[_own_start(shown) :]
        if change.indent > 0 and own.strip():
            own = self._pad + own
        elif change.indent < 0:
            if own.startswith(self._pad):
                own = own[len(self._pad) :]
            elif own.strip():
                return None
        if change.numbered:
            return f"{self._first + offset:>{self._width}}{self._after}{own}"
        return own


def changes_between(shown: str, wanted: str) -> Iterator[Change]:
    """Yield the changes that turn one shown line into the wanted one, the plainest first."""
    if shown == wanted:
        yield UNCHANGED
    there, here = _own_start(shown), _own_start(wanted)
    numbered = wanted[:here] if here else "" if there else None
    yield from _indented(shown[there:], wanted[here:], numbered)


def _indented(shown: str, wanted: str, numbered: str | None) -> Iterator[Change]:
    if shown == wanted:
        if numbered is not None:
            yield Change(numbered)
        return
    more = len(wanted) - len(shown)
    longer, shorter = (wanted, shown) if more > 0 else (shown, wanted)
    lead = longer[: abs(more)]
    if not more or not longer.endswith(shorter):
        return
    if more > 0 and numbered and len(lead) < 3:
        # "12: x" beside "x": the space belongs to the number.
        yield Change(numbered + lead)
    for unit, white in _UNITS:
        if not lead.strip(white):
            yield Change(numbered, more, unit)


def run_of(wanted: list[str], start: int, shown: list[str], first: int, change: Change) -> int:
    """Return how many lines from ``start`` on are the shown lines from ``first`` on, changed."""
    changed = ChangedLines(change)
    most = min(len(wanted) - start, len(shown) - first)
    same = (changed.line(shown[first + n], n) == wanted[start + n] for n in range(most))
    return sum(1 for _ in takewhile(bool, same))
