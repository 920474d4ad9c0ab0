"""The retrieval tool as a LangChain tool, for agents that run their tools themselves."""

from __future__ import annotations

from typing import Any

from langchain_core.runnables.config import run_in_executor
from langchain_core.tools import BaseTool, StructuredTool

from headroom import Compressor, RetrievalTool


def retrieval_tool(compressor: Compressor) -> BaseTool:
    """Return the tool ``headroom_retrieve``: it gives back what this compressor left out.

    Its definition is the same bytes every time, and its answers are capped; no error of the model
    is raised, each gets a text that says what to do instead.
    """
    tool = RetrievalTool(compressor)
    definition = tool.definition("openai")["function"]

    def retrieve(**arguments: Any) -> str:
        return tool.call(arguments)

    async def aretrieve(**arguments: Any) -> str:
        return await run_in_executor(None, tool.call, arguments)

    return StructuredTool(
        name=definition["name"],
        description=definition["description"],
        args_schema=definition["parameters"],
        func=retrieve,
        coroutine=aretrieve,
    )
