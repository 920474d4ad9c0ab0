"""``litellm.completion`` itself, compressing until it is told to stop."""

from __future__ import annotations

import functools
from types import TracebackType
from typing import Any

import litellm

from headroom import CompressionConfig, Compressor, compressor_from
from headroom_litellm.chats import Chats


class Installation:
    """A patch in place: a context manager, and `uninstall`.

    Attributes:
        compressor: The compressor in play.
    """

    def __init__(self, compressor: Compressor) -> None:
        original, chats = litellm.completion, Chats(compressor)

        @functools.wraps(original)
        def completion(*args: Any, **kwargs: Any) -> Any:
            # LiteLLM's asynchronous calls come through here as well: they are the callback's.
            if not self._active or kwargs.get("acompletion"):
                return original(*args, **kwargs)
            return chats.complete(original, args, kwargs)

        self.compressor = compressor
        self._active = True
        self._original, self._patched = original, completion
        litellm.completion = completion
        _installed.append(self)

    def uninstall(self) -> None:
        """Put the original function back; does nothing the second time.

        Where somebody else has patched the function since, theirs stays, and ours behind it does
        nothing any more.
        """
        if not self._active:
            return
        self._active = False
        _installed.remove(self)
        if litellm.completion is self._patched:
            litellm.completion = self._original

    def __enter__(self) -> Installation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.uninstall()


_installed: list[Installation] = []


def install(
    *, compressor: Compressor | None = None, config: CompressionConfig | None = None
) -> Installation:
    """Let ``litellm.completion`` compress, for everybody in this process who calls it by this name.

    That is also the synchronous ``Router`` and ``batch_completion``; not code that did ``from
    litellm import completion`` before. Asynchronous calls are `HeadroomCallback`'s.

    Args:
        compressor: Decides what is shortened.
        config: Instead of a compressor: how to compress.

    Returns:
        What takes it back: a context manager, and its method ``uninstall``.

    Raises:
        RuntimeError: If it is installed already.
        ValueError: If both a compressor and a configuration are given.
        TypeError: If ``compressor`` is none.
    """
    chosen = compressor_from(compressor, config)
    if _installed:
        raise RuntimeError("headroom_litellm is installed already: uninstall that one first")
    return Installation(chosen)
