"""An adapter to a framework of one class, and the suite that holds it to the promises."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from headroom import Compressor, Segment
from headroom_conformance import AdapterConformance, Conversation, Probe

logger = logging.getLogger(__name__)


# The framework: messages, and a client that sends them.


@dataclass(frozen=True)
class Note:
    """One message; a tool's note says which request it answers."""

    author: Literal["system", "user", "assistant", "tool"]
    lines: tuple[str, ...]
    requests: tuple[tuple[str, str, dict[str, object]], ...] = ()
    answers: str | None = None
    failed: bool = False


Client = Callable[[list[Note]], str]


# The adapter: read the texts, ask the core, put the new texts back.


def compressing(client: Client, compressor: Compressor) -> Client:
    """Return a client whose model reads less."""

    def send(notes: list[Note]) -> str:
        try:
            notes = rewritten(notes, compressor)
        except Exception as error:  # noqa: BLE001  # whatever it is, the user's request goes out
            logger.warning("sent uncompressed: %s", type(error).__name__)
        return client(notes)

    return send


def rewritten(notes: list[Note], compressor: Compressor) -> list[Note]:
    segments = read(notes)
    result = compressor.rewrite(segments)
    new: dict[int, list[str]] = {}
    for segment, rewrite in zip(segments, result.rewrites, strict=True):
        if rewrite is not None and isinstance(segment.location, int):
            lines = new.setdefault(segment.index, list(notes[segment.index].lines))
            lines[segment.location] = rewrite.text
    # A note without a new text stays the same object.
    return [replace(n, lines=tuple(new[i])) if i in new else n for i, n in enumerate(notes)]


def read(notes: list[Note]) -> list[Segment]:
    # Every text, whoever wrote it: what stands before a result steers what is kept of it.
    requests: dict[str, tuple[str, dict[str, object]]] = {}
    segments = []
    for index, note in enumerate(notes):
        name, arguments = requests.get(note.answers or "", (None, None))
        for place, line in enumerate(note.lines):
            segments.append(
                Segment(
                    text=line,
                    role=note.author,
                    index=index,
                    tool_name=name,
                    arguments=arguments,
                    call_id=note.answers,
                    is_error=note.failed,
                    location=place,
                )
            )
        requests.update({id_: (tool, wanted) for id_, tool, wanted in note.requests})
    return segments


# The suite: how to build this framework's messages, how to read their texts, how to send them.


class TestCompressing(AdapterConformance):
    def build_messages(self, conversation: Conversation) -> list[Note]:
        return [
            Note(
                author=turn.role,
                lines=turn.texts,
                requests=tuple((c.id, c.name, dict(c.arguments)) for c in turn.calls),
                answers=turn.answers,
                failed=turn.is_error,
            )
            for turn in conversation.turns
        ]

    def texts(self, messages: Sequence[Note]) -> list[str]:
        return [line for note in messages for line in note.lines]

    def run(self, messages: list[Note], compressor: Probe, mode: str) -> list[Note]:
        received: list[Note] = []

        def model(notes: list[Note]) -> str:
            received.extend(notes)
            return "hello"

        compressing(model, compressor)(messages)
        return received
