"""One conversation through the core, or, should anything go wrong, as it was."""

from __future__ import annotations

import logging
from typing import Any

from headroom import Compressor, ContextLimitError, failure_without_text
from headroom_strands.messages import read_segments, write_back

logger = logging.getLogger(__name__)


def compress_messages(messages: list[Any], compressor: Compressor) -> list[Any]:
    """Return the messages to send; when compression fails, ``messages`` itself.

    Args:
        messages: The conversation. Never modified; the same list comes back when nothing changed.
        compressor: Decides everything.

    Raises:
        ContextLimitError: If the configuration asks for that.
    """
    try:
        segments = read_segments(messages)
        return write_back(messages, segments, compressor.rewrite(segments).rewrites)
    except ContextLimitError:
        raise
    except Exception as error:  # noqa: BLE001  # the user's request must go out
        what = failure_without_text(error)
        logger.warning("sending %d messages uncompressed: %s", len(messages), what)
        return messages
