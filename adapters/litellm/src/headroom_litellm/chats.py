"""A chat through LiteLLM's own function, whichever way it was called."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from headroom import CompressionResult, Compressor
from headroom_litellm.compression import CallCompression, begin, changed, forgotten_afterwards
from headroom_litellm.entry_points import CHAT
from headroom_litellm.savings import record


class Chats:
    """Sends chats, compressed.

    Args:
        compressor: Decides everything.
    """

    def __init__(self, compressor: Compressor) -> None:
        self._calls = CallCompression(compressor)

    def complete(
        self, send: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Send a chat with ``send``, a function that takes what ``litellm.completion`` takes."""
        arguments = _by_name(send, args, kwargs)
        with forgotten_afterwards():
            if begin(arguments, CHAT):
                arguments = _with(arguments, self._calls.compress(arguments, CHAT))
            return send(**arguments)

    async def acomplete(
        self, send: Callable[..., Awaitable[Any]], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Do what `complete` does; compression is done in a thread."""
        arguments = _by_name(send, args, kwargs)
        with forgotten_afterwards():
            if begin(arguments, CHAT):
                result = await asyncio.to_thread(self._calls.compress, arguments, CHAT)
                arguments = _with(arguments, result)
            return await send(**arguments)


def _with(arguments: dict[str, Any], result: CompressionResult[Any] | None) -> dict[str, Any]:
    if result is None:
        return arguments
    new = changed(arguments, result, CHAT)
    record(new, result, CHAT)
    return new


def _by_name(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Name positional arguments, as a caller could have done.

    Raises:
        TypeError: If the function does not take them.
    """
    bound = inspect.signature(function).bind_partial(*args)
    return {**bound.arguments, **kwargs}
