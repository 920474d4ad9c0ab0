"""One event loop for all tests: LiteLLM keeps HTTP clients and a logging task for each loop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class EventLoop:
    """Runs one coroutine after the other."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        # LiteLLM's synchronous calls ask for a loop, and would make one that nobody closes.
        asyncio.set_event_loop(self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self.run(_end())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        self._loop.close()


@contextmanager
def event_loop() -> Iterator[EventLoop]:
    """Give a loop, and end everything that LiteLLM left running on it."""
    loop = EventLoop()
    try:
        yield loop
    finally:
        loop.close()


async def _end() -> None:
    import litellm  # noqa: PLC0415  # after the environment that its import reads

    await litellm.close_litellm_async_clients()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
