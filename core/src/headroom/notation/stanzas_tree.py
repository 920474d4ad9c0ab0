"""The tree that indentation, list dashes, section headings and documents give a text.

One reading serves YAML, `kubectl describe`, TOML, ini, HCL, Terraform plans and reports: a line
belongs to the nearest line above it that stands farther to the left. No line is ever rejected.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# A key is no longer than this, in characters; what stands before a later colon is prose.
_LONGEST_KEY = 60

# List dashes or marks at the start of a line; more belong to its text.
_MOST_DASHES = 4

# Places within one column, from left to right: a heading, a line, a list item, what closes it.
_HEADING, _LINE, _ITEM, _CLOSER = range(4)

# Marks of a plan stand where other lines have blanks.
_PLAN_MARK = re.compile(r"[ \t]*(?:-/\+|\+/-|<=|[-+~])[ \t]+")
_PLAN_HEADER = re.compile(r" {2}# \S.* (?:will|must|has|have|is) (?:be )?\w+")

# Deeper lines than this, in columns, stand no deeper; a depth is a small number.
_DEEPEST = 1 << 20


# Blanks and list dashes or marks at the start of a line, and its key, "" if it has none.
LineStart = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tree:
    """Lines and what belongs to what; all sequences have one entry per line.

    Args:
        keys: Keys of the lines.
        parents: Index of the line that each belongs to, -1 at the top.
        ends: Index after the last line that belongs to each.
        paths: A number per path of keys; list items, headings and documents count as the same key,
            so equal numbers are values of the same field.
        headings: True where a line starts a stanza: a list item, a section, a document, a block.
    """

    keys: list[str]
    parents: list[int]
    ends: list[int]
    paths: list[int]
    headings: list[bool]


def read_line(line: str) -> LineStart:
    """Return the lead of a line and its key.

    >>> read_line("  - name: web"), read_line("max_connections = 100")
    (('  - ', 'name'), ('', 'max_connections'))
    """
    rest = line.lstrip(" \t")
    lead = len(line) - len(rest)
    for _ in range(_MOST_DASHES):
        if rest[:2] not in ("- ", "+ ", "~ "):
            break
        shorter = rest[2:].lstrip(" ")
        lead += len(rest) - len(shorter)
        rest = shorter
    return line[:lead], _key(rest)


def _key(rest: str) -> str:
    start = rest[: _LONGEST_KEY + 1]
    colon, equals = start.find(":"), start.find("=")
    if colon >= 0 and (equals < 0 or colon < equals):
        return start[:colon].rstrip()
    if equals >= 0:
        return start[:equals].rstrip()
    if start[:1] in ("#", "[", "}", "]", ")", '"', "'", ""):
        return start[:1]
    word, blank, _ = start.partition(" ")
    return word if blank else ""


def read_tree(lines: Sequence[str], *, is_plan: bool = False, is_report: bool = False) -> Tree:
    """Read lines into a tree.

    Args:
        lines: The lines, without line breaks.
        is_plan: True if ``+``, ``-`` and ``~`` at the start are marks, not list dashes.
        is_report: True if ``# Title`` starts a section, or ``Name:`` at the left margin does, or
            a key that several paragraphs start with.
    """
    count = len(lines)
    keys, parents, ends, paths = [""] * count, [-1] * count, [count] * count, [0] * count
    headings = [False] * count
    numbers: dict[tuple[int, str], int] = {}
    known: dict[str, tuple[int, str, str]] = {}
    firsts = _paragraphs(lines) if is_report else frozenset()
    open_lines: list[tuple[int, int]] = []
    end = 0
    for i, line in enumerate(lines):
        found = known.get(line)
        if found is None:
            found = known[line] = _place(line, is_plan, is_report)
        place, keys[i], step = found
        if place > 4 * _DEEPEST + _CLOSER:
            # A blank line belongs where the line above it does, nothing belongs to it, and one that
            # stands between two stanzas belongs to neither.
            parents[i], ends[i] = (parents[i - 1] if i else -1), i + 1
            paths[i] = numbers.setdefault((-1, ""), len(numbers) + 1)
            continue
        if keys[i] in firsts and _starts_paragraph(lines, i):
            place, step = _HEADING, "Name"
        elif step == "#" and not (is_plan or _is_title(lines, i)):
            place, step = _LINE, ""
        while open_lines and open_lines[-1][0] >= place:
            ends[open_lines.pop()[1]] = end
        parent = open_lines[-1][1] if open_lines else -1
        parents[i] = parent
        above = paths[parent] if parent >= 0 else 0
        if step == "---":
            paths[i] = 0
        else:
            at = above, step
            paths[i] = numbers.get(at) or numbers.setdefault(at, len(numbers) + 1)
        headings[i] = step in ("---", "[", "#", "-", "{", "Name")
        open_lines.append((place, i))
        end = i + 1
    for _, i in open_lines:
        ends[i] = end
    return Tree(keys, parents, ends, paths, headings)


def _starts_paragraph(lines: Sequence[str], at: int) -> bool:
    return lines[at][:1] not in ("", " ", "\t", "#", "[") and (at == 0 or not lines[at - 1].strip())


def _paragraphs(lines: Sequence[str]) -> frozenset[str]:
    """Return the keys that several paragraphs start with, as those of package lists do."""
    tally = Counter(_key(x) for i, x in enumerate(lines) if _starts_paragraph(lines, i))
    return frozenset(key for key, count in tally.items() if key and count > 1)


def _is_title(lines: Sequence[str], at: int) -> bool:
    """Say whether a comment stands alone above what it is the title of."""
    below = lines[at + 1][:1] if at + 1 < len(lines) else ""
    return (at == 0 or not lines[at - 1].strip()) and below not in ("", "#", " ", "\r")


def _place(line: str, is_plan: bool, is_report: bool) -> tuple[int, str, str]:
    """Return how far to the right a line stands, its key, and its step in a path."""
    rest = line.lstrip(" \t")
    indent = min(len(line) - len(rest), _DEEPEST)
    first = rest[:1]
    if first in ("", "\r"):
        return 4 * _DEEPEST + 4, "", ""
    if indent == 0 and first in "-[#N":
        step = _heading(rest, is_report)
        if step:
            return _HEADING, _key(rest), step
    if first in "}])":
        return 4 * indent + _CLOSER, first, first
    if is_plan:
        return _plan_place(line, rest, indent)
    if first == "-" and rest[1:2] in (" ", ""):
        key = _key(rest[2:].lstrip(" "))
        return 4 * indent + _ITEM, key, "-" if key else "- "
    key = _key(rest)
    if rest.rstrip().endswith("{"):
        return 4 * indent + _LINE, key, "{"
    return 4 * indent + _LINE, key, key


def _heading(rest: str, is_report: bool) -> str:
    if rest.startswith("---") and not rest[3:].strip("- \r"):
        return "---"
    if rest[0] == "[" and rest.rstrip().endswith("]"):
        return "["
    if is_report and rest.startswith("# "):
        return "#"
    return "Name" if is_report and rest.startswith("Name:") else ""


def _plan_place(line: str, rest: str, indent: int) -> tuple[int, str, str]:
    if rest[0] == "#":
        is_header = _PLAN_HEADER.match(line) is not None
        return 4 * indent + (_HEADING if is_header else _CLOSER), "#", "#" if is_header else "# "
    marked = _PLAN_MARK.match(line)
    if marked:
        indent, rest = min(marked.end(), _DEEPEST), line[marked.end() :]
    key = _key(rest)
    if rest.rstrip().endswith("{"):
        return 4 * indent + _LINE, key, f"{key} {{"
    return 4 * indent + _LINE, key, key
