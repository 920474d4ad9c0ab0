"""A line of running text being read: white space folded, code marked, links shown or not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum


class Links(Enum):
    """Which links keep their targets."""

    ALL = "all"
    LISTED = "those that stand by themselves"
    NONE = "none"


_FOLDED = re.compile(r"[ \t\n\r\f]+")
_KEPT_SPACE = "\xa0"

# A link stands by itself if so much of its line is links.
_LISTED = 0.5

# Brackets and parentheses around a link.
_LINK_SIGNS = 4

# Longer targets are addresses for machines: tracking, images in the page, signed tokens.
_LONGEST_TARGET = 300


@dataclass(slots=True)
class Line:
    """Text between two borders of blocks.

    Args:
        pieces: The text so far; a space that was folded is a piece of its own.
        links: Of each link the first piece, the piece after the last, and the target.
        dropped: Targets that `finish` left out.
        cost_all: Characters that those targets would have added.
        cost_listed: The same for links that stand by themselves.
    """

    pieces: list[str] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)
    dropped: int = 0
    cost_all: int = 0
    cost_listed: int = 0
    _space: bool = False
    _ended: bool = False
    _parted: bool = False

    def end_span(self) -> None:
        """Say that a part with looks of its own ends here."""
        self._ended = True

    def begin_span(self) -> None:
        """Say that a part with looks of its own begins here; next to another, it stands apart."""
        self._parted = self._ended

    def add(self, text: str) -> None:
        """Add text of the page, white space folded."""
        words = _FOLDED.sub(" ", text)
        if words in ("", " "):
            self._space = self._space or bool(words)
            return
        is_glued = self._parted and self.pieces and self.pieces[-1][-1:].isalnum()
        if words[0] == " " or self._space or (is_glued and words[0].isalnum()):
            self._add_space()
        self._ended = self._parted = False
        self.pieces.append(words.strip(" "))
        self._space = words[-1] == " "

    def add_whole(self, text: str) -> None:
        """Add text as it is."""
        if self._space:
            self._add_space()
        self.pieces.append(text)
        self._space = False

    def add_break(self) -> None:
        """Begin a new line."""
        if self.pieces and self.pieces[-1] != "\n":
            self.pieces.append("\n")
        self._space = False

    def _add_space(self) -> None:
        if self.pieces and self.pieces[-1] not in (" ", "\n"):
            self.pieces.append(" ")
        self._space = False

    def link(self, start: int, target: str) -> None:
        """Say that all from a piece on is a link to a target."""
        while start < len(self.pieces) and self.pieces[start] in (" ", "\n"):
            start += 1
        if start < len(self.pieces):
            self.links.append((start, len(self.pieces), target))

    def wrap(self, start: int, before: str, after: str) -> None:
        """Put marks around all from a piece on."""
        while start < len(self.pieces) and self.pieces[start] in (" ", "\n"):
            start += 1
        if start < len(self.pieces):
            self.pieces[start] = before + self.pieces[start]
            self.pieces[-1] += after

    def finish(self, links: Links) -> str:
        """Return the line, with the targets that stay as ``[text](target)``."""
        pieces = self.pieces
        if self.links:
            total = sum(map(len, pieces))
            linked = sum(len(p) for a, b, _ in self.links for p in pieces[a:b])
            is_listed = linked >= _LISTED * total
            shown = links is Links.ALL or (links is Links.LISTED and is_listed)
            for start, end, target in self.links:
                self._write_link(start, end, target, shown=shown, is_listed=is_listed)
        return "".join(pieces).replace(_KEPT_SPACE, " ").strip()

    def _write_link(
        self, start: int, end: int, target: str, *, shown: bool, is_listed: bool
    ) -> None:
        pieces = self.pieces
        if end - start == 1 and pieces[start] == target:
            return
        if shown and len(target) <= _LONGEST_TARGET:
            pieces[start] = f"[{pieces[start]}"
            pieces[end - 1] = f"{pieces[end - 1]}]({target})"
            return
        self.dropped += 1
        if len(target) <= _LONGEST_TARGET:
            self.cost_all += len(target) + _LINK_SIGNS
            self.cost_listed += is_listed * (len(target) + _LINK_SIGNS)


def target_of(href: str) -> str:
    """Return where a link leads, or "" where it leads nowhere that a reader could go."""
    target = href.strip()
    scheme = target[:11].lower()
    if not target or target.startswith("#") or scheme.startswith(("javascript:", "data:", "blob:")):
        return ""
    return "".join(target.split())
