"""SmartCrusher: JSON and JSON Lines, as tables without loss, and the rows that matter."""

from __future__ import annotations

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.smart_crusher_select import select_parts
from headroom.errors import DecodingError
from headroom.notation.json_document import (
    Document,
    decode_document,
    encode_document,
    read_document,
)
from headroom.routing.json_kind import looks_like_json

_SCRATCH = "smart_crusher.document"


class SmartCrusher:
    """Compress JSON: arrays of objects, objects of objects, nested documents, JSON Lines.

    The lossless form writes rows as tables whose header says once what all rows share, prints
    repeated parts once, and keeps every lexeme and the layout, so that the bytes can be written
    again. A selection keeps whole rows, and says at each place how many it left out.
    """

    name = "smart_crusher"
    kinds = ("json", "jsonl")
    notations = ("json",)

    def detect(self, content: Content) -> str | None:
        """Return ``json`` or ``jsonl`` if the text is a document of that kind; else None."""
        if not looks_like_json(content.text):
            return None
        document = _document(content)
        if document is None:
            return None
        return "jsonl" if document.lines else "json"

    def encode(self, content: Content) -> Encoding | None:
        """Return the document in tables and compact JSON, or None if that saves too little."""
        document = _document(content)
        if document is None:
            return None
        written = encode_document(document, content.counter.count)
        if written is None:
            return None
        note, body = written
        # Whoever uses it counts it; what has no fewer characters saves hardly a token.
        return Encoding("json", note, body) if len(body) < len(content.text) else None

    def decode(self, encoding: Encoding) -> str:
        """Return the text that was encoded, byte for byte.

        Raises:
            DecodingError: If the encoding is not well-formed.
        """
        if encoding.notation != "json":
            raise DecodingError(f"unknown notation {encoding.notation!r}")
        try:
            return decode_document(encoding.note, encoding.body)
        except RecursionError as error:
            raise DecodingError("nested too deep") from error

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return whole rows of the document's collections, or the values that matter."""
        document = _document(content)
        return None if document is None else select_parts(content, document, goal)


def _document(content: Content) -> Document | None:
    if _SCRATCH not in content.scratch:
        content.scratch[_SCRATCH] = read_document(content.text)
    found = content.scratch[_SCRATCH]
    return found if isinstance(found, Document) else None
