"""Clients of providers' Python SDKs that compress what they send: what adapters to SDKs share.

The SDKs of OpenAI, Anthropic and others come out of one generator and have one shape: a call begins
in ``client.request(cast_to, options)``, where ``options`` hold the path and the JSON, and each try
goes out through ``client._client.send(request)``, an httpx client. Here a call is compressed once,
where it begins; the retrievals of its answers are taken care of below the SDK, which then parses,
streams and retries what it always does. Nothing of an SDK is imported.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from headroom.adapting import BYPASS_HEADER, asks_for_bypass, compressor_from, headers_of
from headroom.background import in_thread
from headroom.codecs.routes import format_of_path
from headroom.compressor import Compressor
from headroom.config import CompressionConfig
from headroom.errors import ContextLimitError
from headroom.exchange.events import EventStream
from headroom.exchange.exchange import Exchange, Exchanges

ClientT = TypeVar("ClientT")
OnFailure = Callable[[Exception], object]

_EVENT_STREAM = "text/event-stream"
_RAW_HEADER = "x-stainless-raw-response"
_ABSENT = ("Omit", "NotGiven")
# Of the bytes that came; those that are handed on are others.
_OF_THE_BYTES = ("content-encoding", "content-length", "transfer-encoding")


def compressing_client(
    client: ClientT,
    *,
    compressor: Compressor | None,
    config: CompressionConfig | None,
    on_failure: OnFailure,
) -> ClientT:
    """Return a client like this one that compresses what it sends.

    It is of a subclass of the client's own class and shares its connections. The given client
    stays as it is. With ``retrieval="tool"``, models that are given tools are given the retrieval
    tool as well, and what they ask of it is answered before the caller gets the answer.

    Args:
        client: A client of an SDK of this shape, sync or async. One that compresses already is
            returned as it is, unless a compressor or a configuration is given.
        compressor: Decides what is shortened.
        config: Instead of a compressor: how to compress.
        on_failure: Told of errors in compression; the request is then sent as it was.

    Raises:
        TypeError: If ``client`` has not the shape of such an SDK's client.
        ValueError: If both a compressor and a configuration are given.
    """
    given: Any = client
    missing = [name for name in ("copy", "request", "_client") if not hasattr(given, name)]
    if missing:
        raise TypeError(f"{type(client).__name__} is no client of an SDK: no {', '.join(missing)}")
    if isinstance(given, _Compressing):
        if compressor is None and config is None:
            return client
        given = given._headroom_bare()
    settings = _Settings(Exchanges(compressor_from(compressor, config)), on_failure)
    adopted: ClientT = _adopted(given.copy(), settings)
    return adopted


@dataclass(frozen=True, slots=True, eq=False)
class _Settings:
    exchanges: Exchanges
    on_failure: OnFailure


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    """One call of the caller's; its options are the SDK's, ready for another try."""

    client: Any
    options: Any
    exchange: Exchange

    def options_for(self, body: Any) -> Any:
        options = copy.copy(self.options)
        options.json_data = body
        return options


_current: ContextVar[_Call | None] = ContextVar("headroom_sdk_call", default=None)


@contextmanager
def _carrying(call: _Call | None) -> Iterator[None]:
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)


# The SDK's clients.


class _Compressing:
    """What compressing clients are, sync and async.

    This is the last base of their classes: only then may an object change its class.
    """

    __slots__ = ()

    _headroom: _Settings
    _headroom_class: Any
    _client: Any

    def _headroom_bare(self) -> Any:
        """Return this client in its own class: some SDKs ask which class they are."""
        bare = object.__new__(self._headroom_class)
        bare.__dict__ = self.__dict__
        return bare

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """Return a client with other options that compresses like this one."""
        return _adopted(self._headroom_bare().copy(*args, **kwargs), self._headroom)

    def _headroom_body(self, options: Any) -> tuple[Mapping[str, Any], str] | None:
        """Return a call's request and its format, where it is one to compress."""
        format = format_of_path(str(options.url).partition("?")[0])
        body = options.json_data
        if format is None or options.method.lower() != "post" or not isinstance(body, Mapping):
            return None
        if asks_for_bypass(_header(options, BYPASS_HEADER)):
            return None
        return {key: value for key, value in body.items() if not _is_absent(value)}, format

    def _headroom_call(self, body: Mapping[str, Any], format: str, options: Any) -> _Call | None:
        # Bedrock's clients read streams of AWS's own: nothing in them can be held back here.
        decoder: Any = getattr(type(self), "_make_sse_decoder", None)
        reads_events = getattr(decoder, "__module__", "").endswith("._base_client")
        answers = reads_events or not body.get("stream")
        try:
            exchange = self._headroom.exchanges.open(body, format=format, answers=answers)
        except ContextLimitError:
            raise
        except Exception as error:  # noqa: BLE001  # the user's request must go out
            self._headroom.on_failure(error)
            return None
        return _Call(self, options, exchange)


class _SyncClient(_Compressing):
    __slots__ = ()

    def request(self, cast_to: Any, options: Any, *args: Any, **kwargs: Any) -> Any:
        """Send what the caller asks for, compressed."""
        found = self._headroom_body(options)
        options = _without_headers(options, BYPASS_HEADER)
        call = None if found is None else self._headroom_call(*found, options)
        if call is not None:
            options = call.options_for(call.exchange.body)
        with _carrying(call):
            return self._headroom_class.request(self, cast_to, options, *args, **kwargs)

    def _headroom_again(self, cast_to: Any, options: Any) -> Any:
        """Send a request as the SDK does, its retries and errors included; for a stream."""
        options = _without_headers(options, _RAW_HEADER)
        with _carrying(None):
            return self._headroom_class.request(self, cast_to, options, stream=True)

    def _headroom_request(self, options: Any) -> Any:
        client: Any = self
        options = client._prepare_options(options)
        request = client._build_request(options)
        client._prepare_request(request)
        return request


class _AsyncClient(_Compressing):
    __slots__ = ()

    async def request(self, cast_to: Any, options: Any, *args: Any, **kwargs: Any) -> Any:
        """Send what the caller asks for, compressed in a thread."""
        found = self._headroom_body(options)
        options = _without_headers(options, BYPASS_HEADER)
        call = None
        if found is not None:
            body, format = found
            call = await in_thread(lambda: self._headroom_call(body, format, options))
        if call is not None:
            options = call.options_for(call.exchange.body)
        with _carrying(call):
            return await self._headroom_class.request(self, cast_to, options, *args, **kwargs)

    async def _headroom_again(self, cast_to: Any, options: Any) -> Any:
        options = _without_headers(options, _RAW_HEADER)
        with _carrying(None):
            return await self._headroom_class.request(self, cast_to, options, stream=True)

    async def _headroom_request(self, options: Any) -> Any:
        client: Any = self
        options = await client._prepare_options(options)
        request = client._build_request(options)
        await client._prepare_request(request)
        return request


def _adopted(client: Any, settings: _Settings) -> Any:
    """Make a client that nobody else holds yet a compressing one."""
    mixin = _AsyncClient if hasattr(client._client, "aclose") else _SyncClient
    own_class: type = type(client)
    client.__class__ = _subclass(mixin, own_class)
    client._headroom = settings
    client._client = _sender(client._client)
    return client


@cache
def _subclass(mixin: Any, base: type) -> type:
    names = {
        "__slots__": (),
        "__module__": base.__module__,
        "__qualname__": base.__qualname__,
        "_headroom_class": base,
        "request": mixin.request,
        "copy": mixin.copy,
        "with_options": mixin.copy,
    }
    return type(base.__name__, (base, mixin), names)


def _is_absent(value: object) -> bool:
    """Say whether a value only stands for an argument that was not given; none is sent."""
    return type(value).__name__ in _ABSENT


def _header(options: Any, name: str) -> str | None:
    headers = options.headers if isinstance(options.headers, Mapping) else {}
    values = [v for k, v in headers.items() if k.lower() == name and isinstance(v, str)]
    return values[-1] if values else None


def _without_headers(options: Any, name: str) -> Any:
    if _header(options, name) is None:
        return options
    options = copy.copy(options)
    options.headers = {k: v for k, v in options.headers.items() if k.lower() != name}
    return options


# The HTTP clients below them.


class _Sender:
    """Sends through another client of the same class, with which it shares all it has."""

    __slots__ = ()

    _headroom_inner: Any

    def __del__(self) -> None:
        # The SDKs' own clients close their connections here. These are the inner client's.
        pass


class _SyncSender(_Sender):
    __slots__ = ()

    def send(self, request: Any, **kwargs: Any) -> Any:
        """Send a try of a call, and as many turns as its retrievals take."""
        response = self._headroom_inner.send(request, **kwargs)
        call = _current.get()
        if call is None or not response.is_success:
            return response
        response.headers.update(headers_of(call.exchange.result))
        if not call.exchange.answers:
            return response
        if _is_event_stream(response):
            return _streamed(response, _stream_class(_SyncStream, response)(call, response))
        attempt = call.exchange.attempt()
        while True:
            answer = _parsed(response.read())
            taken = attempt.take(answer)
            if taken is not None or answer is None:
                return response if taken is answer else _with_answer(response, taken)
            options = call.options_for(attempt.body)
            response = self._headroom_inner.send(call.client._headroom_request(options), **kwargs)
            if not response.is_success:
                return response
            response.headers.update(headers_of(call.exchange.result))


class _AsyncSender(_Sender):
    __slots__ = ()

    async def send(self, request: Any, **kwargs: Any) -> Any:
        """Send a try of a call, and as many turns as its retrievals take."""
        response = await self._headroom_inner.send(request, **kwargs)
        call = _current.get()
        if call is None or not response.is_success:
            return response
        response.headers.update(headers_of(call.exchange.result))
        if not call.exchange.answers:
            return response
        if _is_event_stream(response):
            return _streamed(response, _stream_class(_AsyncStream, response)(call, response))
        attempt = call.exchange.attempt()
        while True:
            answer = _parsed(await response.aread())
            taken = await in_thread(_taking(attempt.take, answer))
            if taken is not None or answer is None:
                return response if taken is answer else _with_answer(response, taken)
            next_try = await call.client._headroom_request(call.options_for(attempt.body))
            response = await self._headroom_inner.send(next_try, **kwargs)
            if not response.is_success:
                return response
            response.headers.update(headers_of(call.exchange.result))


def _taking(take: Callable[[Any], Any], answer: Any) -> Callable[[], Any]:
    return lambda: take(answer)


def _sender(inner: Any) -> Any:
    if isinstance(inner, _Sender):
        return inner
    mixin = _AsyncSender if hasattr(inner, "aclose") else _SyncSender
    own_class: type = type(inner)
    sender: Any = object.__new__(_sender_class(mixin, own_class))
    sender.__dict__ = inner.__dict__
    sender._headroom_inner = inner
    return sender


@cache
def _sender_class(mixin: type, base: type) -> type:
    # In a slot: all else is shared, and the inner client must not hold itself.
    return type(base.__name__, (mixin, base), {"__slots__": ("_headroom_inner",)})


# Answers.


class _Stream:
    """The bytes of a streamed answer; the turns that follow on retrievals are part of them."""

    def __init__(self, call: _Call, response: Any) -> None:
        self._call = call
        self._response = response
        self._attempt = call.exchange.attempt()
        self._events = EventStream(self._attempt.stream())

    def _next_turn(self) -> Any:
        options = self._call.options_for(self._attempt.body)
        return self._call.client._headroom_again(_http(self._response).Response, options)


class _SyncStream(_Stream):
    def __iter__(self) -> Iterator[bytes]:
        while True:
            for data in self._response.iter_bytes():
                if shown := self._events.feed(data):
                    yield shown
            last, is_over = self._events.end()
            if last:
                yield last
            if is_over:
                return
            self._response.close()
            self._response = self._next_turn()

    def close(self) -> None:
        self._response.close()


class _AsyncStream(_Stream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            async for data in self._response.aiter_bytes():
                if shown := self._events.feed(data):
                    yield shown
            last, is_over = await in_thread(self._events.end)
            if last:
                yield last
            if is_over:
                return
            await self._response.aclose()
            following: Awaitable[Any] = self._next_turn()
            self._response = await following

    async def aclose(self) -> None:
        await self._response.aclose()


def _http(response: Any) -> Any:
    """Return the httpx, of whatever name, that a response is of."""
    roots = (cls.__module__.partition(".")[0] for cls in type(response).__mro__)
    return next(sys.modules[root] for root in roots if root.startswith("httpx"))


def _stream_class(mixin: type, response: Any) -> type:
    http = _http(response)
    base = http.AsyncByteStream if mixin is _AsyncStream else http.SyncByteStream
    return _with_base(mixin, base)


@cache
def _with_base(mixin: type, base: type) -> type:
    return type(mixin.__name__, (mixin, base), {})


def _is_event_stream(response: Any) -> bool:
    kind: str = response.headers.get("content-type", "")
    return kind.lower().startswith(_EVENT_STREAM)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _with_answer(response: Any, answer: Any) -> Any:
    other = _like(response, content=json.dumps(answer).encode())
    other.elapsed = response.elapsed
    return other


def _streamed(response: Any, stream: Any) -> Any:
    return _like(response, stream=stream)


def _like(response: Any, **content: Any) -> Any:
    headers = response.headers.multi_items()
    return _http(response).Response(
        response.status_code,
        headers=[(name, value) for name, value in headers if name.lower() not in _OF_THE_BYTES],
        request=response.request,
        extensions=response.extensions,
        **content,
    )
