"""Answers of providers as they go over the wire: whole, as events, as bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

WireFormat = Literal["openai-chat", "anthropic", "openai-responses"]

FORMATS: tuple[WireFormat, ...] = ("openai-chat", "anthropic", "openai-responses")

_PIECES = 3


@dataclass(frozen=True, slots=True)
class WireCall:
    """A tool call of a model; the arguments are JSON values."""

    id: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WireTurn:
    """One turn of a model, in no provider's form.

    Args:
        id: Names the turn.
        text: What it says; nothing where empty.
        calls: Tools that it calls.
        thought: What it thinks first, signed; nothing where empty or where a format has no such.
        cut: True: the turn broke off at a limit.
        tokens: What it read and wrote.
    """

    id: str
    text: str = ""
    calls: tuple[WireCall, ...] = ()
    thought: str = ""
    cut: bool = False
    tokens: tuple[int, int] = (50, 4)


def answer(format: WireFormat, turn: WireTurn) -> dict[str, Any]:
    """Return a turn as a provider's whole answer."""
    return _ANSWERS[format](turn)


def events(format: WireFormat, turn: WireTurn) -> list[dict[str, Any]]:
    """Return a turn as the events of a provider's stream."""
    return list(_EVENTS[format](turn))


def stream(format: WireFormat, turn: WireTurn) -> bytes:
    """Return a turn as the bytes of a provider's stream."""
    written = []
    for event in events(format, turn):
        name = "" if format == "openai-chat" else f"event: {event['type']}\n"
        written.append(f"{name}data: {json.dumps(event)}\n\n")
    return "".join([*written, "data: [DONE]\n\n" if format == "openai-chat" else ""]).encode()


def _parts(text: str) -> Iterator[str]:
    size = max(1, -(-len(text) // _PIECES))
    return (text[i : i + size] for i in range(0, len(text), size))


def _chat(turn: WireTurn) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": turn.text or None, "refusal": None}
    if turn.calls:
        message["tool_calls"] = [_chat_call(call) for call in turn.calls]
    read, wrote = turn.tokens
    usage = {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}
    return {
        "id": turn.id,
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o",
        "choices": [{"index": 0, "message": message, "finish_reason": _chat_finish(turn)}],
        "usage": {**usage, "prompt_tokens_details": {"cached_tokens": read // 2}},
    }


def _chat_finish(turn: WireTurn) -> str:
    return "length" if turn.cut else "tool_calls" if turn.calls else "stop"


def _chat_call(call: WireCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": json.dumps(call.arguments)}
    return {"id": call.id, "type": "function", "function": function}


def _chat_events(turn: WireTurn) -> Iterator[dict[str, Any]]:
    whole = _chat(turn)
    head = {k: whole[k] for k in ("id", "created", "model")} | {"object": "chat.completion.chunk"}

    def chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**head, "choices": [choice], "usage": None}

    yield chunk({"role": "assistant", "content": "", "refusal": None})
    for part in _parts(turn.text):
        yield chunk({"content": part})
    for index, call in enumerate(turn.calls):
        written = _chat_call(call)
        function = {**written["function"], "arguments": ""}
        yield chunk({"tool_calls": [{"index": index, **written, "function": function}]})
        for part in _parts(written["function"]["arguments"]):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": part}}]})
    yield chunk({}, _chat_finish(turn))
    yield {**head, "choices": [], "usage": whole["usage"]}


def _anthropic(turn: WireTurn) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    if turn.thought:
        signed = f"signed:{turn.thought}"
        content.append({"type": "thinking", "thinking": turn.thought, "signature": signed})
    if turn.text:
        content.append({"type": "text", "text": turn.text})
    content += [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": dict(call.arguments)}
        for call in turn.calls
    ]
    read, wrote = turn.tokens
    return {
        "id": turn.id,
        "type": "message",
        "role": "assistant",
        "model": "claude-x",
        "content": content,
        "stop_reason": "max_tokens" if turn.cut else "tool_use" if turn.calls else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": read, "cache_read_input_tokens": read, "output_tokens": wrote},
    }


def _anthropic_events(turn: WireTurn) -> Iterator[dict[str, Any]]:
    whole = _anthropic(turn)
    usage = {**whole["usage"], "output_tokens": 1}
    start = {**whole, "content": [], "stop_reason": None, "usage": usage}
    yield {"type": "message_start", "message": start}
    yield {"type": "ping"}
    for index, block in enumerate(whole["content"]):
        empty, deltas = _anthropic_block(block)
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    used = {"output_tokens": whole["usage"]["output_tokens"]}
    yield {"type": "message_delta", "delta": delta, "usage": used}
    yield {"type": "message_stop"}


def _anthropic_block(block: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if block["type"] == "thinking":
        deltas = [{"type": "thinking_delta", "thinking": p} for p in _parts(block["thinking"])]
        signature = {"type": "signature_delta", "signature": block["signature"]}
        return {"type": "thinking", "thinking": "", "signature": ""}, [*deltas, signature]
    if block["type"] == "text":
        deltas = [{"type": "text_delta", "text": part} for part in _parts(block["text"])]
        return {"type": "text", "text": ""}, deltas
    written = json.dumps(block["input"])
    deltas = [{"type": "input_json_delta", "partial_json": part} for part in _parts(written)]
    return {**block, "input": {}}, deltas


def _responses(turn: WireTurn) -> dict[str, Any]:
    read, wrote = turn.tokens
    return {
        "id": turn.id,
        "object": "response",
        "created_at": 1,
        "model": "gpt-5",
        "status": "incomplete" if turn.cut else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if turn.cut else None,
        "error": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "top_p": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "output": _responses_items(turn),
        "usage": {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": read // 2, "cache_write_tokens": 0},
            "output_tokens": wrote,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + wrote,
        },
    }


def _responses_items(turn: WireTurn) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if turn.thought:
        summary = [{"type": "summary_text", "text": turn.thought}]
        sealed = f"sealed:{turn.thought}"
        reasoning = {"type": "reasoning", "summary": summary, "encrypted_content": sealed}
        items.append({"id": f"rs_{turn.id}", **reasoning})
    if turn.text:
        content = [{"type": "output_text", "text": turn.text, "annotations": [], "logprobs": []}]
        message = {"type": "message", "role": "assistant", "status": "completed"}
        items.append({"id": f"msg_{turn.id}", **message, "content": content})
    for call in turn.calls:
        named = {"type": "function_call", "call_id": call.id, "name": call.name}
        arguments = json.dumps(call.arguments)
        items.append({"id": f"fc_{call.id}", **named, "arguments": arguments})
        items[-1]["status"] = "completed"
    return items


def _responses_events(turn: WireTurn) -> Iterator[dict[str, Any]]:
    for number, event in enumerate(_unnumbered(turn)):
        yield {**event, "sequence_number": number}


def _unnumbered(turn: WireTurn) -> Iterator[dict[str, Any]]:
    whole = _responses(turn)
    begun = {**whole, "status": "in_progress", "output": [], "usage": None}
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    for index, item in enumerate(whole["output"]):
        place = {"output_index": index, "item_id": item["id"]}
        yield {"type": "response.output_item.added", "output_index": index, "item": _empty(item)}
        yield from ({**event, **place} for event in _item_events(item))
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    ending = "response.incomplete" if turn.cut else "response.completed"
    yield {"type": ending, "response": whole}


def _empty(item: Mapping[str, Any]) -> dict[str, Any]:
    nothing: dict[str, dict[str, Any]] = {
        "reasoning": {"summary": []},
        "message": {"content": [], "status": "in_progress"},
        "function_call": {"arguments": "", "status": "in_progress"},
    }
    return {**item, **nothing[item["type"]]}


def _item_events(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if item["type"] == "reasoning":
        (part,) = item["summary"]
        place = {"summary_index": 0}
        kind = "response.reasoning_summary"
        yield {"type": f"{kind}_part.added", **place, "part": {**part, "text": ""}}
        for text in _parts(part["text"]):
            yield {"type": f"{kind}_text.delta", **place, "delta": text}
        yield {"type": f"{kind}_text.done", **place, "text": part["text"]}
        yield {"type": f"{kind}_part.done", **place, "part": part}
    elif item["type"] == "message":
        (part,) = item["content"]
        place = {"content_index": 0}
        empty = {**part, "text": ""}
        yield {"type": "response.content_part.added", **place, "part": empty}
        for text in _parts(part["text"]):
            yield {"type": "response.output_text.delta", **place, "delta": text, "logprobs": []}
        told = {"text": part["text"], "logprobs": []}
        yield {"type": "response.output_text.done", **place, **told}
        yield {"type": "response.content_part.done", **place, "part": part}
    else:
        kind = "response.function_call_arguments"
        for text in _parts(item["arguments"]):
            yield {"type": f"{kind}.delta", "delta": text}
        yield {"type": f"{kind}.done", "arguments": item["arguments"], "name": item["name"]}


_ANSWERS = {
    "openai-chat": _chat,
    "anthropic": _anthropic,
    "openai-responses": _responses,
}
_EVENTS = {
    "openai-chat": _chat_events,
    "anthropic": _anthropic_events,
    "openai-responses": _responses_events,
}


def calls_of(format: WireFormat, body: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the ids of the calls that a request holds, and those that it answers, in order."""
    if format == "openai-chat":
        messages: Sequence[Any] = body["messages"]
        made = [c["id"] for m in messages for c in m.get("tool_calls") or ()]
        return made, [m["tool_call_id"] for m in messages if m["role"] == "tool"]
    if format == "openai-responses":
        items = [i for i in body["input"] if isinstance(i, Mapping)]
        made = [i["call_id"] for i in items if i.get("type") == "function_call"]
        return made, [i["call_id"] for i in items if i.get("type") == "function_call_output"]
    blocks = [
        block
        for message in body["messages"]
        if not isinstance(message["content"], str)
        for block in message["content"]
    ]
    made = [b["id"] for b in blocks if b["type"] == "tool_use"]
    return made, [b["tool_use_id"] for b in blocks if b["type"] == "tool_result"]
