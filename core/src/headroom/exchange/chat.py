"""OpenAI's Chat Completions, and every service that speaks like them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from headroom.exchange.dialect import (
    PARAGRAPH,
    Json,
    items,
    mappings,
    offers_retrieval,
    said,
)
from headroom.originals.loop import ToolCall, summed_usage
from headroom.originals.tool import TOOL_NAME, ToolFormat

_CUT = ("length", "content_filter")


class ChatDialect:
    """Reads and writes Chat Completions."""

    tool_format: ToolFormat = "openai"

    def can_offer(self, body: Json) -> bool:
        """Say whether one more tool is harmless: nobody can go on with several answers at once."""
        tools = body.get("tools")
        return (
            bool(items(tools))
            and not offers_retrieval(tools)
            and body.get("tool_choice") in (None, "auto")
            and body.get("n") in (None, 1)
        )

    def calls(self, answer: Json) -> list[ToolCall]:
        """Return every tool call of the first choice."""
        return [_call(call) for call in mappings(_message(answer).get("tool_calls"))]

    def is_cut(self, answer: Json) -> bool:
        """Say whether the first choice broke off."""
        return _choice(answer).get("finish_reason") in _CUT

    def next_body(self, body: Json, answer: Json, results: Sequence[str]) -> dict[str, Any]:
        """Return the request with the turn and the results of its calls at its end."""
        message = _message(answer)
        # What an answer leaves empty, requests do not know everywhere.
        told = {k: v for k, v in message.items() if v not in (None, "", [])}
        turn = {"role": "assistant", "content": None, **told}
        calls = mappings(message.get("tool_calls"))
        answers = [
            {"role": "tool", "tool_call_id": call.get("id"), "content": result}
            for call, result in zip(calls, results, strict=True)
        ]
        return {**body, "messages": [*body["messages"], turn, *answers]}

    def without(self, answer: Json, dropped: frozenset[int]) -> dict[str, Any]:
        """Return the answer without some calls of its first choice."""
        if not dropped:
            return dict(answer)
        message = dict(_message(answer))
        calls = [
            c for i, c in enumerate(mappings(message.pop("tool_calls", None))) if i not in dropped
        ]
        choice = {**_choice(answer), "message": message}
        if calls:
            message["tool_calls"] = calls
        elif choice.get("finish_reason") == "tool_calls":
            choice["finish_reason"] = "stop"
        return {**answer, "choices": [choice]}

    def joined(self, turns: Sequence[Json]) -> dict[str, Any]:
        """Return the last turn with the text and the usage of all."""
        *earlier, last = turns
        content, usage = _message(last).get("content"), last.get("usage")
        for turn in reversed(earlier):
            content = said(_message(turn).get("content"), content)
            usage = summed_usage(turn.get("usage"), usage)
        choice = {**_choice(last), "message": {**_message(last), "content": content}}
        whole = {**last, "choices": [choice]}
        return whole if usage is None else {**whole, "usage": usage}

    def streamed(self) -> ChatStream:
        """Return what reads a stream of chunks."""
        return ChatStream()


def _choice(answer: Json) -> Json:
    choices = mappings(answer.get("choices"))
    return choices[0] if choices else {}


def _message(answer: Json) -> Json:
    message = _choice(answer).get("message")
    return message if isinstance(message, Mapping) else {}


def _call(call: Json) -> ToolCall:
    function = call.get("function")
    if isinstance(function, Mapping):
        return ToolCall(str(function.get("name") or ""), function.get("arguments"))
    custom = call.get("custom")
    name = custom.get("name") if isinstance(custom, Mapping) else None
    return ToolCall(str(name or ""))


class ChatStream:
    """The chunks of one answer.

    Until a retrieval is seen in the first turn, chunks pass as they come. From then on how a turn
    ends and what it used are held back: more may follow.
    """

    def __init__(self) -> None:
        self._identity: Any = None
        self._usage: Any = None
        self._is_first = True
        self._after_text = False
        self._begin()

    def _begin(self) -> None:
        self._message: dict[str, Any] = {}
        self._calls: dict[Any, dict[str, Any]] = {}
        self._shown: dict[Any, int] = {}
        self._ours: set[Any] = set()
        self._finish: Any = None
        self._used: Any = None
        self._held: list[Json] = []
        self._has_begun = False

    @property
    def turn(self) -> Json | None:
        """The current turn, as a whole answer."""
        if not self._has_begun:
            return None
        message = dict(self._message)
        if self._calls:
            message["tool_calls"] = list(self._calls.values())
        choice = {"index": 0, "message": message, "finish_reason": self._finish}
        return {"choices": [choice], "usage": self._used}

    def take(self, event: Json) -> Iterable[Json]:
        """Return the chunk, or what of it is not a retrieval's."""
        choice = _choice(event)
        delta = choice.get("delta")
        delta = delta if isinstance(delta, Mapping) else {}
        self._read(event, choice, delta)
        if self._is_first and not self._ours:
            return (event,)
        if choice.get("finish_reason") is not None or event.get("usage") is not None:
            self._held.append(event)
        visible = self._visible(delta)
        return (self._chunk(event, choice, visible),) if visible else ()

    def next_turn(self) -> None:
        """Begin the turn that follows on answered retrievals."""
        self._after_text = self._after_text or bool(self._message.get("content"))
        self._usage = summed_usage(self._usage, self._used)
        self._is_first = False
        self._begin()

    def end(self) -> Iterable[Json]:
        """Return how the answer ends."""
        for event in self._held:
            ended = self._chunk(event, _choice(event), {}, is_last=True)
            if event.get("usage") is not None:
                ended["usage"] = summed_usage(self._usage, event["usage"])
            yield ended

    def _read(self, event: Json, choice: Json, delta: Json) -> None:
        self._has_begun = self._has_begun or bool(choice)
        if self._identity is None:
            self._identity = event.get("id")
        if event.get("usage") is not None:
            self._used = event["usage"]
        if choice.get("finish_reason") is not None:
            self._finish = choice["finish_reason"]
        for key, value in delta.items():
            if key == "tool_calls":
                self._read_calls(mappings(value))
            elif isinstance(value, str) and key != "role":
                self._message[key] = (self._message.get(key) or "") + value
            elif isinstance(value, list):
                self._message[key] = [*self._message.get(key, ()), *value]

    def _read_calls(self, deltas: list[Json]) -> None:
        for delta in deltas:
            index = delta.get("index")
            function = delta.get("function")
            function = function if isinstance(function, Mapping) else {}
            if index not in self._calls:
                self._calls[index] = {
                    **{k: v for k, v in delta.items() if k not in ("index", "function")},
                    "function": {**function, "arguments": ""},
                }
                if function.get("name") == TOOL_NAME:
                    self._ours.add(index)
                else:
                    self._shown[index] = len(self._shown)
            call = self._calls[index]["function"]
            call["arguments"] += function.get("arguments") or ""

    def _visible(self, delta: Json) -> dict[str, Any]:
        left = {k: v for k, v in delta.items() if k != "tool_calls" and v not in (None, "", [])}
        if not self._is_first:
            # Readers write the strings of all chunks together: this one is said already.
            left.pop("role", None)
        if self._after_text and isinstance(left.get("content"), str):
            left["content"] = PARAGRAPH + left["content"]
            self._after_text = False
        calls = [
            {**call, "index": self._shown[call.get("index")]}
            for call in mappings(delta.get("tool_calls"))
            if call.get("index") in self._shown
        ]
        return {**left, "tool_calls": calls} if calls else left

    def _chunk(
        self, event: Json, choice: Json, delta: dict[str, Any], *, is_last: bool = False
    ) -> dict[str, Any]:
        chunk = {key: value for key, value in event.items() if key != "usage"}
        if "id" in chunk:
            chunk["id"] = self._identity
        if choice:
            finish = choice.get("finish_reason") if is_last else None
            if finish == "tool_calls" and not self._shown:
                finish = "stop"
            chunk["choices"] = [{**choice, "delta": delta, "finish_reason": finish}]
        return chunk
