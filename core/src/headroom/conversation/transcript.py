"""What a conversation has shown so far, and a digest that stands for all of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from headroom.conversation.calls import Arguments, said_in
from headroom.conversation.index import LineIndex
from headroom.conversation.shelf import IndexShelf
from headroom.originals.handles import original_bytes
from headroom.originals.markers import Place, Source
from headroom.segments import Role, Segment

# Texts that belong together: the position of their message, and the call that they answer.
_Group = tuple[int, str | None]

_SOURCES: dict[Role, Source] = {
    "tool": "result",
    "user": "user message",
    "assistant": "assistant message",
    "system": "system message",
}


class Transcript:
    """The visible texts of one conversation, in order, while it is gone through.

    The index over them is built only when somebody asks for it, and starts from the longest
    beginning of this conversation that the shelf has an index of.
    """

    def __init__(self, shelf: IndexShelf) -> None:
        self._shelf = shelf
        self._shown: list[tuple[Place, str, str]] = []
        self._numbers: dict[Source, int] = {}
        self._last: dict[Source, tuple[_Group, int]] = {}
        self._called: tuple[_Group, Arguments] | None = None
        self._answered = 0
        self._digests = [b""]
        self._index: LineIndex | None = None
        self._indexed = 0

    @property
    def digest(self) -> bytes:
        """Bytes that stand for every text so far and its place, and the call answered next."""
        return self._digests[-1] + b"%d" % self._answered

    def hear_call(self, segment: Segment) -> None:
        """Add what the call says that the next text answers.

        Calls are known by their results, the only ones that every format and framework tells them
        with: a call is shown when the first text comes that answers it.
        """
        self._answered = 0
        if segment.role != "tool" or segment.arguments is None:
            return
        group = (segment.index, segment.call_id)
        last, _ = self._last.get("result", (None, 0))
        number = self._numbers.get("result", 0) + (group != last)
        if self._called is None or self._called[0] != group:
            self._called = group, segment.arguments
            for name, text in said_in(segment.arguments):
                self._append(Place("call", number, argument=name), text, "")
        # Results without ids may stand in one message, and answer different calls.
        if self._called[1] == segment.arguments:
            self._answered = number

    def as_seen(self, place: Place) -> Place:
        """Return how the next text names a place: the call that it answers is "this call"."""
        is_own = place.source == "call" and place.number == self._answered
        return replace(place, number=0) if is_own else place

    def as_counted(self, place: Place) -> Place:
        """Undo `as_seen`."""
        is_own = place.source == "call" and not place.number
        return replace(place, number=self._answered) if is_own else place

    def add(self, segment: Segment, text: str, *, call: str = "") -> None:
        """Add the next text as the model sees it.

        Args:
            segment: Says whose text it is.
            text: What stands there.
            call: What the text answers: a tool's name and its arguments; "" if unknown.
        """
        self._append(self._place(segment), text, call)

    def _append(self, place: Place, text: str, call: str) -> None:
        self._shown.append((place, text, call))
        rolling = hashlib.sha256(self._digests[-1])
        rolling.update(original_bytes(f"{place}\n{len(call)}\n{call}{text}"))
        self._digests.append(rolling.digest())

    def _place(self, segment: Segment) -> Place:
        # Formats differ in what they put into one message; results are told apart by their calls.
        source, group = _SOURCES[segment.role], (segment.index, segment.call_id)
        last, part = self._last.get(source, (None, 0))
        if group != last:
            part = 0
            self._numbers[source] = self._numbers.get(source, 0) + 1
        self._last[source] = (group, part + 1)
        return Place(source, self._numbers[source], part + 1)

    def lines(self) -> LineIndex:
        """Return the index over every text so far."""
        if self._index is None:
            self._index, self._indexed = self._shelf.take(self._digests)
        for place, text, call in self._shown[self._indexed :]:
            self._index.add(place, text, call)
        self._indexed = len(self._shown)
        return self._index

    def close(self) -> None:
        """Hand the index over to whoever goes on from here; nothing may be added any more."""
        if self._index is not None:
            self._shelf.put(self._digests[self._indexed], self._index)
            self._index = None
