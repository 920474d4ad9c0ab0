"""A client of the SDK that compresses what it sends, and is the SDK's own in everything else."""

from __future__ import annotations

import logging
from typing import TypeVar

from openai import AsyncOpenAI, OpenAI

from headroom import (
    CompressionConfig,
    Compressor,
    compressing_client,
    failure_without_text,
)

logger = logging.getLogger(__name__)

ClientT = TypeVar("ClientT", bound=OpenAI | AsyncOpenAI)


def with_headroom(
    client: ClientT,
    *,
    compressor: Compressor | None = None,
    config: CompressionConfig | None = None,
) -> ClientT:
    """Return a client like this one whose requests hold fewer tokens.

    Chat completions and Responses are compressed on their way out, ``parse``, ``stream``, raw and
    streaming responses, runners and retries included; everything else is the client's own.

    Where a request has tools, the model is given one more, ``headroom_retrieve``, and what it asks
    of it is answered before you get the answer, in streams as well. A failure in compression never
    fails a call: the request is sent as it is.

    Args:
        client: Any client of the SDK, sync or async; it stays as it is, and shares its connections
            with the new one. A client that compresses already is returned as it is, unless another
            compressor or configuration is given.
        compressor: Decides what is shortened; its store, counter and ledger are the only ones in
            play.
        config: Instead of a compressor: how to compress. Originals then go to the store that this
            process shares.

    Raises:
        TypeError: If ``client`` is no client of the SDK.
        ValueError: If both a compressor and a configuration are given.
    """
    if not isinstance(client, (OpenAI, AsyncOpenAI)):
        kind = type(client).__name__
        raise TypeError(f"with_headroom takes a client of OpenAI's SDK, got {kind}")
    return compressing_client(client, compressor=compressor, config=config, on_failure=_warn)


def _warn(error: Exception) -> None:
    logger.warning("sending a request uncompressed: %s", failure_without_text(error))
