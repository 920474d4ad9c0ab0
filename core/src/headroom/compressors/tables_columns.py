"""What the columns of a table hold: how their values are ordered, and what a question wants."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from headroom.notation.delimited import Delimited
from headroom.notation.delimited_tables import Table
from headroom.notation.grid_columns import is_rule
from headroom.selection.relevance import question_terms, terms

_DATE = re.compile(r"\d{4}[-/]\d\d(?:[-/]\d\d(?:[T ][\d:.,+Z-]*)?)?\Z")
_DAY = re.compile(r"\d{4}[-/]\d\d[-/]\d\d")
_TIME = re.compile(r"\d\d:\d\d(?::\d\d)?")
_NAME = re.compile(r"[A-Za-z]\w*[-_./:][\w./:-]*\d")
_SIZED = re.compile(r"[$\u20ac\u00a3]?(-?\d[\d,]*(?:\.\d+)?) ?(%|[KMGTP]?i?[Bb]?|[mnu\u00b5]?s)\Z")
_SPAN = re.compile(r"(?:(\d+)y)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?\Z")
_SPAN_SECONDS = (31_536_000, 86_400, 3_600, 60, 1)
_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40, "P": 2**50}
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "\u00b5s": 1e-6, "ns": 1e-9}
_ORDERED_SHARE = 0.8
_PROBES = 24
_LARGEST = 1e300

# A tally of more values than these, or than one for so many rows, is not kept.
_MOST_TALLIED = 512
_TALLIED_SHARE = 8

_HIGH = frozenset(
    "highest high most maximum max largest top latest newest longest greatest biggest best last "
    "peak heaviest slowest more increasing".split()
)
_LOW = frozenset(
    "lowest low least minimum min smallest bottom earliest oldest shortest fewest fastest first "
    "worst".split()
)
_LAST = frozenset("last latest newest recent recently".split())
_FIRST = frozenset("first earliest oldest".split())
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class ColumnFacts:
    """A column of a table.

    Args:
        name: Its name.
        values: The value of each row that could be read.
    """

    name: str
    values: Sequence[str]

    @property
    def tally(self) -> Counter[str]:
        """How often each value occurs; counted again each time where there are many values."""
        small = self._small_tally
        return Counter(self.values) if small is None else small

    @cached_property
    def distinct(self) -> int:
        """How many values there are, equal ones counted once."""
        small = self._small_tally
        return len(frozenset(self.values)) if small is None else len(small)

    def times(self, values: Iterable[str]) -> Mapping[str, int]:
        """Return how often each of some values occurs; those that do not are left out."""
        small = self._small_tally
        if small is None:
            return Counter(filter(frozenset(values).__contains__, self.values))
        return {value: small[value] for value in values if value in small}

    @cached_property
    def _small_tally(self) -> Counter[str] | None:
        """The tally, or None if it took as much memory as the values."""
        most = max(_MOST_TALLIED, len(self.values) // _TALLIED_SHARE)
        tally: Counter[str] = Counter()
        for start in range(0, len(self.values), most):
            tally.update(self.values[start : start + most])
            if len(tally) > most:
                return None
        return tally

    @cached_property
    def numbers(self) -> list[float | None] | None:
        """The values as numbers (dates by their rank), or None for a column of words."""
        known: dict[str, float | None] = dict.fromkeys(self._small_tally or self.values)
        distinct = [value for value in known if value.strip(" -")]
        if len(distinct) < 2:
            return None
        probe = distinct[:: max(1, len(distinct) // _PROBES)]
        if sum([_number(value) is not None for value in probe]) < _ORDERED_SHARE * len(probe):
            known.clear()
            return self._ranks(distinct, probe)
        missing = 0
        for value in distinct:
            known[value] = number = _number(value)
            missing += number is None
        if len(distinct) - missing < _ORDERED_SHARE * len(distinct):
            return None
        return [known[value] for value in self.values]

    @cached_property
    def dated(self) -> bool:
        """Whether the values are dates."""
        first = next((value for value in self.values if value.strip(" -")), "")
        return _DATE.match(first) is not None and self.numbers is not None

    def at_times(self, runs: Sequence[str]) -> list[str]:
        """Return the dates whose day and time are among the runs; failing that, day or time."""
        days = tuple([run for run in runs if _DAY.fullmatch(run)])
        times = tuple([run for run in runs if _TIME.fullmatch(run)])
        if not (days or times) or not self.dated:
            return []
        moments = tuple([f"{day}{sign}{time}" for day in days for time in times for sign in " T"])
        exact = [value for value in self.values if value.startswith(moments)] if moments else []
        found = exact or [
            value
            for value in self.values
            if value.startswith(days) or value[len("2000-01-01 ") :].startswith(times)
        ]
        return list(dict.fromkeys(found))

    def begun_by(self, runs: Sequence[str]) -> list[str]:
        """Return the longer names (``web-2-5b1fe``) that begin with a name among the runs."""
        names = [run for run in runs if _NAME.fullmatch(run)]
        begins = tuple([name + sign for name in names for sign in "-_./:"])
        if not begins:
            return []
        values = self._small_tally or self.values
        return list(dict.fromkeys([value for value in values if value.startswith(begins)]))

    def _ranks(self, distinct: list[str], probe: list[str]) -> list[float | None] | None:
        if sum([_DATE.match(value) is not None for value in probe]) < len(probe):
            return None
        dates = sorted(value for value in distinct if _DATE.match(value))
        rank = {value: float(i) for i, value in enumerate(dates)}
        return [rank.get(value) for value in self.values]


def _number(text: str) -> float | None:
    """Return a number, a size (``4K``), a share (``12%``) or a span of time (``5d3h``)."""
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        return number if -_LARGEST < number < _LARGEST else None  # nor what is not a number
    if len(text) > 40 or not any(c.isdecimal() for c in text[:3]):
        return None
    span = _SPAN.match(text)
    if span is not None:
        pairs = zip(span.groups(), _SPAN_SECONDS, strict=True)
        return float(sum([int(part) * seconds for part, seconds in pairs if part]))
    sized = _SIZED.match(text)
    if sized is None:
        return None
    size = float(sized[1].replace(",", ""))
    return size * (_SECONDS.get(sized[2]) or _UNITS.get(sized[2][:1], 1))


@dataclass(frozen=True)
class TableFacts:
    """A table's rows and columns.

    Args:
        table: The table.
    """

    table: Table

    @cached_property
    def units(self) -> Sequence[int]:
        """Positions of all that counts as a row: neither rules nor blank lines."""
        rows = self.table.rows
        if len(self.read) == len(rows):
            return self.read
        read = frozenset(self.read)
        return [i for i, row in enumerate(rows) if i in read or (row.strip() and not is_rule(row))]

    @property
    def read(self) -> Sequence[int]:
        """Positions of the rows whose values could be read."""
        return self.table.read

    @property
    def rows(self) -> Sequence[str]:
        """The rows of `read`, as they stand."""
        rows = self.table.rows
        return rows if len(self.read) == len(rows) else [rows[i] for i in self.read]

    @cached_property
    def columns(self) -> list[ColumnFacts]:
        """The columns, over the rows of `read`."""
        pairs = zip(self.table.names, self.table.columns, strict=True)
        layout = self.table.layout
        if isinstance(layout, Delimited) and layout.delimiter == "|":
            # Bars are drawn between cells; what pads a cell says nothing.
            return [ColumnFacts(n.strip(), [v.strip() for v in values]) for n, values in pairs]
        return [ColumnFacts(name, values) for name, values in pairs]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a question wants of a table.

    Args:
        named: Columns that it names in full.
        touched: Columns that share a word with it.
        high: True when it asks for the most of something.
        low: True when it asks for the least of something.
        last: True when it asks for what came last.
        first: True when it asks for what came first.
    """

    named: tuple[int, ...]
    touched: tuple[int, ...]
    high: bool
    low: bool
    last: bool = False
    first: bool = False


def read_wish(question: str, columns: Sequence[ColumnFacts]) -> Wish:
    """Return what a question wants of the columns."""
    lowered = f" {' '.join(re.split(r'[^0-9a-z_$%#]+', question.lower()))} "
    words = frozenset(_WORD.findall(lowered))
    asked = frozenset(question_terms(question))
    named: list[int] = []
    touched: list[int] = []
    for i, column in enumerate(columns):
        name = " ".join(re.split(r"[^0-9a-z_$%#]+", column.name.lower())).strip()
        if name and f" {name} " in lowered:
            named.append(i)
        elif asked.intersection(terms(column.name)):
            touched.append(i)
    asks = [bool(words & said) for said in (_HIGH, _LOW, _LAST, _FIRST)]
    return Wish(tuple(named), tuple(touched), *asks)
