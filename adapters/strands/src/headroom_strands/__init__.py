"""Headroom for Strands Agents: a hook, a plugin or a model, and the agent reads fewer tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headroom_strands.hook import HeadroomHook, HeadroomHookProvider
from headroom_strands.manager import HeadroomConversationManager
from headroom_strands.model import HeadroomStrandsModel
from headroom_strands.tool import retrieval_tool

if TYPE_CHECKING:
    from headroom_strands.plugin import HeadroomPlugin

__all__ = (
    "HeadroomConversationManager",
    "HeadroomHook",
    "HeadroomHookProvider",
    "HeadroomPlugin",
    "HeadroomStrandsModel",
    "retrieval_tool",
)


def __getattr__(name: str) -> Any:
    if name != "HeadroomPlugin":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from headroom_strands.plugin import HeadroomPlugin  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if missing.name not in ("strands.middleware", "strands.plugins"):
            raise
        raise ImportError(
            "HeadroomPlugin needs strands-agents 1.62 or newer; use HeadroomStrandsModel or "
            "HeadroomHook with this version"
        ) from missing
    return HeadroomPlugin
