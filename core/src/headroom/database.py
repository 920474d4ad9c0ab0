"""One SQLite file of ours: readable by its owner only, in WAL mode, safe to share and to fork."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from headroom.errors import StoreError


@dataclass(frozen=True, slots=True)
class Schema:
    """What a kind of file holds, and how it is told from other files.

    Args:
        what: What the file is, for messages: ``store of originals``.
        application_id: SQLite's application id; tells our files from other people's databases.
        version: SQLite's user version; a file with another one is refused.
        statements: Make an empty database ready.
    """

    what: str
    application_id: int
    version: int
    statements: tuple[str, ...]


class Database:
    """A connection that is opened on use, guarded by one lock, and dropped after a failure.

    Args:
        path: The file; created, with its folders, where missing.
        schema: What it holds.
        busy_timeout_seconds: How long to wait for other processes that are writing.

    Raises:
        StoreError: If the file cannot be opened, is something else, or was written by a newer
            version.
    """

    def __init__(
        self, path: str | os.PathLike[str], schema: Schema, *, busy_timeout_seconds: float
    ) -> None:
        self._connection: sqlite3.Connection | None = None
        # The working directory may change between calls, and between a pickle and its loading.
        self.path = Path(path).absolute()
        self._schema = schema
        self._timeout = busy_timeout_seconds
        self._closed = False
        # Re-entrant, because a garbage collection inside a call may fork or close.
        self._lock = threading.RLock()
        with self.connected():
            _OPENED.add(self)

    @contextlib.contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """Hold the lock and an open connection; an SQLite error becomes a `StoreError`."""
        with self._lock:
            if self._closed:
                raise StoreError(f"the {self._schema.what} {self.path} is closed")
            try:
                if self._connection is None:
                    self._connection = _open(self.path, self._schema, self._timeout)
                yield self._connection
            except (sqlite3.Error, OSError) as error:
                # The next call starts afresh: the file may have been freed, mended or replaced.
                self.disconnect()
                raise StoreError(f"the {self._schema.what} {self.path} failed: {error}") from error

    def disconnect(self) -> None:
        """Close the connection; the next use opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def close(self) -> None:
        """Close the file; later uses raise `StoreError`. Closing again does nothing."""
        with self._lock:
            self._closed = True
            self.disconnect()

    def __del__(self) -> None:
        # Without this, interpreters from 3.13 on warn about a connection that was left open.
        connection = getattr(self, "_connection", None)
        if connection is not None:
            connection.close()


class FileBacked:
    """What keeps its data in one such file: it names the file, and a ``with`` block closes it.

    Args:
        database: The file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def path(self) -> Path:
        """The file that holds the data."""
        return self._database.path

    def close(self) -> None:
        """Close the file; later calls raise `StoreError`. Closing again does nothing."""
        self._database.close()

    def __enter__(self: _Opened) -> _Opened:
        """Return the object itself; leaving the block closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()


_Opened = TypeVar("_Opened", bound=FileBacked)


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a write transaction; whatever fails inside leaves the file as it was."""
    # Taking the write lock at once, not at the first write, lets SQLite wait for other writers.
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("rollback")
        raise


def _open(path: Path, schema: Schema, timeout: float) -> sqlite3.Connection:
    """Open the file, and make it what it should be where it is new."""
    _create_owned(path)
    connection = sqlite3.connect(
        # mode=rw: SQLite itself would create a file that others may read.
        f"{path.as_uri()}?mode=rw",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,  # one lock guards each use
    )
    try:
        if _is_new(path, connection, schema):
            _initialise(connection, schema, timeout)
            _is_new(path, connection, schema)  # checks what another process may have made of it
        connection.execute("pragma synchronous = full")
        connection.execute("pragma journal_size_limit = 4194304").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _create_owned(path: Path) -> None:
    """Create the file and missing folders with their final permissions from the first moment."""
    if path.exists():
        return
    for folder in reversed(path.parents):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)


def _is_new(path: Path, connection: sqlite3.Connection, schema: Schema) -> bool:
    """Say whether the database is empty; refuse one that this version cannot use."""
    # One statement, one snapshot: another process may be creating the tables just now.
    kind, version, tables = connection.execute(
        "select (select application_id from pragma_application_id),"
        " (select user_version from pragma_user_version), (select count(*) from sqlite_master)"
    ).fetchone()
    if kind == 0 and version == 0 and tables == 0:
        return True
    if kind != schema.application_id:
        raise StoreError(f"{path} is a database, but not a {schema.what}")
    if version != schema.version:
        raise StoreError(
            f"{path} has schema {version}, this version of Headroom reads {schema.version}; "
            "upgrade Headroom or use another file"
        )
    return False


def _initialise(connection: sqlite3.Connection, schema: Schema, timeout: float) -> None:
    # Freed pages can be handed back later only if this is set before the first table.
    connection.execute("pragma auto_vacuum = incremental")
    _enter_wal(connection, timeout)
    with writing(connection):
        if not connection.execute("select count(*) from sqlite_master").fetchone()[0]:
            for statement in schema.statements:
                connection.execute(statement)
            connection.execute(f"pragma application_id = {schema.application_id}")
            connection.execute(f"pragma user_version = {schema.version}")


def _enter_wal(connection: sqlite3.Connection, timeout: float) -> None:
    """Switch to WAL; where the file system cannot, SQLite stays with its rollback journal."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            connection.execute("pragma journal_mode = wal").fetchone()
            return
        except sqlite3.OperationalError:
            # SQLite does not wait by itself when several processes create one file at once.
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.005)


# SQLite's locks belong to a process, but its idea of them is copied by a fork: a child that goes
# on with an inherited connection, or merely closes it, can lose what the parent writes. So every
# database is idle and unconnected while the process forks, and is opened again when it is used.
# https://www.sqlite.org/howtocorrupt.html, "Carrying an open database connection across a fork()"
_OPENED: weakref.WeakSet[Database] = weakref.WeakSet()
_FORKING = threading.RLock()
_held: list[Database] = []


def _before_fork() -> None:
    _FORKING.acquire()
    for database in list(_OPENED):
        database._lock.acquire()
        _held.append(database)
        database.disconnect()


def _after_fork() -> None:
    while _held:
        _held.pop()._lock.release()
    _FORKING.release()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork
    )
