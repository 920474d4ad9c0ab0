r"""Patches taken apart: commits, files and hunks, each by its lines.

Read are git's diffs (also combined ones, and what ``git log -p``, ``git show`` and
``git format-patch`` put around them), ``diff -u``, ``diff -r`` and Subversion's. A hunk's length is
what its ``@@`` line says, never what its lines look like: a removed ``-- a/b`` is no file header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

COMMIT = re.compile(r"commit [0-9a-f]{7,64}(?: .*)?\r?")
MAIL = re.compile(r"From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001\r?")

_HUNK = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@")
_COMBINED = re.compile(r"(@@@+) ((?:-\d{1,9}(?:,\d{1,9})? )+)\+\d{1,9}(?:,(\d{1,9}))? @@@+")
_OLD_COUNT = re.compile(r"-\d+(?:,(\d+))? ")
_NORMAL = re.compile(r"(\d{1,9})(?:,(\d{1,9}))?([acd])(\d{1,9})(?:,(\d{1,9}))?\r?")
_GIT = re.compile(r"diff --(?:git|cc|combined) ")
_COMMAND = re.compile(r"diff (?:-\S+ )*\S")
_HEADER = re.compile(
    r"old mode |new mode |deleted file mode |new file mode |copy (?:from|to) |rename (?:from|to) "
    r"|similarity index |dissimilarity index |index [0-9a-f]|mode |--- |\+\+\+ |={60}|Index: "
    r"|Binary files |GIT binary patch|\(Binary files differ\)"
)
_PREFIXED = re.compile(r"[a-z]/")


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines ``start`` to ``end`` (exclusive), the first being the ``@@`` line."""

    start: int
    end: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class FilePatch:
    """The changes of one file.

    Args:
        start: Its first line.
        end: The line after its last.
        old: Path before, without the prefix ``a/``; "" for a new file.
        new: Path after, without the prefix ``b/``; "" for a deleted file.
        hunks: Its hunks, in order; none for changed modes, renames and binary files.
    """

    start: int
    end: int
    old: str
    new: str
    hunks: tuple[Hunk, ...]

    @property
    def header_end(self) -> int:
        """The line after the last of the header."""
        return self.hunks[0].start if self.hunks else self.end

    @property
    def path(self) -> str:
        """Where the file is now, or was before it went."""
        return self.new or self.old

    @property
    def added(self) -> int:
        """Lines that all hunks add."""
        return sum(hunk.added for hunk in self.hunks)

    @property
    def removed(self) -> int:
        """Lines that all hunks take away."""
        return sum(hunk.removed for hunk in self.hunks)


@dataclass(frozen=True, slots=True)
class Commit:
    """What stands above the changes of a commit: hash, author, date, message, statistics."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Strays:
    """Lines that belong to no commit, file or hunk."""

    start: int
    end: int


Part = Commit | FilePatch | Strays


def read_patch(lines: Sequence[str]) -> list[Part]:
    """Return the parts of a text, in order, every line in one of them."""
    parts: list[Part] = []
    at = 0
    while at < len(lines):
        if is_commit(lines[at]):
            end = _next_start(lines, at + 1)
            parts.append(Commit(at, end))
        elif starts_file(lines, at):
            file = _read_file(lines, at)
            parts.append(file)
            end = file.end
        else:
            end = _next_start(lines, at + 1)
            parts.append(Strays(at, end))
        at = end
    return parts


def is_commit(line: str) -> bool:
    """Say whether a line is the first of a commit, in a log or in a mail."""
    if line.startswith("commit "):
        return COMMIT.fullmatch(line) is not None
    return line.startswith("From ") and MAIL.fullmatch(line) is not None


def starts_file(lines: Sequence[str], at: int) -> bool:
    """Say whether a file's changes start at a line."""
    line = lines[at]
    if line.startswith("diff "):
        return _GIT.match(line) is not None or (
            _COMMAND.match(line) is not None and _has_hunk(lines, at + 1)
        )
    if line.startswith("--- "):
        return _has_hunk(lines, at)
    if line.startswith("Index: "):
        return at + 1 < len(lines) and lines[at + 1].startswith("=" * 60)
    return False


def _has_hunk(lines: Sequence[str], at: int) -> bool:
    if at + 1 < len(lines) and lines[at].startswith("--- "):
        hunk = at + 2 < len(lines) and lines[at + 2].startswith("@@")
        return hunk and lines[at + 1].startswith("+++ ")
    return at < len(lines) and _NORMAL.fullmatch(lines[at]) is not None


def _next_start(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not is_commit(lines[at]) and not starts_file(lines, at):
        at += 1
    return at


def _read_file(lines: Sequence[str], start: int) -> FilePatch:
    at = start + 1
    has_names = lines[start].startswith("--- ")
    while at < len(lines) and _HEADER.match(lines[at]):
        if lines[at].startswith("--- "):
            if has_names:
                break
            has_names = True
        if lines[at].startswith("GIT binary patch"):
            at = _next_start(lines, at)
            break
        at += 1
    header = at
    hunks: list[Hunk] = []
    while at < len(lines):
        hunk = read_hunk(lines, at)
        if hunk is None:
            break
        hunks.append(hunk)
        at = hunk.end
    old, new = _names(lines[start:header])
    return FilePatch(start, at, old, new, tuple(hunks))


def read_hunk(lines: Sequence[str], at: int) -> Hunk | None:
    """Return the hunk that starts at a line, or None if none does."""
    line = lines[at]
    if line.startswith("@@@"):
        return _read_combined(lines, at)
    if line.startswith("@@"):
        return _read_unified(lines, at)
    return _read_normal(lines, at)


def _read_unified(lines: Sequence[str], start: int) -> Hunk | None:
    found = _HUNK.match(lines[start])
    if found is None:
        return None
    old, new = (1 if count is None else int(count) for count in found.groups())
    added = removed = 0
    at = start + 1
    while at < len(lines) and (old > removed or new > added):
        sign = lines[at][:1]
        if sign == "+":
            added += 1
        elif sign == "-":
            removed += 1
        elif sign in (" ", "", "\r", "\t"):
            # Some tools cut white space off the ends of lines: then a blank line is context.
            old -= 1
            new -= 1
        elif sign != "\\":
            break
        at += 1
    return Hunk(start, _after_last(lines, at), added, removed)


def _read_combined(lines: Sequence[str], start: int) -> Hunk | None:
    found = _COMBINED.match(lines[start])
    if found is None:
        return None
    olds = [int(count or 1) for count in _OLD_COUNT.findall(found[2])]
    new = 1 if found[3] is None else int(found[3])
    width = len(olds)
    added = removed = 0
    at = start + 1
    while at < len(lines) and (new > 0 or max(olds) > 0):
        signs = lines[at][:width].ljust(width)
        if signs.strip("+- "):
            if not signs.startswith("\\"):
                break
        elif "-" in signs:
            removed += 1
            olds = [old - (sign == "-") for old, sign in zip(olds, signs, strict=True)]
        else:
            added += "+" in signs
            new -= 1
            olds = [old - (sign == " ") for old, sign in zip(olds, signs, strict=True)]
        at += 1
    return Hunk(start, _after_last(lines, at), added, removed)


def _after_last(lines: Sequence[str], at: int) -> int:
    return at + 1 if at < len(lines) and lines[at].startswith("\\ ") else at


def _read_normal(lines: Sequence[str], start: int) -> Hunk | None:
    found = _NORMAL.fullmatch(lines[start])
    if found is None:
        return None
    first, last, how, new_first, new_last = found.groups()
    old = 0 if how == "a" else int(last or first) - int(first) + 1
    new = 0 if how == "d" else int(new_last or new_first) - int(new_first) + 1
    at = start + 1
    for sign, count in (("<", old), ("---", how == "c"), (">", new)):
        while count and at < len(lines) and lines[at].startswith(sign):
            at = _after_last(lines, at + 1)
            count -= 1
    return Hunk(start, at, new, old)


def _names(header: Sequence[str]) -> tuple[str, str]:
    """Return the paths before and after, "" where there is none."""
    old = new = None
    is_git = _GIT.match(header[0]) is not None
    for line in header:
        line = line.removesuffix("\r")
        if line.startswith(("--- ", "+++ ")):
            name = _name(line[4:], prefixed=is_git)
            old, new = (name, new) if line[0] == "-" else (old, name)
        elif line.startswith(("rename from ", "copy from ")):
            old = _unquoted(line.split(" from ", 1)[1])
        elif line.startswith(("rename to ", "copy to ")):
            new = _unquoted(line.split(" to ", 1)[1])
    if old is None and new is None:
        old = new = _name_of_first(header[0].removesuffix("\r"))
    return old or "", new or ""


def _name(name: str, *, prefixed: bool) -> str:
    name = _unquoted(name.split("\t")[0])
    if name == "/dev/null":
        return ""
    return name[2:] if prefixed and _PREFIXED.match(name) else name


def _unquoted(name: str) -> str:
    # The escapes inside stay: what a path says is shown as it was written.
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def _name_of_first(line: str) -> str:
    """Return the path that a first line says twice, or all that it says."""
    said = _GIT.sub("", line) if _GIT.match(line) else line.split(" ", 1)[-1]
    half = len(said) // 2
    first, second = said[:half], said[half + 1 :]
    if len(said) % 2 and said[half] == " " and first[2:] == second[2:]:
        return _name(first, prefixed=True)
    return _name(said.split(" ")[-1], prefixed=False)
