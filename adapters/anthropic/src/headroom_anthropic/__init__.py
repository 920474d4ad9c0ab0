"""Headroom for Anthropic's Python SDK: clients that send fewer tokens."""

from headroom_anthropic.client import with_headroom

__all__ = ("with_headroom",)
