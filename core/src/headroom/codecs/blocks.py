"""What the chat and the Anthropic format share: roles, and content that is text or blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from headroom.codecs.protocol import Path
from headroom.segments import Role

ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
}


def role_of(message: Any) -> Role | None:
    """Return the role of a message, or None for something that is no message of a known role."""
    role = message.get("role") if isinstance(message, Mapping) else None
    return ROLES.get(role) if isinstance(role, str) else None


def texts_of(content: Any, at: Path) -> Iterator[tuple[Path, str]]:
    """Yield the texts of a message's content with their paths, in order.

    Content is a string or a list of blocks; a block of type ``text`` holds a text, every other
    block (images, thinking, documents, unknown ones) holds nothing of ours.
    """
    if isinstance(content, str):
        yield at, content
    elif isinstance(content, (list, tuple)):
        for position, block in enumerate(content):
            yield from block_texts(block, (*at, position))


def block_texts(block: Any, at: Path) -> Iterator[tuple[Path, str]]:
    """Yield the text of one content block with its path, if it holds one."""
    if isinstance(block, str):
        yield at, block
    elif isinstance(block, Mapping) and block.get("type") == "text":
        text = block.get("text")
        # Citations point into the text by offset; a new text would break them.
        if isinstance(text, str) and not block.get("citations"):
            yield (*at, "text"), text
