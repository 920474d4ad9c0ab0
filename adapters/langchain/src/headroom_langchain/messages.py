"""LangChain messages: read every text as a segment, put new texts back into the same messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from headroom import Rewrite, Segment

# Keys that lead from a message's content to a text in it; () when the content is the text.
Path = tuple[int | str, ...]

_USER = Segment(text="", role="user")
_ASSISTANT = Segment(text="", role="assistant")
_SYSTEM = Segment(text="", role="system")
_TOOL = Segment(text="", role="tool")

# ChatMessage carries the provider's own word for the role.
_BY_ROLE = {
    "user": _USER,
    "human": _USER,
    "assistant": _ASSISTANT,
    "ai": _ASSISTANT,
    "system": _SYSTEM,
    "developer": _SYSTEM,
    "tool": _TOOL,
    "function": _TOOL,
}


@dataclass(frozen=True, slots=True)
class Location:
    """Where a text stands: which message, and where in its content."""

    message: int
    path: Path


@dataclass(frozen=True, slots=True)
class _Call:
    name: str | None
    arguments: str | Mapping[str, object] | None


_UNKNOWN_CALL = _Call(None, None)


class _Calls:
    """The calls that the conversation has made so far, by id; nothing is looked up ahead."""

    def __init__(self) -> None:
        self._by_id: dict[str, _Call] = {}
        self._functions: dict[str, _Call] = {}

    def note(self, message: AIMessage) -> None:
        for block in message.content:
            # Anthropic's own blocks, for messages that were built without ``tool_calls``.
            if isinstance(block, dict) and block.get("type") == "tool_use":
                self._add(block.get("id"), block.get("name"), block.get("input"))
        for call in message.tool_calls:
            self._add(call["id"], call["name"], call["args"])
        for broken in message.invalid_tool_calls:
            self._add(broken["id"], broken["name"], broken["args"])
        # OpenAI's functions came before tools: one call, no id, found again by its name.
        function = message.additional_kwargs.get("function_call")
        if isinstance(function, Mapping) and isinstance(function.get("name"), str):
            self._functions[function["name"]] = _call(function["name"], function.get("arguments"))

    def with_id(self, call_id: object) -> _Call:
        return (
            self._by_id.get(call_id, _UNKNOWN_CALL) if isinstance(call_id, str) else _UNKNOWN_CALL
        )

    def of_function(self, name: str) -> _Call:
        return self._functions.get(name, _Call(name, None))

    def _add(self, call_id: object, name: object, arguments: object) -> None:
        if isinstance(call_id, str):
            self._by_id[call_id] = _call(name, arguments)


def _call(name: object, arguments: object) -> _Call:
    return _Call(
        name if isinstance(name, str) else None,
        arguments if isinstance(arguments, (str, Mapping)) else None,
    )


def read_segments(messages: Sequence[BaseMessage]) -> list[Segment]:
    """Return every text of a conversation, in order, with what is known about it.

    Tool results carry the name, the arguments and the id of the call that they answer, found
    among the messages before them. What is no text (images, thinking, unknown blocks) and
    messages of an unknown role have no segment.

    >>> [s.role for s in read_segments([HumanMessage("hello"), AIMessage("hi")])]
    ['user', 'assistant']
    """
    calls = _Calls()
    segments: list[Segment] = []
    for index, message in enumerate(messages):
        known = _about(message, calls)
        if known is None:
            continue
        for path, text, about in _texts(message.content, (), known, calls):
            at = Location(index, path)
            segments.append(replace(about, text=text, index=index, location=at))
        if isinstance(message, AIMessage):
            calls.note(message)
    return segments


def write_back(
    messages: list[BaseMessage],
    segments: Sequence[Segment],
    rewrites: Sequence[Rewrite | None],
) -> list[BaseMessage]:
    """Put new texts into copies of the messages that they belong to; share everything else.

    Args:
        messages: The conversation that `read_segments` read. Never modified.
        segments: What it returned.
        rewrites: One for each segment; None leaves that text as it is.

    Returns:
        ``messages`` itself when no text is new; else a list in which every message without a
        new text is the same object as before.
    """
    new: dict[int, dict[Path, str]] = {}
    for segment, rewrite in zip(segments, rewrites, strict=True):
        if rewrite is not None and rewrite.text != segment.text:
            at = segment.location
            if not isinstance(at, Location):
                raise TypeError("only segments from read_segments can be written back")
            new.setdefault(at.message, {})[at.path] = rewrite.text
    if not new:
        return messages
    return [
        message.model_copy(update={"content": _replaced(message.content, new[index])})
        if index in new
        else message
        for index, message in enumerate(messages)
    ]


def _about(message: BaseMessage, calls: _Calls) -> Segment | None:
    """Return what holds for all texts of a message, as a segment without text."""
    if isinstance(message, ToolMessage):
        call = calls.with_id(message.tool_call_id)
        return Segment(
            text="",
            role="tool",
            tool_name=call.name or message.name,
            arguments=call.arguments,
            call_id=message.tool_call_id,
            is_error=message.status == "error",
        )
    if isinstance(message, FunctionMessage):
        call = calls.of_function(message.name)
        return replace(_TOOL, tool_name=call.name, arguments=call.arguments)
    if isinstance(message, AIMessage):
        return _ASSISTANT
    if isinstance(message, HumanMessage):
        return _USER
    if isinstance(message, SystemMessage):
        return _SYSTEM
    return _BY_ROLE.get(message.role) if isinstance(message, ChatMessage) else None


def _texts(
    content: object, path: Path, known: Segment, calls: _Calls
) -> Iterator[tuple[Path, str, Segment]]:
    if isinstance(content, str):
        yield path, content, known
    elif isinstance(content, list):
        for position, block in enumerate(content):
            here = (*path, position)
            if isinstance(block, str):
                yield here, block, known
            elif isinstance(block, dict):
                yield from _block_texts(block, here, known, calls)


def _block_texts(
    block: dict[Any, Any], path: Path, known: Segment, calls: _Calls
) -> Iterator[tuple[Path, str, Segment]]:
    kind = block.get("type")
    if kind == "text":
        text = block.get("text")
        # Citations and annotations point into the text by offset; a new text would break them.
        if isinstance(text, str) and not block.get("citations") and not block.get("annotations"):
            yield (*path, "text"), text, known
    elif kind == "tool_result" and known.role == "user":
        # Anthropic's own blocks: a result that stands in a user message.
        call_id = block.get("tool_use_id")
        call = calls.with_id(call_id)
        result = Segment(
            text="",
            role="tool",
            tool_name=call.name,
            arguments=call.arguments,
            call_id=call_id if isinstance(call_id, str) else None,
            is_error=block.get("is_error") is True,
        )
        yield from _texts(block.get("content"), (*path, "content"), result, calls)


def _replaced(node: Any, texts: Mapping[Path, str]) -> Any:
    """Return a copy of ``node`` with new texts; what does not lead to one is shared."""
    if () in texts:
        return texts[()]
    below: dict[int | str, dict[Path, str]] = {}
    for path, text in texts.items():
        below.setdefault(path[0], {})[path[1:]] = text
    copy: Any = dict(node) if isinstance(node, dict) else list(node)
    for key, inner in below.items():
        copy[key] = _replaced(node[key], inner)
    return copy
