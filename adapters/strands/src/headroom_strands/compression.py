"""One conversation through the core, or, should anything go wrong, as it was."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import PurePath
from traceback import extract_tb
from typing import Any

from headroom import CompressionConfig, Compressor
from headroom_strands.messages import read_segments, write_back

logger = logging.getLogger(__name__)


def compressor_from(compressor: Compressor | None, config: CompressionConfig | None) -> Compressor:
    """Return the compressor to use; given neither, one whose model is offered retrieval.

    Raises:
        ValueError: If both are given.
        TypeError: If ``compressor`` is none.
    """
    if compressor is None:
        return Compressor(CompressionConfig(retrieval="tool") if config is None else config)
    if config is not None:
        raise ValueError("give a compressor or a config, not both: a compressor has its own config")
    if not isinstance(compressor, Compressor):
        raise TypeError(f"compressor must be a Compressor, got {type(compressor).__name__}")
    return compressor


def hintless(compressor: Compressor) -> Compressor:
    """Return the compressor for calls without the retrieval tool: no marker may speak of it."""
    config = compressor.config
    if config.retrieval != "tool":
        return compressor
    return compressor.with_config(replace(config, retrieval="handle"))


def compress_messages(messages: list[Any], compressor: Compressor) -> list[Any]:
    """Return the messages to send. Never raises: when compression fails, ``messages`` itself.

    Args:
        messages: The conversation. Never modified; the same list comes back when nothing changed.
        compressor: Decides everything.
    """
    try:
        segments = read_segments(messages)
        return write_back(messages, segments, compressor.rewrite(segments).rewrites)
    except Exception as error:  # noqa: BLE001  # the user's request must go out
        # An error's own words may quote the conversation: left out.
        frames = extract_tb(error.__traceback__)
        where = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        logger.warning(
            "sending %d messages uncompressed: %s%s", len(messages), type(error).__name__, where
        )
        return messages
