"""A model that compresses what it is sent, and is the wrapped model in everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from agno.models.base import Model
from agno.models.message import Message

from headroom import CompressionConfig, Compressor, compressor_from, without_tool
from headroom_agno.compression import compress_messages, offers_retrieval
from headroom_agno.toolkit import retrieval_function

# Where an instance keeps its compressors: with the retrieval tool, and without.
_KEPT = "_headroom"

_classes: dict[type, type] = {}


class _Sent(list[Message]):
    """Messages on their way to the provider: some providers' methods call each other."""


class HeadroomAgnoModel(Model):
    """Wrap an Agno model so that it reads fewer tokens.

    What comes back is an instance of the wrapped model's own class: providers' overrides, client
    settings, storage and ``isinstance`` work as before. Tool results are shortened on their way to
    the model; the run's messages and the session keep the originals. A model with tools is given
    one more, ``headroom_retrieve``, which Agno runs like any other. A failure in compression never
    fails a call: the conversation is sent as it is.

    Args:
        model: Any Agno model. Wrapping a wrapped model again wraps the model inside, and keeps its
            compressor unless another one is given.
        compressor: Decides what is shortened; its store, counter and ledger are the only ones in
            play.
        config: Instead of a compressor: how to compress.

    Raises:
        TypeError: If ``model`` is no Agno model.
        ValueError: If both a compressor and a configuration are given.
    """

    def __new__(
        cls,
        model: Model | None = None,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
    ) -> Any:
        """Return an instance of the wrapped model's class, with this class in front."""
        if model is None:  # a copy or a pickle fills in the rest
            return object.__new__(cls)
        if not isinstance(model, Model):
            raise TypeError(f"HeadroomAgnoModel wraps an Agno model, got {type(model).__name__}")
        state = dict(vars(model))
        kept = state.pop(_KEPT, None)
        if kept is not None and compressor is None and config is None:
            compressor = kept[0]
        wrapped: Any = object.__new__(_class_for(_bare_class(type(model))))
        vars(wrapped).update(state)
        mine = compressor_from(compressor, config)
        vars(wrapped)[_KEPT] = (mine, without_tool(mine))
        return wrapped

    def __init__(
        self,
        model: Model | None = None,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
    ) -> None:
        # Everything is set: the wrapped model's own initialisation must not run a second time.
        pass

    @property
    def compressor(self) -> Compressor:
        """The compressor in play."""
        compressor: Compressor = vars(self)[_KEPT][0]
        return compressor

    # Agno runs tools inside these four; the retrieval tool is one of them.

    def response(self, *args: Any, **kwargs: Any) -> Any:
        """Do what the wrapped model does, with the retrieval tool behind the caller's tools."""
        return super().response(*args, **self._with_tool(kwargs))

    async def aresponse(self, *args: Any, **kwargs: Any) -> Any:
        """Do what the wrapped model does, with the retrieval tool behind the caller's tools."""
        return await super().aresponse(*args, **self._with_tool(kwargs))

    def response_stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Do what the wrapped model does, with the retrieval tool behind the caller's tools."""
        yield from super().response_stream(*args, **self._with_tool(kwargs))

    async def aresponse_stream(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        """Do what the wrapped model does, with the retrieval tool behind the caller's tools."""
        async for part in super().aresponse_stream(*args, **self._with_tool(kwargs)):
            yield part

    # Each call of the provider goes through one of these four.

    def invoke(self, *args: Any, **kwargs: Any) -> Any:
        """Send the shortened conversation."""
        return super().invoke(*args, **self._shortened(kwargs))  # type: ignore[safe-super]

    async def ainvoke(self, *args: Any, **kwargs: Any) -> Any:
        """Send the shortened conversation; the work is done in a thread."""
        sent = await asyncio.to_thread(self._shortened, kwargs)
        return await super().ainvoke(*args, **sent)  # type: ignore[safe-super]

    def invoke_stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Send the shortened conversation."""
        yield from super().invoke_stream(*args, **self._shortened(kwargs))  # type: ignore[safe-super]

    async def ainvoke_stream(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        """Send the shortened conversation; the work is done in a thread."""
        sent = await asyncio.to_thread(self._shortened, kwargs)
        async for part in super().ainvoke_stream(*args, **sent):  # type: ignore[safe-super]
            yield part

    def _with_tool(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        tools = kwargs.get("tools")
        if (
            not tools
            or self.compressor.config.retrieval != "tool"
            or offers_retrieval(tools)
            or kwargs.get("tool_choice") not in (None, "auto")
        ):
            return kwargs
        return {**kwargs, "tools": [*tools, retrieval_function(self.compressor)]}

    def _shortened(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        messages = kwargs.get("messages")
        if not isinstance(messages, list) or isinstance(messages, _Sent):
            return kwargs
        with_tool, without = vars(self)[_KEPT]
        sent = compress_messages(
            messages,
            with_tool if offers_retrieval(kwargs.get("tools")) else without,
            model=self.id,
            compressed=bool(kwargs.get("compress_tool_results")),
        )
        return {**kwargs, "messages": _Sent(sent)}

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuilt, (_bare_class(type(self)), dict(vars(self))))


def _class_for(wrapped: type) -> type:
    """Return the class of wrapped instances of a class: one each, under the same name."""
    if wrapped not in _classes:
        # Agno and its storage read a model's class name.
        _classes[wrapped] = type(wrapped.__name__, (HeadroomAgnoModel, wrapped), {})
    return _classes[wrapped]


def _bare_class(kind: type) -> type:
    return kind.__bases__[1] if kind in _classes.values() else kind


def _rebuilt(wrapped: type, state: dict[str, Any]) -> Any:
    model: Any = object.__new__(_class_for(wrapped))
    vars(model).update(state)
    return model
