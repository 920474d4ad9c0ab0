"""The async front door: CPU work runs in a thread, so the event loop stays free."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Run ``work`` in asyncio's default executor, context variables included."""
    # Whoever awaits this has asyncio loaded; importing it with headroom would cost everyone
    # else a third of the import budget.
    import asyncio  # noqa: PLC0415

    return await asyncio.to_thread(work)
