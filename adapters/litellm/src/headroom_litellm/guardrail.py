"""The guardrail: compression inside a LiteLLM proxy, switched by team, key or request."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, Literal

from litellm.integrations.custom_guardrail import CustomGuardrail
from litellm.types.utils import GenericGuardrailAPIInputs

from headroom import CompressionConfig, Compressor, compressor_from
from headroom_litellm.compression import Calls, is_due, mark
from headroom_litellm.entry_points import CHAT
from headroom_litellm.savings import record


class HeadroomGuardrail(CustomGuardrail):
    """Compress a proxy's requests in LiteLLM's own process, without a second server.

    Under ``guardrails:`` in a proxy's configuration, with ``mode: pre_call`` and this class, or one
    of yours below it, imported in a file beside the configuration. Answers pass through. Next to
    `HeadroomCallback` a request is still compressed once.

    Args:
        compressor: Decides what is shortened.
        config: Instead of a compressor: how to compress.
        settings: LiteLLM's own, as it passes them from the configuration.

    Raises:
        ValueError: If both a compressor and a configuration are given.
        TypeError: If ``compressor`` is none.
    """

    # Savings go into the request's metadata; LiteLLM need not note that a scan took place.
    records_own_guardrail_information: ClassVar[bool] = True

    def __init__(
        self,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self._calls = Calls(
            compressor_from(compressor, config, default=CompressionConfig(on_overflow="pass"))
        )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Repeat the method that LiteLLM looks for in the class itself, and not in its bases."""
        super().__init_subclass__(**kwargs)
        if "apply_guardrail" not in vars(cls):
            cls.apply_guardrail = cls.apply_guardrail  # type: ignore[method-assign]  # see above

    @property
    def compressor(self) -> Compressor:
        """The compressor in play."""
        return self._calls.compressor

    async def apply_guardrail(
        self,
        inputs: GenericGuardrailAPIInputs,
        request_data: dict[str, Any],
        input_type: Literal["request", "response"],
        logging_obj: Any = None,
    ) -> GenericGuardrailAPIInputs:
        """Return a request's inputs with shortened messages; the same object where nothing changed.

        Raises:
            ContextLimitError: If the configuration asks for that.
        """
        messages = inputs.get("structured_messages")
        # LiteLLM hands over the messages in the chat format, whatever the endpoint takes.
        arguments = {**request_data, "messages": messages, "tools": inputs.get("tools")}
        if input_type != "request" or not is_due(arguments, CHAT):
            return inputs
        exchange = await asyncio.to_thread(self._calls.open, arguments, CHAT)
        if exchange is None:
            return inputs
        sent = exchange.body["messages"]
        if sent is messages:
            return inputs
        # Versions before 1.104 drop what a guardrail makes of a Responses request: the callback,
        # where there is one, must not take it for done.
        mark({} if "input" in request_data else arguments, sent)
        record(request_data, exchange.result, CHAT)
        return {**inputs, "structured_messages": sent}
