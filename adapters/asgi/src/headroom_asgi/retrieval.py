"""The endpoint that gives originals back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

from headroom import Compressor, SelectorError, StoreError, UnknownHandleError, in_thread
from headroom_asgi.asgi import Scope, Send
from headroom_asgi.routes import inner_path

_SELECTORS = ("lines", "rows", "path", "pattern", "query", "max_tokens", "cursor")
_FIELDS = ("text", "unit", "selected", "total", "complete", "next_cursor")
_RUN_AGAIN = "run the tool that produced the text again if you need it"


class RetrievalEndpoint:
    """``GET {path}/{handle}?lines=10-20``: a part of an original, or all of it, as JSON.

    Args:
        path: Where it stands, within the app that the middleware wraps.
        compressor_for: Chooses whose originals a request may see.
    """

    def __init__(self, path: str, compressor_for: Callable[[Scope], Compressor | None]) -> None:
        if not path.startswith("/"):
            raise ValueError(f"retrieve_path must start with a slash, got {path!r}")
        self._prefix = path.rstrip("/") + "/"
        self._compressor_for = compressor_for

    def takes(self, scope: Scope) -> bool:
        """Say whether a request is for this endpoint."""
        return inner_path(scope).startswith(self._prefix)

    async def __call__(self, scope: Scope, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "GET":
            await _answer(send, 405, {"error": "only GET"}, (b"allow", b"GET"))
            return
        handle = unquote(inner_path(scope)[len(self._prefix) :])
        compressor = self._compressor_for(scope)
        status, said = 404, _unknown(handle)
        if compressor is not None:
            chosen = compressor
            query = scope.get("query_string", b"").decode("latin-1")
            status, said = await in_thread(lambda: _retrieved(chosen, handle, query))
        await _answer(send, status, said)


def _retrieved(compressor: Compressor, handle: str, query: str) -> tuple[int, dict[str, Any]]:
    try:
        part = compressor.retrieve(handle, **_selectors(query))
    except UnknownHandleError:
        return 404, _unknown(handle)
    except SelectorError as problem:
        return 400, {"error": str(problem)}
    except StoreError:
        return 503, {"error": f"the original under {handle} cannot be read; {_RUN_AGAIN}"}
    return 200, {name: getattr(part, name) for name in _FIELDS}


def _selectors(query: str) -> dict[str, Any]:
    given: dict[str, Any] = dict(parse_qsl(query))
    if unknown := sorted(given.keys() - set(_SELECTORS)):
        known = ", ".join(_SELECTORS)
        raise SelectorError(f"unknown selectors {', '.join(unknown)}; known: {known}")
    if "max_tokens" in given:
        try:
            given["max_tokens"] = int(given["max_tokens"])
        except ValueError:
            raise SelectorError("max_tokens must be a whole number") from None
    return given


def _unknown(handle: str) -> dict[str, Any]:
    return {"error": f"no original is kept under {handle}; {_RUN_AGAIN}"}


async def _answer(
    send: Send, status: int, said: dict[str, Any], *headers: tuple[bytes, bytes]
) -> None:
    body = json.dumps(said).encode()
    head = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
