"""The retrieval tool for Agno: as a function that a model is offered, and as a toolkit."""

from __future__ import annotations

from typing import Any

from agno.tools import Toolkit
from agno.tools.function import Function

from headroom import Compressor, RetrievalTool


def retrieval_function(compressor: Compressor) -> Function:
    """Return the function ``headroom_retrieve``: it gives back what this compressor left out.

    Its definition is the same bytes every time, and its answers are capped; a wrong argument of
    the model gets an answer that says what to do instead.
    """
    tool = RetrievalTool(compressor)
    definition = tool.definition("openai")["function"]

    def headroom_retrieve(**arguments: Any) -> str:
        return tool.call(arguments)

    return Function(
        name=definition["name"],
        description=definition["description"],
        parameters=definition["parameters"],
        entrypoint=headroom_retrieve,
        skip_entrypoint_processing=True,
    )


class HeadroomTools(Toolkit):
    """A toolkit with ``headroom_retrieve``, for agents whose model is not wrapped.

    Args:
        compressor: What left the originals out; its ``retrieval`` should be ``"tool"``.
    """

    def __init__(self, compressor: Compressor) -> None:
        super().__init__(name="headroom", tools=[retrieval_function(compressor)])
