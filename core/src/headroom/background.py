"""The async front door: CPU work runs in a thread, so the event loop stays free."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Run ``work`` in a thread of asyncio's or trio's, context variables included."""
    # Who runs trio has it loaded; nobody else pays for it.
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        done: T = await trio.to_thread.run_sync(work)
        return done
    # Whoever awaits this has asyncio loaded; importing it with headroom would cost everyone
    # else a third of the import budget.
    import asyncio  # noqa: PLC0415

    return await asyncio.to_thread(work)
