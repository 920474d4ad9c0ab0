"""The recorded conversation, put together from its parts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the investigation needs, and the message that it comes from.

    Args:
        message: Position of the message, from 0.
        fact: What it says.
        must_contain: Texts that the model must be able to read in that message.
    """

    message: int
    fact: str
    must_contain: tuple[str, ...]

    def is_visible_in(self, messages: list[dict[str, Any]]) -> bool:
        """Say whether the message, as given, shows the fact."""
        return all(text in messages[self.message]["content"] for text in self.must_contain)


def load_messages() -> list[dict[str, Any]]:
    """Return the conversation as OpenAI chat messages, the recorded tool outputs in place."""
    messages: list[dict[str, Any]] = _conversation()["messages"]
    return [
        {**message, "content": recording(message["content"]["recording"])}
        if isinstance(message["content"], dict)
        else message
        for message in messages
    ]


def load_tools() -> list[dict[str, Any]]:
    """Return the agent's tools as OpenAI tool definitions."""
    tools: list[dict[str, Any]] = _conversation()["tools"]
    return tools


def load_facts() -> list[Fact]:
    """Return what the investigation needs, in the order of the conversation."""
    rows = json.loads((HERE / "facts.json").read_text(encoding="utf-8"))
    return [Fact(r["message"], r["fact"], tuple(r["must_contain"])) for r in rows]


def recording(name: str) -> str:
    """Return one recorded output, byte for byte."""
    return (HERE / name).read_bytes().decode("utf-8")


def _conversation() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((HERE / "conversation.json").read_text(encoding="utf-8"))
    return parsed
