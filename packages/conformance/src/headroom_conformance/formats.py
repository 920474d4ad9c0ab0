"""The core's suite over the two formats that most agents speak."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from headroom_conformance.conversation import Conversation, Turn
from headroom_conformance.core import CoreConformance

_CACHED = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
_UNKNOWN = {"type": "unheard_of", "text": "not ours", "nested": {"a": [None, 1.5]}}


class OpenAIChatConformance(CoreConformance):
    """`compress` on the messages of OpenAI's chat completions."""

    format = "openai-chat"
    carries_errors = False

    def build_messages(self, conversation: Conversation) -> list[Any]:
        """Return chat messages with the fields that requests really have, and unknown ones."""
        return [_chat(number, turn) for number, turn in enumerate(conversation.turns)]

    def texts(self, messages: Sequence[Any]) -> list[str]:
        """Return the contents, and the texts of parts."""
        return [text for message in messages for text in _plain(message["content"])]


class AnthropicConformance(CoreConformance):
    """`compress` on Anthropic's messages."""

    format = "anthropic"
    carries_system = False

    def build_messages(self, conversation: Conversation) -> list[Any]:
        """Return messages with thinking, images, cache marks and unknown blocks."""
        return list(_anthropic(conversation))

    def texts(self, messages: Sequence[Any]) -> list[str]:
        """Return contents, text blocks, and the texts of results."""
        return [text for message in messages for text in _with_results(message["content"])]

    def build_request(self, messages: list[Any]) -> dict[str, Any]:
        """Return a request of the Messages API."""
        return {"model": "claude-opus-5", "max_tokens": 64, "messages": messages}


def _chat(number: int, turn: Turn) -> dict[str, Any]:
    message: dict[str, Any] = {"role": turn.role, "content": _content(turn), "x_trace": number}
    if turn.calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments))},
            }
            for call in turn.calls
        ]
    if turn.answers is not None:
        message["tool_call_id"] = turn.answers
    return message


def _content(turn: Turn) -> Any:
    if not turn.as_blocks:
        return turn.texts[0]
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGVsbG8="}}
    return [image, *_text_blocks(turn), _UNKNOWN]


def _text_blocks(turn: Turn) -> list[dict[str, Any]]:
    # A cache mark on the first block only: where it stands must not move.
    return [
        {"type": "text", "text": text, **({} if place else _CACHED)}
        for place, text in enumerate(turn.texts)
    ]


def _anthropic(conversation: Conversation) -> Iterator[dict[str, Any]]:
    for is_tool, turns in groupby(conversation.turns, key=lambda turn: turn.role == "tool"):
        if is_tool:
            # Results that answer the calls of one turn stand in one message.
            yield {"role": "user", "content": [_result(turn) for turn in turns]}
        else:
            yield from map(_spoken, turns)


def _spoken(turn: Turn) -> dict[str, Any]:
    if not turn.calls:
        return {
            "role": turn.role,
            "content": _text_blocks(turn) if turn.as_blocks else turn.texts[0],
        }
    thinking = {"type": "thinking", "thinking": "hm", "signature": "c2lnbmVk"}
    calls = [
        {"type": "tool_use", "id": c.id, "name": c.name, "input": dict(c.arguments)}
        for c in turn.calls
    ]
    return {"role": turn.role, "content": [thinking, *_text_blocks(turn), *calls]}


def _result(turn: Turn) -> dict[str, Any]:
    image = {"type": "image", "source": {"type": "base64", "data": "aGVsbG8="}}
    result: dict[str, Any] = {"type": "tool_result", "tool_use_id": turn.answers, **_CACHED}
    result["content"] = [image, *_text_blocks(turn), _UNKNOWN] if turn.as_blocks else turn.texts[0]
    if turn.is_error:
        result["is_error"] = True
    return result


def _plain(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    else:
        yield from (block["text"] for block in content if block["type"] == "text")


def _with_results(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
        return
    for block in content:
        if block["type"] == "tool_result":
            yield from _plain(block["content"])
        else:
            yield from _plain([block])
