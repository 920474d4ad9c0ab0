"""Content-addressed handles: 16 hex digits, the same original always the same handle."""

from __future__ import annotations

import hashlib
import re

HANDLE_DIGITS = 16
HANDLE = re.compile(r"[0-9a-f]{16}")


def original_bytes(text: str) -> bytes:
    """Return the bytes that an original is stored and addressed as.

    Lone surrogates reach us from tools that print bytes which are not UTF-8, so they pass.
    """
    return text.encode("utf-8", "surrogatepass")


def handle_of(text: str, *, namespace: str = "") -> str:
    """Return the handle of an original within a namespace.

    >>> handle_of("hello")
    '8a2a5c9b768827de'
    """
    digest = hashlib.sha256()
    digest.update(original_bytes(namespace))
    digest.update(b"\0")
    digest.update(original_bytes(text))
    return digest.hexdigest()[:HANDLE_DIGITS]


def is_handle(value: object) -> bool:
    """Say whether ``value`` has the shape of a handle; whether it is known only a store can say."""
    return isinstance(value, str) and HANDLE.fullmatch(value) is not None
