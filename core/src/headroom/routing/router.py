"""Which kind of content a text is, and which compressor serves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headroom.compressors.interface import Content, ContentCompressor


@dataclass(frozen=True, slots=True)
class Route:
    """The kind of a text and the compressor that serves it; None where nobody does."""

    kind: str
    compressor: ContentCompressor | None


class ContentRouter:
    """Ask the compressors in order; the first that recognises the text serves it.

    The order is part of the outcome: it is fixed by the caller, never by what is installed.
    """

    def __init__(self, compressors: Sequence[ContentCompressor]) -> None:
        self._compressors = tuple(compressors)
        self._by_kind: dict[str, ContentCompressor] = {}
        self._by_notation: dict[str, ContentCompressor] = {}
        for compressor in self._compressors:
            for kind in compressor.kinds:
                self._by_kind.setdefault(kind, compressor)
            for notation in compressor.notations:
                self._by_notation.setdefault(notation, compressor)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind that some compressor serves."""
        return tuple(self._by_kind)

    def check_kind(self, kind: str) -> None:
        """Raise `ValueError` if no compressor serves this kind."""
        if kind not in self._by_kind:
            known = ", ".join(self._by_kind)
            raise ValueError(f"no compressor serves kind {kind!r}; known: {known}")

    def route(self, content: Content, *, kind: str | None = None) -> Route:
        """Return the route of a text; a ``kind`` that the caller knows skips recognition."""
        if kind is not None:
            return Route(kind, self._by_kind[kind])
        for compressor in self._compressors:
            found = compressor.detect(content)
            if found is not None:
                return Route(found, compressor)
        return Route("text", None)

    def decoder(self, notation: str) -> ContentCompressor | None:
        """Return the compressor that decodes a notation."""
        return self._by_notation.get(notation)
