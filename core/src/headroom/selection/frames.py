r"""The frames of a stack trace: whose they are, and which of them say where it broke.

Own frames are those of the program at hand; the standard library, installed packages and test
runners are libraries. A frame that stands again, as in a recursion, says nothing new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom.selection.traces import Trace

# Places and names that only installed packages, runtimes and test runners have.
_LIBRARY = re.compile(
    r"site-packages|dist-packages|[/\\]lib[/\\]python\d|<frozen |node_modules|node:|\(internal/"
    r"|\bat (?:async )?(?:new )?(?:Promise|Generator|Object\.onceWrapper|native|processTicks)"
    r"|(?:^|[\s/(])(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|junit|org\.junit"
    r"|org\.gradle|org\.apache\.maven|org\.springframework|org\.mockito|org\.assertj|org\.hamcrest"
    r"|worker\.org\.gradle|io\.netty|System|Microsoft|NUnit|Xunit|MSTest)(?:\.base/|\.)[\w$.]"
    r"|/rustc/|\.cargo/registry|\b(?:std|core|alloc|test|tokio|rust_begin_unwind)::|__rust"
    r"|rust_begin"
    r"|/usr/(?:local/)?(?:lib|go|share|include)\b|/go/pkg/mod/|/src/(?:runtime|testing|reflect)/"
    r"|\b(?:runtime|testing|reflect)\.\w|__libc_start|_start\b|libc\.so|libasan|libtsan"
    r"|asan_|libsanitizer|__interceptor|__sanitizer|\./(?:nptl|stdlib|sysdeps|elf|csu)/"
    r"|/(?:vendor|gems|bundle)/|phpunit|[/\\]_?pytest[/\\]|[/\\]unittest[/\\]"
)
_PYTHON_FRAME = re.compile(r"[\s|+]*File \"[^\"\n]*\", line \d+")
_GO_PLACE = re.compile(r"\t\S.*:\d+")
_AT = re.compile(
    r"\s*(?:at |#\d+\s|from \S+:\d+:in|\d+: +\S)|==\d+==\s+(?:at|by) 0x|\s*\.\.\. \d+ (?:more"
    r"|tri|com)"
)
_RUST_PLACE = re.compile(r"\s+at \S+:\d+(?::\d+)?$")
# What differs between calls of the same function: addresses, values of arguments.
_ARGUMENTS = re.compile(r"0x[0-9a-fA-F]+|=-?\d+")
_MARKS = re.compile(r"[\s|]*[~^]+[~^ ]*")
_NUMBERS = re.compile(r"^\s*#?\d+:?\s+(?:0x[0-9a-f]+ )?")

# Lines of a message that are enough to know it, and own frames worth showing beside the first.
_MESSAGE_LINES = 6
_MOST_OWN = 10
_LONGEST_LOOK = 400


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a trace.

    Args:
        start: Index of its first line.
        end: Index after its last line.
        own: True if it belongs to the program at hand.
    """

    start: int
    end: int
    own: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What to read of a trace.

    Args:
        core: Indices of the lines that say what went wrong and where: messages, causes, the frame
            that raised, the nearest own frame.
        detail: Further own frames, each once.
        library: How many frames of libraries there are.
        repeated: How many frames are repetitions.
    """

    core: tuple[int, ...]
    detail: tuple[int, ...]
    library: int
    repeated: int


def is_library(frame: str) -> bool:
    """Say whether a frame belongs to a library, a runtime or a test runner.

    >>> is_library("    at Module._compile (node:internal/modules/cjs/loader:1358:14)")
    True
    """
    return _LIBRARY.search(frame[:_LONGEST_LOOK]) is not None


def read_trace(lines: Sequence[str], trace: Trace) -> Reading:
    """Return which lines of a trace say what went wrong and where.

    >>> lines = ["TypeError: x", "    at f (src/a.js:1:2)", "    at g (node:internal/b:3:4)"]
    >>> read_trace(lines, Trace(0, 3, 0, "TypeError at f")).core
    (0, 1)
    """
    core: dict[int, None] = {}
    detail: dict[int, None] = {}
    seen: set[str] = set()
    library = repeated = 0
    for messages, frames, inner_last in _parts(lines, trace):
        core.update(dict.fromkeys(_message(messages)))
        ordered = frames[::-1] if inner_last else frames
        fresh: list[Frame] = []
        for frame in ordered:
            name = _NUMBERS.sub("", "\n".join(lines[frame.start : frame.end]))
            name = _ARGUMENTS.sub("", name)
            if name in seen:
                repeated += 1
                continue
            seen.add(name)
            library += not frame.own
            fresh.append(frame)
        own = [frame for frame in fresh if frame.own]
        nearest = own[:1] or fresh[:1]
        # The outermost own frame is where a test or a request began.
        for frame in [*nearest, *(own[-1:] if inner_last else ())]:
            core.update(dict.fromkeys(_lines_of(lines, frame)))
        for frame in [*fresh[:1], *own[1:_MOST_OWN]]:
            detail.update(dict.fromkeys(_lines_of(lines, frame)))
    return Reading(
        tuple(sorted(core)), tuple(sorted(i for i in detail if i not in core)), library, repeated
    )


def _lines_of(lines: Sequence[str], frame: Frame) -> list[int]:
    """Return the lines of a frame, without those that only mark a part of the line above."""
    return [i for i in range(frame.start, frame.end) if not _MARKS.fullmatch(lines[i])]


def _message(indices: Sequence[int]) -> Sequence[int]:
    if len(indices) <= 2 * _MESSAGE_LINES:
        return indices
    return [*indices[:_MESSAGE_LINES], *indices[-2:]]


def _parts(lines: Sequence[str], trace: Trace) -> Iterator[tuple[list[int], list[Frame], bool]]:
    """Yield the parts of a chain: lines of the message, frames, whether the last frame raised."""
    messages: list[int] = []
    frames: list[Frame] = []
    python = False
    at = trace.start
    while at < trace.end:
        line = lines[at]
        if _PYTHON_FRAME.match(line):
            end = _python_end(lines, at, trace.end)
            python = True
        elif _is_go_frame(lines, at, trace.end):
            end = at + 2
        elif _AT.match(line):
            # Backtraces of Rust name the place below the function.
            end = at + 1 + (at + 1 < trace.end and _RUST_PLACE.match(lines[at + 1]) is not None)
        else:
            blank = not line.strip(" |+\t")
            if frames and not blank and (not python or "Traceback (most" in line):
                yield messages, frames, python
                messages, frames = [], []
            if not blank:
                messages.append(at)
            elif python and frames:
                yield messages, frames, True
                messages, frames = [], []
            at += 1
            continue
        own = not any(is_library(lines[i]) for i in range(at, end))
        frames.append(Frame(at, end, own))
        at = end
    yield messages, frames, python


def _python_end(lines: Sequence[str], at: int, stop: int) -> int:
    indent = _indent(lines[at])
    end = at + 1
    while end < stop and lines[end].strip(" |+") and _indent(lines[end]) > indent:
        if _PYTHON_FRAME.match(lines[end]):
            break
        end += 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" |+\t"))


def _is_go_frame(lines: Sequence[str], at: int, stop: int) -> bool:
    return (
        at + 1 < stop
        and not lines[at].startswith(("\t", "goroutine"))
        and (_GO_PLACE.match(lines[at + 1]) is not None)
        and not _AT.match(lines[at + 1])
    )
