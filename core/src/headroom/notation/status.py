"""``git status`` without the hints that it gives below each of its headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

NOTE = "git's hints below headings are left out"

_STAGED = '  (use "git restore --staged <file>..." to unstage)'
_ADD = '  (use "git add <file>..." to update what will be committed)'
_ADD_OR_REMOVE = '  (use "git add/rm <file>..." to update what will be committed)'
_DISCARD = '  (use "git restore <file>..." to discard changes in working directory)'
_UNTRACKED = '  (use "git add <file>..." to include in what will be committed)'
_PUSH = '  (use "git push" to publish your local commits)'
_PULL = '  (use "git pull" to update your local branch)'


def _hints(lines: Sequence[str], at: int) -> tuple[str, ...]:
    """Return the hints that git gives below a line (wording since git 2.23)."""
    line = lines[at]
    if line == "Changes to be committed:":
        return (_STAGED,)
    if line == "Changes not staged for commit:":
        deleted = any(row.startswith("\tdeleted:") for row in _rows_below(lines, at))
        return (_ADD_OR_REMOVE if deleted else _ADD, _DISCARD)
    if line == "Untracked files:":
        return (_UNTRACKED,)
    if line.startswith("Your branch is ahead of "):
        return (_PUSH,)
    if line.startswith("Your branch is behind "):
        return (_PULL,)
    return ()


def _rows_below(lines: Sequence[str], at: int) -> Iterator[str]:
    for below in range(at + 1, len(lines)):
        row = lines[below]
        if not row.startswith(("\t", "  (")):
            return
        yield row


def encode_status(lines: Sequence[str]) -> list[str] | None:
    """Return the lines without hints, or None if other hints would come back."""
    body: list[str] = []
    at = 0
    while at < len(lines):
        body.append(lines[at])
        hints = _hints(lines, at)
        at += 1
        if hints and tuple(lines[at : at + len(hints)]) == hints:
            at += len(hints)
    return body if decode_status(body) == list(lines) else None


def decode_status(body: Sequence[str]) -> list[str]:
    """Bring the hints back."""
    lines: list[str] = []
    for at, line in enumerate(body):
        lines += (line, *_hints(body, at))
    return lines
