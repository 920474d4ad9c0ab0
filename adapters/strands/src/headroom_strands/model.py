"""A model that compresses what it is sent, and is the wrapped model in everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from typing import Any

from strands.models.model import Model

from headroom import (
    CompressionConfig,
    Compressor,
    RetrievalLoop,
    RetrievalTool,
    compressor_from,
    without_tool,
)
from headroom_strands.compression import compress_messages
from headroom_strands.tool import retrieval_spec
from headroom_strands.turns import StreamedTurn


class HeadroomStrandsModel(Model):
    """Wrap a Strands model so that it reads fewer tokens; works with every version.

    Tool results are shortened on their way to the model; the agent's messages keep the originals.
    A model with tools is given one more, ``headroom_retrieve``, and what it asks of it is answered
    inside the call: the agent sees one answer. Everything else is the wrapped model's own. A
    failure in compression never fails a call: the conversation is sent as it is.

    Args:
        model: Any Strands model. Wrapping a wrapped model again wraps the model inside, and keeps
            its compressor unless another one is given.
        compressor: Decides what is shortened; its store, counter and ledger are the only ones in
            play.
        config: Instead of a compressor: how to compress.

    Raises:
        TypeError: If ``model`` is no Strands model.
        ValueError: If both a compressor and a configuration are given.
    """

    wrapped_model: Model
    compressor: Compressor

    def __init__(
        self,
        model: Model,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
    ) -> None:
        if not isinstance(model, Model):
            kind = type(model).__name__
            raise TypeError(f"HeadroomStrandsModel wraps a Strands model, got {kind}")
        if isinstance(model, HeadroomStrandsModel):
            if compressor is None and config is None:
                compressor = model.compressor
            model = model.wrapped_model
        self.wrapped_model = model
        self.compressor = compressor_from(compressor, config)
        self._hintless = without_tool(self.compressor)
        # Newer versions have this as a plain attribute of the class, which hides `__getattr__`.
        self._supports_structured_output = getattr(model, "_supports_structured_output", False)

    def __getattr__(self, name: str) -> Any:
        # Absent while a copy is being made; Strands and its users read whatever the model has.
        if name == "wrapped_model" or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.wrapped_model, name)

    @property
    def stateful(self) -> bool:
        """Whether the provider keeps the history: then only new messages are sent, and read."""
        return bool(getattr(self.wrapped_model, "stateful", False))

    @property
    def context_window_limit(self) -> int | None:
        """The wrapped model's."""
        limit: int | None = getattr(self.wrapped_model, "context_window_limit", None)
        return limit

    def update_config(self, **model_config: Any) -> None:
        """Configure the wrapped model."""
        self.wrapped_model.update_config(**model_config)

    def get_config(self) -> Any:
        """Return the wrapped model's configuration."""
        return self.wrapped_model.get_config()

    async def count_tokens(self, *args: Any, **kwargs: Any) -> int:
        """Ask the wrapped model."""
        count: int = await self.wrapped_model.count_tokens(*args, **kwargs)
        return count

    async def structured_output(
        self, output_model: type[Any], prompt: Any, system_prompt: str | None = None, **kwargs: Any
    ) -> AsyncGenerator[Any, None]:
        """Ask for structured output about the shortened conversation."""
        sent = await asyncio.to_thread(compress_messages, prompt, self._hintless)
        async for event in self.wrapped_model.structured_output(
            output_model, sent, system_prompt, **kwargs
        ):
            yield event

    async def stream(
        self, messages: Any, tool_specs: Any = None, *args: Any, **kwargs: Any
    ) -> AsyncIterable[Any]:
        """Stream the answer to the shortened conversation."""
        offers = self._offers(tool_specs, kwargs)
        given = _has_tool(tool_specs) or offers
        sent = await asyncio.to_thread(
            compress_messages, messages, self.compressor if given else self._hintless
        )
        if not offers:
            async for event in self.wrapped_model.stream(sent, tool_specs, *args, **kwargs):
                yield event
            return
        specs = [*tool_specs, retrieval_spec(self.compressor)]
        loop = RetrievalLoop(RetrievalTool(self.compressor))
        turn = StreamedTurn()
        while True:
            async for event in self.wrapped_model.stream(sent, specs, *args, **kwargs):
                for shown in turn.take(event):
                    yield shown
            step = await asyncio.to_thread(loop.step, turn.calls)
            if not step.answers:
                break
            sent = [*sent, turn.message, turn.results(step.answers)]
            turn = StreamedTurn(turn.usage or {})
        for shown in turn.end(step):
            yield shown

    def _offers(self, tool_specs: Any, kwargs: dict[str, Any]) -> bool:
        """Say whether to offer the retrieval tool beside these."""
        choice = kwargs.get("tool_choice")
        return (
            self.compressor.config.retrieval == "tool"
            and bool(tool_specs)
            and not _has_tool(tool_specs)
            # Who must call a tool may be made to call this one.
            and (choice is None or "auto" in choice)
        )


def _has_tool(tool_specs: Any) -> bool:
    return any(spec.get("name") == RetrievalTool.name for spec in tool_specs or ())
