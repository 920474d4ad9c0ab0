"""Where a provider should keep a prefix: Anthropic's and Bedrock's breakpoints, OpenAI's key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headroom.codecs.access import field, is_items, text_field
from headroom.codecs.edits import Edit, edited
from headroom.codecs.protocol import Path
from headroom.conversation.aligner_parts import Parts, value_at
from headroom.economics import pricing_for
from headroom.originals.handles import original_bytes

# https://platform.claude.com/docs/en/build-with-claude/prompt-caching
MOST_BREAKPOINTS = 4
_LOOKBACK_BLOCKS = 20

_CACHEABLE = ("text", "image", "document", "tool_use", "tool_result")
_MARK = {"type": "ephemeral"}
_LONG = "1h"
_POINT = {"cachePoint": {"type": "default"}}
_EXPLICIT = {"mode": "explicit"}
_KEY_DIGITS = 16


def breakpoints(body: Any, parts: Parts, model: str | None, note: str | None) -> list[Edit]:
    """Return the edits that mark what the provider should keep.

    Marks belong after the tools, the instructions and the newest message, there before the note.
    What the caller marked stays; there are never more than four marks, and none is added where it
    would stand before a longer-lived one.

    Args:
        body: The request, with the note.
        parts: Where things stand in it.
        model: Name of the model, as far as known.
        note: The note at the end of the newest message; None if there is none.
    """
    if parts.format == "anthropic":
        return _anthropic(body, parts, note)
    if parts.format == "bedrock-converse":
        return _converse(body, parts, note) if "anthropic.claude" in (model or "") else []
    pricing = pricing_for(model)
    if note is not None and pricing is not None and pricing.provider == "openai":
        return _openai(body, parts, note) if pricing.breakpoints else []
    return []


def cache_key(body: Mapping[str, Any], parts: Parts, model: str | None) -> list[Edit]:
    """Return the edit that sets OpenAI's ``prompt_cache_key``, if the caller has set none.

    The key is a digest of what all requests of a conversation share: model, instructions, what the
    tools are said to do, and the first message.

    Args:
        body: The request, its instructions aligned, without the note.
        parts: Where things stand in it.
        model: Name of the model, as far as known.
    """
    pricing = pricing_for(model)
    is_openai = pricing is not None and pricing.provider == "openai"
    if not is_openai or not parts.format.startswith("openai") or "prompt_cache_key" in body:
        return []
    messages = value_at(body, parts.messages)
    system = {path[1] for path, _ in parts.texts if path[: len(parts.messages)] == parts.messages}
    first = next((m for n, m in enumerate(messages) if n not in system), None)
    shared = json.dumps([model, [text for _, text in parts.texts], _said(first)], default=repr)
    digest = hashlib.sha256(original_bytes(shared)).hexdigest()[:_KEY_DIGITS]
    return [Edit(("prompt_cache_key",), f"headroom-{digest}")]


def _said(message: Any) -> str:
    content = field(message, "content")
    return content if isinstance(content, str) else json.dumps(content, default=repr)


def _anthropic(body: Any, parts: Parts, note: str | None) -> list[Edit]:
    automatic = field(body, "cache_control")
    if automatic is not None and note is None:
        return []
    # The automatic mark stands after everything else: before a longer-lived one, ours live as long.
    own = automatic if field(automatic, "ttl") == _LONG else _MARK
    marked = [path for path, mark in _marks(body, parts)]
    long_lived = [path for path, mark in _marks(body, parts) if field(mark, "ttl") == _LONG]
    room = MOST_BREAKPOINTS - len(marked) - (automatic is not None)
    edits: list[Edit] = []
    # The most telling places first: what does not fit is left out.
    for place in _places(body, parts, note):
        content = value_at(body, place)
        at = place
        if isinstance(content, str):
            written = [{"type": "text", "text": content, "cache_control": dict(own)}]
            edit = Edit(at, written) if content else None
        else:
            edit = Edit((*at, "cache_control"), dict(own))
        is_early = any(_order(at) < _order(other) for other in long_lived)
        if edit is None or at in marked or len(edits) >= room or is_early:
            continue
        edits.append(edit)
    return edits


def _order(path: Path) -> tuple[int, tuple[int, ...]]:
    # The provider reads tools, then the system prompt, then the messages.
    section = {"tools": 0, "system": 1}.get(str(path[0]), 2)
    return section, tuple(part for part in path if isinstance(part, int))


def _marks(body: Any, parts: Parts) -> Iterator[tuple[Path, Any]]:
    """Yield the blocks that carry a mark, with it."""
    for block_path, block in _blocks(body, parts):
        mark = field(block, "cache_control")
        if mark is not None:
            yield block_path, mark


def _blocks(body: Any, parts: Parts) -> Iterator[tuple[Path, Any]]:
    tools, system = value_at(body, ("tools",)), value_at(body, ("system",))
    yield from ((("tools", n), tool) for n, tool in enumerate(tools if is_items(tools) else ()))
    yield from ((("system", n), b) for n, b in enumerate(system if is_items(system) else ()))
    messages = value_at(body, parts.messages)
    for n, message in enumerate(messages):
        content = field(message, "content")
        for k, block in enumerate(content if is_items(content) else ()):
            at: Path = (*parts.messages, n, "content", k)
            yield at, block
            # Blocks inside a tool's result can be marked as well, and count.
            inside = field(block, "content")
            for m, part in enumerate(inside if is_items(inside) else ()):
                yield (*at, "content", m), part


def _places(body: Any, parts: Parts, note: str | None) -> Iterator[Path]:
    """Yield where marks belong: paths of blocks, or of content that is a string."""
    tools, system = value_at(body, ("tools",)), value_at(body, ("system",))
    if parts.newest is not None:
        yield from _end_of(body, parts, parts.newest, note)
    if system and isinstance(system, str):
        yield ("system",)
    elif is_items(system) and system:
        yield ("system", len(system) - 1)
    if is_items(tools) and tools:
        yield ("tools", len(tools) - 1)
    before = _before_newest(body, parts)
    if before is not None:
        yield from _end_of(body, parts, before, None)


def _end_of(body: Any, parts: Parts, position: int, note: str | None) -> Iterator[Path]:
    at: Path = (*parts.messages, position, "content")
    content = value_at(body, at)
    if isinstance(content, str):
        yield at
        return
    for k in range(len(content) - 1 if is_items(content) else -1, -1, -1):
        block = content[k]
        if note is not None and text_field(block, "text") == note:
            continue
        if field(block, "type") in _CACHEABLE and field(block, "text") != "":
            yield (*at, k)
            return


def _before_newest(body: Any, parts: Parts) -> int | None:
    """Return the message at which the request before ended, if it is out of the cache's sight.

    The provider looks for earlier entries in the twenty blocks before a mark.
    """
    messages: Sequence[Any] = value_at(body, parts.messages)
    blocks = 0
    for n in range(parts.newest or 0, -1, -1):
        content = field(messages[n], "content")
        is_read = text_field(messages[n], "role") == "user"
        if n != parts.newest and is_read:
            return n if blocks >= _LOOKBACK_BLOCKS else None
        blocks += len(content) if is_items(content) else 1
    return None


def _converse(body: Any, parts: Parts, note: str | None) -> list[Edit]:
    lists: list[Path] = []
    if parts.newest is not None:
        lists.append((*parts.messages, parts.newest, "content"))
    lists += [("system",), ("toolConfig", "tools")]
    everything = [m for p in lists for m in _items(body, p)]
    for message in _items(body, parts.messages):
        everything += _items(message, ("content",))
    room = MOST_BREAKPOINTS - sum("cachePoint" in m for m in everything if isinstance(m, Mapping))
    long_lived = _last_long_lived(body, parts)
    edits: list[Edit] = []
    for path in lists:
        items = list(_items(body, path))
        tail = [items.pop()] if items and note and text_field(items[-1], "text") == note else []
        is_early = _place_of((*path, len(items))) < long_lived
        if (
            not items
            or field(items[-1], "cachePoint") is not None
            or len(edits) >= room
            or is_early
        ):
            continue
        edits.append(Edit(path, [*items, {**_POINT}, *tail]))
    return edits


def _place_of(path: Path) -> tuple[int, tuple[int, ...]]:
    return _order(("tools", *path[2:]) if path[0] == "toolConfig" else path)


def _last_long_lived(body: Any, parts: Parts) -> tuple[int, tuple[int, ...]]:
    """Return where the last cache point stands that lives longer than ours."""
    lists: list[Path] = [("toolConfig", "tools"), ("system",)]
    messages = range(len(_items(body, parts.messages)))
    lists += [(*parts.messages, n, "content") for n in messages]
    points = [
        _place_of((*path, k))
        for path in lists
        for k, item in enumerate(_items(body, path))
        if field(field(item, "cachePoint"), "ttl") == _LONG
    ]
    return max(points, default=(-1, ()))


def _items(body: Any, path: Path) -> Sequence[Any]:
    value = value_at(body, path)
    return value if is_items(value) else ()


def _openai(body: Any, parts: Parts, note: str) -> list[Edit]:
    """Mark the block before the note: these models read only what ends at a breakpoint."""
    if parts.newest is None:
        return []
    message = value_at(body, (*parts.messages, parts.newest))
    key = "output" if field(message, "output") is not None else "content"
    at: Path = (*parts.messages, parts.newest, key)
    content = value_at(body, at)
    kind = "input_text" if parts.format == "openai-responses" else "text"
    if isinstance(content, str):
        own = content.removesuffix(f"\n\n{note}")
        block = {"type": kind, "text": own, "prompt_cache_breakpoint": dict(_EXPLICIT)}
        return [Edit(at, [block, {"type": kind, "text": note}])]
    blocks = [n for n, b in enumerate(content) if text_field(b, "text") not in (None, "", note)]
    if not blocks or field(content[blocks[-1]], "prompt_cache_breakpoint") is not None:
        return []
    mark = Edit((blocks[-1], "prompt_cache_breakpoint"), dict(_EXPLICIT))
    return [Edit(at, edited(content, [mark]))]
