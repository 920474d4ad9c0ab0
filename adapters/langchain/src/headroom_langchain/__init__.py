"""Headroom for LangChain: wrap a chat model in one line, and it reads a fraction of the tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headroom_langchain.chat_model import HeadroomChatModel
from headroom_langchain.documents import HeadroomDocumentCompressor
from headroom_langchain.runnable import (
    HeadroomChatMessageHistory,
    HeadroomNode,
    HeadroomRunnable,
)
from headroom_langchain.tool import retrieval_tool

if TYPE_CHECKING:
    from headroom_langchain.middleware import HeadroomMiddleware

__all__ = (
    "HeadroomChatMessageHistory",
    "HeadroomChatModel",
    "HeadroomDocumentCompressor",
    "HeadroomMiddleware",
    "HeadroomNode",
    "HeadroomRunnable",
    "retrieval_tool",
)


def __getattr__(name: str) -> Any:
    # Agents are a package of their own; whoever wraps a model does not need it.
    if name != "HeadroomMiddleware":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from headroom_langchain.middleware import HeadroomMiddleware  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] != "langchain":
            raise
        raise ImportError(
            "HeadroomMiddleware is for langchain's create_agent: pip install "
            "'headroom-langchain[agents]'"
        ) from missing
    return HeadroomMiddleware
