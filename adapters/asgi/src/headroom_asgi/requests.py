"""One request's body through the core, or, should anything stand in the way, as it was."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from headroom import (
    CompressionResult,
    Compressor,
    RetrievalTool,
    failure_without_text,
    headers_of,
)
from headroom_asgi.asgi import Headers
from headroom_asgi.encodings import decoded

logger = logging.getLogger(__name__)

SKIPPED_HEADER = "x-headroom-skipped"
NOTHING = "nothing-to-shorten"

# What an app that parses a body of this size on its event loop spends there as well.
_GLANCE_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request's body.

    Args:
        body: The new body; None: the request goes on as it came.
        skipped: Why there is no new body; None where there is one.
        result: The core's own account, without the body; None where nothing was counted.
    """

    body: bytes | None = None
    skipped: str | None = None
    result: CompressionResult[None] | None = None

    def headers(self) -> Headers:
        """Return what the response says about it: numbers and fixed words."""
        if self.body is None or self.result is None:
            return headers_of_skipped(self.skipped or "error")
        named = headers_of(self.result)
        return [(name.encode(), value.encode()) for name, value in named.items()]


@cache
def headers_of_skipped(reason: str) -> Headers:
    """Return what the response says about a request that was left as it came."""
    return ((SKIPPED_HEADER.encode(), reason.encode()),)


# By far the most frequent outcome.
LEFT_ALONE = Outcome(skipped=NOTHING)


@dataclass(slots=True)
class Request:
    """A request's whole body and what its headers and path say about it.

    Args:
        body: As it was sent.
        encodings: The header ``content-encoding``; None without it.
        format: The wire format that its path takes.
        limit: Most bytes of the decoded body.
    """

    body: bytes
    encodings: str | None
    format: str
    limit: int

    @property
    def fits_a_glance(self) -> bool:
        """True where looking at the body takes less than handing it to a thread and back."""
        return self.encodings is None and len(self.body) <= _GLANCE_BYTES

    def compressed(self, given: Compressor, without_tool: Compressor) -> Outcome:
        """Return what becomes of the body.

        Args:
            given: The compressor in play.
            without_tool: The one in its place where the model lacks the retrieval tool.

        Raises:
            EncodingError: If the body cannot be decoded.
            ContextLimitError: If the compressor's configuration asks for that.
        """
        body = decoded(self.body, self.encodings, limit=self.limit)
        has_tool = given is without_tool or _offers_retrieval(body)
        compressor = given if has_tool else without_tool
        is_looked_at = self.fits_a_glance and compressor is given
        if not is_looked_at and compressor.leaves_alone(body, format=self.format):
            return LEFT_ALONE
        result = compressor.compress_request(body, format=self.format)
        if result.format == "unknown":
            return Outcome(skipped="not-a-request")
        account = replace(result, output=None)
        if result.output is body:
            return Outcome(None, "bypass" if given.is_bypassed else NOTHING, account)
        return Outcome(result.output, None, account)


def failed(error: Exception) -> Outcome:
    """Log what failed and where, without a word of the request."""
    logger.warning("a request goes on uncompressed: %s", failure_without_text(error))
    return Outcome(skipped="error")


def _offers_retrieval(body: bytes) -> bool:
    """Say whether a request's tools, in whichever format, fetch originals."""
    # Most requests are spared being parsed once more.
    if RetrievalTool.name.encode() not in body:
        return False
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return any(str(name).endswith(RetrievalTool.name) for name in _tool_names(request))


def _tool_names(request: Any) -> Iterator[Any]:
    if not isinstance(request, dict):
        return
    converse = request.get("toolConfig")
    tools = converse.get("tools") if isinstance(converse, dict) else request.get("tools")
    for tool in tools if isinstance(tools, list) else ():
        if not isinstance(tool, dict):
            continue
        several = tool.get("functionDeclarations") or tool.get("function_declarations")
        for one in several if isinstance(several, list) else [tool]:
            inner = one.get("function") or one.get("toolSpec") or one
            yield inner.get("name") if isinstance(inner, dict) else None
