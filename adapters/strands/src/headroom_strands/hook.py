"""Tool results shortened once, where they enter the agent's messages."""

from __future__ import annotations

from typing import Any

from strands.hooks import AfterToolCallEvent, AgentInitializedEvent, HookProvider, HookRegistry

from headroom import CompressionConfig, Compressor, MemoryStore, compressor_from
from headroom_strands.compression import compress_messages
from headroom_strands.tool import give


class HeadroomHook(HookProvider):
    """Shorten each tool result when the tool returns: ``Agent(hooks=[HeadroomHook()])``.

    For good: the agent's messages hold the short form, and the originals are in the store. An
    agent whose session is saved therefore wants a store that lasts. The agent gets the tool
    ``headroom_retrieve``, with which its model fetches what was left out. A failure in compression
    leaves the result as it was.

    Args:
        compressor: Decides what is shortened; its store, counter and ledger are the only ones in
            play.
        config: Instead of a compressor: how to compress.

    Raises:
        ValueError: If both a compressor and a configuration are given; and, when the agent is
            made, if its session is saved while the originals are kept in memory.
        TypeError: If ``compressor`` is none.
    """

    def __init__(
        self, *, compressor: Compressor | None = None, config: CompressionConfig | None = None
    ) -> None:
        self.compressor = compressor_from(compressor, config)

    def register_hooks(self, registry: HookRegistry, **kwargs: Any) -> None:
        """Listen to the agent's start and to its tools."""
        registry.add_callback(AgentInitializedEvent, self._start)
        registry.add_callback(AfterToolCallEvent, self._shorten)

    def _start(self, event: AgentInitializedEvent) -> None:
        saved = getattr(event.agent, "_session_manager", None) is not None
        if saved and isinstance(self.compressor.store, MemoryStore):
            raise ValueError(
                "this agent's session is saved with short forms of its tool results: give "
                "HeadroomHook a compressor whose store lasts, such as SQLiteStore"
            )
        give(event.agent, self.compressor)

    def _shorten(self, event: AfterToolCallEvent) -> None:
        result: Any = {"role": "user", "content": [{"toolResult": event.result}]}
        before = list(event.agent.messages)
        sent = compress_messages([*before, result], self.compressor)[-1]
        if sent is not result:
            event.result = sent["content"][0]["toolResult"]


# The incumbent's name for it.
HeadroomHookProvider = HeadroomHook
