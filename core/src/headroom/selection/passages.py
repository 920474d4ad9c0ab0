"""The units of a document: sentences, list items, table rows, code blocks, under their headings.

Reads Markdown, and plain text as the Markdown that it nearly is: a paragraph is what stands
between blank lines. Nothing is ever split but paragraphs, and those at the ends of sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from headroom.selection.sentences import sentence_spans


class Role(Enum):
    """What a unit is to its document."""

    SENTENCE = "sentence"
    HEADING = "heading"
    ITEM = "list item"
    ROW = "table row"
    HEADER = "table header"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the text that is kept or left out whole.

    Args:
        start: Where it begins, in characters.
        end: Where it ends.
        role: What it is.
        block: Number of the paragraph, list item, table or code block that it belongs to.
        needs: Units without which this one cannot be understood: the heading above, a table's
            header, the item that it is listed under, the sentence that leads in.
        level: Depth of a heading, else 0.
    """

    start: int
    end: int
    role: Role
    block: int
    needs: tuple[int, ...] = ()
    level: int = 0


_FENCE = re.compile(r" {0,3}(?:[-*+] |\d{1,9}[.)] )?(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_UNDERLINE = re.compile(r"(=|-|~|\^){3,}\s*$")
_ITEM = re.compile(r"([ \t]*)(?:[-*+\u2022]|\d{1,9}[.)])[ \t]+\S")
_TABLE_RULE = frozenset("|-: \t")
_COMMENT = "<!--"
_COMMENT_END = "-->"
_LONGEST_COMMENT = 100
_WRAPPED_MARK = ("<", ">")
_FRONT_MATTER = "---"

# Setext underlines by depth; the others stand below them, as in reStructuredText.
_UNDERLINE_LEVEL = {"=": 1, "-": 2, "~": 3, "^": 4}


@dataclass(slots=True)
class _Reader:
    text: str
    units: list[Unit] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)  # (level, unit)
    items: list[tuple[int, int]] = field(default_factory=list)  # (indent, unit)
    lead: int = -1
    block: int = -1

    def add(
        self,
        start: int,
        end: int,
        role: Role,
        needs: tuple[int, ...] = (),
        level: int = 0,
    ) -> int:
        above = self.headings[-1:] if level == 0 else self._over(level)
        wanted = (*(unit for _, unit in above), *needs)
        self.units.append(Unit(start, end, role, self.block, wanted, level))
        return len(self.units) - 1

    def _over(self, level: int) -> list[tuple[int, int]]:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        return self.headings[-1:]

    def led(self) -> tuple[int, ...]:
        return (self.lead,) if self.lead >= 0 else ()

    def heading(self, start: int, end: int, level: int) -> None:
        self.block += 1
        self.items.clear()
        self.lead = -1
        self.headings.append((level, self.add(start, end, Role.HEADING, level=level)))

    def paragraph(self, start: int, end: int, indent: int = 0) -> None:
        self.block += 1
        # A paragraph that is indented like the text of an item goes on with it.
        while self.items and self.items[-1][0] + 2 > indent:
            self.items.pop()
        under = (self.items[-1][1],) if self.items else ()
        if self.text.startswith(_WRAPPED_MARK, start):
            self.add(start, end, Role.BLOCK, under)
        else:
            for a, b in sentence_spans(self.text, start, end):
                self.add(a, b, Role.SENTENCE, under)
        self.lead = len(self.units) - 1 if self.text[end - 1] in ":\uff1a" else -1

    def item(self, start: int, end: int, indent: int) -> None:
        self.block += 1
        while self.items and self.items[-1][0] >= indent:
            self.items.pop()
        under = (self.items[-1][1],) if self.items else self.led()
        spans = sentence_spans(self.text, start, end)
        unit = self.add(*spans[0], Role.ITEM, under)
        self.items.append((indent, unit))
        for a, b in spans[1:]:
            self.add(a, b, Role.SENTENCE, (unit,))

    def code(self, start: int, end: int, indent: int) -> None:
        self.block += 1
        while self.items and self.items[-1][0] >= max(indent, 1):
            self.items.pop()
        under = (self.items[-1][1],) if self.items and indent else self.led()
        self.add(start, end, Role.BLOCK, under)

    def table(self, starts: list[tuple[int, int]]) -> None:
        self.block += 1
        self.items.clear()
        header = self.add(starts[0][0], starts[1][1], Role.HEADER, self.led())
        for a, b in starts[2:]:
            self.add(a, b, Role.ROW, (header,))


def read_units(text: str) -> list[Unit]:
    r"""Return the units of a document in order; blank lines belong to none.

    A unit's ``needs`` name units before it only, or a heading's own headings.

    >>> said = "# A\n\nIt is one. It is two.\n\n- x\n- y"
    >>> [said[unit.start : unit.end] for unit in read_units(said)]
    ['# A', 'It is one.', 'It is two.', '- x', '- y']
    """
    reader = _Reader(text)
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    at = _front_matter(reader, lines, starts)
    while at < len(lines):
        at = _block(reader, lines, starts, at)
    return reader.units


def _front_matter(reader: _Reader, lines: list[str], starts: list[int]) -> int:
    if lines[0].rstrip() != _FRONT_MATTER:
        return 0
    for at in range(1, min(len(lines), 200)):
        if lines[at].rstrip() == _FRONT_MATTER:
            reader.block += 1
            reader.add(0, starts[at] + len(lines[at].rstrip()), Role.BLOCK)
            return at + 1
    return 0


def _block(reader: _Reader, lines: list[str], starts: list[int], at: int) -> int:
    """Read the block that begins at a line; return the line after it."""
    line = lines[at]
    if not line or line.isspace():
        return at + 1
    start = starts[at] + len(line) - len(line.lstrip())
    indent = start - starts[at]
    if _FENCE.match(line.lstrip()):
        after = _fence_end(lines, at)
        reader.code(start, starts[after] - 1, indent)
        return after
    heading = _HEADING.match(line)
    if heading is not None:
        reader.heading(start, starts[at] + len(line.rstrip()), len(heading.group(1)))
        return at + 1
    if _is_table(lines, at):
        after = at + 2
        while after < len(lines) and "|" in lines[after]:
            after += 1
        reader.table([(starts[i], starts[i] + len(lines[i].rstrip())) for i in range(at, after)])
        return after
    if line.startswith(_COMMENT, indent):
        after = _comment_end(lines, at)
        reader.code(start, starts[after - 1] + len(lines[after - 1].rstrip()), indent)
        return after
    if indent >= 4 and not _ITEM.match(line) and (at == 0 or not lines[at - 1].strip()):
        after = _indented_end(lines, at)
        reader.code(start, starts[after - 1] + len(lines[after - 1].rstrip()), indent)
        return after
    return _running_text(reader, lines, starts, at)


def _fence_end(lines: list[str], at: int) -> int:
    opening = _FENCE.match(lines[at].lstrip())
    fence = opening.group(1) if opening else "```"
    for after in range(at + 1, len(lines)):
        closing = lines[after].strip()
        if closing.startswith(fence) and not closing.strip(fence[0]):
            return after + 1
    # Never closed: it runs to the end.
    return len(lines)


def _comment_end(lines: list[str], at: int) -> int:
    for after in range(at, min(len(lines), at + _LONGEST_COMMENT)):
        if _COMMENT_END in lines[after]:
            return after + 1
    # Never closed, or too far away to look for: then it is no comment.
    return at + 1


def _is_table(lines: list[str], at: int) -> bool:
    return (
        "|" in lines[at]
        and at + 1 < len(lines)
        and "-" in lines[at + 1]
        and "|" in lines[at + 1]
        and _TABLE_RULE.issuperset(lines[at + 1].rstrip())
    )


def _indented_end(lines: list[str], at: int) -> int:
    after = at + 1
    last = after
    while after < len(lines):
        line = lines[after]
        if line.startswith(("    ", "\t")) and not _FENCE.match(line.lstrip()):
            last = after + 1
        elif line.strip():
            break
        after += 1
    return last


def _running_text(reader: _Reader, lines: list[str], starts: list[int], at: int) -> int:
    """Read a paragraph or a list item, up to a blank line or the next block."""
    line = lines[at]
    item = _ITEM.match(line)
    after = at + 1
    while after < len(lines) and not _interrupts(lines, after):
        level = _UNDERLINE_LEVEL.get(lines[after][:1], 0)
        if after == at + 1 and item is None and level and _UNDERLINE.match(lines[after]):
            reader.heading(starts[at], starts[after] + len(lines[after].rstrip()), level)
            return after + 1
        after += 1
    end = starts[after - 1] + len(lines[after - 1].rstrip())
    if item is not None:
        reader.item(starts[at] + len(item.group(1)), end, len(item.group(1).expandtabs(4)))
    else:
        indent = len(line) - len(line.lstrip())
        reader.paragraph(starts[at] + indent, end, indent)
    return after


def _interrupts(lines: list[str], at: int) -> bool:
    line = lines[at]
    if not line or line.isspace():
        return True
    first = line.lstrip()[0]
    if first in "`~":
        return _FENCE.match(line.lstrip()) is not None
    if first == "#":
        return _HEADING.match(line) is not None
    if first in "|-*+\u2022" or first.isdigit():
        return _ITEM.match(line) is not None or _is_table(lines, at)
    return False
