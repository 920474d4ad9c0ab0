"""Encoded bodies: whole ones, stacked ones, broken ones, and bombs."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from typing import Any

import pytest
from apps import ENCODERS, Recording, chat_request, send

from headroom_asgi import CompressionMiddleware, encodings
from headroom_asgi.encodings import EncodingError, TooLargeError, decoded

TEXT = b'{"messages": []}' * 1_000
LIMIT = 1_000_000


@pytest.mark.parametrize("name", ENCODERS)
def test_each_encoding_is_undone(name: str) -> None:
    assert decoded(ENCODERS[name](TEXT), name.upper(), limit=len(TEXT)) == TEXT


@pytest.mark.parametrize("plain", [None, "", "identity", "identity, identity"])
def test_a_plain_body_is_the_same_object(plain: str | None) -> None:
    assert decoded(TEXT, plain, limit=1) is TEXT


def test_stacked_encodings_are_undone_from_the_last() -> None:
    body = ENCODERS["zstd"](gzip.compress(TEXT))
    assert decoded(body, "gzip, zstd", limit=LIMIT) == TEXT


def test_a_deflated_body_without_zlibs_header_is_undone() -> None:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    raw = stream.compress(TEXT) + stream.flush()
    assert decoded(raw, "deflate", limit=LIMIT) == TEXT


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_several_members_in_a_row_are_one_body(name: str) -> None:
    encode = ENCODERS[name]
    assert decoded(encode(TEXT) + encode(b"more"), name, limit=LIMIT) == TEXT + b"more"


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("cut", [1, 9])
def test_a_body_that_is_cut_off_is_not_decoded(name: str, cut: int) -> None:
    with pytest.raises(EncodingError):
        decoded(ENCODERS[name](TEXT)[:-cut], name, limit=LIMIT)


@pytest.mark.parametrize("name", [*ENCODERS, "compress", "gzip;q=1"])
def test_what_is_no_such_encoding_is_not_decoded(name: str) -> None:
    with pytest.raises(EncodingError):
        decoded(b"\x00\x01\x02 no such encoding", name, limit=LIMIT)


@pytest.mark.parametrize("name", ["br", "zstd"])
def test_an_encoding_whose_library_is_missing_is_not_decoded(name: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(encodings, "brotli" if name == "br" else "zstd", None)
    with pytest.raises(EncodingError, match="not installed"):
        decoded(ENCODERS[name](TEXT), name, limit=LIMIT)


def test_three_encodings_are_more_than_anybody_means() -> None:
    with pytest.raises(EncodingError):
        decoded(TEXT, "gzip, gzip, gzip", limit=LIMIT)


@pytest.mark.parametrize("name", ENCODERS)
def test_one_byte_over_the_limit_is_too_much(name: str) -> None:
    body = ENCODERS[name](TEXT)
    assert decoded(body, name, limit=len(TEXT)) == TEXT
    with pytest.raises(TooLargeError):
        decoded(body, name, limit=len(TEXT) - 1)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_bomb_is_left_after_the_limit_and_never_held(name: str) -> None:
    bomb = ENCODERS[name](bytes(64 * LIMIT))
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            decoded(bomb, name, limit=LIMIT)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 4 * LIMIT


def test_a_bomb_within_a_bomb_is_left_after_the_outer_one() -> None:
    inner = gzip.compress(bytes(64 * LIMIT))
    with pytest.raises(TooLargeError):
        decoded(ENCODERS["br"](inner), "gzip, br", limit=LIMIT)
    outer = ENCODERS["zstd"](inner * 100)
    with pytest.raises(TooLargeError):
        decoded(outer, "gzip, zstd", limit=LIMIT)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_bomb_reaches_the_app_as_it_came(name: str) -> None:
    app, bomb = Recording(), ENCODERS[name](bytes(8 * LIMIT))
    middleware = CompressionMiddleware(app, max_body=LIMIT)
    response = send(middleware, bomb, {"content-encoding": name})
    assert app.body == bomb
    assert response.headers["x-headroom-skipped"] == "too-large"


def test_a_body_that_is_small_only_as_sent_is_over_the_limit() -> None:
    body = chat_request()
    app = Recording()
    middleware = CompressionMiddleware(app, max_body=len(body) - 1)
    send(middleware, gzip.compress(body), {"content-encoding": "gzip"})
    assert app.body == gzip.compress(body)
