"""Rows that begin with a place: ``path:line:content`` of grep, compilers and linters."""

from __future__ import annotations

import re
from typing import NamedTuple

# Bounded digits keep int() cheap and below Python's limit on long integers.
NUMBER = r"[0-9]{1,9}(?::[0-9]{1,9})?"
NUMBERS = rf"{NUMBER}(?:,{NUMBER})*"

# A drive letter's colon belongs to the path.
_DRIVE = r"(?:[A-Za-z]:(?=[\\/]))?"
_NUMBERED = re.compile(rf"({_DRIVE}[^:]+):({NUMBERS}):(.*)", re.DOTALL)
_PARENTHESES = re.compile(rf"({_DRIVE}[^:(]+)(?=\([0-9]{{1,9}}(?:,[0-9]{{1,9}})?\): )")
_CONTEXT = re.compile(r"-(?=[0-9]{1,9}-)")
_BREAK = re.compile(r"[:\s]")
_PLAIN = re.compile(rf"({_DRIVE}[^:\s]+):(?=.)", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
# "12", "T12", "x 12": what stands before the first colon of a clock time.
_CLOCK = re.compile(r"(?:^|[\sT])[0-9]{1,2}$")
_EXTENSION = re.compile(r"\.[A-Za-z][\w+-]{0,11}$")

# Longer than any path that systems allow (PATH_MAX is 4,096 on Linux); bounds every search.
LONGEST_PATH = 4096
_MOST_CUTS = 8


class Row(NamedTuple):
    """One line that begins with a path. A named tuple: one is made for every line of a text.

    Args:
        path: The file, as the line names it.
        joint: What stands between path and rest: ``:``, ``-`` (a context line), or nothing
            before ``(line,column)``.
        rest: Everything after the joint.
        numbers: ``12``, ``12:5`` or a list of them; "" for a row without line number.
        content: What follows the numbers; the rest itself where there is no number.
    """

    path: str
    joint: str
    rest: str
    numbers: str = ""
    content: str = ""


_LEADING_NUMBERS = re.compile(rf"({NUMBERS}):(.*)", re.DOTALL)
_LEADING_CONTEXT = re.compile(r"([0-9]{1,9})-(.*)", re.DOTALL)
_LEADING_PARENTHESES = re.compile(r"(\([0-9]{1,9}(?:,[0-9]{1,9})?\)): (.*)", re.DOTALL)


def has_separator(path: str) -> bool:
    """Say whether a path names a directory."""
    return "/" in path or "\\" in path


def looks_like_path(path: str) -> bool:
    """Say whether the words before a colon can be a file's path, and no clock time or label.

    >>> looks_like_path("src/a.py"), looks_like_path("03-17 16"), looks_like_path("Note")
    (True, False, False)
    """
    if "://" in path or len(path) > LONGEST_PATH or _CLOCK.search(path):
        return False
    if not _LETTER.search(path) or "  " in path or path[0] in " \t\"'{[(<#*|":
        return False
    if " " in path:
        return "/" in path.split(" ", 1)[0] or (bool(_EXTENSION.search(path)) and "/" in path)
    return has_separator(path) or bool(_EXTENSION.search(path))


def _fresh(line: str) -> Row | None:
    if ":" not in line:
        return _fresh_context(line) if "-" in line else None
    found = _NUMBERED.match(line)
    if found and len(found[1]) <= LONGEST_PATH and _numbered_path(found[1]):
        rest = line[found.end(1) + 1 :]
        return Row(found[1], ":", rest, found[2], found[3])
    head = line[:LONGEST_PATH]
    found = _PARENTHESES.match(head) if "(" in head else None
    if found and looks_like_path(found[1]):
        rest = line[found.end(1) :]
        inner = _LEADING_PARENTHESES.match(rest)
        return Row(found[1], "", rest, inner[1], inner[2]) if inner else None
    row = _fresh_context(line) if "-" in head else None
    if row is not None:
        return row
    found = _PLAIN.match(head)
    if found and looks_like_path(found[1]):
        rest = line[found.end(1) + 1 :]
        return Row(found[1], ":", rest, "", rest)
    return None


def _fresh_context(line: str) -> Row | None:
    end = _context_path(line[:LONGEST_PATH])
    if not end:
        return None
    rest = line[end + 1 :]
    inner = _LEADING_CONTEXT.match(rest)
    return Row(line[:end], "-", rest, inner[1], inner[2]) if inner else None


def _context_path(head: str) -> int:
    # "a-1-b.py-12-x" can be cut in two places: the first that leaves an extension wins, else
    # the first that leaves a directory.
    fallback = 0
    for number, found in enumerate(_CONTEXT.finditer(head)):
        path = head[: found.start()]
        if number >= _MOST_CUTS or _BREAK.search(path):
            break
        if _EXTENSION.search(path):
            return found.start()
        fallback = fallback or (found.start() if "/" in path else 0)
    return fallback


def _numbered_path(path: str) -> bool:
    # With a line number behind it a bare name will do: Makefile:12:
    if looks_like_path(path):
        return True
    return bool(
        _LETTER.search(path)
        and not _CLOCK.search(path)
        and not re.search(r"[\s\"'(){}\[\]<>=,|]", path)
    )


def read_row(line: str, current: str) -> Row | None:
    """Read a line as a row; ``current`` is the path of the row before, "" if there is none.

    The current path decides where a reading is open: ``a-1-b.py-3-x`` is a context line of
    ``a-1-b.py`` after a row of that file.

    >>> read_row("src/a.py:12:import os", "").numbers
    '12'
    >>> read_row("12:01:07 starting", "") is None
    True
    """
    if current and line.startswith(current):
        rest = line[len(current) :]
        row = _continued(current, rest)
        if row is not None:
            return row
    return _fresh(line)


def _continued(path: str, rest: str) -> Row | None:
    joint, tail = rest[:1], rest[1:]
    if joint == ":":
        found = _LEADING_NUMBERS.match(tail)
        if found:
            return Row(path, ":", tail, found[1], found[2])
        return Row(path, ":", tail, "", tail) if tail else None
    if joint == "-":
        found = _LEADING_CONTEXT.match(tail)
        return Row(path, "-", tail, found[1], found[2]) if found else None
    if joint == "(":
        found = _LEADING_PARENTHESES.match(rest)
        return Row(path, "", rest, found[1], found[2]) if found else None
    return None
