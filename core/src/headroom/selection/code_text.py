"""Source code as tools print it: with line numbers before it, in fences, below a path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from headroom.selection.code_language import FILE_NAME

# Lines above and below the code that may be a tool's own.
_MOST_ABOVE = 8
_MOST_BELOW = 12

# Numbered lines in a row that make a listing.
_LEAST_NUMBERED = 3

_MOST_PIECES = 2

# A longer line is not a tool's own, in characters.
_LONGEST_OWN = 400

_NUMBERED = re.compile(r"[ \t]*(\d{1,8})(?:([\t\u2192])|( ?[:|])| +)")
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})[\w+#.-]*\s*$")
_TAG = re.compile(r"</?[A-Za-z_][\w.-]*(?:\s[^<>]*)?>(?:[^<>]*</[\w.-]+>)?\s*$")
_RULE = re.compile(r"[=#-]{2,}> .+ <[=#-]{2,}\s*$")
_HEADER_SIGNS = re.compile(
    r"[=;{}\"']|:\d|^\s*(?://|/\*|#|import\b|from\b|require\b|use\b|package\b)"
)


@dataclass(frozen=True, slots=True)
class CodeText:
    r"""A text whose lines are source code, but for a tool's own lines around it.

    Args:
        rows: All lines of the text as the parser should see them: without printed numbers, a
            tool's own lines blank.
        first: Index of the first line of code.
        last: Index after the last line of code.
        number: What the tool printed before the first line of code; None: no numbers are printed.
    """

    rows: list[str]
    first: int
    last: int
    number: int | None

    def number_of(self, row: int) -> int:
        """Return the number of a row: as printed, else as `retrieve` counts lines."""
        return row + 1 if self.number is None else row - self.first + self.number


def read_code_text(lines: Sequence[str]) -> CodeText:
    r"""Tell code from what a tool printed around it.

    >>> read_code_text(["a.py:", " 7\tdef f():", " 8\t    pass", " 9\t", ""]).rows
    ['', 'def f():', '    pass', '', '']
    """
    return _numbered(lines) or _plain(lines)


def lines_before(lines: Sequence[str]) -> int:
    """Return how much more a listing prints before a line than the line's own number; else 0.

    >>> lines_before(["7: def f():", "8:     pass", "9: "])
    6
    """
    numbered = _numbered(lines)
    if numbered is None or numbered.number is None:
        return 0
    return numbered.number - 1 - numbered.first


def without_numbers(lines: Sequence[str]) -> list[str]:
    r"""Return the lines of a sample without the numbers before most of them, if there are such.

    >>> without_numbers(["1\ta", "2\tb", "7\tc"])
    ['a', 'b', 'c']
    """
    found = [_NUMBERED.match(line) for line in lines]
    held = [match for match in found if match]
    if len(held) < max(_LEAST_NUMBERED, 0.8 * len(lines)):
        return list(lines)
    numbers = [int(match[1]) for match in held]
    # The pieces of a sample may overlap.
    if sum(after <= before for before, after in pairwise(numbers)) > _MOST_PIECES:
        return list(lines)
    rest = [
        line[match.end() :] if match else line for line, match in zip(lines, found, strict=True)
    ]
    return rest


def _numbered(lines: Sequence[str]) -> CodeText | None:
    for first, line in enumerate(lines[:_MOST_ABOVE]):
        found = _NUMBERED.match(line)
        if found and _counts_on(lines, first, int(found[1])):
            break
    else:
        return None
    number = int(found[1])
    last = first + 1
    while last < len(lines) and _starts_with(lines[last], number + last - first):
        last += 1
    below = sum(1 for line in lines[last:] if line.strip())
    if last - first < _LEAST_NUMBERED or below > _MOST_BELOW:
        return None
    bare = _bare_rows(lines, first, last, number)
    rows = [""] * first + bare + [""] * (len(lines) - last)
    return CodeText(rows, first, last, number)


def _counts_on(lines: Sequence[str], at: int, number: int) -> bool:
    following = lines[at : at + _LEAST_NUMBERED]
    return len(following) == _LEAST_NUMBERED and all(
        _starts_with(line, number + i) for i, line in enumerate(following)
    )


def _starts_with(line: str, number: int) -> bool:
    bare = line.lstrip(" \t")
    digits = str(number)
    return bare.startswith(digits) and not bare[len(digits) : len(digits) + 1].isdigit()


def _bare_rows(lines: Sequence[str], first: int, last: int, number: int) -> list[str]:
    """Return numbered lines without numbers, and without the one sign that all have after them."""
    rest: list[str] = []
    for row in range(first, last):
        bare = lines[row].lstrip(" \t")
        rest.append(bare[len(str(number + row - first)) :])
    for sign in ("\t", "\u2192", ":", "|", " :", " |"):
        if all(line.startswith(sign) for line in rest if line.strip()):
            rest = [line[len(sign) :] for line in rest]
            break
    else:
        sign = " "
    if sign in "\t\u2192":
        return rest
    # After ": " and the like stands one space, or as many as every line has.
    held = [len(line) - len(line.lstrip(" ")) for line in rest if line.strip()]
    shared = min(held, default=0)
    return [line[min(shared, 1 if sign != " " else shared) :] for line in rest]


def _plain(lines: Sequence[str]) -> CodeText:
    rows = list(lines)
    first, last = 0, len(rows)
    fenced = False
    while first < min(last, _MOST_ABOVE):
        line = rows[first]
        if line.strip() and not _is_above(line):
            break
        fenced = fenced or _FENCE.match(line) is not None
        first += 1
    while last > max(first, len(rows) - _MOST_ABOVE):
        line = rows[last - 1]
        if line.strip() and not _is_below(line):
            break
        last -= 1
    if not any(line.strip() for line in (*rows[:first], *rows[last:])):
        # Nothing of a tool's: blank lines belong to the code.
        return CodeText(rows, 0, len(rows), None)
    return CodeText([""] * first + rows[first:last] + [""] * (len(rows) - last), first, last, None)


def _is_above(line: str) -> bool:
    if len(line) > _LONGEST_OWN:
        return False
    return bool(_FENCE.match(line) or _TAG.match(line)) or names_file(line)


def names_file(line: str) -> bool:
    """Say whether a line names the file that follows, and is no code itself.

    >>> names_file("==> src/app.py <=="), names_file("import app.py")
    (True, False)
    """
    if len(line) > _LONGEST_OWN or FILE_NAME.search(line) is None:
        return False
    return _RULE.match(line) is not None or not _HEADER_SIGNS.search(line)


def _is_below(line: str) -> bool:
    if len(line) > _LONGEST_OWN:
        return False
    return _FENCE.match(line) is not None or _TAG.match(line) is not None
