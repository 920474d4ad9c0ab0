"""The suite's fetching model as a Strands model, and what a caller gets of its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from scripted import ScriptedModel, called, texted

from headroom_conformance import Answer, FetchingModel
from headroom_conformance.fetching import TOKENS_READ, TOKENS_WRITTEN


class FetchingScript(ScriptedModel):
    """Answers as the suite's model says, with a usage of its own for each turn.

    Args:
        script: Says what to answer.
        read: Returns every text of messages.
    """

    def __init__(self, script: FetchingModel, read: Callable[[list[Any]], list[str]]) -> None:
        super().__init__()
        self.script = script
        self.read = read

    def _answer(self, messages: Any, has_tools: bool) -> Iterator[Any]:
        reply = self.script.reply(self.read(messages), self.offered[-1])
        yield {"messageStart": {"role": "assistant"}}
        yield from texted(reply.text)
        for call in reply.calls:
            yield from called(call.name, dict(call.arguments), call.id)
        yield {"messageStop": {"stopReason": "tool_use" if reply.calls else "end_turn"}}
        usage = {
            "inputTokens": TOKENS_READ,
            "outputTokens": TOKENS_WRITTEN,
            "totalTokens": TOKENS_READ + TOKENS_WRITTEN,
        }
        yield {"metadata": {"usage": usage, "metrics": {"latencyMs": 7}}}


def answer_of(messages: list[Any], tokens: int) -> Answer:
    """Return what a caller gets: the texts of the last message, every call, and all tokens."""
    last = " ".join(block["text"] for block in messages[-1]["content"] if "text" in block)
    blocks = [block for message in messages for block in message["content"]]
    return Answer(last, tuple(b["toolUse"]["name"] for b in blocks if "toolUse" in b), tokens)
