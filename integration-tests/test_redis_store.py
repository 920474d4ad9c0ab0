"""The Redis store against a real server, started here on loopback."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from headroom import (
    CompressionConfig,
    Compressor,
    HandleCollisionError,
    StoreError,
    UnknownHandleError,
)
from headroom.originals.handles import handle_of
from headroom.originals.redis import RedisStore

SERVER = shutil.which("redis-server") or shutil.which("valkey-server")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_until_up(client: redis.Redis) -> None:
    for _ in range(200):
        try:
            client.ping()
            return
        except redis.ConnectionError:
            time.sleep(0.02)
    raise TimeoutError("the server did not come up")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    if SERVER is None:
        # Continuous integration installs a server; a contributor may do without.
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("no redis-server or valkey-server here (Debian: redis-server)")
    number = free_port()
    folder: Path = tmp_path_factory.mktemp("redis")
    options = ["--port", str(number), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(
        [SERVER, *options, "--daemonize", "no"], stdout=subprocess.DEVNULL
    ) as server:
        try:
            with redis.Redis(port=number) as client:
                wait_until_up(client)
            yield number
        finally:
            server.terminate()


@pytest.fixture
def client(port: int) -> Iterator[redis.Redis]:
    with redis.Redis(port=port, socket_timeout=5) as made:
        made.flushall()
        made.config_set("maxmemory", 0)
        yield made


@pytest.mark.parametrize("original", ["", "hello", "naïve\r\n\0", "lone \ud800", "x" * 1_000_000])
def test_what_was_put_comes_back_unchanged(client: redis.Redis, original: str) -> None:
    store = RedisStore(client)
    store.put(handle_of(original), original)
    store.put(handle_of(original), original)
    assert store.get(handle_of(original)) == original


def test_an_unknown_handle_and_a_foreign_namespace_give_nothing(client: redis.Redis) -> None:
    store = RedisStore(client)
    store.put("0" * 16, "mine", namespace="a:b")
    assert store.get("0" * 16) is None
    assert store.get("0" * 16, namespace="a") is None
    assert store.get("0" * 16, namespace="a%3Ab") is None
    assert store.get("0" * 16, namespace="a:b") == "mine"


def test_another_original_under_the_same_handle_is_refused(client: redis.Redis) -> None:
    store = RedisStore(client)
    store.put("0" * 16, "first")
    with pytest.raises(HandleCollisionError):
        store.put("0" * 16, "second")
    assert store.get("0" * 16) == "first"


def test_nothing_expires_unless_asked_and_each_put_renews_the_time(client: redis.Redis) -> None:
    RedisStore(client).put("0" * 16, "kept")
    assert client.ttl("headroom::" + "0" * 16) == -1
    expiring = RedisStore(client, prefix="short", expire_after_seconds=100)
    expiring.put("0" * 16, "kept")
    client.expire("short::" + "0" * 16, 5)
    expiring.put("0" * 16, "kept")
    assert int(client.ttl("short::" + "0" * 16)) > 50


def test_a_damaged_value_is_an_error_not_a_wrong_original(client: redis.Redis) -> None:
    store = RedisStore(client)
    store.put("0" * 16, "original " * 100)
    client.setrange("headroom::" + "0" * 16, 40, b"\xff\xff\xff")
    with pytest.raises(StoreError, match="damaged"):
        store.get("0" * 16)


def rows(count: int = 400) -> str:
    return "\n".join(
        f"src/module_{n % 9}.py:{n}: value_{n} = compute({n * 7919 % 1009})" for n in range(count)
    )


def test_a_full_server_means_the_text_stays_and_the_decision_says_so(client: redis.Redis) -> None:
    client.config_set("maxmemory-policy", "noeviction")
    client.config_set("maxmemory", 1)
    compressor = Compressor(store=RedisStore(client))
    result = compressor.compress_text(rows(), query="value_77")
    assert result.text == rows()
    assert result.decisions[0].reason == "left as it was: the store raised StoreError"


def test_a_server_that_is_gone_means_the_text_stays() -> None:
    gone = redis.Redis(port=free_port(), socket_timeout=1)
    compressor = Compressor(store=RedisStore(gone))
    assert compressor.compress_text(rows(), query="value_77").text == rows()
    with pytest.raises(StoreError):
        compressor.retrieve("0" * 16)


def test_another_process_gives_the_original_back(client: redis.Redis) -> None:
    config = CompressionConfig(namespace="team")
    result = Compressor(config, store=RedisStore(client)).compress_text(rows(), query="value_77")
    [handle] = result.handles
    other = Compressor(config, store=RedisStore(client))
    assert other.retrieve(handle).text == rows()
    with pytest.raises(UnknownHandleError):
        Compressor(store=RedisStore(client)).retrieve(handle)


def _write(port: int, worker: int, failed: Any) -> None:
    with redis.Redis(port=port) as own:
        store = RedisStore(own)
        for n in range(200):
            text = f"original {n % 150} " * 50
            store.put(handle_of(text), text)
            if store.get(handle_of(text)) != text:
                failed.put((worker, n))


def test_processes_share_a_server_under_load_without_a_lost_original(port: int) -> None:
    context = multiprocessing.get_context("spawn")
    failed = context.Queue()
    workers = [context.Process(target=_write, args=(port, n, failed)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [w.exitcode for w in workers] == [0, 0, 0]
    assert failed.empty()


def test_a_client_that_decodes_is_refused(port: int) -> None:
    with pytest.raises(ValueError, match="decode_responses"):
        RedisStore(redis.Redis(port=port, decode_responses=True))
    with pytest.raises(ValueError, match="positive"):
        RedisStore(redis.Redis(port=port), expire_after_seconds=0)
