"""Headroom as a step of a chain, as a node of a graph, and over a stored history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.chat_history import BaseChatMessageHistory
from langchain_core.messages import BaseMessage
from langchain_core.prompt_values import PromptValue
from langchain_core.runnables import RunnableConfig, RunnableSerializable
from langchain_core.runnables.config import run_in_executor
from pydantic import ConfigDict, Field

from headroom import CompressionConfig, Compressor
from headroom_langchain.compression import compress_messages, compressor_without_tool


class HeadroomRunnable(RunnableSerializable[Any, list[BaseMessage]]):
    """Shorten a conversation inside a chain: ``prompt | HeadroomRunnable() | model``.

    Takes what a prompt gives or a list of messages, and returns a list of messages. For models that
    are picked at run time, and wherever wrapping the model is not possible.

    Args:
        compressor: Decides what is shortened.
        config: Instead of a compressor: how to compress.

    Raises:
        ValueError: If both a compressor and a configuration are given.
    """

    compressor: Compressor = Field(exclude=True, repr=False)

    model_config = ConfigDict(arbitrary_types_allowed=True)

    def __init__(
        self, *, compressor: Compressor | None = None, config: CompressionConfig | None = None
    ) -> None:
        fields: dict[str, Any] = {"compressor": compressor_without_tool(compressor, config)}
        super().__init__(**fields)

    def invoke(
        self, input: Any, config: RunnableConfig | None = None, **kwargs: Any
    ) -> list[BaseMessage]:
        """Return the messages, shortened where that pays."""
        return self._call_with_config(self._shortened, input, config)

    async def ainvoke(
        self, input: Any, config: RunnableConfig | None = None, **kwargs: Any
    ) -> list[BaseMessage]:
        """Do what `invoke` does, in a thread."""
        return await run_in_executor(config, self.invoke, input, config)

    def _shortened(self, given: Any) -> list[BaseMessage]:
        messages = given.to_messages() if isinstance(given, PromptValue) else given
        if not isinstance(messages, (list, tuple)):
            kind = type(given).__name__
            raise TypeError(f"HeadroomRunnable takes a prompt's value or messages, got {kind}")
        return compress_messages(list(messages), self.compressor)[0]


class HeadroomNode:
    """Shorten the messages of a graph's state for the next call of a model, and only for that.

    A node or ``pre_model_hook``: takes the state, returns ``{"llm_input_messages": ...}``. The
    state's own messages stay.

    Args:
        compressor: Decides what is shortened.
        config: Instead of a compressor: how to compress.
        key: Where in the state the messages are.

    Raises:
        ValueError: If both a compressor and a configuration are given.
    """

    def __init__(
        self,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
        key: str = "messages",
    ) -> None:
        self.compressor = compressor_without_tool(compressor, config)
        self._key = key

    def __call__(self, state: Mapping[str, Any]) -> dict[str, list[BaseMessage]]:
        """Return the messages to send, under the key that LangGraph reads them from."""
        sent, _ = compress_messages(list(state[self._key]), self.compressor)
        return {"llm_input_messages": sent}


class HeadroomChatMessageHistory(BaseChatMessageHistory):
    """A stored history that is read shortened; what is stored stays whole.

    Args:
        history: Where the messages are kept.
        compressor: Decides what is shortened.
        config: Instead of a compressor: how to compress.

    Raises:
        ValueError: If both a compressor and a configuration are given.
    """

    def __init__(
        self,
        history: BaseChatMessageHistory,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
    ) -> None:
        self.history = history
        self.compressor = compressor_without_tool(compressor, config)

    @property
    def messages(self) -> list[BaseMessage]:  # type: ignore[override]  # a field there, read-only here
        """The messages, shortened where that pays."""
        return compress_messages(list(self.history.messages), self.compressor)[0]

    async def aget_messages(self) -> list[BaseMessage]:
        """Return the messages, shortened where that pays; the work is done in a thread."""
        kept = await self.history.aget_messages()
        return (await run_in_executor(None, compress_messages, list(kept), self.compressor))[0]

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Store messages as they are."""
        self.history.add_messages(messages)

    async def aadd_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Store messages as they are."""
        await self.history.aadd_messages(messages)

    def clear(self) -> None:
        """Remove all messages."""
        self.history.clear()

    async def aclear(self) -> None:
        """Remove all messages."""
        await self.history.aclear()
