"""What is measured: a tool's output or a recorded conversation, with facts to find again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Message = Mapping[str, Any]

# A file with fifty facts must not outweigh fifty files with one.
MOST_QUESTIONS = 6

SHIPPED_INPUTS = Path(__file__).with_name("inputs")


@dataclass(frozen=True, slots=True)
class Needle:
    """A fact: the question it answers, and the strings that state it."""

    query: str
    must_contain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to compress.

    Args:
        id: File it comes from, with the part of the file where it is one of several.
        kind: Kind of content; results are summed up by it.
        tool: Name of the tool that printed the text.
        arguments: What the tool was called with.
        needles: Facts that stand in the text.
        text: What was read: the tool's output, or all observations of a conversation.
        recorded: The messages of a recorded conversation; empty for a single tool output.
        observed: Indices of the messages whose text counts.
    """

    id: str
    kind: str
    tool: str
    arguments: Mapping[str, Any]
    needles: tuple[Needle, ...]
    text: str
    recorded: tuple[Message, ...] = ()
    observed: tuple[int, ...] = (2,)

    @property
    def queries(self) -> tuple[str | None, ...]:
        """The first questions to ask, each once; a conversation asks its own and gets None."""
        if self.recorded:
            return (None,)
        return tuple(dict.fromkeys(n.query for n in self.needles))[:MOST_QUESTIONS]

    def messages(self, query: str | None) -> list[Message]:
        """Return the conversation to compress: question, tool call, tool result."""
        if self.recorded:
            return list(self.recorded)
        function = {"name": self.tool, "arguments": json.dumps(self.arguments)}
        call = {"id": "call_1", "type": "function", "function": function}
        return [
            {"role": "user", "content": query},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": self.text},
        ]

    def needles_for(self, query: str | None) -> Iterator[Needle]:
        """Yield the facts that count when ``query`` was asked."""
        return (n for n in self.needles if query is None or n.query == query)


def read_observations(messages: Sequence[Message], observed: Sequence[int]) -> str:
    """Join the texts of the observed messages, structured content as JSON."""
    contents = (messages[i].get("content") for i in observed)
    return "\n".join(
        c if isinstance(c, str) else json.dumps(c, ensure_ascii=False)
        for c in contents
        if c is not None
    )


def shipped_cases() -> tuple[Case, ...]:
    """Read the inputs that come with this package, in the order of their manifest."""
    manifest = (SHIPPED_INPUTS / "manifest.jsonl").read_text(encoding="utf-8")
    return tuple(_shipped(json.loads(line)) for line in manifest.splitlines())


def _shipped(entry: Mapping[str, Any]) -> Case:
    return Case(
        id=entry["file"],
        kind=entry["kind"],
        tool=entry["tool"],
        arguments=entry["arguments"],
        needles=tuple(Needle(n["query"], tuple(n["must_contain"])) for n in entry["needles"]),
        # Bytes, because reading as text would turn \r\n into \n.
        text=(SHIPPED_INPUTS / entry["file"]).read_bytes().decode("utf-8"),
    )
