"""Where a request's instructions, tools and newest message stand, in each wire format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headroom.codecs.access import field, is_items, name_of, text_field
from headroom.codecs.blocks import texts_of
from headroom.codecs.edits import Edit
from headroom.codecs.protocol import Path

_SYSTEM_ROLES = ("system", "developer")
_TEXT_TYPES = ("input_text", "output_text", "text")
_READ_ROLES = ("user", "tool", "function")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a request that its prefix cache depends on.

    Args:
        format: Name of the wire format.
        texts: Texts of the instructions and of the tools' descriptions with their paths, in the
            order in which the provider reads them.
        tools: Path of the list of tools; None if there is none.
        messages: Path of the list of messages.
        newest: Position of the newest message that is not the model's own; None if there is none.
    """

    format: str
    texts: tuple[tuple[Path, str], ...]
    tools: Path | None
    messages: Path
    newest: int | None


def parts_of(body: Mapping[str, Any], format: str, key: str) -> Parts:
    """Return the parts of a request.

    Args:
        body: The request; a list of messages alone is one under ``key``.
        format: Name of the wire format.
        key: Top-level key that holds the messages.
    """
    tools = _tools(body, format)
    described = () if tools is None else tuple(_descriptions(value_at(body, tools), tools))
    instructions = tuple(_instructions(body, format, key))
    return Parts(format, (*described, *instructions), tools, (key,), _newest(body[key]))


def value_at(container: Any, path: Path) -> Any:
    """Return the value at a path; None if there is none."""
    for part in path:
        if isinstance(container, Mapping):
            container = container.get(part)
        elif is_items(container):
            container = container[int(part)] if 0 <= int(part) < len(container) else None
        else:
            container = field(container, str(part))
    return container


def _tools(body: Mapping[str, Any], format: str) -> Path | None:
    if format == "bedrock-converse":
        return ("toolConfig", "tools") if value_at(body, ("toolConfig", "tools")) else None
    return ("tools",) if is_items(body.get("tools")) and body["tools"] else None


def _descriptions(value: Any, at: Path) -> Iterator[tuple[Path, str]]:
    """Yield every ``description`` inside the tools."""
    stack: list[tuple[Any, Path]] = [(value, at)]
    while stack:
        here, path = stack.pop()
        if isinstance(here, Mapping):
            text = here.get("description")
            if isinstance(text, str):
                yield (*path, "description"), text
            below = [(v, (*path, str(k))) for k, v in here.items()]
            stack += reversed([b for b in below if isinstance(b[0], (Mapping, list, tuple))])
        elif is_items(here):
            stack += reversed([(v, (*path, n)) for n, v in enumerate(here)])


def _instructions(body: Mapping[str, Any], format: str, key: str) -> Iterator[tuple[Path, str]]:
    if format == "anthropic":
        yield from texts_of(body.get("system"), ("system",))
    elif format == "bedrock-converse":
        blocks = body.get("system")
        for n, block in enumerate(blocks if is_items(blocks) else ()):
            text = text_field(block, "text")
            if text is not None:
                yield ("system", n, "text"), text
    elif format == "gemini":
        yield from _system_instruction(body)
    elif isinstance(body.get("instructions"), str):
        yield ("instructions",), body["instructions"]
    if format not in ("openai-chat", "openai-responses"):
        return
    for n, message in enumerate(body[key]):
        # Later ones were appended when they were true, and stay as they are.
        if text_field(message, "role") not in _SYSTEM_ROLES:
            break
        yield from texts_of(field(message, "content"), (key, n, "content"), _TEXT_TYPES)


def _system_instruction(body: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    name = name_of(body, "systemInstruction", "system_instruction")
    instruction = body.get(name)
    if isinstance(instruction, str):
        yield (name,), instruction
    parts = field(instruction, "parts")
    for n, part in enumerate(parts if is_items(parts) else ()):
        text = text_field(part, "text")
        if text is not None:
            yield (name, "parts", n, "text"), text


def _newest(messages: Sequence[Any]) -> int | None:
    for n in range(len(messages) - 1, -1, -1):
        role = text_field(messages[n], "role")
        kind = text_field(messages[n], "type") or ""
        if role in _READ_ROLES or kind.endswith("_output"):
            return n
        if role is None and is_items(field(messages[n], "parts")):
            return n
    return None


def appended(body: Any, parts: Parts, note: str) -> Edit | None:
    """Return the edit that puts a note at the end of the newest message; None if it has no room.

    Where a message is a list of blocks the note is a block of its own.
    """
    if parts.newest is None:
        return None
    message = value_at(body, (*parts.messages, parts.newest))
    key = next((k for k in ("parts", "output", "content") if field(message, k) is not None), None)
    if key is None:
        return None
    at: Path = (*parts.messages, parts.newest, key)
    content = field(message, key)
    if isinstance(content, str):
        if parts.format == "anthropic":
            return Edit(at, [_block(parts.format, content), _block(parts.format, note)])
        return Edit(at, f"{content}\n\n{note}")
    if not is_items(content) or text_field(message, "type") == "shell_call_output":
        return None
    return Edit((*at, len(content)), _block(parts.format, note))


def _block(format: str, text: str) -> dict[str, str]:
    if format in ("bedrock-converse", "gemini"):
        return {"text": text}
    return {"type": "input_text" if format == "openai-responses" else "text", "text": text}
