"""The conversation shortened for each call of the model; needs Strands 1.62 or newer."""

from __future__ import annotations

import asyncio
from typing import Any

from strands.middleware import InvokeModelStage
from strands.plugins import Plugin

from headroom import CompressionConfig, Compressor, RetrievalTool, compressor_from, without_tool
from headroom_strands.compression import compress_messages
from headroom_strands.model import HeadroomStrandsModel
from headroom_strands.tool import give


class HeadroomPlugin(Plugin):
    """Let an agent's model read fewer tokens: ``Agent(plugins=[HeadroomPlugin()])``.

    The agent's messages keep the originals; each call of the model gets a shortened copy, through
    Strands' own middleware, and the agent gets the tool ``headroom_retrieve``. A failure in
    compression never fails a call.

    Args:
        compressor: Decides what is shortened; its store, counter and ledger are the only ones in
            play.
        config: Instead of a compressor: how to compress.

    Raises:
        ValueError: If both a compressor and a configuration are given.
        TypeError: If ``compressor`` is none.
    """

    def __init__(
        self, *, compressor: Compressor | None = None, config: CompressionConfig | None = None
    ) -> None:
        self.compressor = compressor_from(compressor, config)
        self._hintless = without_tool(self.compressor)
        super().__init__()

    @property
    def name(self) -> str:
        """The plugin's name."""
        return "headroom"

    def init_agent(self, agent: Any) -> None:
        """Step in before each call of the agent's model."""
        give(agent, self.compressor)
        agent.add_middleware(InvokeModelStage.Input, self._shortened)

    async def _shortened(self, context: Any) -> Any:
        names = (spec.get("name") for spec in context.tool_specs or ())
        compressor = self.compressor if RetrievalTool.name in names else self._hintless
        messages = await asyncio.to_thread(compress_messages, context.messages, compressor)
        changes: dict[str, Any] = {}
        if messages is not context.messages:
            changes["messages"] = messages
        if isinstance(context.model, HeadroomStrandsModel):
            # Once is enough, and the agent runs the tool: the model inside is what is called.
            changes["model"] = context.model.wrapped_model
        return context.replace(**changes) if changes else context
