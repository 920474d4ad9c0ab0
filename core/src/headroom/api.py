"""The one-call API: `compress`, `acompress`, `expand`, `retrieve`."""

from __future__ import annotations

import threading
from typing import Any, TypeVar, overload

from headroom.compressor import Compressor
from headroom.config import CompressionConfig
from headroom.counting.protocol import Counter
from headroom.originals.retrieval import Retrieval
from headroom.originals.store import Store
from headroom.results import CompressionResult

Messages = TypeVar("Messages", list[Any], tuple[Any, ...])

_default_compressor: Compressor | None = None
_default_lock = threading.Lock()


def _compressor_for(
    config: CompressionConfig | None, store: Store | None, counter: Counter | None
) -> Compressor:
    global _default_compressor  # one memo for all calls with default settings
    if config is not None or store is not None or counter is not None:
        return Compressor(config, store=store, counter=counter)
    with _default_lock:
        if _default_compressor is None:
            _default_compressor = Compressor()
        return _default_compressor


def compress(  # noqa: PLR0913  # the public signature
    messages: Any,
    *,
    model: str | None = None,
    config: CompressionConfig | None = None,
    query: str | None = None,
    format: str | None = None,  # public name
    store: Store | None = None,
    counter: Counter | None = None,
) -> CompressionResult[Any]:
    """Compress the messages of a conversation in one call; see `Compressor.compress`.

    >>> result = compress([{"role": "user", "content": "hello"}], model="gpt-4o")
    >>> result.messages, result.tokens_saved
    ([{'role': 'user', 'content': 'hello'}], 0)
    """
    compressor = _compressor_for(config, store, counter)
    return compressor.compress(messages, model=model, query=query, format=format)


async def acompress(  # noqa: PLR0913  # the public signature
    messages: Any,
    *,
    model: str | None = None,
    config: CompressionConfig | None = None,
    query: str | None = None,
    format: str | None = None,  # public name
    store: Store | None = None,
    counter: Counter | None = None,
) -> CompressionResult[Any]:
    """Do what `compress` does, in a thread; the same bytes come out."""
    compressor = _compressor_for(config, store, counter)
    return await compressor.acompress(messages, model=model, query=query, format=format)


@overload
def expand(content: str) -> str: ...
@overload
def expand(content: Messages, *, format: str | None = None) -> Messages: ...
def expand(content: Any, *, format: str | None = None) -> Any:  # public name
    """Undo every lossless form: from a text alone, or from the messages of a conversation.

    Any other text comes back as it is; see `Compressor.expand`.

    >>> expand("nothing of ours")
    'nothing of ours'
    """
    return _compressor_for(None, None, None).expand(content, format=format)


def retrieve(handle: str, *, store: Store | None = None, **selectors: Any) -> Retrieval:
    """Give an original back, whole or in part; see `Compressor.retrieve` for the selectors.

    Originals under a ``namespace`` are given back by a `Compressor` with that configuration.
    """
    return _compressor_for(None, store, None).retrieve(handle, **selectors)
