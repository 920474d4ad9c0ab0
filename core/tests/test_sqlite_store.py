"""The SQLite store: durable, shared by processes and threads, private, and honest when broken."""

from __future__ import annotations

import copy
import json
import os
import pickle
import random
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.errors import HandleCollisionError, StoreError
from headroom.originals.handles import handle_of
from headroom.originals.sqlite import SQLiteStore

POSIX = os.name == "posix"


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def noise(seed: int, size: int) -> str:
    """Return text that does not compress below half of its size."""
    return random.Random(seed).randbytes(size // 2).hex()


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def keep(store: SQLiteStore, text: str, namespace: str = "") -> str:
    handle = handle_of(text, namespace=namespace)
    store.put(handle, text, namespace=namespace)
    return handle


@given(text=st.text(st.characters(exclude_categories=())), namespace=st.text(max_size=5))
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str, namespace: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-text.db"
    with SQLiteStore(path) as store:
        handle = keep(store, text, namespace)
    with SQLiteStore(path) as store:
        assert store.get(handle, namespace=namespace) == text


def test_lone_surrogates_and_nul_survive(tmp_path: Path) -> None:
    with SQLiteStore(tmp_path / "o.db") as store:
        text = "a\x00b \udcff \ud800 é 漢"
        assert store.get(keep(store, text)) == text


def test_an_unknown_handle_is_none(tmp_path: Path) -> None:
    with SQLiteStore(tmp_path / "o.db") as store:
        assert store.get(handle_of("never stored")) is None
        assert store.get("\udcff") is None


def test_a_foreign_namespace_does_not_know_the_handle(tmp_path: Path) -> None:
    with SQLiteStore(tmp_path / "o.db") as store:
        handle = keep(store, "secret", "a")
        assert store.get(handle, namespace="a") == "secret"
        assert store.get(handle, namespace="b") is None
        assert store.get(handle) is None


def test_another_text_under_a_known_handle_is_refused(tmp_path: Path) -> None:
    with SQLiteStore(tmp_path / "o.db") as store:
        handle = keep(store, "first")
        with pytest.raises(HandleCollisionError):
            store.put(handle, "second")
        assert store.get(handle) == "first"


def test_putting_again_keeps_one_copy(tmp_path: Path) -> None:
    with SQLiteStore(tmp_path / "o.db") as store:
        keep(store, noise(1, 4000))
        once = store.stored_bytes
        keep(store, noise(1, 4000))
        assert store.stored_bytes == once > 0


def test_without_a_limit_nothing_is_forgotten(tmp_path: Path) -> None:
    with SQLiteStore(tmp_path / "o.db") as store:
        handles = [keep(store, noise(i, 2000)) for i in range(300)]
        assert all(store.get(handle) == noise(i, 2000) for i, handle in enumerate(handles))


def test_over_the_limit_the_least_recently_put_goes_first(tmp_path: Path) -> None:
    clock = Clock()
    with SQLiteStore(tmp_path / "o.db", max_bytes=6000, clock=clock) as store:
        handles = []
        for i in range(3):
            clock.now += 1
            handles.append(keep(store, noise(i, 3000)))
        clock.now += 1
        keep(store, noise(0, 3000))  # used again: number 1 is the oldest
        clock.now += 1
        handles.append(keep(store, noise(3, 3000)))
        assert [store.get(handle) is not None for handle in handles] == [True, False, True, True]
        assert store.stored_bytes <= 6000


def test_the_newest_stays_when_the_clock_goes_back(tmp_path: Path) -> None:
    clock = Clock()
    with SQLiteStore(tmp_path / "o.db", max_bytes=2000, clock=clock) as store:
        keep(store, noise(1, 3000))
        clock.now -= 3600
        handle = keep(store, noise(2, 3000))
        assert store.get(handle) == noise(2, 3000)


def test_an_original_larger_than_the_limit_is_refused_and_pushes_nothing_out(
    tmp_path: Path,
) -> None:
    with SQLiteStore(tmp_path / "o.db", max_bytes=3000) as store:
        small = keep(store, "small")
        with pytest.raises(StoreError, match="over the limit"):
            keep(store, noise(1, 20_000))
        assert store.get(small) == "small"


def test_prune_deletes_by_age_and_by_size_and_gives_the_space_back(tmp_path: Path) -> None:
    clock = Clock()
    path = tmp_path / "o.db"
    with SQLiteStore(path, clock=clock) as store:
        old = [keep(store, noise(i, 50_000)) for i in range(20)]
        clock.now += 1000
        new = [keep(store, noise(100 + i, 50_000)) for i in range(4)]
        assert store.prune(unused_for_seconds=500) == 20
        assert [store.get(handle) for handle in old] == [None] * 20
        assert path.stat().st_size < 300_000
        assert store.prune(max_bytes=store.stored_bytes * 2 // 3) == 2
        assert [store.get(handle) is None for handle in new] == [True, True, False, False]
        assert store.prune(max_bytes=0) == 2
        assert store.stored_bytes == 0


def test_a_put_of_something_known_counts_as_use_for_pruning(tmp_path: Path) -> None:
    clock = Clock()
    with SQLiteStore(tmp_path / "o.db", clock=clock) as store:
        handle = keep(store, "in use")
        clock.now += 1000
        keep(store, "in use")
        assert store.prune(unused_for_seconds=500) == 0
        assert store.get(handle) == "in use"


def test_export_writes_each_original_once_as_json_lines(tmp_path: Path) -> None:
    texts = {("", "plain"), ("a", "tab\t\udcff"), ("b", "plain")}
    with SQLiteStore(tmp_path / "o.db") as store:
        for namespace, text in sorted(texts):
            keep(store, text, namespace)
        assert store.export(tmp_path / "all.jsonl") == 3
        with pytest.raises(FileExistsError):
            store.export(tmp_path / "all.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("ascii").splitlines()]
    assert {(row["namespace"], row["original"]) for row in rows} == texts
    assert all(
        row["handle"] == handle_of(row["original"], namespace=row["namespace"]) for row in rows
    )


@pytest.mark.skipif(not POSIX, reason="the system has no owner-only modes")
def test_files_are_the_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "a" / "b" / "o.db"
        with SQLiteStore(path) as store:
            keep(store, "x")
            store.export(tmp_path / "all.jsonl")
            files = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert files == {"o.db": 0o600, "o.db-wal": 0o600, "o.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "all.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["with space.db", "ques?tion#mark%41.db", "ünï.db"])
def test_odd_file_names_are_taken_literally(tmp_path: Path, name: str) -> None:
    if not POSIX and "?" in name:
        pytest.skip("the system does not allow this name")
    with SQLiteStore(tmp_path / name) as store:
        handle = keep(store, "x")
    assert (tmp_path / name).exists()
    with SQLiteStore(str(tmp_path / name)) as store:
        assert store.get(handle) == "x"


@pytest.mark.parametrize("path", ["", ":memory:"])
def test_a_path_that_is_no_file_is_a_value_error(path: str) -> None:
    with pytest.raises(ValueError, match="needs a file"):
        SQLiteStore(path)


def test_a_limit_of_zero_is_a_value_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="max_bytes"):
        SQLiteStore(tmp_path / "o.db", max_bytes=0)


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "o.db")
    handle = keep(store, "x")
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.get(handle)
    with pytest.raises(StoreError, match="closed"):
        store.put(handle, "x")


def test_copies_and_pickles_share_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with SQLiteStore("o.db", max_bytes=10_000) as store:
        handle = keep(store, "x")
        dumped = pickle.dumps(store)
        monkeypatch.chdir(tmp_path.parent)
        for other in (copy.deepcopy(store), copy.copy(store), pickle.loads(dumped)):
            with other:
                assert other.get(handle) == "x"
                assert other.path == store.path
                with pytest.raises(StoreError, match="over the limit of 10000"):
                    keep(other, noise(1, 40_000))


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes\n" * 100)
    with pytest.raises(StoreError, match="not a database"):
        SQLiteStore(path)
    assert path.read_text() == "these are my notes\n" * 100


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("create table t (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a store"):
        SQLiteStore(path)
    assert path.read_bytes() == before


def test_a_file_of_a_newer_version_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    SQLiteStore(path).close()
    newer = sqlite3.connect(path)
    newer.execute("pragma user_version = 2")
    newer.close()
    with pytest.raises(StoreError, match=r"schema 2.*upgrade"):
        SQLiteStore(path)


def test_a_folder_in_place_of_the_file_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        SQLiteStore(tmp_path)


def test_a_file_in_place_of_the_folder_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError):
        SQLiteStore(tmp_path / "file" / "o.db")


def test_a_locked_file_fails_the_put_and_works_again_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    with SQLiteStore(path, busy_timeout_seconds=0) as store:
        known = keep(store, "known")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="locked"):
            keep(store, "new")
        assert store.get(known) == "known"  # readers do not wait
        other.execute("rollback")
        other.close()
        assert store.get(keep(store, "new")) == "new"


def test_a_locked_file_does_not_fail_the_put_of_something_known(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    clock = Clock()
    with SQLiteStore(path, clock=clock, busy_timeout_seconds=0) as store:
        handle = keep(store, "known")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin immediate")
        clock.now += 1000
        assert keep(store, "known") == handle
        other.execute("rollback")
        other.close()


def test_a_damaged_original_is_an_error_and_never_a_wrong_text(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    with SQLiteStore(path) as store:
        first, second = keep(store, "first"), keep(store, "second")
        other = sqlite3.connect(path, isolation_level=None)
        contents = dict(other.execute("select id, content from contents"))
        other.execute("update contents set content = ? where id = 1", (contents[2],))
        other.execute("update contents set content = x'00' where id = 2")
        other.close()
        with pytest.raises(StoreError, match="damaged"):
            store.get(first)
        with pytest.raises(StoreError, match="damaged"):
            store.get(second)


def test_a_file_overwritten_by_rubbish_is_a_store_error(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    with SQLiteStore(path) as store:
        for i in range(20):
            keep(store, noise(i, 5000))
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:4096] + bytes(size - 4096))
    with pytest.raises(StoreError), SQLiteStore(path) as store:
        store.get(handle_of(noise(3, 5000)))


FULL = """
import resource, sys
from headroom.errors import StoreError
from headroom.originals.handles import handle_of
from headroom.originals.sqlite import SQLiteStore
import random
store = SQLiteStore(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
kept, failed = [], 0
for i in range(60):
    text = random.Random(i).randbytes(5000).hex()
    try:
        store.put(handle_of(text), text)
        kept.append(i)
    except StoreError:
        failed += 1
assert failed and kept, (failed, kept)
for i in kept:
    text = random.Random(i).randbytes(5000).hex()
    assert store.get(handle_of(text)) == text
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.put(handle_of("space again"), "space again")
assert store.get(handle_of("space again")) == "space again"
print("done")
"""


@pytest.mark.skipif(not POSIX, reason="the system cannot limit a file's size")
def test_a_full_disk_fails_the_put_loses_nothing_and_heals(tmp_path: Path) -> None:
    process = child(FULL, str(tmp_path / "o.db"))
    assert process.communicate(timeout=60)[0] == "done\n"


WRITER = """
import random, sys
from headroom.originals.handles import handle_of
from headroom.originals.sqlite import SQLiteStore
path, name = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
with SQLiteStore(path) as store:
    for i in range(150):
        seed = f"shared {i}" if i % 2 else f"{name} {i}"
        text = seed + random.Random(seed).randbytes(3000).hex()
        handle = handle_of(text)
        store.put(handle, text)
        assert store.get(handle) == text
        print(handle, flush=True)
"""


def test_processes_under_load_share_a_file_without_a_lost_original(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    writers = [child(WRITER, str(path), f"writer {n}") for n in range(3)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:  # all start together, so that they also race to create the file
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    handles = [writer.communicate(timeout=120)[0].split() for writer in writers]
    assert [len(h) for h in handles] == [150, 150, 150]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert len({h for written in handles for h in written}) == 3 * 75 + 75
    with SQLiteStore(path) as store:
        for handle in {h for written in handles for h in written}:
            text = store.get(handle)
            assert text is not None and handle_of(text) == handle


ENDLESS = """
import random, sys
from headroom.originals.handles import handle_of
from headroom.originals.sqlite import SQLiteStore
store = SQLiteStore(sys.argv[1])
for i in range(1_000_000):
    text = random.Random(i).randbytes(20_000).hex()
    store.put(handle_of(text), text)
    print(handle_of(text), flush=True)
"""


def test_what_put_accepted_survives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    for lines in (1, 7, 40):  # right after a put, and in the middle of a later one
        process = child(ENDLESS, str(path))
        assert process.stdout is not None
        accepted = [process.stdout.readline().strip() for _ in range(lines)]
        process.kill()
        accepted += process.communicate(timeout=60)[0].split()
        with SQLiteStore(path) as store:
            for handle in accepted:
                text = store.get(handle)
                assert text is not None and handle_of(text) == handle
    checked = sqlite3.connect(path)
    assert checked.execute("pragma integrity_check").fetchone() == ("ok",)
    checked.close()


def test_threads_share_one_store(tmp_path: Path) -> None:
    def work(name: str) -> int:
        texts = [text for i in range(40) for text in (f"shared {i}", f"{name} {i}")]
        return sum(store.get(keep(store, text)) == text for text in texts)

    with SQLiteStore(tmp_path / "o.db") as store, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(work, [f"thread {n}" for n in range(8)])) == [80] * 8


FORK = """
import os, sys, threading
from headroom.originals.handles import handle_of
from headroom.originals.sqlite import SQLiteStore
store = SQLiteStore(sys.argv[1], busy_timeout_seconds=40)
stop = threading.Event()
def busy():
    i = 0
    while not stop.is_set():
        store.put(handle_of(f"busy {i}"), f"busy {i}")
        i += 1
thread = threading.Thread(target=busy)
thread.start()
children = []
for n in range(12):
    pid = os.fork()
    if pid == 0:
        for i in range(10):
            text = f"child {n} {i}"
            store.put(handle_of(text), text)
        os._exit(0)
    children.append(pid)
codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
stop.set()
thread.join()
assert codes == [0] * 12, codes
for n in range(12):
    for i in range(10):
        text = f"child {n} {i}"
        assert store.get(handle_of(text)) == text
print("done")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_forked_children_and_a_busy_parent_lose_nothing(tmp_path: Path) -> None:
    process = child(FORK, str(tmp_path / "o.db"))
    assert process.communicate(timeout=60)[0] == "done\n"
