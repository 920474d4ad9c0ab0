"""An Agno model that runs offline, answers by a script, and remembers what reached it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

from agno.models.base import Model
from agno.models.message import Message
from agno.models.response import ModelResponse

from headroom_conformance.machine_texts import rows

ROWS = rows(1, 150)
MARKER = re.compile(r"\[headroom_retrieve ([0-9a-f]{16}): ")


def list_jobs(region: str) -> str:
    """List the jobs of a region."""
    return ROWS


@dataclass
class ScriptedModel(Model):
    """Lists the jobs, fetches a row where a marker offers it, and answers."""

    id: str = "scripted-1"
    name: str | None = "Scripted"
    provider: str | None = "Test"
    seen: list[list[Message]] = field(default_factory=list)
    read: list[list[str]] = field(default_factory=list)
    offered: list[list[str]] = field(default_factory=list)
    temperature: float = 0.5

    def invoke(self, *args: Any, **kwargs: Any) -> ModelResponse:
        return self._answer(**kwargs)

    async def ainvoke(self, *args: Any, **kwargs: Any) -> ModelResponse:
        return self._answer(**kwargs)

    def invoke_stream(self, *args: Any, **kwargs: Any) -> Iterator[ModelResponse]:
        yield self._answer(**kwargs)

    async def ainvoke_stream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ModelResponse]:
        yield self._answer(**kwargs)

    def _parse_provider_response(self, response: Any, **kwargs: Any) -> ModelResponse:
        raise NotImplementedError

    def _parse_provider_response_delta(self, response: Any) -> ModelResponse:
        raise NotImplementedError

    def _answer(self, messages: list[Message], **kwargs: Any) -> ModelResponse:
        compressed = bool(kwargs.get("compress_tool_results"))
        self.seen.append(list(messages))
        self.read.append([str(m.get_content(compressed)) for m in messages])
        tools = kwargs.get("tools") or []
        self.offered.append([tool["function"]["name"] for tool in tools])
        last = messages[-1]
        if not tools:
            return ModelResponse(role="assistant", content="hello")
        if last.role == "user":
            return self._calling("list_jobs", {"region": "eu"})
        marker = MARKER.search(self.read[-1][-1])
        if last.tool_name == "list_jobs" and marker:
            return self._calling("headroom_retrieve", {"handle": marker[1], "rows": "17"})
        return ModelResponse(role="assistant", content=f"It says: {last.content}")

    def _calling(self, name: str, arguments: dict[str, str]) -> ModelResponse:
        function = {"name": name, "arguments": json.dumps(arguments)}
        call = {"id": f"call_{len(self.seen)}", "type": "function", "function": function}
        return ModelResponse(role="assistant", content=None, tool_calls=[call])
