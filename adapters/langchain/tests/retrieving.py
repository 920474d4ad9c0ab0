"""Chat models that fetch what was left out, in the shapes in which providers write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk
from scripted import ScriptedChat

MARKER = re.compile(r"\[headroom_retrieve ([0-9a-f]{16}): ")


class RetrievingChat(ScriptedChat):
    """Fetches a row by number, then answers with what it got; in the Chat Completions' shape."""

    wanted: str = "rows"
    also: str = ""
    endless: bool = False

    def _answer(self, messages: list[BaseMessage], **kwargs: Any) -> AIMessage:
        self.seen.append(list(messages))
        found = [m for m in messages if isinstance(m, ToolMessage)]
        fetched = [m for m in found if m.name == "headroom_retrieve"]
        if not self.endless and fetched:
            return self._final(str(fetched[-1].content))
        (handle,) = (m[1] for f in found[:1] if (m := MARKER.search(str(f.content))))
        return self._retrieving(handle)

    def _about(self) -> dict[str, Any]:
        turn = len(self.seen)
        return {
            "id": f"chatcmpl-{turn}",
            "usage_metadata": UsageMetadata(input_tokens=100, output_tokens=7, total_tokens=107),
            "response_metadata": {"model_name": self.model_name, "model_provider": "scripted"},
        }

    def _retrieving(self, handle: str) -> AIMessage:
        arguments = {"handle": handle, "rows": "17-17"}
        calls = [{"name": "headroom_retrieve", "args": arguments, "id": f"r{len(self.seen)}"}]
        if self.also:
            calls.insert(0, {"name": self.also, "args": {"q": "x"}, "id": "theirs"})
        return AIMessage("I look it up.", tool_calls=calls, **self._about())

    def _final(self, fetched: str) -> AIMessage:
        return AIMessage(f"It says: {fetched}", **self._about())

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        kwargs.pop("run_manager", None)
        yield from chunks_of(self._answer(messages, **kwargs))

    async def _astream(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Any:
        for chunk in self._stream(messages, *args, **kwargs):
            yield chunk


class ThinkingChat(RetrievingChat):
    """Does the same in Anthropic's shape: signed thinking, and calls as blocks of the content."""

    def _retrieving(self, handle: str) -> AIMessage:
        plain = super()._retrieving(handle)
        blocks = [
            {"type": "thinking", "thinking": "Row 17?", "signature": f"s{len(self.seen)}"},
            {"type": "text", "text": "I look it up."},
            *(
                {"type": "tool_use", "name": call["name"], "input": call["args"], "id": call["id"]}
                for call in plain.tool_calls
            ),
        ]
        return plain.model_copy(update={"content": blocks})

    def _final(self, fetched: str) -> AIMessage:
        blocks = [
            {"type": "thinking", "thinking": "There.", "signature": f"s{len(self.seen)}"},
            {"type": "text", "text": f"It says: {fetched}"},
        ]
        return super()._final(fetched).model_copy(update={"content": blocks})


def chunks_of(answer: AIMessage) -> Iterator[ChatGenerationChunk]:
    """Cut an answer as a provider's stream does: blocks and calls numbered within the turn."""
    yield ChatGenerationChunk(
        message=AIMessageChunk(
            "" if isinstance(answer.content, str) else [],
            id=answer.id,
            response_metadata=answer.response_metadata,
        )
    )
    if isinstance(answer.content, str):
        for word in re.findall(r"\S+\s*", answer.content):
            yield ChatGenerationChunk(message=AIMessageChunk(word, id=answer.id))
    else:
        for index, block in enumerate(answer.content):
            assert isinstance(block, dict)
            yield ChatGenerationChunk(
                message=AIMessageChunk([{**block, "index": index}], id=answer.id)
            )
    for index, call in enumerate(answer.tool_calls):
        text = json.dumps(call["args"])
        for part in (
            {"name": call["name"], "args": text[:9], "id": call["id"], "index": index},
            {"name": None, "args": text[9:], "id": None, "index": index},
        ):
            message = AIMessageChunk("", tool_call_chunks=[part], id=answer.id)
            yield ChatGenerationChunk(message=message)
    reason = "tool_calls" if answer.tool_calls else "stop"
    yield ChatGenerationChunk(
        message=AIMessageChunk(
            "", usage_metadata=answer.usage_metadata, id=answer.id, chunk_position="last"
        ),
        generation_info={"finish_reason": reason},
    )
