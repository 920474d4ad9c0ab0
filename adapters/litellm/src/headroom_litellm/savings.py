"""What was saved, written where LiteLLM's spend logs read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headroom import CompressionResult
from headroom_litellm.entry_points import CHAT

SAVINGS_KEY = "compression_savings"

# What LiteLLM's router and proxy keep in a request's metadata: then the dict is theirs.
_THEIRS = ("model_group", "user_api_key")


def record(arguments: dict[str, Any], result: CompressionResult[Any], format: str) -> None:
    """Put the savings of a call into the LiteLLM metadata among its arguments.

    Router and proxy read the dict that they made again, so it is updated; a caller's own is
    replaced by a copy. Nothing saved is nothing to say.
    """
    if result.tokens_saved <= 0:
        return
    key = _key(arguments, format)
    metadata = arguments.get(key)
    savings = {
        "tokens_before": result.tokens_before,
        "tokens_after": result.tokens_after,
        "tokens_saved": result.tokens_saved,
        "source": "headroom",
    }
    if isinstance(metadata, dict) and any(name in metadata for name in _THEIRS):
        metadata[SAVINGS_KEY] = savings
        return
    before = metadata if isinstance(metadata, Mapping) else {}
    arguments[key] = {**before, SAVINGS_KEY: savings}


def _key(arguments: Mapping[str, Any], format: str) -> str:
    """Name the argument that is LiteLLM's: ``metadata`` is the provider's in other formats."""
    if format == CHAT and not isinstance(arguments.get("litellm_metadata"), dict):
        return "metadata"
    return "litellm_metadata"
