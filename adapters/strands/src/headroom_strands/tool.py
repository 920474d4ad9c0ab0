"""The retrieval tool for Strands: its specification, and a tool that an agent can run."""

from __future__ import annotations

from typing import Any

from strands.tools.tools import PythonAgentTool

from headroom import Compressor, RetrievalTool


def retrieval_spec(compressor: Compressor) -> dict[str, Any]:
    """Return the tool's specification: the same bytes every time."""
    spec: dict[str, Any] = RetrievalTool(compressor).definition("converse")["toolSpec"]
    return spec


def retrieval_tool(compressor: Compressor) -> PythonAgentTool:
    """Return the tool ``headroom_retrieve``: it gives back what this compressor left out.

    Its answers are capped; a wrong argument of the model gets an answer that says what to do
    instead.
    """
    tool = RetrievalTool(compressor)

    def headroom_retrieve(tool_use: Any, **invocation_state: Any) -> Any:
        text = tool.call(tool_use.get("input"))
        return {
            "toolUseId": tool_use["toolUseId"],
            "status": "success",
            "content": [{"text": text}],
        }

    spec: Any = retrieval_spec(compressor)
    return PythonAgentTool(RetrievalTool.name, spec, headroom_retrieve)


def give(agent: Any, compressor: Compressor) -> None:
    """Give an agent the retrieval tool, unless it has one, or markers carry handles only."""
    registry = agent.tool_registry
    if compressor.config.retrieval == "tool" and RetrievalTool.name not in registry.registry:
        registry.register_tool(retrieval_tool(compressor))
