"""What the formats share: roles, calls, and content that is a text or a list of blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from headroom.codecs.access import field, is_items, is_record, text_field
from headroom.codecs.protocol import Path
from headroom.segments import Role, Segment

ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "model": "assistant",
    "tool": "tool",
    "function": "tool",
}

Arguments = str | Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of the tool call that a result answers."""

    name: str | None = None
    arguments: Arguments = None


UNKNOWN_CALL = Call()


def call_of(name: Any, arguments: Any) -> Call:
    """Return a call, odd names and arguments left out."""
    return Call(
        name if isinstance(name, str) else None,
        arguments if isinstance(arguments, (str, Mapping)) else None,
    )


def role_of(message: Any) -> Role | None:
    """Return the role of a message, or None for something that is no message of a known role."""
    role = text_field(message, "role")
    return None if role is None else ROLES.get(role)


def why_unread(message: Any) -> str:
    """Say why no text was read from a message."""
    if not is_record(message):
        return "not a message of a known shape"
    role = text_field(message, "role")
    # Roles come from a fixed list in practice; a long one is somebody's text.
    return f"unknown role {role!r:.20}" if role is not None and role not in ROLES else "no text"


def texts_of(
    content: Any, at: Path, types: Collection[str] = ("text",)
) -> Iterator[tuple[Path, str]]:
    """Yield the texts of a message's content with their paths, in order.

    Content is a string or a list of blocks; a block whose ``type`` is among ``types`` holds a
    text, every other block (images, thinking, documents, unknown ones) holds nothing of ours.
    """
    if isinstance(content, str):
        yield at, content
    elif is_items(content):
        for position, block in enumerate(content):
            yield from block_texts(block, (*at, position), types)


def block_texts(
    block: Any, at: Path, types: Collection[str] = ("text",)
) -> Iterator[tuple[Path, str]]:
    """Yield the text of one content block with its path, if it holds one."""
    if isinstance(block, str):
        yield at, block
    elif is_record(block) and field(block, "type") in types:
        text = text_field(block, "text")
        # Citations and annotations point into the text by offset; a new text would break them.
        if text is not None and not field(block, "citations") and not field(block, "annotations"):
            yield (*at, "text"), text


def plain(texts: Iterable[tuple[Path, str]], role: Role, index: int) -> Iterator[Segment]:
    """Turn texts of a message that answers no call into segments."""
    for path, text in texts:
        yield Segment(text=text, role=role, index=index, location=path)


def results(
    texts: Iterable[tuple[Path, str]],
    index: int,
    call: Call,
    *,
    call_id: str | None,
    is_error: bool = False,
) -> Iterator[Segment]:
    """Turn texts of a tool result into segments."""
    for path, text in texts:
        yield Segment(
            text=text,
            role="tool",
            index=index,
            tool_name=call.name,
            arguments=call.arguments,
            call_id=call_id,
            is_error=is_error,
            location=path,
        )
