"""Headroom in agents made by ``create_agent``: a middleware; needs the package ``langchain``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ToolCallRequest
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage, ToolMessage
from langchain_core.runnables.config import run_in_executor

from headroom import CompressionConfig, Compressor, MemoryStore, compressor_from, without_tool
from headroom_langchain.chat_model import HeadroomChatModel
from headroom_langchain.compression import compress_messages
from headroom_langchain.retrieval import RETRIEVAL_TOOL
from headroom_langchain.savings import METADATA_KEY, Savings
from headroom_langchain.tool import retrieval_tool


class HeadroomMiddleware(AgentMiddleware[Any, Any, Any]):
    """Let the model of an agent read fewer tokens; the agent's state keeps the originals.

    Before each call of the model its tool results are shortened, for this call only. The agent
    gets one more tool, ``headroom_retrieve``, with which the model fetches what was left out. What
    was saved stands in ``response_metadata["headroom"]`` of each answer. A failure in compression
    never fails a call: the conversation is sent as it is.

    Args:
        compressor: Decides what is shortened; its store, counter and ledger are the only ones in
            play.
        config: Instead of a compressor: how to compress. Originals then go to the store that this
            process shares.
        compress_state: Shorten each tool result once, when the tool returns, in the agent's state:
            checkpoints stay small, and the originals are in the store alone, which must be one
            that lasts.

    Raises:
        ValueError: If both a compressor and a configuration are given, or if ``compress_state``
            is wanted with a store in memory.
        TypeError: If ``compressor`` is none.
    """

    def __init__(
        self,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
        compress_state: bool = False,
    ) -> None:
        super().__init__()
        self.compressor = compressor_from(compressor, config)
        if compress_state and isinstance(self.compressor.store, MemoryStore):
            raise ValueError(
                "compress_state leaves originals in the store alone: give the compressor one that "
                "lasts, such as SQLiteStore"
            )
        self._compress_state = compress_state
        # Kept, because a compressor remembers what it has worked out.
        self._hintless = without_tool(self.compressor)
        self.tools = []
        if self.compressor.config.retrieval == "tool":
            self.tools = [retrieval_tool(self.compressor)]

    def wrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], ModelResponse[Any]],
    ) -> ModelResponse[Any]:
        """Send the model a shortened conversation."""
        shortened, savings = self._shortened(request)
        return _noted(handler(shortened), savings)

    async def awrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """Do what `wrap_model_call` does; the work is done in a thread."""
        shortened, savings = await run_in_executor(None, self._shortened, request)
        return _noted(await handler(shortened), savings)

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Any]
    ) -> Any:
        """Run the tool; with ``compress_state``, shorten what it returns."""
        return self._kept(request, handler(request))

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]]
    ) -> Any:
        """Do what `wrap_tool_call` does; the work is done in a thread."""
        result = await handler(request)
        return await run_in_executor(None, self._kept, request, result)

    def _shortened(self, request: ModelRequest[Any]) -> tuple[ModelRequest[Any], Savings]:
        head: list[BaseMessage] = [] if request.system_message is None else [request.system_message]
        given = [*head, *request.messages]
        sent, savings = compress_messages(given, self._compressor_for(request))
        changes: dict[str, Any] = {}
        if sent is not given:
            changes["messages"] = sent[len(head) :]
            if head and isinstance(sent[0], SystemMessage) and sent[0] is not head[0]:
                changes["system_message"] = sent[0]
        if isinstance(request.model, HeadroomChatModel):
            # Once is enough, and the agent runs the tool: the model inside is what is called.
            changes["model"] = request.model.llm
        return (request.override(**changes) if changes else request), savings

    def _compressor_for(self, request: ModelRequest[Any]) -> Compressor:
        names = (getattr(tool, "name", None) for tool in request.tools)
        # Another middleware may take the tool away for a call: then no marker may speak of it.
        return self.compressor if RETRIEVAL_TOOL in names else self._hintless

    def _kept(self, request: ToolCallRequest, result: Any) -> Any:
        if not self._compress_state or not isinstance(result, ToolMessage):
            return result
        state = request.state
        before = state.get("messages", ()) if isinstance(state, dict) else ()
        sent, _ = compress_messages([*before, result], self.compressor)
        return sent[-1]


def _noted(response: ModelResponse[Any], savings: Savings) -> ModelResponse[Any]:
    """Put the savings on the answer, as the wrapped model does."""
    noted = False
    result: list[BaseMessage] = []
    for message in response.result:
        if isinstance(message, AIMessage) and not noted:
            metadata = {**message.response_metadata, METADATA_KEY: savings}
            result.append(message.model_copy(update={"response_metadata": metadata}))
            noted = True
        else:
            result.append(message)
    return replace(response, result=result)
