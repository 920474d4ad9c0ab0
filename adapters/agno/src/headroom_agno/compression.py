"""One conversation through the core, or, should anything go wrong, as it was."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from agno.models.message import Message

from headroom import (
    Compressor,
    ContextLimitError,
    RetrievalTool,
    Rewrite,
    failure_without_text,
)
from headroom_agno.messages import read_segments, write_back

logger = logging.getLogger(__name__)


def offers_retrieval(tools: object) -> bool:
    """Say whether the tools of a call, as Agno or as a provider holds them, fetch originals."""
    return isinstance(tools, (list, tuple)) and any(
        _name(tool) == RetrievalTool.name for tool in tools
    )


def _name(tool: Any) -> Any:
    if not isinstance(tool, dict):
        return getattr(tool, "name", None)
    function = tool.get("function")
    return function.get("name") if isinstance(function, dict) else tool.get("name")


def compress_messages(
    messages: list[Message],
    compressor: Compressor,
    *,
    model: str | None = None,
    compressed: bool = False,
) -> list[Message]:
    """Return the messages to send; when compression fails, ``messages`` itself.

    Args:
        messages: The conversation. Never modified; the same list comes back when nothing changed.
        compressor: Decides everything.
        model: Names what the token counts stand for.
        compressed: Whether the model is sent ``compressed_content`` where there is some.

    Raises:
        ContextLimitError: If the configuration asks for that.
    """
    try:
        segments = read_segments(messages, compressed=compressed)
        result = compressor.rewrite(segments, model=model)
        return write_back(messages, segments, result.rewrites, compressed=compressed)
    except ContextLimitError:
        raise
    except Exception as error:  # noqa: BLE001  # the user's request must go out
        warn(error, len(messages))
        return messages


def rewrites_of(messages: Sequence[Message], compressor: Compressor) -> list[tuple[int, Rewrite]]:
    """Return the new texts of messages that are one text, by the message's place."""
    segments = read_segments(messages)
    result = compressor.rewrite(segments)
    return [
        (segment.location[0], rewrite)
        for segment, rewrite in zip(segments, result.rewrites, strict=True)
        if rewrite is not None and isinstance(segment.location, tuple) and not segment.location[1]
    ]


def warn(error: Exception, messages: int) -> None:
    """Log what failed and where."""
    what = failure_without_text(error)
    logger.warning("sending %d messages uncompressed: %s", messages, what)
