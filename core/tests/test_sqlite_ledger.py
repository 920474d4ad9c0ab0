import pickle
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from headroom import (
    Compressor,
    LedgerEntry,
    LedgerLine,
    MemoryStore,
    SQLiteLedger,
    SQLiteStore,
    StoreError,
)
from headroom.sqlite_ledger import SECONDS_PER_DAY

from conversations import HalvesCompressor, chat, varied_text  # isort: skip


def entry(before: int = 100, after: int = 40, *, model: str = "gpt-4o") -> LedgerEntry:
    lines = (
        LedgerLine("json", "list_orders", before - 10, after - 10),
        LedgerLine("-", "", 10, 10),
    )
    return LedgerEntry("compress", model, "openai-chat", "o200k_base", before, after, 5, lines)


def clock_at(days: list[float]) -> Callable[[], float]:
    return lambda: days[0] * SECONDS_PER_DAY


def test_totals_are_net_of_overhead_and_retrievals(tmp_path: Path) -> None:
    with SQLiteLedger(tmp_path / "l.db") as ledger:
        assert ledger.totals() == []
        ledger.record(entry())
        ledger.record(entry(200, 50))
        ledger.record(LedgerEntry("retrieve", None, "", "o200k_base", 0, 30))
        [total] = ledger.totals()
    assert (total.calls, total.tokens_before, total.tokens_after) == (3, 300, 120)
    assert total.tokens_saved == 300 - 120 - 10
    assert total.savings == total.tokens_saved / 300


def test_totals_by_tool_and_model_add_up_to_the_whole(tmp_path: Path) -> None:
    with SQLiteLedger(tmp_path / "l.db") as ledger:
        ledger.record(entry())
        ledger.record(entry(model="claude-opus-5"))
        groups = ledger.totals("model", "tool")
        [whole] = ledger.totals()
    assert [g.group for g in groups] == [
        ("claude-opus-5", ""),
        ("claude-opus-5", "list_orders"),
        ("gpt-4o", ""),
        ("gpt-4o", "list_orders"),
    ]
    assert sum(g.tokens_saved for g in groups) == whole.tokens_saved


def test_days_and_spans_of_time_are_told_apart(tmp_path: Path) -> None:
    day = [100.5]
    with SQLiteLedger(tmp_path / "l.db", clock=clock_at(day)) as ledger:
        ledger.record(entry())
        day[0] = 101.25
        ledger.record(entry())
        ledger.record(entry())
        assert [(t.group, t.calls) for t in ledger.totals("day")] == [((100,), 1), ((101,), 2)]
        since = 101 * SECONDS_PER_DAY
        assert ledger.totals(since=since)[0].calls == 2
        assert ledger.totals(until=since)[0].calls == 1


def test_compaction_keeps_every_sum_of_a_day(tmp_path: Path) -> None:
    day = [10.0]
    with SQLiteLedger(tmp_path / "l.db", clock=clock_at(day)) as ledger:
        for n in range(50):
            day[0] = 10 + n / 25
            ledger.record(entry(100 + n))
        before = ledger.totals("day", "tool", "model")
        day[0] = 60
        assert ledger.compact() == 96
        assert ledger.compact() == 0
        assert ledger.totals("day", "tool", "model") == before


def test_an_unknown_grouping_is_refused(tmp_path: Path) -> None:
    with SQLiteLedger(tmp_path / "l.db") as ledger, pytest.raises(ValueError, match="known: day"):
        ledger.totals("weather")  # type: ignore[arg-type]


def test_it_is_fed_by_a_compressor_and_holds_no_text(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "l.db"
    with SQLiteLedger(path) as ledger:
        c = Compressor(
            store=MemoryStore(), compressors=(HalvesCompressor(),), on_result=ledger.record
        )
        result = c.compress(chat(varied_text(), tool="grep"), model="gpt-4o")
        c.retrieve(result.handles[0], lines="1-3")
        by_event = {t.group: t for t in ledger.totals("event")}
    assert by_event[("compress",)].tokens_saved == result.tokens_saved
    assert by_event[("retrieve",)].tokens_saved < 0
    content = b"".join(p.read_bytes() for p in path.parent.iterdir())
    assert b"holds value" not in content
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_threads_and_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    code = (
        "import sys; from headroom import LedgerEntry, SQLiteLedger\n"
        "ledger = SQLiteLedger(sys.argv[1], busy_timeout_seconds=60)\n"
        "for _ in range(50):\n"
        "    ledger.record(LedgerEntry('compress', None, 'f', 'c', 2, 1))\n"
    )
    with SQLiteLedger(path, busy_timeout_seconds=60) as ledger:
        others = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(2)]
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: ledger.record(entry()), range(100)))
        assert [other.wait(90) for other in others] == [0, 0]
        [total] = ledger.totals()
    assert total.calls == 200
    assert total.tokens_before == 100 * 100 + 100 * 2


def test_a_store_is_no_ledger_and_a_closed_ledger_says_so(tmp_path: Path) -> None:
    SQLiteStore(tmp_path / "o.db").close()
    with pytest.raises(StoreError, match="not a ledger"):
        SQLiteLedger(tmp_path / "o.db")
    ledger = SQLiteLedger(tmp_path / "l.db")
    ledger.close()
    with pytest.raises(StoreError, match="closed"):
        ledger.record(entry())


def test_a_pickled_ledger_opens_the_same_file(tmp_path: Path) -> None:
    with SQLiteLedger(tmp_path / "l.db") as ledger:
        ledger.record(entry())
        with pickle.loads(pickle.dumps(ledger)) as same:
            assert same.totals() == ledger.totals()
