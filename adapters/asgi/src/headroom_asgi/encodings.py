"""Undoing content encodings, never holding more than a limit: a small body may be a bomb."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import Any

try:
    import brotli  # type: ignore[import-untyped]  # it has no types
except ImportError:  # the extra `br`
    brotli = None

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    try:
        from backports import zstd
    except ImportError:  # the extra `zstd`
        zstd = None  # type: ignore[assignment]  # a module, or none

# No client stacks more; each one is a chance to multiply the work.
_MOST_ENCODINGS = 2

# RFC 9659: what a zstd body may ask of its reader's memory, as a power of two.
_ZSTD_WINDOW_LOG = 23

_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class EncodingError(Exception):
    """The body cannot be decoded here: leave it as it is."""


class TooLargeError(EncodingError):
    """The decoded body would be over the limit: leave it as it is."""


def decoded(body: bytes, encodings: str | None, *, limit: int) -> bytes:
    """Undo the content encodings of a body.

    Args:
        body: As it was sent.
        encodings: The header ``content-encoding``.
        limit: Most bytes of a decoded body, between two encodings as well.

    Returns:
        The decoded body; the same object where nothing is encoded.

    Raises:
        TooLargeError: If it would be larger than ``limit``.
        EncodingError: If an encoding is unknown, its library is not installed, or the body is cut
            off or broken.
    """
    names = [name.strip().lower() for name in (encodings or "").split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > _MOST_ENCODINGS:
        raise EncodingError(f"{len(names)} encodings")
    for name in reversed(names):
        decode = _DECODERS.get(name)
        if decode is None:
            raise EncodingError("unknown encoding")
        body = decode(body, limit)
    return body


def _gzip(body: bytes, limit: int) -> bytes:
    return _members(body, limit, lambda: _Inflating(_GZIP), zlib.error)


def _deflate(body: bytes, limit: int) -> bytes:
    try:
        return _members(body, limit, lambda: _Inflating(_ZLIB), zlib.error)
    except TooLargeError:
        raise
    except EncodingError:
        # Half of the world took "deflate" at its word and leaves the zlib header out.
        return _members(body, limit, lambda: _Inflating(_RAW_DEFLATE), zlib.error)


def _brotli(body: bytes, limit: int) -> bytes:
    if brotli is None:
        raise EncodingError("brotli is not installed")
    stream = brotli.Decompressor()
    try:
        out = _bounded(stream.process(body, output_buffer_limit=limit + 1), limit)
        while not stream.is_finished():
            more = stream.process(b"", output_buffer_limit=limit + 1 - len(out))
            if not more:
                raise EncodingError("cut off")
            out = _bounded(out + more, limit)
    except TypeError:
        raise EncodingError("this brotli cannot limit its output") from None
    except brotli.error as error:
        raise EncodingError("not brotli") from error
    return out


def _zstd(body: bytes, limit: int) -> bytes:
    if zstd is None:
        raise EncodingError("zstd is not installed")
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
    return _members(body, limit, lambda: zstd.ZstdDecompressor(options=options), zstd.ZstdError)


class _Inflating:
    """zlib's decompressor in the shape that those of bz2, lzma and zstd have."""

    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._stream.decompress(data, max_length)


def _members(
    body: bytes, limit: int, open_stream: Callable[[], Any], broken: type[Exception]
) -> bytes:
    """Decode one member, or several in a row as gzip and zstd allow."""
    parts: list[bytes] = []
    size = 0
    while body:
        stream = open_stream()
        try:
            part = stream.decompress(body, max_length=limit + 1 - size)
        except broken as error:
            raise EncodingError("broken") from error
        size += len(part)
        if size > limit:
            raise TooLargeError
        if not stream.eof:
            raise EncodingError("cut off")
        parts.append(part)
        body = stream.unused_data
    return b"".join(parts)


def _bounded(out: bytes, limit: int) -> bytes:
    if len(out) > limit:
        raise TooLargeError
    return out


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
