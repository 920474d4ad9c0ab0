"""LiteLLM's two functions for chats, compressing what they send."""

from __future__ import annotations

import functools
from typing import Any

import litellm

from headroom import CompressionConfig, Compressor, compressor_from
from headroom_litellm.chats import Chats


def completion(
    *args: Any,
    compressor: Compressor | None = None,
    config: CompressionConfig | None = None,
    **kwargs: Any,
) -> Any:
    """Do what ``litellm.completion`` does, with a shortened conversation.

    Args:
        args: What ``litellm.completion`` takes.
        compressor: Decides what is shortened.
        config: Instead of a compressor: how to compress.
        kwargs: What ``litellm.completion`` takes.

    Raises:
        ValueError: If both a compressor and a configuration are given.
        TypeError: If ``compressor`` is none.
    """
    return _chats(compressor, config).complete(litellm.completion, args, kwargs)


async def acompletion(
    *args: Any,
    compressor: Compressor | None = None,
    config: CompressionConfig | None = None,
    **kwargs: Any,
) -> Any:
    """Do what ``litellm.acompletion`` does, with a shortened conversation; see `completion`.

    The work is done in a thread.
    """
    return await _chats(compressor, config).acomplete(litellm.acompletion, args, kwargs)


def _chats(compressor: Compressor | None, config: CompressionConfig | None) -> Chats:
    if compressor is None and config is None:
        return _as_it_comes()
    return Chats(compressor_from(compressor, config))


@functools.cache
def _as_it_comes() -> Chats:
    return Chats(compressor_from(None, None))


functools.update_wrapper(completion, litellm.completion, assigned=())
functools.update_wrapper(acompletion, litellm.acompletion, assigned=())
