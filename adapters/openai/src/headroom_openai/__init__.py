"""Headroom for OpenAI's Python SDK: clients that send fewer tokens."""

from headroom_openai.client import with_headroom

__all__ = ("with_headroom",)
