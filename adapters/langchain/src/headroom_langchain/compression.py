"""One conversation through the core, or, should anything go wrong, as it was."""

from __future__ import annotations

import logging

from langchain_core.messages import BaseMessage

from headroom import (
    CompressionConfig,
    Compressor,
    ContextLimitError,
    compressor_from,
    failure_without_text,
)
from headroom_langchain.messages import read_segments, write_back
from headroom_langchain.savings import Savings, nothing_saved, savings_of

logger = logging.getLogger(__name__)


def compressor_without_tool(
    compressor: Compressor | None, config: CompressionConfig | None
) -> Compressor:
    """Return what was given, or the core's own defaults: markers carry handles only.

    For places before a model, where nobody could answer its calls.

    Raises:
        ValueError: If both are given.
        TypeError: If ``compressor`` is none.
    """
    return compressor_from(compressor, config, default=CompressionConfig())


def compress_messages(
    messages: list[BaseMessage], compressor: Compressor, *, model: str | None = None
) -> tuple[list[BaseMessage], Savings]:
    """Return the messages to send, and what was saved.

    When compression fails, ``messages`` itself is what to send.

    Args:
        messages: The conversation. Never modified; the same list comes back when nothing changed.
        compressor: Decides everything.
        model: Names what the token counts stand for.

    Raises:
        ContextLimitError: If the configuration asks for that.
    """
    try:
        segments = read_segments(messages)
        result = compressor.rewrite(segments, model=model)
        return write_back(messages, segments, result.rewrites), savings_of(result)
    except ContextLimitError:
        raise
    except Exception as error:  # noqa: BLE001  # the user's request must go out
        logger.warning(
            "sending %d messages uncompressed: %s", len(messages), failure_without_text(error)
        )
        return messages, nothing_saved(error, compressor.counter.name)
