"""SharedContext: agents hand content on, in few tokens, and nothing is lost."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore, SharedContext, SQLiteStore

ROWS = json.dumps([{"id": n, "state": "ok" if n != 77 else "lost"} for n in range(400)], indent=1)


def shared(store: Any, **settings: Any) -> SharedContext:
    return SharedContext(Compressor(CompressionConfig(**settings), store=store))


def test_a_reader_gets_few_tokens_and_the_whole_on_request() -> None:
    context = shared(MemoryStore())
    entry = context.put("orders", ROWS, agent="researcher", query="which order was lost?")
    assert entry.tokens_after < 0.2 * entry.tokens_before
    assert entry.savings == 1 - entry.tokens_after / entry.tokens_before
    assert "lost" in (context.get("orders") or "")
    assert context.get("orders", full=True) == ROWS
    assert context.entry("orders") == entry
    assert entry.agent == "researcher"


def test_an_unknown_key_has_nothing() -> None:
    context = shared(MemoryStore())
    assert context.get("nothing") is None
    assert context.get("nothing", full=True) is None


def test_new_content_takes_the_place_of_the_old() -> None:
    store = MemoryStore()
    one, other = shared(store), shared(store)
    for text in ("first", "second", "second", "first"):
        one.put("k", text)
        assert other.get("k") == one.get("k") == text
    assert other.get("other") is None


def test_another_process_finds_it_in_the_file(tmp_path: Path) -> None:
    with SQLiteStore(tmp_path / "shared.db") as store:
        shared(store).put("orders", ROWS)
    with SQLiteStore(tmp_path / "shared.db") as store:
        assert shared(store).get("orders", full=True) == ROWS


def test_namespaces_do_not_see_each_other() -> None:
    store = MemoryStore()
    shared(store, namespace="a").put("k", "mine")
    assert shared(store, namespace="b").get("k") is None


def test_markers_in_what_was_handed_on_can_be_fetched_by_the_reader() -> None:
    store = MemoryStore()
    entry = shared(store).put("orders", ROWS, query="which order was lost?")
    assert entry.handle in entry.text
    assert Compressor(store=store).retrieve(entry.handle, path="$[77].state").text == '"lost"'


def test_many_at_once_lose_nothing() -> None:
    context = shared(MemoryStore())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: context.put("k", f"text {n}"), range(24)))
    assert (context.get("k") or "").startswith("text ")
    assert context.get("k") == shared(context._compressor.store).get("k")


@pytest.mark.parametrize(("key", "content"), [(1, "x"), ("k", b"x"), ("k", None)])
def test_only_texts_are_shared(key: Any, content: Any) -> None:
    with pytest.raises(TypeError, match="strings"):
        shared(MemoryStore()).put(key, content)
