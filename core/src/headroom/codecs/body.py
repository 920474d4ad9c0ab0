"""A request's body, as a mapping or as the bytes of its JSON, changed alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headroom.codecs.edits import Edit, edited, edited_document
from headroom.codecs.json_bytes import read_body, with_strings
from headroom.codecs.protocol import Path
from headroom.codecs.splice import with_texts


@dataclass(frozen=True, slots=True)
class Body:
    """A body, and the document that spells it where it came as bytes.

    Args:
        value: The body; None for bytes that are not JSON.
        document: The JSON text; None for a mapping.
    """

    value: Any
    document: str | None = None

    @property
    def output(self) -> Any:
        """The body as it came: a mapping, or bytes."""
        return self.value if self.document is None else self.document.encode()

    def is_same_as(self, other: Body) -> bool:
        """Say whether both mean the same, the order of keys included."""
        return self.value is other.value or (
            self.value == other.value and repr(self.value) == repr(other.value)
        )

    def with_texts(self, texts: Mapping[Path, str]) -> Body | None:
        """Return the body with other strings at these paths; None if one could not be found."""
        if not texts:
            return self
        value = with_texts(self.value, texts)
        if self.document is None:
            return Body(value)
        document = with_strings(self.document, self.value, texts)
        return None if document is None else Body(value, document)

    def with_edits(self, edits: Sequence[Edit]) -> Body | None:
        """Return the body with all edits made; None if a place could not be found."""
        if not edits:
            return self
        value = edited(self.value, edits)
        if self.document is None:
            return Body(value)
        document = edited_document(self.document, edits)
        return None if document is None else Body(value, document)


def body_of(given: Mapping[str, Any] | bytes) -> Body:
    """Read a body; what cannot be read has no value."""
    if not isinstance(given, bytes):
        return Body(given)
    document, value = read_body(given)
    return Body(value, document)
