"""The async front door: CPU work runs in a thread, so the event loop stays free."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Run ``work`` in a thread of the running event loop, context variables included.

    Args:
        work: Called once, without arguments.

    Raises:
        RuntimeError: If neither asyncio nor trio is running.
    """
    trio = _running_trio()
    if trio is not None:
        done: T = await trio.to_thread.run_sync(work)
        return done
    # Whoever awaits this has asyncio loaded; importing it with headroom would cost everyone
    # else a third of the import budget.
    import asyncio  # noqa: PLC0415

    return await asyncio.to_thread(work)


def _running_trio() -> Any:
    # Whoever runs under trio has imported it: nothing needs to be depended on.
    trio = sys.modules.get("trio")
    if trio is None:
        return None
    try:
        trio.lowlevel.current_task()
    except RuntimeError:
        return None
    return trio
