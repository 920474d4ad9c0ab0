"""Headroom for ASGI: one middleware, and the models behind an app read fewer tokens."""

from headroom_asgi.middleware import DEFAULT_MAX_BODY, CompressionMiddleware

__all__ = ("DEFAULT_MAX_BODY", "CompressionMiddleware")
