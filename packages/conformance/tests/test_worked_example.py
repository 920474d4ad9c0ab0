"""An adapter to a framework of one class, and the suite that holds it to the promises."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from headroom import (
    Compressor,
    RetrievalLoop,
    RetrievalTool,
    Segment,
    ToolCall,
    failure_without_text,
    without_tool,
)
from headroom_conformance import AdapterConformance, Answer, Conversation, FetchingModel, Probe
from headroom_conformance.fetching import OWN_TOOL, TOKENS_READ, TOKENS_WRITTEN

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
    tokens: int = 0


# Takes notes and the names of the tools that the model may request.
Client = Callable[[list[Note], tuple[str, ...]], Note]


# The adapter: read the texts, ask the core, put the new texts back, answer what is fetched.


def compressing(client: Client, compressor: Compressor) -> Client:
    """Return a client whose model reads less, and can fetch what was left out."""

    def send(notes: list[Note], tools: tuple[str, ...] = ()) -> Note:
        # A model without tools gets none from us, and then no marker may speak of one.
        if not tools or compressor.config.retrieval != "tool":
            return client(shortened(notes, without_tool(compressor)), tools)
        loop = RetrievalLoop(RetrievalTool(compressor))
        sent = shortened(notes, compressor)
        lines: tuple[str, ...] = ()
        tokens = 0
        while True:
            turn = client(sent, (*tools, RetrievalTool.name))
            lines, tokens = (*lines, *turn.lines), tokens + turn.tokens
            step = loop.step([ToolCall(name, wanted) for _, name, wanted in turn.requests])
            if not step.answers:
                kept = [r for place, r in enumerate(turn.requests) if place not in step.dropped]
                return replace(turn, lines=lines, requests=tuple(kept), tokens=tokens)
            fetched = [
                Note("tool", (text,), answers=id_)
                for (id_, _, _), text in zip(turn.requests, step.answers, strict=True)
            ]
            sent = [*sent, turn, *fetched]

    return send


def shortened(notes: list[Note], compressor: Compressor) -> list[Note]:
    try:
        return rewritten(notes, compressor)
    except Exception as error:  # noqa: BLE001  # whatever it is, the user's request goes out
        logger.warning("sent uncompressed: %s", failure_without_text(error))
        return notes


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

        def model(notes: list[Note], tools: tuple[str, ...]) -> Note:
            received.extend(notes)
            return Note("assistant", ("hello",))

        compressing(model, compressor)(messages, ())
        return received

    # Only for an adapter that gives the model the retrieval tool; without, leave these two out.

    answers_retrieval = True

    def run_retrieving(
        self, messages: list[Note], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        def scripted(notes: list[Note], tools: tuple[str, ...]) -> Note:
            reply = model.reply(self.texts(notes), tools)
            requests = tuple((c.id, c.name, dict(c.arguments)) for c in reply.calls)
            return Note("assistant", (reply.text,), requests, tokens=TOKENS_READ + TOKENS_WRITTEN)

        answer = compressing(scripted, compressor)(messages, (OWN_TOOL,))
        calls = tuple(name for _, name, _ in answer.requests)
        return Answer(" ".join(answer.lines), calls, answer.tokens)
