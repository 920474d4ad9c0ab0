"""A ledger in one SQLite file: what was read, sent and fetched back, per day, model and tool."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from headroom.database import Database, FileBacked, Schema, writing
from headroom.ledger import LedgerEntry, LedgerLine

SECONDS_PER_DAY = 86_400

Grouping = Literal["day", "model", "format", "kind", "tool", "event"]

# One row per line of an entry; the overhead of a call stands in a row of its own, so that sums over
# any grouping stay right. A compacted row stands for `calls` entries of one day.
_SCHEMA = Schema(
    "ledger",
    0x4864726C,  # "Hdrl"
    1,
    (
        "create table entries (id integer primary key, at real not null, event text not null,"
        " model text not null, format text not null, counter text not null, kind text not null,"
        " tool text not null, calls integer not null, before integer not null,"
        " after integer not null, overhead integer not null)",
        "create index entries_at on entries (at)",
    ),
)
_COLUMNS = "event, model, format, counter, kind, tool"

_GROUPS: dict[str, str] = {
    "day": f"cast(at / {SECONDS_PER_DAY} as integer)",
    "model": "model",
    "format": "format",
    "kind": "kind",
    "tool": "tool",
    "event": "event",
}


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """Sums over the entries of one group.

    Args:
        group: The values that the group shares, as asked for; a day as days since the epoch (UTC).
        calls: Calls that the group's first lines belong to.
        tokens_before: Tokens read.
        tokens_after: Tokens returned, retrievals' answers included.
        overhead_tokens: Tokens of the retrieval tool's schema.
    """

    group: tuple[str | int, ...]
    calls: int
    tokens_before: int
    tokens_after: int
    overhead_tokens: int

    @property
    def tokens_saved(self) -> int:
        """Tokens saved, net of overhead and retrievals."""
        return self.tokens_before - self.tokens_after - self.overhead_tokens

    @property
    def savings(self) -> float:
        """Share of the tokens read that was saved, as a fraction; 0.0 where none were read."""
        return self.tokens_saved / self.tokens_before if self.tokens_before else 0.0


class SQLiteLedger(FileBacked):
    """Keep the numbers of each call in a SQLite file; pass `record` as ``on_result``.

    Numbers only: names of models, formats, kinds and tools, and token counts, never text. Threads
    and processes of one machine may write at once. The file is readable by its owner only.

    Args:
        path: The file; created, with its folders, where missing.
        busy_timeout_seconds: How long to wait for other writers before `StoreError`.
        clock: Gives the time in seconds since the epoch under which an entry is filed.

    Raises:
        StoreError: If the file cannot be opened, is no ledger, or was written by a newer version.

    >>> import tempfile
    >>> from headroom import Compressor
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with SQLiteLedger(f"{folder}/ledger.db") as ledger:
    ...         done = Compressor(on_result=ledger.record).compress_text("hello world")
    ...         ledger.totals()[0].tokens_before
    2
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        busy_timeout_seconds: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._timeout = busy_timeout_seconds
        super().__init__(Database(path, _SCHEMA, busy_timeout_seconds=busy_timeout_seconds))

    def record(self, entry: LedgerEntry) -> None:
        """Keep one entry.

        Raises:
            StoreError: If the file is locked, full, broken or closed.
        """
        at = self._clock()
        shared = (entry.event, entry.model or "", entry.format, entry.counter_name)
        lines: Sequence[LedgerLine] = entry.lines or (
            LedgerLine("-", "", entry.tokens_before, entry.tokens_after),
        )
        rows = [
            (at, *shared, line.kind, line.tool_name, int(n == 0), line.tokens_before,
             line.tokens_after, entry.overhead_tokens if n == 0 else 0)
            for n, line in enumerate(lines)
        ]  # fmt: skip
        with self._database.connected() as connection, _filing(connection):
            connection.executemany(
                f"insert into entries (at, {_COLUMNS}, calls, before, after, overhead)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def totals(
        self,
        *by: Grouping,
        since: float | None = None,
        until: float | None = None,
    ) -> list[LedgerTotals]:
        """Return sums, one for each combination of the groupings, in their order.

        Args:
            by: ``day``, ``model``, ``format``, ``kind``, ``tool``, ``event``; none gives one sum.
            since: Earliest time, in seconds since the epoch, included.
            until: Latest time, excluded.

        Raises:
            ValueError: If a grouping is unknown.
            StoreError: If the file cannot be read.
        """
        if unknown := [name for name in by if name not in _GROUPS]:
            raise ValueError(f"unknown groupings {unknown!r}; known: {', '.join(_GROUPS)}")
        groups = [_GROUPS[name] for name in by]
        grouped = f" group by {', '.join(groups)} order by {', '.join(groups)}" if groups else ""
        sums = "sum(calls), sum(before), sum(after), sum(overhead)"
        with self._database.connected() as connection:
            rows = connection.execute(
                f"select {', '.join([*groups, sums])} from entries"
                f" where at >= ? and at < ?{grouped}",
                (since if since is not None else -1e18, until if until is not None else 1e18),
            ).fetchall()
        return [
            LedgerTotals(tuple(row[: len(by)]), *row[len(by) :])
            for row in rows
            if row[len(by)] is not None
        ]

    def compact(self, *, older_than_seconds: float = 30 * SECONDS_PER_DAY) -> int:
        """Merge old entries into one row for each day and group; return how many rows went.

        `totals` gives the same sums as before for whole days.

        Raises:
            StoreError: If the file cannot be written.
        """
        day = _GROUPS["day"]
        # Whole days only: a day that is compacted in two steps would keep two rows for each group.
        end = (self._clock() - older_than_seconds) // SECONDS_PER_DAY * SECONDS_PER_DAY
        with self._database.connected() as connection:
            with writing(connection):
                merged = connection.execute(
                    f"select {day} * {SECONDS_PER_DAY}, {_COLUMNS},"
                    " sum(calls), sum(before), sum(after), sum(overhead) from entries"
                    f" where at < ? group by {day}, {_COLUMNS}",
                    (end,),
                ).fetchall()
                gone = connection.execute("delete from entries where at < ?", (end,)).rowcount
                connection.executemany(
                    f"insert into entries (at, {_COLUMNS}, calls, before, after, overhead)"
                    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    merged,
                )
            # execute() would free a single page: it steps once where no rows come back.
            connection.executescript("pragma incremental_vacuum")
        return gone - len(merged)

    def __reduce__(self) -> tuple[object, ...]:
        return (_reopened, (str(self.path), self._timeout, self._clock))


def _reopened(path: str, timeout: float, clock: Callable[[], float]) -> SQLiteLedger:
    return SQLiteLedger(path, busy_timeout_seconds=timeout, clock=clock)


@contextlib.contextmanager
def _filing(connection: sqlite3.Connection) -> Iterator[None]:
    # Numbers may be lost with the power: no call of the user's waits for the disk.
    connection.execute("pragma synchronous = normal")
    with writing(connection):
        yield
