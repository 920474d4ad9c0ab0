"""The suite's fetching model as a chat model, and what a caller gets of its answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.tools import tool
from retrieving import chunks_of
from scripted import ScriptedChat

from headroom_conformance import Answer
from headroom_conformance.fetching import TOKENS_READ, TOKENS_WRITTEN


@tool
def list_jobs(region: str) -> str:
    """List the jobs of a region."""
    return f"no jobs in {region}"


class FetchingChat(ScriptedChat):
    """Answers as the suite's model says, with a usage of its own for each turn."""

    script: Any
    read: Any

    def _answer(self, messages: list[BaseMessage], **kwargs: Any) -> AIMessage:
        names = [offered["function"]["name"] for offered in kwargs.get("tools", ())]
        reply = self.script.reply(self.read(messages), names)
        calls = [{"name": c.name, "args": dict(c.arguments), "id": c.id} for c in reply.calls]
        usage = UsageMetadata(
            input_tokens=TOKENS_READ,
            output_tokens=TOKENS_WRITTEN,
            total_tokens=TOKENS_READ + TOKENS_WRITTEN,
        )
        turn = f"turn-{len(self.script.requests)}"
        return AIMessage(reply.text, tool_calls=calls, usage_metadata=usage, id=turn)

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        kwargs.pop("run_manager", None)
        yield from chunks_of(self._answer(messages, **kwargs))

    async def _astream(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Any:
        for chunk in self._stream(messages, *args, **kwargs):
            yield chunk


def answer_of(messages: Sequence[BaseMessage]) -> Answer:
    """Return what a caller gets: the last text, every call, and all tokens."""
    answers = [message for message in messages if isinstance(message, AIMessage)]
    usages = [message.usage_metadata for message in answers]
    calls = tuple(str(call["name"]) for message in answers for call in message.tool_calls)
    tokens = sum(usage["total_tokens"] for usage in usages if usage is not None)
    return Answer(answers[-1].text, calls, tokens)
