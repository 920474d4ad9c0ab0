r"""Stack traces as blocks of lines: Python, Java and its kin, JavaScript, Go, Rust, C.

A trace is the line that says what went wrong, the frames, and what it was caused by. Two traces
are of one kind if the same error was raised by the same function.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A frame: "  at f (file:1:2)", "\tat a.b.C.f(C.java:3)", "#4 0x… in f", "==12== by 0x…: f (m.c:3)",
# "  12: core::panicking::panic", "\tfrom x.rb:3:in `f'".
_FRAME = re.compile(
    r"\s+at [^\s].*|\s+\.\.\. \d+ (?:more|trimmed|common frames omitted)"
    r"|\s*(?:Caused by|Suppressed): .*|\s*#\d+\s+(?:0x[0-9a-fA-F]+ in |\S+ ?\().*"
    r"|==\d+==\s+(?:at|by) 0x[0-9A-F]+: .*|\s+from \S+:\d+:in .*"
    r"|\s+\d+: +(?:0x[0-9a-f]+ - )?[\w<].*::.*"
)
_PYTHON = "Traceback (most recent call last):"
_GROUP = "Exception Group Traceback"
_RAISED = re.compile(r"[\s|]*([\w.]*(?:Error|Exception|Warning|Exit|Group|Interrupt)\b.*)")
_PYTHON_AGAIN = ("During handling of the above exception", "The above exception was the direct")
_GO = re.compile(r"panic: |fatal error: |goroutine \d+ \[")
_GO_FRAME = re.compile(r"\t\S.*:\d+(?: \+0x[0-9a-f]+)?|\S.*\(.*\)|created by .*|goroutine \d+ \[.*")
_RUST = re.compile(r"thread '.*' (?:\(\d+\) )?panicked at ")
_VARIABLE = re.compile(r"0x[0-9a-fA-F]+|[\w$]*\d[\w$]*|'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"")
_NAMES_ERROR = re.compile(
    r"[\w.$]*(?:Error|Exception|Throwable|Panic|Fault)\b|Invalid (?:read|write)"
)
_ERROR_NAME = re.compile(r"[A-Za-z_$][\w$.]*")

_FRAME_STARTS = ("at ", "... ", "Caused by", "Suppressed", "from ", "#", "==")
_FIRST_CHARACTERS = frozenset(" \t#=CSpfgt")

# Frames needed to call a run of them a trace.
_LEAST_FRAMES = 2

# Bounds, in lines: of one trace, and of the message above its frames.
_MOST_LINES = 2_000
_MOST_MESSAGE_LINES = 5
_NODE_LINES = 4


@dataclass(frozen=True, slots=True)
class Trace:
    """A stack trace.

    Args:
        start: Index of its first line.
        end: Index after its last line.
        error: Index of the line that names the error.
        kind: The error's name and the function that raised it, without numbers and quoted texts.
    """

    start: int
    end: int
    error: int
    kind: str


def find_traces(lines: Sequence[str]) -> list[Trace]:
    """Return the stack traces among ``lines``, in order and apart from each other.

    >>> find_traces(["boom", "  at f (a.js:1:2)", "  at g (a.js:3:4)", "done"])
    [Trace(start=0, end=3, error=0, kind='boom at f')]
    """
    found: list[Trace] = []
    free = 0
    # Most lines are ruled out by their first character.
    for i, line in enumerate(lines):
        if i < free or not (line[:1] in _FIRST_CHARACTERS or _PYTHON in line):
            continue
        trace = _trace_at(lines, i, free)
        if trace is not None:
            found.append(trace)
            free = max(trace.end, i + 1)
    return found


def _trace_at(lines: Sequence[str], i: int, free: int) -> Trace | None:
    line = lines[i]
    if _PYTHON in line:
        return _group(lines, i) if _GROUP in line else _python(lines, i)
    start = line[:16]
    if start.startswith(("panic: ", "fatal error: ", "goroutine ")) and _GO.match(line):
        return _go(lines, i)
    if start.startswith("thread '") and _RUST.match(line):
        return _rust(lines, i)
    if _may_be_frame(line) and _FRAME.fullmatch(line.rstrip("\r")):
        return _frames(lines, i, free)
    return None


def _may_be_frame(line: str) -> bool:
    bare = line.lstrip()
    return bare.startswith(_FRAME_STARTS) or bare[:1].isdigit()


def _kind(error: str, frame: str) -> str:
    name = _ERROR_NAME.search(error.strip())
    where = _VARIABLE.sub("", frame.strip())
    return f"{name[0] if name else ''} {where.split('(')[0].strip()}".strip()


def _python(lines: Sequence[str], i: int) -> Trace | None:
    """Return the Python trace that starts at ``i``, with those it was raised from."""
    found: Trace | None = None
    at = i
    while at < len(lines) and at - i < _MOST_LINES:
        part = _python_part(lines, at)
        if part is None:
            break
        found = Trace(i, part.end, part.error, part.kind)
        at = _skip_blank(lines, part.end)
        if at >= len(lines) or not lines[at].strip().startswith(_PYTHON_AGAIN):
            break
        at = _skip_blank(lines, at + 1)
        if at >= len(lines) or _PYTHON not in lines[at]:
            break
    return found


def _python_part(lines: Sequence[str], i: int) -> Trace | None:
    before = lines[i][: lines[i].index(_PYTHON)]
    deeper = " " * (0 if before.strip() else len(before)) + " "
    function = ""
    at = i + 1
    stop = min(len(lines), i + _MOST_LINES)
    while at < stop and lines[at].startswith(deeper):
        if " in " in lines[at] and lines[at].lstrip().startswith("File "):
            function = "in " + lines[at].rpartition(" in ")[2]
        at += 1
    if at == i + 1:
        return None
    if at >= len(lines):
        return Trace(i, at, i, "Traceback")
    return Trace(i, at + 1, at, _kind(lines[at], function))


def _group(lines: Sequence[str], i: int) -> Trace:
    """Return the trace of an exception group, with those of its members."""
    at = i + 1
    stop = min(len(lines), i + _MOST_LINES)
    error = i
    while at < stop and lines[at].lstrip().startswith(("|", "+")):
        if error == i and _RAISED.match(lines[at]):
            error = at
        at += 1
    return Trace(i, at, error, _kind(lines[error].strip(" |"), ""))


def _skip_blank(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _go(lines: Sequence[str], i: int) -> Trace | None:
    at = i + 1
    frame = ""
    stop = min(len(lines), i + _MOST_LINES)
    while at < stop:
        line = lines[at].rstrip("\r")
        if _GO_FRAME.fullmatch(line):
            if not frame and not line.startswith(("goroutine", "\t")):
                frame = line
        elif line.strip() and not line.startswith("["):
            break
        at += 1
    while at > i + 1 and not lines[at - 1].strip():
        at -= 1
    if at - i < _LEAST_FRAMES:
        return None
    return Trace(i, at, i, _kind(_VARIABLE.sub("", lines[i]), frame))


def _rust(lines: Sequence[str], i: int) -> Trace:
    at = i + 1
    stop = min(len(lines), i + _MOST_LINES)
    while (
        at < stop and lines[at].strip() and not lines[at].startswith(("----", "thread '", "test "))
    ):
        at += 1
    where = lines[i].partition("panicked at ")[2]
    return Trace(i, at, i, _kind("panicked", re.sub(r":\d+", "", where)))


def _frames(lines: Sequence[str], i: int, free: int) -> Trace | None:
    at = i
    stop = min(len(lines), i + _MOST_LINES)
    while at < stop and _may_be_frame(lines[at]) and _FRAME.fullmatch(lines[at].rstrip("\r")):
        at += 1
    if at - i < _LEAST_FRAMES:
        return None
    # The message may have several lines; its first one names the error.
    start = max(free, i - 1)
    for k in range(start, max(free, i - _MOST_MESSAGE_LINES) - 1, -1):
        if _NAMES_ERROR.search(lines[k]):
            start = k
            break
        if not lines[k].strip():
            break
    error = start
    # Node prints the place, the source line and a caret above the error.
    if error - free >= _NODE_LINES and set(lines[error - 2].strip()) == {"^"}:
        start = error - _NODE_LINES if not lines[error - 1].strip() else error
    return Trace(start, at, error, _kind(_error_part(lines[error]), lines[i]))


def _error_part(line: str) -> str:
    found = _NAMES_ERROR.search(line)
    return line[found.start() :] if found else line
