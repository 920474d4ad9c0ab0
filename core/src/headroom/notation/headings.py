"""Search results without their repetitions: a path stands once, its further rows follow.

The body is the text itself, except for rows that repeat what stands above::

    src/a.py:3:import os            a row in full; it sets the path
    9:    os.chdir(path)            same path, another line
    14,20:    return None           same path, two lines with the same content
    10-def go(path):                same path, a context line
    src/b.py:1:=                    another file, the same content as the row above
     text                           same path, a row without line number
    > 9: this is no row             a line that would read as one of the above

A path is written again after `REACH` characters, so that no row stands far from its file.
Rows of one file that are sorted by line may be grouped by content; sorting restores them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from headroom.errors import DecodingError
from headroom.notation.headings_rows import NUMBERS, Row, read_row

# Distance, in characters of the body, over which "the row above" still counts as near: a reader
# (and a measurement that asks whether facts still stand together) must not lose the path.
REACH = 480

# A repeated content shorter than this costs no more than the sign that replaces it.
_SHORTEST_REPEAT = 4
_SAME = "="
_ESCAPE = "> "
_MOST_GROUPED = 24
_ROWS_PER_BRIDGE = 8

# What a reader must know about each sign.
_PATHS_FOLLOW = "rows without a path belong to the path above"
_GROUPS = "3,9: stands for two rows"
_REPEATS = "= repeats the content above"
_ESCAPES = "> marks a line as it stands"

_BARE = re.compile(rf"({NUMBERS}):(.*)", re.DOTALL)
_BARE_CONTEXT = re.compile(r"[0-9]{1,9}-")
_BARE_PARENTHESES = re.compile(r"\([0-9]{1,9}(?:,[0-9]{1,9})?\): ")


def _is_plain(line: str) -> bool:
    if line.startswith((" ", ">")):
        return line[:1] == ">" and not line.startswith(_ESCAPE)
    first = line[:1]
    if first == "(":
        return not _BARE_PARENTHESES.match(line)
    return not (
        first in "0123456789" and first and (_BARE.match(line) or _BARE_CONTEXT.match(line))
    )


def _key(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(":")))


class _Writer:
    """Writes rows, always knowing what the reader knows: the path, the content, how far back."""

    def __init__(self, whole: frozenset[int]) -> None:
        self.whole = whole
        self.lines: list[str] = []
        self.path = ""
        self.content = ""
        self.path_reach = 0
        self.content_reach = 0
        self.signs: dict[str, None] = {}

    def _put(self, line: str) -> None:
        self.lines.append(line)
        self.path_reach += len(line) + 1
        self.content_reach += len(line) + 1

    def _near(self, path: str, index: int) -> bool:
        return path == self.path and self.path_reach < REACH and index not in self.whole

    def literal(self, line: str) -> None:
        """Write a line that sets nothing."""
        if _is_plain(line) and read_row(line, self.path) is None:
            self._put(line)
        else:
            self.escaped(line)

    def escaped(self, line: str) -> None:
        """Write a line so that nothing is read into it."""
        self.signs[_ESCAPES] = None
        self._put(_ESCAPE + line)

    def single(self, line: str, row: Row, index: int) -> None:
        """Write a row without ``line:`` between path and content, or a context line."""
        if self._near(row.path, index):
            self.signs[_PATHS_FOLLOW] = None
            self._put(" " + row.rest if row.joint == ":" else row.rest)
        elif _is_plain(line):
            self._full(row.path, line)
        else:
            self.literal(line)

    def _full(self, path: str, line: str) -> None:
        self.path, self.path_reach = path, 0
        self._put(line)

    def block(self, path: str, rows: Sequence[tuple[str, str]], start: int) -> None:
        """Write the numbered rows of one file that follow each other, from index ``start`` on."""
        alone = {index - start for index in self.whole}
        for numbers, content, index in _grouped(rows, alone):
            if "," in numbers:
                self.signs[_GROUPS] = None
            shown = content
            if (
                content == self.content
                and start + index not in self.whole
                and len(content) >= _SHORTEST_REPEAT
                and self.content_reach < REACH
            ):
                self.signs[_REPEATS] = None
                shown = _SAME
            else:
                self.content, self.content_reach = content, 0
            text = f"{numbers}:{shown}"
            if self._near(path, start + index):
                self.signs[_PATHS_FOLLOW] = None
                self._put(text)
            else:
                self._full(path, f"{path}:{text}")


def _grouped(rows: Sequence[tuple[str, str]], alone: Collection[int]) -> list[tuple[str, str, int]]:
    ungrouped = [(number, content, at) for at, (number, content) in enumerate(rows)]
    if len(rows) < 2 or len({content for _, content in rows}) == len(rows):
        return ungrouped
    # Rows that share a number would be tied in the reader's sort: they stay on their own.
    shared = Counter(number for number, _ in rows)
    groups: dict[tuple[str, int], list[str]] = {}
    first: dict[tuple[str, int], int] = {}
    for at, (number, content) in enumerate(rows):
        key = (content, at if shared[number] > 1 or at in alone else -1)
        groups.setdefault(key, []).append(number)
        first.setdefault(key, at)
    expanded = [(number, key[0]) for key, numbers in groups.items() for number in numbers]
    expanded.sort(key=lambda row: _key(row[0]))
    if expanded != list(rows):
        return ungrouped
    return [
        (",".join(numbers[at : at + _MOST_GROUPED]), key[0], first[key])
        for key, numbers in groups.items()
        for at in range(0, len(numbers), _MOST_GROUPED)
    ]


def _can_stand_in_block(row: Row | None, path: str) -> bool:
    return (
        row is not None
        and row.path == path
        and row.joint == ":"
        and row.numbers != ""
        and "," not in row.numbers
        and row.content != _SAME
    )


def _ascending_runs(
    block: Sequence[tuple[str, str]],
) -> list[tuple[int, Sequence[tuple[str, str]]]]:
    # Only rows sorted by line can be grouped. A few steps back are bridged, more are not.
    if len({content for _, content in block}) == len(block):
        return [(0, block)]
    starts = [0]
    before: tuple[int, ...] = ()
    for at, (number, _) in enumerate(block):
        key = _key(number)
        if key < before:
            starts.append(at)
            if len(starts) > 1 + len(block) // _ROWS_PER_BRIDGE:
                return [(0, block)]
        before = key
    return [(a, block[a:b]) for a, b in zip(starts, [*starts[1:], len(block)], strict=True)]


def encode_rows(
    lines: Sequence[str], whole: frozenset[int] = frozenset()
) -> tuple[list[str], tuple[str, ...]]:
    """Write lines without repeated paths and contents.

    Args:
        lines: The text's lines.
        whole: Indices of rows that are written in full, path and number and content.

    Returns:
        The body's lines, and for each sign that occurs what a reader must know.

    >>> encode_rows(["a.py:1:x = 1", "a.py:2:y = 2"])
    (['a.py:1:x = 1', '2:y = 2'], ('rows without a path belong to the path above',))
    """
    writer = _Writer(whole)
    at = 0
    while at < len(lines):
        line = lines[at]
        row = read_row(line, writer.path)
        if row is None:
            writer.literal(line)
        elif not row.numbers or row.joint != ":":
            writer.single(line, row, at)
        elif not _can_stand_in_block(row, row.path) or not _is_plain(line):
            writer.escaped(line)
        else:
            block = _block(lines, at, row)
            for run_start, run in _ascending_runs(block):
                if run_start:
                    writer.escaped(f"{row.path}:{run[0][0]}:{run[0][1]}")
                    writer.block(row.path, run[1:], at + run_start + 1)
                else:
                    writer.block(row.path, run, at)
            at += len(block) - 1
        at += 1
    return writer.lines, tuple(writer.signs)


def _block(lines: Sequence[str], at: int, row: Row) -> list[tuple[str, str]]:
    block = [(row.numbers, row.content)]
    for below in range(at + 1, len(lines)):
        further = read_row(lines[below], row.path)
        if further is None or not _can_stand_in_block(further, row.path):
            break
        block.append((further.numbers, further.content))
    return block


class _Reader:
    """Undoes `_Writer`, line by line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.path = ""
        self.content: str | None = None
        self.block: list[tuple[str, str]] = []
        self.block_path = ""
        self.is_grouped = False

    def close_block(self) -> None:
        """Put the rows of the file that ends here back into their order."""
        if self.is_grouped:
            self.block.sort(key=lambda row: _key(row[0]))
        self.lines.extend(line for _, line in self.block)
        self.block, self.is_grouped = [], False

    def plain(self, line: str) -> None:
        """Take over a line that is no numbered row."""
        self.close_block()
        self.lines.append(line)

    def numbered(self, path: str, numbers: str, content: str) -> None:
        """Write out a row for each of its numbers."""
        if path != self.block_path:
            self.close_block()
        self.path = self.block_path = path
        if content == _SAME:
            if self.content is None:
                raise DecodingError("a row repeats a content before there is one")
            content = self.content
        self.content = content
        each = numbers.split(",")
        self.is_grouped |= len(each) > 1
        self.block.extend((n, f"{path}:{n}:{content}") for n in each)

    def read(self, line: str) -> None:
        """Read one line of the body."""
        if line.startswith(_ESCAPE):
            self.plain(line[len(_ESCAPE) :])
            return
        if _is_plain(line):
            row = read_row(line, self.path)
            if row is None:
                self.plain(line)
            elif row.numbers and row.joint == ":":
                self.numbered(row.path, row.numbers, row.content)
            else:
                self.path = row.path
                self.plain(line)
            return
        if not self.path:
            raise DecodingError("a row without a path, and no path above it")
        found = _BARE.match(line)
        if found:
            self.numbered(self.path, found[1], found[2])
        elif line.startswith(" "):
            self.plain(f"{self.path}:{line[1:]}")
        elif line.startswith("("):
            self.plain(self.path + line)
        else:
            self.plain(f"{self.path}-{line}")


def decode_rows(lines: Sequence[str]) -> list[str]:
    """Undo `encode_rows`.

    Raises:
        DecodingError: If a row refers to a path or a content above it that is not there.

    >>> decode_rows(["a.py:1:x = 1", "2:y = 2"])
    ['a.py:1:x = 1', 'a.py:2:y = 2']
    """
    reader = _Reader()
    for line in lines:
        reader.read(line)
    reader.close_block()
    return reader.lines
