"""A chat model that compresses what it is sent, and is the wrapped model in everything else."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from inspect import signature
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LangSmithParams, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.runnables.config import run_in_executor
from langchain_core.tools import BaseTool
from pydantic import BaseModel, Field, PrivateAttr

from headroom import (
    CompressionConfig,
    Compressor,
    RetrievalTool,
    compressor_from,
    without_tool,
)
from headroom_langchain.binding import rewrap
from headroom_langchain.compression import compress_messages
from headroom_langchain.events import note_on_async_events, note_on_events
from headroom_langchain.retrieval import AnsweredCall, offers_retrieval
from headroom_langchain.savings import (
    Savings,
    note_on_async_stream,
    note_on_result,
    note_on_stream,
    with_retrievals,
)

logger = logging.getLogger(__name__)

_HINTS = {
    "_ConfigurableModel": (
        "it picks its model at run time; wrap the concrete model instead: "
        'HeadroomChatModel(init_chat_model("openai:gpt-4o"))'
    ),
    "RunnableBinding": "wrap the chat model first, then bind: HeadroomChatModel(llm).bind_tools(…)",
}


class HeadroomChatModel(BaseChatModel):
    """Wrap a chat model so that it reads fewer tokens.

    Tool results that the core can shorten are shortened on their way to the model; the caller's
    messages, traces and history keep the originals. Tools, structured output, streaming,
    callbacks, caching, retries and every attribute are the wrapped model's own. What was saved
    stands in ``response_metadata["headroom"]`` of each answer.

    A failure in compression never fails the call: the conversation is sent as it is, and
    ``response_metadata["headroom"]["error"]`` names the error.

    Args:
        llm: Any chat model. Wrapping a wrapper again wraps the model inside, and keeps the inner
            wrapper's compressor unless another one is given.
        compressor: Decides what is shortened; its store, counter and ledger are the only ones in
            play.
        config: Instead of a compressor: how to compress. Originals then go to the store that this
            process shares.
        fields: Fields of every LangChain chat model (``cache``, ``tags``, ``callbacks`` …), to
            differ from the wrapped model's.

    Raises:
        TypeError: If ``llm`` is no chat model, or a field is unknown.
        ValueError: If both a compressor and a configuration are given.
    """

    llm: BaseChatModel
    compressor: Compressor = Field(exclude=True, repr=False)
    _answers: bool = PrivateAttr(default=False)
    _hintless: tuple[Compressor, Compressor] | None = PrivateAttr(default=None)

    def __init__(
        self,
        llm: BaseChatModel,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
        **fields: Any,
    ) -> None:
        _check_chat_model(llm)
        if unknown := sorted(fields.keys() - BaseChatModel.model_fields.keys()):
            raise TypeError(f"unknown fields {', '.join(unknown)}: set them on the wrapped model")
        if isinstance(llm, HeadroomChatModel) and compressor is None and config is None:
            compressor = llm.compressor
        fields["llm"] = llm.llm if isinstance(llm, HeadroomChatModel) else llm
        fields["compressor"] = compressor_from(compressor, config)
        super().__init__(**fields)
        # Only the public methods of a model look at these, and ours are the ones that are called.
        # Set as they are: validation would copy, drop or complete what the model already has.
        self.__dict__.update({k: v for k, v in _base_fields(llm).items() if k not in fields})

    # What the wrapped model is, this model is.

    @classmethod
    def is_lc_serializable(cls) -> bool:
        """Return False: a compressor and its store are not part of a serialised chain."""
        return False

    def get_name(self, suffix: str | None = None, *, name: str | None = None) -> str:
        """Return the wrapped model's name: what traces call this step."""
        return self.llm.get_name(suffix, name=name or self.name)

    @property
    def _llm_type(self) -> str:
        return self.llm._llm_type

    @property
    def _identifying_params(self) -> Any:
        return self.llm._identifying_params

    @property
    def _serialized(self) -> dict[str, Any]:
        # Not cached, unlike the base's: a copy of this model may hold another one.
        return self.llm._serialized

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> LangSmithParams:
        return self.llm._get_ls_params(stop=stop, **kwargs)

    def _get_ls_params_with_defaults(
        self, stop: list[str] | None = None, **kwargs: Any
    ) -> LangSmithParams:
        return self.llm._get_ls_params_with_defaults(stop=stop, **kwargs)

    def _get_invocation_params(
        self, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        return self.llm._get_invocation_params(stop=stop, **kwargs)

    def _get_llm_string(self, stop: list[str] | None = None, **kwargs: Any) -> str:
        # Answers to a shortened conversation are not the bare model's, nor another setting's.
        return f"headroom {self.compressor.config!r} {self.llm._get_llm_string(stop, **kwargs)}"

    def _combine_llm_outputs(self, llm_outputs: list[dict[str, Any] | None], /) -> dict[str, Any]:
        return self.llm._combine_llm_outputs(llm_outputs)

    def get_token_ids(self, text: str) -> list[int]:
        """Ask the wrapped model."""
        return self.llm.get_token_ids(text)

    def get_num_tokens(self, text: str) -> int:
        """Ask the wrapped model."""
        return self.llm.get_num_tokens(text)

    def get_num_tokens_from_messages(
        self, messages: list[BaseMessage], tools: Sequence[Any] | None = None
    ) -> int:
        """Ask the wrapped model; the messages are counted as they are."""
        return self.llm.get_num_tokens_from_messages(messages, tools)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # LangChain and its users read model_name, temperature, … from whatever model they
            # hold. Underscored names are pydantic's; "llm" is absent while a copy is being made.
            if not name.startswith("_") and (llm := self.__dict__.get("llm")) is not None:
                return getattr(llm, name)
            return super().__getattr__(name)

    # The wrapped model decides whether to stream: this class always could.

    def _should_stream(
        self,
        *,
        async_api: bool,
        run_manager: CallbackManagerForLLMRun | AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> bool:
        return not self._streaming_is_off(kwargs) and self.llm._should_stream(
            async_api=async_api, run_manager=run_manager, **kwargs
        )

    def _should_use_protocol_streaming(
        self,
        *,
        async_api: bool,
        run_manager: CallbackManagerForLLMRun | AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> bool:
        return not self._streaming_is_off(kwargs) and self.llm._should_use_protocol_streaming(
            async_api=async_api, run_manager=run_manager, **kwargs
        )

    def _streaming_is_off(self, kwargs: dict[str, Any]) -> bool:
        off = self.disable_streaming
        return off is True or (off == "tool_calling" and bool(kwargs.get("tools")))

    # A model that is given tools is given the retrieval tool as well, and what it asks of it is
    # answered here. Without tools it is not: a plain chat stays as it was, byte for byte.

    def _answering(self) -> HeadroomChatModel:
        answering = self.model_copy()
        answering._answers = True
        return answering

    def _answered(self, sent: list[BaseMessage]) -> AnsweredCall:
        return AnsweredCall(sent, RetrievalTool(self.compressor) if self._answers else None)

    def _offered(self, tools: Sequence[Any], kwargs: dict[str, Any]) -> bool:
        """Say whether to offer the retrieval tool beside these."""
        return (
            self.compressor.config.retrieval == "tool"
            and bool(tools)
            and not offers_retrieval(tools)
            # Who must call a tool may be made to call this one; strict schemas know no options.
            and kwargs.get("tool_choice") in (None, "auto")
            and not kwargs.get("strict")
        )

    # Calls go to the wrapped model's own implementation, below its callbacks, cache and limiter:
    # through its public methods each of these would happen twice.

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        sent, savings = self._compress(messages, kwargs)
        call = _with_run_manager(self.llm._generate, run_manager)
        answered = self._answered(sent)
        while (result := answered.finish(call(answered.sent, stop=stop, **kwargs))) is None:
            pass
        return note_on_result(result, with_retrievals(savings, answered.retrievals))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        sent, savings = await self._acompress(messages, kwargs)
        call = _with_run_manager(self.llm._agenerate, run_manager)
        answered = self._answered(sent)
        result = None
        while result is None:
            turn = await call(answered.sent, stop=stop, **kwargs)
            result = await run_in_executor(None, answered.finish, turn)
        return note_on_result(result, with_retrievals(savings, answered.retrievals))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        sent, savings = self._compress(messages, kwargs)
        call = partial(_with_run_manager(self.llm._stream, run_manager), stop=stop, **kwargs)
        answered = self._answered(sent)
        yield from note_on_stream(answered.stream(call), savings)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        sent, savings = await self._acompress(messages, kwargs)
        call = partial(_with_run_manager(self.llm._astream, run_manager), stop=stop, **kwargs)
        answered = self._answered(sent)
        async for chunk in note_on_async_stream(answered.astream(call), savings):
            yield chunk

    @property
    def _stream_chat_model_events(self) -> Callable[..., Iterator[Any]] | None:
        native = self._native("_stream_chat_model_events")
        return None if native is None else partial(self._events, native)

    @property
    def _astream_chat_model_events(self) -> Callable[..., AsyncIterator[Any]] | None:
        native = self._native("_astream_chat_model_events")
        return None if native is None else partial(self._aevents, native)

    def _native(self, name: str) -> Callable[..., Any] | None:
        # Retrievals are answered between chunks: LangChain makes events of those itself.
        return None if self._answers else getattr(self.llm, name, None)

    def _events(
        self, native: Callable[..., Iterator[Any]], messages: list[BaseMessage], **kwargs: Any
    ) -> Iterator[Any]:
        sent, savings = self._compress(messages, kwargs)
        yield from note_on_events(native(sent, **kwargs), savings)

    async def _aevents(
        self, native: Callable[..., AsyncIterator[Any]], messages: list[BaseMessage], **kwargs: Any
    ) -> AsyncIterator[Any]:
        sent, savings = await self._acompress(messages, kwargs)
        async for event in note_on_async_events(native(sent, **kwargs), savings):
            yield event

    def _compress(
        self, messages: list[BaseMessage], kwargs: dict[str, Any]
    ) -> tuple[list[BaseMessage], Savings]:
        model = self._get_ls_params(**kwargs).get("ls_model_name")
        compressor = self._compressor_beside(kwargs.get("tools"))
        return compress_messages(messages, compressor, model=model)

    def _compressor_beside(self, tools: object) -> Compressor:
        """Return the compressor for a call with these tools.

        No marker may speak of a tool that the model does not have.
        """
        mine = self.compressor
        if mine.config.retrieval != "tool" or offers_retrieval(tools):
            return mine
        if self._hintless is None or self._hintless[0] is not mine:
            self._hintless = (mine, without_tool(mine))
        return self._hintless[1]

    async def _acompress(
        self, messages: list[BaseMessage], kwargs: dict[str, Any]
    ) -> tuple[list[BaseMessage], Savings]:
        # Compression is CPU work: on the event loop it would stall every other task.
        return await run_in_executor(None, self._compress, messages, kwargs)

    # Providers know how their model takes tools and schemas: theirs is used, around this model.

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools exactly as the wrapped model does.

        Where the compressor's ``retrieval`` is ``"tool"``, the retrieval tool stands behind them,
        and the model's calls of it are answered before the caller sees them.
        """
        if tool_choice is not None:
            # Some providers take no tool_choice, others take None for "none at all".
            kwargs["tool_choice"] = tool_choice
        model = self
        if self._offered(tools, kwargs):
            tools = [*tools, RetrievalTool(self.compressor).definition("openai")]
            model = self._answering()
        bound: Runnable[LanguageModelInput, AIMessage] = model._around(
            self.llm.bind_tools(tools, **kwargs)
        )
        return bound

    def with_structured_output(
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """Ask for structured output exactly as the wrapped model does."""
        structured: Runnable[LanguageModelInput, dict[str, Any] | BaseModel] = self._around(
            self.llm.with_structured_output(schema, include_raw=include_raw, **kwargs)
        )
        return structured

    def _around(self, runnable: Runnable[Any, Any]) -> Any:
        around = rewrap(runnable, self._in_place_of)
        if around is runnable:
            # Working code keeps working, but not in silence.
            logger.warning(
                "%s hides itself in a %s: these calls are sent uncompressed",
                type(self.llm).__name__,
                type(runnable).__name__,
            )
        return around

    def _in_place_of(self, model: BaseChatModel) -> BaseChatModel:
        if model is self.llm:
            return self
        if isinstance(model, HeadroomChatModel):
            return model
        mine, theirs = _base_fields(self.llm), _base_fields(model)
        changed = {k: v for k, v in theirs.items() if v is not mine[k]}
        return self.model_copy(update={"llm": model, **changed})


def _check_chat_model(llm: object) -> None:
    if isinstance(llm, BaseChatModel):
        return
    names = [cls.__name__ for cls in type(llm).__mro__]
    hint = next((_HINTS[name] for name in names if name in _HINTS), "")
    raise TypeError(
        f"HeadroomChatModel wraps a LangChain chat model, got {type(llm).__name__}"
        + (f": {hint}" if hint else "")
    )


def _base_fields(llm: BaseChatModel) -> dict[str, Any]:
    return {name: getattr(llm, name) for name in BaseChatModel.model_fields}


def _with_run_manager(method: Callable[..., Any], run_manager: object) -> Callable[..., Any]:
    """Bind the run manager, for a model whose method takes one: LangChain lets it be left out."""
    if run_manager is None or "run_manager" not in signature(method).parameters:
        return method
    return partial(method, run_manager=run_manager)
