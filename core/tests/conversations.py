"""Small conversations that several test modules build on."""

from __future__ import annotations

from typing import Any

from headroom import Content, DecodingError, Encoding, Goal, Selection


def chat(content: Any, *, question: str = "What happened?", tool: str = "read") -> list[Any]:
    call = {"id": "call_1", "type": "function", "function": {"name": tool, "arguments": "{}"}}
    return [
        {"role": "user", "content": question},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": content},
    ]


class HalvesCompressor:
    """A stand-in for a real compressor: serves texts that start with ``halves``.

    Lossless: a text that is one line repeated becomes the line and a count. Selection: the first
    half of the lines stays.
    """

    name = "halves"
    kinds = ("halves",)
    notations = ("repeat",)

    def detect(self, content: Content) -> str | None:
        return "halves" if content.text.startswith("halves") else None

    def encode(self, content: Content) -> Encoding | None:
        first = content.lines[0]
        if set(content.lines) != {first}:
            return None
        return Encoding("repeat", f"{len(content.lines)} times", first)

    def decode(self, encoding: Encoding) -> str:
        count, _, word = encoding.note.partition(" ")
        if word != "times" or not count.isdigit() or int(count) > 10_000:
            raise DecodingError("no count")
        return "\n".join([encoding.body] * int(count))

    def select(self, content: Content, goal: Goal) -> Selection | None:
        total = len(content.lines)
        half = total // 2
        return Selection("lines", half, total, "\n".join(content.lines[:half]), "the rest\nfollows")


def repeated_text(lines: int = 200) -> str:
    return "\n".join(["halves and nothing else on this line"] * lines)


def varied_text(lines: int = 200) -> str:
    return "halves\n" + "\n".join(f"line {n} holds value {n * 7919 % 1009}" for n in range(lines))
