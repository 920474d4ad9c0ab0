"""Conversations that somebody recorded, from any folder: OpenAI-style messages in JSON files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from headroom_conformance.conversation import Call, Conversation, Role, Turn

# Keys under which recorders keep the messages of a conversation.
_KEYS = ("messages", "traj", "history")
_ROLES: dict[str, Role] = {
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
}


def real_conversations(folder: Path) -> Iterator[tuple[str, Conversation]]:
    """Yield the name and the conversation of every file below ``folder`` that holds one.

    A file holds one when it is JSON, and it, or what stands in it under ``messages``, ``traj`` or
    ``history``, is a list of messages with ``role`` and ``content`` as OpenAI's chat format has
    them. A content ``{"recording": "log.txt"}`` is the text of that file, beside the first.
    Results without a known call are read as a user's words; other files are passed over.
    """
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".json", ".traj") or not path.is_file():
            continue
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        messages = _messages(data)
        if messages:
            whole = [_with_recording(message, path.parent) for message in messages]
            yield path.relative_to(folder).as_posix(), _conversation(whole)


def _messages(data: Any) -> list[Mapping[str, Any]]:
    if isinstance(data, Mapping):
        data = next((data[key] for key in _KEYS if isinstance(data.get(key), list)), None)
    if not isinstance(data, list):
        return []
    return [m for m in data if isinstance(m, Mapping) and m.get("role") in _ROLES]


def _with_recording(message: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    content = message.get("content")
    if not isinstance(content, Mapping) or not isinstance(content.get("recording"), str):
        return message
    # As bytes: reading as text would turn the line ends of a recording into others.
    text = (folder / content["recording"]).read_bytes().decode("utf-8", "surrogateescape")
    return {**message, "content": text}


def _conversation(messages: list[Mapping[str, Any]]) -> Conversation:
    turns: list[Turn] = []
    known: set[str] = set()
    for message in messages:
        calls = tuple(_calls(message))
        known.update(call.id for call in calls)
        content = message.get("content")
        texts = tuple(_texts(content))
        as_blocks = not isinstance(content, str)
        answers = message.get("tool_call_id")
        role = _ROLES[message["role"]]
        if role == "tool" and answers in known:
            turns.append(Turn("tool", texts, answers=answers, as_blocks=as_blocks))
        else:
            speaker = "user" if role == "tool" else role
            turns.append(Turn(speaker, texts, calls=calls, as_blocks=as_blocks))
    return Conversation(tuple(turns))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for block in content:
            text = block.get("text") if isinstance(block, Mapping) else None
            if isinstance(text, str):
                yield text


def _calls(message: Mapping[str, Any]) -> Iterator[Call]:
    for call in message.get("tool_calls") or ():
        function = call.get("function") or {}
        try:
            arguments = json.loads(function.get("arguments") or "{}")
        except ValueError:
            arguments = None
        if not isinstance(arguments, dict):
            arguments = {"input": function.get("arguments")}
        yield Call(call["id"], function["name"], arguments)
