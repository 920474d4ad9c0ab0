"""A framework of thirty lines, an adapter to it, and the faults that adapters have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from headroom import Compressor, Segment, without_tool
from headroom_conformance import AdapterConformance, Conversation, Probe


@dataclass
class Message:
    role: str
    parts: list[Any]
    calls: list[Any] = field(default_factory=list)
    answers: str | None = None
    failed: bool = False
    extras: dict[str, Any] = field(default_factory=dict)


Hook = Callable[[list[Message]], list[Message]]


class Model:
    """Remembers what it received; the hook may change a request on its way."""

    def __init__(self, hook: Hook) -> None:
        self.hook = hook
        self.received: list[Message] = []

    def invoke(self, messages: list[Message]) -> str:
        self.received = self.hook(messages)
        return "hello"

    async def ainvoke(self, messages: list[Message]) -> str:
        self.received = await asyncio.to_thread(self.hook, messages)
        return "hello"

    def stream(self, messages: list[Message]) -> Iterator[str]:
        self.received = self.hook(messages)
        yield from "hello"


class PretendAdapter:
    """A good adapter. Each of the others below has one fault."""

    def __init__(self, compressor: Compressor) -> None:
        # This framework's models have no tools.
        self.compressor = without_tool(compressor)

    def __call__(self, messages: list[Message]) -> list[Message]:
        try:
            return self.rewritten(messages)
        except Exception:  # noqa: BLE001  # fails open, as an adapter must
            return messages

    def rewritten(self, messages: list[Message]) -> list[Message]:
        segments = self.read(messages)
        result = self.compressor.rewrite(segments)
        new: dict[int, list[Any]] = {}
        for segment, rewrite in zip(segments, result.rewrites, strict=True):
            if rewrite is not None and isinstance(segment.location, int):
                parts = new.setdefault(segment.index, list(messages[segment.index].parts))
                parts[segment.location] = rewrite.text
        return [self.copied(m, new[i]) if i in new else m for i, m in enumerate(messages)]

    def copied(self, message: Message, parts: list[Any]) -> Message:
        return replace(message, parts=parts)

    def read(self, messages: list[Message]) -> list[Segment]:
        calls = {call.id: call for message in messages for call in message.calls}
        return [
            Segment(
                text=part,
                role=message.role,
                index=index,
                tool_name=calls[message.answers].name if message.answers else None,
                arguments=calls[message.answers].arguments if message.answers else None,
                call_id=message.answers,
                is_error=message.failed,
                location=place,
            )
            for index, message in enumerate(messages)
            for place, part in enumerate(message.parts)
            if isinstance(part, str)
        ]


class PretendConformance(AdapterConformance):
    modes = ("invoke", "ainvoke", "stream")

    adapter: Callable[[Compressor], Hook] = PretendAdapter

    def build_messages(self, conversation: Conversation) -> list[Message]:
        return [
            Message(
                role=turn.role,
                parts=[*turn.texts, {"image": "aGVsbG8="}],
                calls=list(turn.calls),
                answers=turn.answers,
                failed=turn.is_error,
                extras={"id": f"message-{number}"},
            )
            for number, turn in enumerate(conversation.turns)
        ]

    def texts(self, messages: Sequence[Message]) -> list[str]:
        return [part for message in messages for part in message.parts if isinstance(part, str)]

    def run(self, messages: list[Message], compressor: Probe, mode: str) -> list[Message]:
        model = Model(type(self).adapter(compressor))
        if mode == "invoke":
            model.invoke(messages)
        elif mode == "ainvoke":
            asyncio.run(model.ainvoke(messages))
        else:
            list(model.stream(messages))
        return model.received


class Inert(PretendAdapter):
    def __call__(self, messages: list[Message]) -> list[Message]:
        return messages


class AskingTwice(PretendAdapter):
    def __call__(self, messages: list[Message]) -> list[Message]:
        return super().__call__(super().__call__(messages))


class Mutating(PretendAdapter):
    def copied(self, message: Message, parts: list[Any]) -> Message:
        message.parts[:] = parts
        return message


class CopyingAll(PretendAdapter):
    def __call__(self, messages: list[Message]) -> list[Message]:
        return deepcopy(super().__call__(messages))


class Rebuilding(PretendAdapter):
    def copied(self, message: Message, parts: list[Any]) -> Message:
        return Message(message.role, parts, message.calls, message.answers, message.failed)


class FailingClosed(PretendAdapter):
    def __call__(self, messages: list[Message]) -> list[Message]:
        return self.rewritten(messages)


class ForgettingTheCall(PretendAdapter):
    def read(self, messages: list[Message]) -> list[Segment]:
        return [replace(s, tool_name=None, arguments=None) for s in super().read(messages)]


class WithAPolicyOfItsOwn(PretendAdapter):
    def rewritten(self, messages: list[Message]) -> list[Message]:
        return [
            replace(m, parts=[p[:1000] if isinstance(p, str) else p for p in m.parts])
            if m.role == "tool"
            else m
            for m in super().rewritten(messages)
        ]


class LookingAhead(PretendAdapter):
    def rewritten(self, messages: list[Message]) -> list[Message]:
        sent = super().rewritten(messages)
        return [replace(sent[0], parts=[f"1 of {len(sent)}", *sent[0].parts[1:]]), *sent[1:]]


class BelievingMarkers(PretendAdapter):
    def read(self, messages: list[Message]) -> list[Segment]:
        return [replace(s, pinned=s.text.startswith("[headroom")) for s in super().read(messages)]


class TakingMarkersOut(PretendAdapter):
    def rewritten(self, messages: list[Message]) -> list[Message]:
        return [
            replace(m, parts=[p for p in m.parts if p != "[13 lines omitted]"])
            for m in super().rewritten(messages)
        ]


class WithAStoreOfItsOwn(PretendAdapter):
    def __init__(self, compressor: Compressor) -> None:
        super().__init__(Probe(compressor.config))


class NamingTheTool(PretendAdapter):
    def __init__(self, compressor: Compressor) -> None:
        self.compressor = compressor


class Swelling(PretendAdapter):
    def copied(self, message: Message, parts: list[Any]) -> Message:
        return replace(message, parts=[p * 9 if isinstance(p, str) else p for p in parts])


class NotInStreams(PretendConformance):
    def run(self, messages: list[Message], compressor: Probe, mode: str) -> list[Message]:
        return messages if mode == "stream" else super().run(messages, compressor, mode)
