"""A chat through LiteLLM's own function, the model's retrievals answered on the way."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from headroom import Compressor, Exchange
from headroom_litellm.compression import CONVERSATION, Calls, is_due, marked, with_body
from headroom_litellm.entry_points import CHAT
from headroom_litellm.savings import record
from headroom_litellm.turns import AsyncStream, Stream, Turns


class Chats:
    """Sends chats, compressed.

    Args:
        compressor: Decides everything.
    """

    def __init__(self, compressor: Compressor) -> None:
        self._calls = Calls(compressor)

    def complete(
        self, send: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Send a chat with ``send``, a function that takes what ``litellm.completion`` takes."""
        arguments = _by_name(send, args, kwargs)
        exchange = self._opened(arguments)
        if exchange is None:
            return send(**arguments)
        turns = Turns(_sent_with(arguments, exchange), exchange.attempt())

        def turn() -> Any:
            sent = turns.arguments
            with marked(sent, sent[CONVERSATION[CHAT]]):
                return send(**sent)

        answer = turn()
        if not exchange.answers:
            return answer
        if turns.is_streamed:
            return Stream(answer, turns, turn)
        while (final := turns.take(answer)) is None:
            answer = turn()
        return final

    async def acomplete(
        self, send: Callable[..., Awaitable[Any]], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Do what `complete` does; compression and retrieval are done in a thread."""
        arguments = _by_name(send, args, kwargs)
        exchange = await asyncio.to_thread(self._opened, arguments)
        if exchange is None:
            return await send(**arguments)
        turns = Turns(_sent_with(arguments, exchange), exchange.attempt())

        async def turn() -> Any:
            sent = turns.arguments
            with marked(sent, sent[CONVERSATION[CHAT]]):
                return await send(**sent)

        answer = await turn()
        if not exchange.answers:
            return answer
        if turns.is_streamed:
            return AsyncStream(answer, turns, turn)
        while (final := await asyncio.to_thread(turns.take, answer)) is None:
            answer = await turn()
        return final

    def _opened(self, arguments: dict[str, Any]) -> Exchange | None:
        return self._calls.open(arguments, CHAT, answers=True) if is_due(arguments, CHAT) else None


def _sent_with(arguments: dict[str, Any], exchange: Exchange) -> dict[str, Any]:
    sent = with_body(arguments, exchange.body)
    record(sent, exchange.result, CHAT)
    return sent


def _by_name(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Name positional arguments, as a caller could have done.

    Raises:
        TypeError: If the function does not take them.
    """
    bound = inspect.signature(function).bind_partial(*args)
    return {**bound.arguments, **kwargs}
