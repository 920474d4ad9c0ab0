"""The callback: every asynchronous call, the router's and the proxy's."""

from __future__ import annotations

import asyncio
from typing import Any

from litellm.integrations.custom_logger import CustomLogger
from litellm.types.utils import CallTypes

from headroom import CompressionConfig, Compressor, compressor_from
from headroom_litellm.compression import CONVERSATION, Calls, is_due, logger, mark, with_body
from headroom_litellm.entry_points import HOOKED
from headroom_litellm.savings import record


class HeadroomCallback(CustomLogger):
    """Compress the requests of LiteLLM's asynchronous calls, its router and its proxy.

    ``litellm.callbacks = [HeadroomCallback()]``, or ``callbacks:`` in a proxy's configuration; what
    it reaches, `entry_points` lists. Only tool results are shortened, on copies; a failure in
    compression never fails a call. Savings go into the call's metadata, where LiteLLM's spend logs
    read them.

    No tool call is answered here: markers carry handles, and speak of ``headroom_retrieve`` only
    where the call's own tools have it and the compressor's ``retrieval`` is ``"tool"``.

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
        super().__init__()
        self._calls = Calls(
            compressor_from(compressor, config, default=CompressionConfig(on_overflow="pass"))
        )

    @property
    def compressor(self) -> Compressor:
        """The compressor in play."""
        return self._calls.compressor

    async def async_pre_call_deployment_hook(
        self, kwargs: dict[str, Any], call_type: CallTypes | None
    ) -> dict[str, Any] | None:
        """Return a call's arguments with the shortened conversation; None where nothing changed.

        The work is done in a thread.

        Raises:
            ContextLimitError: If the configuration asks for that.
        """
        format = None if call_type is None else HOOKED.get(call_type.value)
        if format is None:
            return None
        if CONVERSATION[format] not in kwargs:
            logger.warning(
                "sending a request uncompressed: LiteLLM shows a callback only keyword arguments, "
                "and this call of %s has its %s as a positional one",
                kwargs.get("model", "a model"),
                CONVERSATION[format],
            )
            return None
        due = is_due(kwargs, format)
        mark(kwargs)
        if not due:
            return None
        exchange = await asyncio.to_thread(self._calls.open, kwargs, format)
        if exchange is None:
            return None
        sent = with_body(kwargs, exchange.body)
        conversation = sent[CONVERSATION[format]]
        if conversation is kwargs[CONVERSATION[format]]:
            # The same call may come again, without a bypass or to another store.
            return sent
        mark(sent, conversation)
        record(sent, exchange.result, format)
        return sent
