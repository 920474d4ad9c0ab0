r"""Findings of compilers, linters and type checkers, with the frames of source below them.

gcc and clang, rustc and cargo, javac, kotlinc, tsc, MSBuild, Go, mypy, pyright, ruff, flake8,
pylint, eslint, shellcheck, Maven, CMake, linkers, Swift.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from headroom.compressors.checks_blocks import Block, Sort

_PLACE = r"(?P<place>(?:[A-Za-z]:)?[^\s:()\"'][^\s:()\"']{0,250})"
_GRAVE = (
    r"(?P<grave>(?i:fatal error|internal compiler error|error|warning|warn|note|info"
    r"|information|hint|help|remark|style|convention|refactor|suggestion))"
)
_RULE = r"[A-Z]{1,8}-?\d{2,6}"

# A place, then what is wrong there.
_HEADS = (
    # gcc, clang, javac, mypy, shellcheck, pyright, tsc --pretty, flake8, ruff, pylint
    re.compile(
        rf"\s{{0,4}}{_PLACE}:(?P<line>\d{{1,7}})(?::\d{{1,5}})?(?:-\d{{1,7}})?"
        rf"(?:: | - )(?:{_GRAVE}\b(?:\[[^\]\s]{{1,40}}\])?(?: (?P<code>TS\d+))?:? ?"
        rf"|(?P<rule>{_RULE})[: ])"
        r"(?P<said>.*)"
    ),
    # tsc, MSBuild, MSVC
    re.compile(
        rf"\s{{0,8}}{_PLACE}\((?P<line>\d{{1,7}})(?:,\d{{1,5}}){{0,3}}\) ?: {_GRAVE}"
        rf"(?: (?P<rule>{_RULE}))?: (?P<said>.*)"
    ),
    # Maven, kotlinc, sbt
    re.compile(
        r"\[(?P<grave>ERROR|WARNING|error|warn)\] (?P<place>[^\s:\[]{1,250}):"
        r"(?:\[(?P<line>\d+),\d+\]|(?P<row>\d+)(?::\d+)?:) (?P<said>.*)"
    ),
    re.compile(
        r"(?P<grave>[ew]): (?:file://)?(?P<place>[^\s:]{1,250}):?(?: \()?(?P<line>\d+)[:,] ?"
        r"\d+\)?:? "
        r"(?P<said>.*)"
    ),
    # Go names no gravity: whatever it says stops the build.
    re.compile(r"(?:vet: )?(?P<place>[\w./@-]{1,250}\.go):(?P<line>\d{1,7}):\d{1,5}: (?P<said>.*)"),
    # eslint: rows below the name of their file
    re.compile(
        r"\s{2,6}(?P<line>\d{1,7}):\d{1,5}\s{2,6}(?P<grave>error|warning)\s{2,6}(?P<said>\S.*?)"
        r"(?:\s{2,}(?P<rule>[\w@/-]+))?\s*$"
    ),
    # linkers
    re.compile(
        r"(?:\S*ld: )?(?P<place>\S{1,250}):\((?P<line>\.text\S*)\): (?P<said>undefined reference.*)"
    ),
    re.compile(
        r"CMake (?P<grave>Error|Warning"
        r"|Deprecation Warning)(?: \(dev\))? at (?P<place>\S+?):(?P<line>\d+)(?P<said>.*)"
    ),
    re.compile(r"(?P<grave>error|warning|note)(?:\[(?P<rule>\w+)\])?: (?P<said>\S.*)"),
    re.compile(rf"(?P<rule>{_RULE}) (?P<said>(?:\[\*\] )?\S.*)"),
)
_PLAUSIBLE = re.compile(
    r"[^\n]{0,300}?(?::\d|\(\d|:\[\d|\.text)|\[?(?i:error|warn|note)|CMake |[A-Z]{1,8}-?\d"
    r"|\s+\d+:\d"
)
_ARROW = re.compile(r"\s*(?:-->|:::|\u256d\u2500\[|\u250c\u2500+) ?(?P<place>\S+?):(?P<line>\d+)")
_COLUMN = re.compile(r"[:,](\d{1,5})")
_FRAME = re.compile(
    r"\s*\d{0,7} *[|\u2502]|\s*[~^\u2500-\u257f|]+[\s~^|]*|\s*[-=]+>|\s+= (?:note|help)"
    r"|\.\.\.$|\s*$"
)
_MARK = re.compile(r"[\s\d|\u2502+>]*?[|\s][\s|]*[~^]{1,}|[\s|]*\^|\s*[|\u2502_]+\^|[\s|]*-{3,}\s")
# What a mark says, and what javac adds.
_LABEL = re.compile(r"[~^-] *[A-Za-z`\u2018].*[a-z]{3}")
_SYMBOL = re.compile(r"\s+(?:symbol|required|found|reason): ")
_GUTTER = re.compile(r"\s*\d{1,7} [|\u2502]|\s*\d{1,7}\s(?!(?:errors?|warnings?)\b)")
_TEXT_BELOW = re.compile(r"\s+\S")
_SUBORDINATE = re.compile(r"(?:help|note|hint|suggestion)(?::|\b)|\s+= |\s*[|\u2502]\s*$")
_QUOTED = re.compile(
    r"`[^`]{0,200}`|\"[^\"]{0,200}\"|'[^']{0,200}'|\u2018[^\u2019]{0,200}\u2019|\d+"
)
_FLAG = re.compile(r"\[(-W[\w+=-]+|[a-z][\w-]+)\]\s*$|\((\w[\w-]+)\)\s*$")
_CONTEXT = re.compile(
    r"(?:In file included from|\s+from \S+:\d+|\S+: (?:In|At) |\S+:\d+:\d+:\s+required (?:from|by))"
)

_LONGEST_HEAD = 2_000
_MOST_LINES = 120
_KEY = 160
# Source that may follow a javac finding, in lines, before the caret below it.
_SOURCE_LINES = 3


# The line below a finding is looked at as its end, and then as the next one's beginning.
@functools.lru_cache(maxsize=4)
def find_head(line: str) -> re.Match[str] | None:
    """Return the match of a line that begins a finding.

    >>> find_head("a.c:3:7: error: expected ';' before '}' token")["place"]
    'a.c'
    """
    line = line[:_LONGEST_HEAD]
    if not _PLAUSIBLE.match(line):
        return None
    for head in _HEADS:
        found = head.match(line)
        if found is not None:
            return found
    return None


def sort_of(head: re.Match[str]) -> Sort:
    """Return how grave a finding is."""
    groups = head.groupdict()
    grave = (groups.get("grave") or "error").lower()
    if grave in ("note", "info", "information", "hint", "help", "remark", "suggestion"):
        return Sort.NOTE
    if grave.startswith(("warn", "deprecation")) or grave in (
        "w",
        "style",
        "convention",
        "refactor",
    ):
        return Sort.WARNING
    return Sort.ERROR


def key_of(head: re.Match[str]) -> str:
    """Return what findings of one kind share: the rule, or the message without its names."""
    groups = head.groupdict()
    rule = groups.get("rule") or groups.get("code") or ""
    said = head["said"]
    if not rule:
        flag = _FLAG.search(said)
        if flag is not None and not said.startswith("Expression"):
            rule = flag[1] or flag[2] or ""
    return f"{rule} {_QUOTED.sub('', said)}"[:_KEY].strip()


def finding_at(lines: Sequence[str], i: int) -> Block | None:
    """Return the finding that begins at line ``i``, if one does."""
    head = find_head(lines[i])
    if head is None:
        return None
    arrow = None
    if "place" not in head.groupdict() and "line" not in head.groupdict():
        # Without a place in its head a finding has it below.
        arrow = _ARROW.match(lines[i + 1]) if i + 1 < len(lines) else None
        if arrow is None:
            return None
    end = _end(lines, i)
    core, detail = _essence(lines, i, end)
    return Block(i, end, sort_of(head), key_of(head), core, detail, _place_of(arrow or head))


def _place_of(found: re.Match[str]) -> str:
    """Return the file and the numbers behind it, as ``a/b.py:3:7``."""
    named = found.groupdict()
    path, line = named.get("place") or "", named.get("line") or named.get("row") or ""
    if not line:
        return path
    behind = _COLUMN.match(
        found.string, found.end("line") if named.get("line") else found.end("row")
    )
    return f"{path}:{line}" + (f":{behind[1]}" if behind else "")


def _end(lines: Sequence[str], i: int) -> int:
    at = i + 1
    stop = min(len(lines), i + _MOST_LINES)
    source = 0
    framed = False
    while at < stop:
        line = lines[at]
        if not line.strip():
            # tsc --pretty leaves a blank line above the frame.
            if at == i + 1 and at + 1 < stop and " - " in lines[i] and _GUTTER.match(lines[at + 1]):
                at += 1
                continue
            break
        if _ARROW.match(line) or _FRAME.fullmatch(line) or _SUBORDINATE.match(line):
            framed = True
        elif _GUTTER.match(line) and framed:
            pass
        elif find_head(line) is not None or _CONTEXT.match(line):
            break
        elif _TEXT_BELOW.match(line):
            framed = framed or "^" in line
        elif framed or source >= _SOURCE_LINES or not _caret_follows(lines, at, stop):
            break
        source += 1
        at += 1
    return at


def _caret_follows(lines: Sequence[str], at: int, stop: int) -> bool:
    return any(lines[k].strip() == "^" for k in range(at + 1, min(stop, at + 1 + _SOURCE_LINES)))


def _essence(lines: Sequence[str], start: int, end: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the head and its place; and below them marked source lines, their marks and notes."""
    core = [start]
    detail: list[int] = []
    for i in range(start + 1, end):
        line = lines[i]
        if i == start + 1 and _ARROW.match(line):
            core.append(i)
        elif _MARK.match(line) and any(sign in line for sign in "^~-"):
            if i - 1 > start and (i - 1) not in core and _is_source(lines[i - 1]):
                detail.append(i - 1)
            (core if _LABEL.search(line) else detail).append(i)
        elif _SUBORDINATE.match(line) and line.strip(" |\u2502"):
            detail.append(i)
        elif ":" in line and not _GUTTER.match(line) and _TEXT_BELOW.match(line):
            (core if _SYMBOL.match(line) else detail).append(i)
    if not detail and end - start <= _SOURCE_LINES + 1:
        detail = [i for i in range(start + 1, end) if i not in core]
    return tuple(core), tuple(dict.fromkeys(detail))


def _is_source(line: str) -> bool:
    return bool(line.strip()) and not _SUBORDINATE.match(line)
