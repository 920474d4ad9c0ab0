"""A store of originals in one SQLite file: durable, and shared by the processes of one machine.

The file is in WAL mode (readers never wait for a writer) with ``synchronous=FULL``: a marker leaves
the process as soon as `put` returns, so the original behind it has to survive a loss of power.
That costs about 0.2 ms for each new original, less than counting its tokens.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from headroom.database import Database, FileBacked, Schema, writing
from headroom.errors import HandleCollisionError, StoreError
from headroom.originals.handles import original_bytes

SCHEMA_VERSION = 1
_APPLICATION_ID = 0x4864726D  # "Hdrm": tells our files from other people's databases

# Level 1 is 3.1 : 1 at 127 MB/s on tool outputs; level 6 is 3.5 : 1 at half the speed.
_ZLIB_LEVEL = 1

# A put of something known is a read unless its time of use is older than this. With a size limit,
# where the order of use decides what is forgotten, each put is noted.
_TOUCH_SECONDS = 60.0

_BATCH = 64  # originals that pruning looks at in one step

# What is small and often read or updated stands apart from the contents, so that neither noting a
# use nor looking for the oldest walks over the blobs.
_SCHEMA = Schema(
    "store of originals",
    _APPLICATION_ID,
    SCHEMA_VERSION,
    (
        "create table originals (id integer primary key, namespace blob not null,"
        " handle blob not null, digest blob not null, bytes integer not null, used real not null,"
        " unique (namespace, handle))",
        "create index originals_used on originals (used, id)",
        "create table contents (id integer primary key, content blob not null)",
        "create table total (bytes integer not null)",
        "insert into total values (0)",
    ),
)


class SQLiteStore(FileBacked):
    """Keep originals in a SQLite file, for any number of threads and processes of one machine.

    Nothing is ever deleted unless ``max_bytes`` is set or `prune` is called. The file, and the
    folders that have to be made for it, are readable by their owner only. Closing is optional:
    what `put` accepted is on the disk. A pickled or copied store opens the same file again. A
    process may fork: no connection is carried over.

    Put the file on a local disk; SQLite's locks are not reliable on network file systems.

    Args:
        path: The file; created, with its folders, where missing.
        max_bytes: Most bytes of compressed originals to keep; over it, those whose last `put` is
            longest ago are deleted. None keeps everything.
        busy_timeout_seconds: How long to wait for other processes that are writing, before a
            call fails with `StoreError`.
        clock: Gives the time in seconds since the epoch that is noted as time of use.

    Raises:
        StoreError: If the file cannot be opened, is no store, or was written by a newer version.

    >>> import tempfile
    >>> from headroom.originals.handles import handle_of
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with SQLiteStore(f"{folder}/originals.db") as store:
    ...         store.put(handle_of("hello"), "hello")
    ...         store.get(handle_of("hello"))
    'hello'
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        max_bytes: int | None = None,
        busy_timeout_seconds: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if max_bytes is not None and max_bytes <= 0:
            raise ValueError(f"max_bytes must be positive, got {max_bytes}")
        if os.fspath(path) in ("", ":memory:"):
            raise ValueError("SQLiteStore needs a file; MemoryStore keeps originals in memory")
        self._max_bytes = max_bytes
        self._timeout = busy_timeout_seconds
        self._clock = clock
        super().__init__(Database(path, _SCHEMA, busy_timeout_seconds=busy_timeout_seconds))

    @property
    def stored_bytes(self) -> int:
        """Bytes of all originals as they are kept, compressed.

        Raises:
            StoreError: If the file cannot be read.
        """
        with self._database.connected() as connection:
            return _total(connection)

    def put(self, handle: str, original: str, *, namespace: str = "") -> None:
        """Keep an original durably; one that is known is only noted as used.

        Raises:
            HandleCollisionError: If another original stands under the handle.
            StoreError: If the original could not be kept: the file is locked, full, broken or
                closed, or the original alone is larger than the limit.
        """
        data = original_bytes(original)
        key = (original_bytes(namespace), original_bytes(handle))
        digest = hashlib.sha256(data).digest()
        with self._database.connected() as connection:
            known = _find(connection, key)
            if known is not None:
                self._note_use(connection, known, handle, digest)
                return
        content = zlib.compress(data, _ZLIB_LEVEL)
        if self._max_bytes is not None and len(content) > self._max_bytes:
            raise StoreError(
                f"an original of {len(content)} compressed bytes is over the limit of "
                f"{self._max_bytes}"
            )
        with self._database.connected() as connection, writing(connection):
            known = _find(connection, key)
            if known is not None:  # another thread or process was faster
                _check_same(known, handle, digest)
                return
            row = connection.execute(
                "insert into originals (namespace, handle, digest, bytes, used)"
                " values (?, ?, ?, ?, ?)",
                (*key, digest, len(content), self._clock()),
            ).lastrowid
            connection.execute("insert into contents values (?, ?)", (row, content))
            connection.execute("update total set bytes = bytes + ?", (len(content),))
            if self._max_bytes is not None:
                _shrink(connection, self._max_bytes, spare=row)

    def get(self, handle: str, *, namespace: str = "") -> str | None:
        """Return the original, or None where the namespace has none under this handle.

        Raises:
            StoreError: If the file cannot be read, or the content is damaged.
        """
        key = (original_bytes(namespace), original_bytes(handle))
        with self._database.connected() as connection:
            found = connection.execute(
                "select digest, content from originals join contents using (id)"
                " where namespace = ? and handle = ?",
                key,
            ).fetchone()
        return None if found is None else _unpacked(handle, *found)

    def prune(
        self, *, max_bytes: int | None = None, unused_for_seconds: float | None = None
    ) -> int:
        """Delete originals, give their space back to the file system, and return how many.

        Args:
            max_bytes: Delete those unused for longest until at most this many compressed bytes
                remain.
            unused_for_seconds: Delete those whose last `put` is longer ago than this.

        Raises:
            StoreError: If the file cannot be written.
        """
        deleted = 0
        with self._database.connected() as connection:
            with writing(connection):
                if unused_for_seconds is not None:
                    deleted += _delete_unused(connection, self._clock() - unused_for_seconds)
                if max_bytes is not None:
                    deleted += _shrink(connection, max_bytes)
            # execute() would free a single page: it steps once where no rows come back.
            connection.executescript("pragma incremental_vacuum")
            connection.execute("pragma wal_checkpoint(truncate)").fetchall()
        return deleted

    def export(self, path: str | os.PathLike[str]) -> int:
        """Write every original to a new JSON Lines file of the owner only; return how many.

        Each line is an object with ``namespace``, ``handle`` and ``original``, in ASCII.

        Raises:
            FileExistsError: If the file exists.
            StoreError: If the store cannot be read, or an original is damaged.
        """
        target = Path(path)
        target.touch(mode=0o600, exist_ok=False)
        count = 0
        with target.open("w", encoding="ascii", newline="\n") as file:
            for namespace, handle, original in self._all():
                entry = {"namespace": namespace, "handle": handle, "original": original}
                file.write(json.dumps(entry) + "\n")
                count += 1
        return count

    def __reduce__(self) -> tuple[object, ...]:
        # Pickles and copies refer to the file: what was stored stays known to the copy.
        make = functools.partial(
            SQLiteStore,
            max_bytes=self._max_bytes,
            busy_timeout_seconds=self._timeout,
            clock=self._clock,
        )
        return (make, (str(self.path),))

    def __repr__(self) -> str:
        """Name the file."""
        return f"SQLiteStore({str(self.path)!r})"

    def _all(self) -> Iterator[tuple[str, str, str]]:
        """Yield namespace, handle and original of every row, holding the lock for one at a time."""
        last = -1
        while True:
            with self._database.connected() as connection:
                row = connection.execute(
                    "select id, namespace, handle, digest, content from originals"
                    " join contents using (id) where id > ? order by id limit 1",
                    (last,),
                ).fetchone()
            if row is None:
                return
            last, space, name, digest, content = row
            handle = _text(name)
            yield _text(space), handle, _unpacked(handle, digest, content)

    def _note_use(
        self, connection: sqlite3.Connection, known: _Known, handle: str, digest: bytes
    ) -> None:
        _check_same(known, handle, digest)
        row, _, used = known
        now = self._clock()
        if self._max_bytes is None and abs(now - used) < _TOUCH_SECONDS:
            return
        # The original is safe already: its time of use need not survive a loss of power, and a
        # locked file is no reason to leave a text as it was that was shortened a turn ago.
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("pragma synchronous = normal")
            connection.execute("update originals set used = ? where id = ?", (now, row))
        connection.execute("pragma synchronous = full")


_Key = tuple[bytes, bytes]
_Known = tuple[int, bytes, float]


def _find(connection: sqlite3.Connection, key: _Key) -> _Known | None:
    found: _Known | None = connection.execute(
        "select id, digest, used from originals where namespace = ? and handle = ?", key
    ).fetchone()
    return found


def _check_same(known: _Known, handle: str, digest: bytes) -> None:
    if known[1] != digest:
        raise HandleCollisionError(f"another original stands under handle {handle}")


def _total(connection: sqlite3.Connection) -> int:
    return int(connection.execute("select bytes from total").fetchone()[0])


def _shrink(connection: sqlite3.Connection, max_bytes: int, *, spare: int | None = None) -> int:
    """Delete those unused for longest until ``max_bytes`` are left, inside a transaction."""
    excess = _total(connection) - max_bytes
    deleted = 0
    while excess > 0:
        oldest = connection.execute(
            "select id, bytes from originals where id is not ? order by used, id limit ?",
            (spare, _BATCH),
        ).fetchall()
        if not oldest:
            break
        for row, size in oldest:
            _delete(connection, row, size)
            deleted += 1
            excess -= size
            if excess <= 0:
                break
    return deleted


def _delete_unused(connection: sqlite3.Connection, before: float) -> int:
    rows = connection.execute(
        "select id, bytes from originals where used < ? order by used, id", (before,)
    ).fetchall()
    for row, size in rows:
        _delete(connection, row, size)
    return len(rows)


def _delete(connection: sqlite3.Connection, row: int, size: int) -> None:
    connection.execute("delete from contents where id = ?", (row,))
    connection.execute("delete from originals where id = ?", (row,))
    connection.execute("update total set bytes = bytes - ?", (size,))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _unpacked(handle: str, digest: bytes, content: bytes) -> str:
    try:
        data = zlib.decompress(content)
    except zlib.error as error:
        raise StoreError(f"the original under handle {handle} is damaged") from error
    if hashlib.sha256(data).digest() != digest:
        raise StoreError(f"the original under handle {handle} is damaged")
    return _text(data)
