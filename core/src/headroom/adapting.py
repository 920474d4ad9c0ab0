"""What every adapter to a framework does alike: which compressor to use, what to say and log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from traceback import extract_tb
from typing import Any

from headroom.compressor import Compressor
from headroom.config import CompressionConfig
from headroom.results import CompressionResult

# A request with this header is left as it is. The name is the one that users of such tools know.
BYPASS_HEADER = "x-headroom-bypass"

# What adapters change about the core's defaults: the model of an agent can fetch what was left
# out, and a conversation that is too long is the provider's to refuse.
ADAPTER_CONFIG = CompressionConfig(retrieval="tool", on_overflow="pass")


def compressor_from(
    compressor: Compressor | None,
    config: CompressionConfig | None,
    *,
    default: CompressionConfig = ADAPTER_CONFIG,
) -> Compressor:
    """Return the compressor that an adapter was given, or one with the configuration it was given.

    Args:
        compressor: As given by the adapter's user.
        config: As given by the adapter's user.
        default: How to compress where neither was given.

    Raises:
        ValueError: If both are given.
        TypeError: If ``compressor`` is none.
    """
    if compressor is None:
        return Compressor(default if config is None else config)
    if config is not None:
        raise ValueError("give a compressor or a config, not both: a compressor has its own config")
    if not isinstance(compressor, Compressor):
        raise TypeError(f"compressor must be a Compressor, got {type(compressor).__name__}")
    return compressor


def without_tool(compressor: Compressor) -> Compressor:
    """Return the compressor for calls whose model lacks the retrieval tool.

    No marker may speak of a tool that is not there. The same object where none would.
    """
    config = compressor.config
    if config.retrieval != "tool":
        return compressor
    return compressor.with_config(replace(config, retrieval="handle"))


def failure_without_text(error: Exception) -> str:
    """Say what failed and where; an error's own words may quote the conversation, and are left out.

    >>> failure_without_text(ValueError("a secret"))
    'ValueError'
    """
    frames = extract_tb(error.__traceback__)
    where = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def asks_for_bypass(value: str | None) -> bool:
    """Say whether a request's bypass header, if it has one, asks to leave the request as it is.

    >>> asks_for_bypass("True"), asks_for_bypass("0"), asks_for_bypass(None)
    (True, False, False)
    """
    return value is not None and value.strip().lower() in ("true", "1", "yes", "on")


def headers_of(result: CompressionResult[Any]) -> dict[str, str]:
    """Return what HTTP headers say about a compressed request: numbers in tokens, no text."""
    return {
        "x-headroom-tokens-before": str(result.tokens_before),
        "x-headroom-tokens-after": str(result.tokens_after),
        "x-headroom-tokens-saved": str(result.tokens_saved),
    }
