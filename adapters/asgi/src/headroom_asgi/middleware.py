"""The middleware: what it does with a request, from the first header to the response's first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache, partial

from headroom import (
    BYPASS_HEADER,
    CompressionConfig,
    Compressor,
    ContextLimitError,
    asks_for_bypass,
    compressor_from,
    format_of_path,
    in_thread,
    without_tool,
)
from headroom_asgi.asgi import App, Headers, Message, Receive, Scope, Send, named, without
from headroom_asgi.bodies import read_ahead, replaying
from headroom_asgi.encodings import EncodingError, TooLargeError
from headroom_asgi.requests import (
    LEFT_ALONE,
    Outcome,
    Request,
    failed,
    headers_of_skipped,
)
from headroom_asgi.retrieval import RetrievalEndpoint
from headroom_asgi.routes import Routes, format_finder, is_json

# Larger than what any provider takes (OpenAI and Anthropic: 32 MB) by the overhead of JSON.
DEFAULT_MAX_BODY = 32 * 1024 * 1024

# The app runs no tool loop for the model, so no marker speaks of a tool; a conversation that is
# too long is the provider's to refuse.
_DEFAULT = CompressionConfig(retrieval="handle", on_overflow="pass")

# What no longer holds for a new body.
_OF_THE_BODY = frozenset({b"content-length", b"transfer-encoding", b"content-encoding"})
# What a client says about the bytes of its body, so that nobody changes them.
_DIGESTS = frozenset(
    {b"content-digest", b"repr-digest", b"digest", b"content-md5", b"x-amz-content-sha256"}
)
_BYPASS = BYPASS_HEADER.encode()
_READ = frozenset({b"content-type", b"content-length", b"content-encoding", _BYPASS}) | _DIGESTS

CompressorFor = Callable[[Scope], "Compressor | None"]


class CompressionMiddleware:
    """Shorten the conversations in an app's requests, before the app reads them.

    Requests that hold a conversation (see ``routes``) reach the app with their tool results
    shortened; all others, responses, web sockets and lifespans pass. Whatever is in the way
    (encodings, sizes, odd bodies, a bug) leaves a request as it came, byte for byte, and the
    response's header ``x-headroom-skipped`` says what it was; else three headers tell the tokens.

    Args:
        app: Any ASGI 3 app.
        compressor: Decides what is shortened; its store, counter and ledger are the only ones in
            play.
        config: Instead of a compressor: how to compress.
        compressor_for: Instead of both: chooses the compressor of a request by its scope, so that
            each tenant has a store or namespace of its own. None leaves the request as it is.
            Called on the event loop for each request: keep the compressors, making one is slow.
        routes: Names the wire format of the requests that a path takes, as ``format=`` of
            `headroom.compress` names it, and None for every other path. Or a mapping from paths,
            in which ``*`` stands for anything, to formats.
        max_body: Most bytes of a body, as sent and decoded; a larger one passes untouched, and
            never more than this of it is held.
        retrieve_path: Under which originals are given back, ``/headroom/retrieve`` say; None: they
            are not. Whoever reaches it can read what the requests held: protect it as you do those.

    Raises:
        ValueError: If more than one of ``compressor``, ``config`` and ``compressor_for`` is given,
            ``max_body`` is less than 1, or ``retrieve_path`` does not start with a slash.
        TypeError: If an argument has the wrong type.
        UnknownFormatError: If ``routes`` maps a path to no known format.
    """

    def __init__(  # noqa: PLR0913  # the public signature
        self,
        app: App,
        *,
        compressor: Compressor | None = None,
        config: CompressionConfig | None = None,
        compressor_for: CompressorFor | None = None,
        routes: Routes = format_of_path,
        max_body: int = DEFAULT_MAX_BODY,
        retrieve_path: str | None = None,
    ) -> None:
        if max_body < 1:
            raise ValueError(f"max_body must be 1 or more, got {max_body}")
        self.app = app
        self._compressor_for = _chooser(compressor, config, compressor_for)
        self._without_tool = lru_cache(maxsize=256)(without_tool)
        self._format_of = format_finder(routes)
        self._max_body = max_body
        self._endpoint = (
            None
            if retrieve_path is None
            else RetrievalEndpoint(retrieve_path, self._compressor_for)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            if self._endpoint is not None and self._endpoint.takes(scope):
                return await self._endpoint(scope, send)
            if scope["method"] == "POST" and (format := self._format_of(scope)) is not None:
                headers = named(scope["headers"], _READ)
                skipped = self._reason_to_skip(headers)
                if _BYPASS in headers:
                    # It was meant for us: an app that forwards its headers must not leak it.
                    scope["headers"] = without(scope["headers"], frozenset({_BYPASS}))
                if skipped is None:
                    encodings = headers.get(b"content-encoding")
                    receive, said = await self._shortened(scope, receive, format, encodings)
                else:
                    said = headers_of_skipped(skipped)
                send = _telling(send, said)
        return await self.app(scope, receive, send)

    def _reason_to_skip(self, headers: Mapping[bytes, str]) -> str | None:
        """Say why a request is left alone before its body is read."""
        if asks_for_bypass(headers.get(_BYPASS)):
            return "bypass"
        if not is_json(headers.get(b"content-type")):
            return "content-type"
        if not _DIGESTS.isdisjoint(headers):
            return "digest"
        length = headers.get(b"content-length", "")
        if length.isdecimal() and int(length) > self._max_body:
            return "too-large"
        return None

    async def _shortened(
        self, scope: Scope, receive: Receive, format: str, encodings: str | None
    ) -> tuple[Receive, Headers]:
        """Read the body; return what the app reads in its place, and what the response says.

        Nothing else holds the body when this is over: an app may take minutes to answer.
        """
        messages, body = await read_ahead(receive, self._max_body)
        if body is None:
            # Or the client has left, and nobody reads what the response says.
            return replaying(messages, receive), headers_of_skipped("too-large")
        try:
            given = self._compressor_for(scope)
            request = Request(body, encodings, format, self._max_body)
            if given is None:
                outcome = Outcome(skipped="no-compressor")
            elif request.fits_a_glance and given.leaves_alone(body, format=format):
                outcome = LEFT_ALONE
            else:
                bare = self._without_tool(given)
                outcome = await in_thread(partial(request.compressed, given, bare))
        except ContextLimitError:
            raise
        except TooLargeError:
            outcome = Outcome(skipped="too-large")
        except EncodingError:
            outcome = Outcome(skipped="encoding")
        except Exception as error:  # noqa: BLE001  # the user's request must go on
            outcome = failed(error)
        if outcome.result is not None:
            scope["headroom"] = outcome.result
        if outcome.body is not None:
            length = (b"content-length", b"%d" % len(outcome.body))
            scope["headers"] = [*without(scope["headers"], _OF_THE_BODY), length]
            messages = [{"type": "http.request", "body": outcome.body, "more_body": False}]
        return replaying(messages, receive), outcome.headers()


def _chooser(
    compressor: Compressor | None,
    config: CompressionConfig | None,
    compressor_for: CompressorFor | None,
) -> CompressorFor:
    if compressor_for is None:
        one = compressor_from(compressor, config, default=_DEFAULT)
        return lambda scope: one
    if compressor is not None or config is not None:
        raise ValueError("give compressor_for alone: it chooses the compressor of each request")
    if not callable(compressor_for):
        raise TypeError(f"compressor_for must be callable, got {type(compressor_for).__name__}")
    return compressor_for


def _telling(send: Send, headers: Headers) -> Send:
    """Return a ``send`` that adds headers to the response's own."""

    def tell(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        return send(message)

    return tell
