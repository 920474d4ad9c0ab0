"""The suite's fetching model as an Agno model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from agno.models.message import Message
from agno.models.response import ModelResponse
from scripted import ScriptedModel

from headroom_conformance.fetching import TOKENS_READ, TOKENS_WRITTEN

# Where it is defined differs between the versions of Agno.
_METRICS: Any = type(Message(role="assistant").metrics)


def list_jobs(region: str) -> str:
    """List the jobs of a region."""
    return f"no jobs in {region}"


@dataclass
class FetchingScript(ScriptedModel):
    """Answers as the suite's model says, with a usage of its own for each turn."""

    script: Any = None

    def _answer(self, messages: list[Message], **kwargs: Any) -> ModelResponse:
        names = [tool["function"]["name"] for tool in kwargs.get("tools") or []]
        texts = [str(m.get_content(bool(kwargs.get("compress_tool_results")))) for m in messages]
        reply = self.script.reply(texts, names)
        calls = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments))},
            }
            for call in reply.calls
        ]
        usage = _METRICS(
            input_tokens=TOKENS_READ,
            output_tokens=TOKENS_WRITTEN,
            total_tokens=TOKENS_READ + TOKENS_WRITTEN,
        )
        return ModelResponse(
            role="assistant", content=reply.text, tool_calls=calls, response_usage=usage
        )
