"""What the edge asks of a codec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from headroom.segments import Segment

# Where a text stands: keys and positions from the sequence of messages inwards.
Path = tuple["str | int", ...]


class MessagesCodec(Protocol):
    """Reads the texts of a sequence of messages and writes new ones back."""

    @property
    def name(self) -> str:
        """Name of the wire format, as ``format=`` takes it."""
        ...

    def recognises(self, messages: Sequence[Any]) -> bool:
        """Say whether the messages carry a mark that only this format has."""
        ...

    def read(self, messages: Sequence[Any]) -> list[Segment]:
        """Return every text, in order; ``location`` of each is its `Path`."""
        ...

    def write(self, messages: Sequence[Any], texts: Mapping[Path, str]) -> Any:
        """Return the messages with new texts at the given paths.

        The result has the type of ``messages``; every part without a new text is the same object.
        """
        ...
