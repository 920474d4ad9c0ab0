"""The savings on a native event stream (langchain-core 1.4 and newer): on its last event."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from headroom_langchain.savings import METADATA_KEY, Savings


def note_on_events(events: Iterator[Any], savings: Savings) -> Iterator[Any]:
    """Pass events on, with the savings in the metadata of the one that finishes the message."""
    for event in events:
        yield _noted(event, savings)


async def note_on_async_events(events: AsyncIterator[Any], savings: Savings) -> AsyncIterator[Any]:
    """Do what `note_on_events` does."""
    async for event in events:
        yield _noted(event, savings)


def _noted(event: Any, savings: Savings) -> Any:
    if event.get("event") != "message-finish":
        return event
    return {**event, "metadata": {**event.get("metadata", {}), METADATA_KEY: savings}}
