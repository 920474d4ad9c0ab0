r"""Lines that repeat in a row, once: a lossless notation for recursions, retries and progress.

A line ``[the 4 lines above, 118 times more]`` stands for as many copies of the four lines above
it, ``[the line above, 9 times more]`` for copies of one. All other lines are the text's own; a
line of the text that looks like one of ours gets a ``>`` in front, as one that starts with ``>``
and looks like that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.errors import DecodingError

NOTE = "[the N lines above, K times more] = K copies of them"

_FOLD = re.compile(r"\[the (?:line|([1-9]\d{0,2}) lines) above, ([1-9]\d{0,8}) times more\]")
_QUOTED = re.compile(r">*\[the (?:line|[1-9]\d{0,2} lines) above, [1-9]\d{0,8} times more\]")

# Longest cycle that is looked for, in lines; and the characters that folding one must save.
_LONGEST = 16
_LEAST_SAVED = 60

# A decoder writes no more characters than this.
_MOST_DECODED = 200_000_000


def encode_cycles(text: str) -> str | None:
    r"""Return the text with repetitions folded, or None if it has none worth it.

    >>> print(encode_cycles("\n".join(["start", *["  at f (a.js:1:2)"] * 40, "end"])))
    start
      at f (a.js:1:2)
    [the line above, 39 times more]
    end
    """
    lines = text.split("\n")
    out: list[str] = []
    at = 0
    folded = False
    while at < len(lines):
        period, times = _cycle_at(lines, at)
        if times:
            out += map(_quote, lines[at : at + period])
            what = "line" if period == 1 else f"{period} lines"
            out.append(f"[the {what} above, {times} times more]")
            at += period * (times + 1)
            folded = True
        else:
            out.append(_quote(lines[at]))
            at += 1
    return "\n".join(out) if folded else None


def decode_cycles(body: str) -> str:
    """Undo `encode_cycles`.

    Raises:
        DecodingError: If there are no lines to copy, or the text would grow too large.
    """
    out: list[str] = []
    size = 0
    for line in body.split("\n"):
        fold = _FOLD.fullmatch(line)
        if fold is None:
            out.append(line[1:] if line[:1] == ">" and _QUOTED.fullmatch(line) else line)
            size += len(line) + 1
            continue
        period, times = int(fold[1] or 1), int(fold[2])
        if period > len(out):
            raise DecodingError("there are fewer lines above than are to be copied")
        copied = out[-period:]
        size += times * (sum(map(len, copied)) + period)
        if size > _MOST_DECODED:
            raise DecodingError("the text would be too large")
        out += copied * times
    return "\n".join(out)


def _cycle_at(lines: Sequence[str], at: int) -> tuple[int, int]:
    """Return the length of the cycle that begins at a line, and how often it comes again."""
    for period in range(1, min(_LONGEST, (len(lines) - at) // 2) + 1):
        if lines[at] != lines[at + period] or not _again(lines, at, at + period, period):
            continue
        times = 1
        while _again(lines, at, at + period * (times + 1), period):
            times += 1
        if times * sum(len(line) + 1 for line in lines[at : at + period]) >= _LEAST_SAVED:
            return period, times
    return 0, 0


def _again(lines: Sequence[str], at: int, other: int, period: int) -> bool:
    return other + period <= len(lines) and all(
        lines[at + k] == lines[other + k] for k in range(period)
    )


def _quote(line: str) -> str:
    return f">{line}" if line[:1] in "[>" and _QUOTED.fullmatch(line) else line
