"""An agent's history held under a limit, with nothing lost and no pair split."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from strands.agent.conversation_manager import ConversationManager

from headroom import CompressionConfig, Compressor, compressor_from
from headroom_strands.compression import compress_messages
from headroom_strands.messages import read_segments

# How much of an overflowing history may stay: the provider's limit and its way of counting are
# not known here.
_AFTER_OVERFLOW = 0.5


class HeadroomConversationManager(ConversationManager):
    """Keep an agent's messages under a limit: ``Agent(conversation_manager=...)``.

    Older tool results step down, to their short form, then to a line with a handle; the newest
    messages, pinned ones, calls and the people's words stay, and no message is removed. The agent's
    messages hold the short forms from then on, and the store the originals. When a provider says
    that its context window is full, the history is brought under half of its size.

    Args:
        context_limit: Most tokens of the history's texts after each turn; None: act only when the
            context window is full.
        compressor: Its store, counter and ledger are the only ones in play.
        config: Instead of a compressor: how to compress.

    Raises:
        ValueError: If both a compressor and a configuration are given, or the limit is not
            positive.
        TypeError: If ``compressor`` is none.
    """

    def __init__(
        self,
        context_limit: int | None = None,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
    ) -> None:
        super().__init__()
        self.compressor = compressor_from(compressor, config, default=CompressionConfig())
        self.context_limit = context_limit
        if context_limit is not None:
            self._fitting(context_limit, self.compressor.config.protect_recent)

    def apply_management(self, agent: Any, **kwargs: Any) -> None:
        """Bring the history under the limit, where there is one."""
        if self.context_limit is not None and self._tokens(agent) > self.context_limit:
            self._fit(agent, self.context_limit, self.compressor.config.protect_recent)

    def reduce_context(self, agent: Any, e: Exception | None = None, **kwargs: Any) -> None:
        """Make the history smaller after an overflow.

        Raises:
            Exception: ``e`` itself, if nothing can be made smaller.
        """
        before = self._tokens(agent)
        # One huge result may be the newest message: nothing is protected here.
        self._fit(agent, max(1, math.floor(before * _AFTER_OVERFLOW)), 0)
        if self._tokens(agent) >= before and e is not None:
            raise e

    def _fit(self, agent: Any, limit: int, protect_recent: int) -> None:
        # In place: Strands holds this very list.
        agent.messages[:] = compress_messages(
            list(agent.messages), self._fitting(limit, protect_recent)
        )

    def _fitting(self, limit: int, protect_recent: int) -> Compressor:
        config = replace(
            self.compressor.config,
            context_limit=limit,
            on_overflow="pass",
            protect_recent=protect_recent,
        )
        return self.compressor.with_config(config)

    def _tokens(self, agent: Any) -> int:
        count = self.compressor.counter.count
        return sum(count(segment.text) for segment in read_segments(agent.messages))
