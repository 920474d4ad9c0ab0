"""What ASGI 3 says, as types: servers and frameworks agree on these shapes and share no code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


def named(headers: Headers, names: frozenset[bytes]) -> dict[bytes, str]:
    """Return the headers of these names, repetitions joined as HTTP joins them.

    Args:
        headers: Of a request.
        names: In lower case.
    """
    found: dict[bytes, str] = {}
    for key, value in headers:
        name = key.lower()
        if name in names:
            text = value.decode("latin-1")
            found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def without(headers: Headers, names: frozenset[bytes]) -> list[tuple[bytes, bytes]]:
    """Return the headers whose name, in lower case, is none of these."""
    return [(key, value) for key, value in headers if key.lower() not in names]
