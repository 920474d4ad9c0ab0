"""Agno's own seam for compressing tool results, without a second model."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from agno.compression.manager import CompressionManager
from agno.models.message import Message

from headroom import CompressionConfig, Compressor, compressor_from
from headroom_agno.compression import rewrites_of, warn


class HeadroomCompressionManager(CompressionManager):
    """Shorten tool results once, where they enter the conversation.

    ``Agent(compression_manager=HeadroomCompressionManager())``, and the same for teams. Agno keeps
    the original as the message's ``content`` and stores the short form beside it, so a session that
    goes on sends the same bytes again. No model is asked.

    Markers carry handles; give the agent `HeadroomTools` and a compressor with
    ``retrieval="tool"`` to let its model fetch what was left out.

    Args:
        compressor: Decides what is shortened.
        config: Instead of a compressor: how to compress.

    Raises:
        ValueError: If both a compressor and a configuration are given.
        TypeError: If ``compressor`` is none.
    """

    def __init__(
        self, *, compressor: Compressor | None = None, config: CompressionConfig | None = None
    ) -> None:
        super().__init__()
        # Agno's own limit would leave the first results of a run as they are.
        self.compress_tool_results_limit = None
        self.compressor = compressor_from(compressor, config, default=CompressionConfig())

    def should_compress(self, messages: list[Message], *args: Any, **kwargs: Any) -> bool:
        """Say whether a tool result has not been looked at: the core decides about each."""
        return bool(self.compress_tool_results) and any(map(_is_new, messages))

    async def ashould_compress(self, messages: list[Message], *args: Any, **kwargs: Any) -> bool:
        """Do what `should_compress` does."""
        return self.should_compress(messages)

    def compress(self, messages: list[Message], *args: Any, **kwargs: Any) -> None:
        """Set ``compressed_content`` of the tool results that can be shortened."""
        try:
            rewrites = rewrites_of(_as_sent(messages), self.compressor)
        except Exception as error:  # noqa: BLE001  # the run must go on
            warn(error, len(messages))
            return
        for number, rewrite in rewrites:
            message = messages[number]
            if _is_new(message):
                self._count(message, rewrite.text)
                message.compressed_content = rewrite.text

    async def acompress(self, messages: list[Message], *args: Any, **kwargs: Any) -> None:
        """Do what `compress` does, in a thread."""
        await asyncio.to_thread(self.compress, messages)

    def _count(self, message: Message, text: str) -> None:
        for key, amount in (
            ("tool_results_compressed", 1),
            ("original_size", len(str(message.content))),
            ("compressed_size", len(text)),
        ):
            self.stats[key] = self.stats.get(key, 0) + amount

    def __deepcopy__(self, memo: dict[int, Any]) -> HeadroomCompressionManager:
        # Teams copy their members: the copy must know the same originals.
        return HeadroomCompressionManager(compressor=self.compressor)


def _is_new(message: Message) -> bool:
    return (
        message.role == "tool"
        and message.compressed_content is None
        and isinstance(message.content, str)
    )


def _as_sent(messages: Sequence[Message]) -> list[Message]:
    return [
        message
        if message.compressed_content is None
        else message.model_copy(update={"content": message.compressed_content})
        for message in messages
    ]
