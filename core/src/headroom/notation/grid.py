"""Tables drawn with spaces and bars: rows cut into cells, and cells padded as they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal
from unicodedata import combining, east_asian_width

Align = Literal["<", ">", "^"]

# Wider cells are no longer a drawing; a body that claims more is refused.
WIDEST = 4_096
_WAYS = tuple([align + end for align in ("", "<", "^", ">") for end in ("", "t", "s")])


@dataclass(frozen=True)
class Grid:
    """How the rows of a drawn table are written.

    Args:
        left: What stands before the first cell.
        gaps: What stands between two cells, one text less than there are cells.
        right: What stands behind the last cell.
        widths: Characters that each cell is padded to; longer cells push the rest aside.
        aligns: ``<`` or ``>`` for each cell.
        trim: True when spaces at the end of a row are left out.
        loose: True when the last cell of a row is not padded, though that of the names is.
        wide: True when widths count columns of a screen, not characters.
    """

    left: str
    gaps: tuple[str, ...]
    right: str
    widths: tuple[int, ...]
    aligns: tuple[Align, ...]
    trim: bool = False
    loose: bool = False
    wide: bool = False

    @cached_property
    def _template(self) -> str:
        parts = [_plain(self.left)]
        last = len(self.widths) - 1
        for i, (width, align) in enumerate(zip(self.widths, self.aligns, strict=True)):
            is_padded = width and not (self.loose and i == last)
            parts.append(f"{{:{align}{width}}}" if is_padded else "{}")
            parts.append(_plain(self.gaps[i] if i < last else self.right))
        return "".join(parts)

    def render(self, cells: Sequence[str]) -> str:
        """Return a row as the table draws it.

        >>> Grid("", ("  ",), "", (4, 3), ("<", ">")).render(["a", "1"])
        'a       1'
        """
        if self.wide and not all(map(str.isascii, cells)):
            row = self._render_wide(cells)
        else:
            row = self._template.format(*cells)
        return row.rstrip(" ") if self.trim else row

    def _render_wide(self, cells: Sequence[str]) -> str:
        columns = zip(cells, self.widths, self.aligns, strict=True)
        padded = [_pad(cell, width, align) for cell, width, align in columns]
        if self.loose:
            padded[-1] = cells[-1]
        pairs = zip(padded, [*self.gaps, self.right], strict=True)
        return self.left + "".join([cell + gap for cell, gap in pairs])

    def rule(self, drawn: str) -> str:
        """Return the line that is drawn as ``drawn`` over two cells of one character each.

        >>> Grid(" ", (" | ",), "", (4, 3), ("<", ">"), trim=True).rule("---+---")
        '------+-----'
        """
        left, gap = len(self.left), len(self.gaps[0])
        fill = drawn[left]
        cross = drawn[left + 1 : left + 1 + gap]
        cells = [fill * width for width in self.widths]
        return drawn[:left] + cross.join(cells) + drawn[left + 2 + gap :]

    def sketch(self, line: str) -> str | None:
        """Return how a line looks over two cells of one character, if it is a rule; else None."""
        if not self.gaps or len(set(map(len, self.gaps))) > 1 or not min(self.widths):
            return None
        left, gap, first = len(self.left), len(self.gaps[0]), self.widths[0]
        fill = line[left : left + 1]
        if fill.isalnum() or not fill.strip():
            return None
        cross = line[left + first : left + first + gap]
        total = left + sum(self.widths) + gap * len(self.gaps)
        drawn = line[:left] + fill + cross + fill + line[total:]
        if len(drawn) > left + 2 + gap + 8 or self.rule(drawn) != line:
            return None
        return drawn

    def header(self, cells: Sequence[str], line: str) -> str | None:
        """Return the way in which the line with the names is drawn; None if it is no such way.

        The way is an alignment ("" for that of the cells), followed by ``t`` where spaces at the
        end are left out, or by ``s`` where there is one more.
        """
        return next((way for way in _WAYS if self.render_header(cells, way) == line), None)

    def render_header(self, cells: Sequence[str], way: str) -> str:
        """Return the line with the names, drawn in one of the ways of `header`."""
        grid = replace(self, trim=way.endswith("t"), loose=False)
        align = way[:1] if way[:1] in ("<", ">", "^") else ""
        if align == "^":
            size = screen_width if self.wide else len
            cells = [
                _center(c, width - size(c)) for c, width in zip(cells, self.widths, strict=True)
            ]
        elif align:
            grid = replace(grid, aligns=tuple([_ALIGNS[align]] * len(self.widths)))
        return grid.render(cells) + (" " if way.endswith("s") else "")


_ALIGNS: dict[str, Align] = {"<": "<", ">": ">"}


def screen_width(text: str) -> int:
    """Return how many columns of a screen a text takes.

    >>> screen_width("abc"), screen_width("\u6771\u4eac"), screen_width("e\u0301")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum([0 if combining(c) else 1 + (east_asian_width(c) in "WF") for c in text])


def _pad(cell: str, width: int, align: Align) -> str:
    spaces = " " * (width - screen_width(cell))
    return spaces + cell if align == ">" else cell + spaces


def _center(cell: str, spare: int) -> str:
    """Center as psql does: what is left over by one goes to the right."""
    space = max(0, spare)
    return " " * (space // 2) + cell + " " * (space - space // 2)


def _plain(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
