"""Which rows of a table stay, and in which order of importance."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, zip_longest

from headroom.compressors.interface import Content
from headroom.compressors.tables_columns import ColumnFacts, TableFacts, Wish, read_wish
from headroom.selection.asking import is_about_call, is_question, speaks_of
from headroom.selection.named import name_scores, verbatim_units
from headroom.selection.outliers import outliers, rare_values
from headroom.selection.relevance import terms

# Rows that a question asks for by an extreme: so many runners-up, and so many that tie.
_RUNNERS_UP = 3
_MOST_TIES = 6
_MOST_MEASURES = 4
_MOST_DATED = 3

_NAMED_SHARE = 0.02
_FEWEST_NAMED = 3
_MOST_NAMED = 24
_LONGEST_NAME_WORDS = 6
_NEAR = 0.6
_MOST_NEAR = 10
_MOST_KINDS = 16
_MOST_TROUBLED = 12
_TROUBLE_SHARE = 0.2
_MOST_DISTINCT = 2_000
_MOST_COLUMNS = 40

_TOKEN = re.compile(r"[^\s,;?!\"'`()\[\]{}<>=]+")
_TROUBLE = re.compile(
    r"(?<![A-Za-z])(?:err(?:or)?s?|fail(?:ed|ure|ing)?|fatal|crit(?:ical)?|crash\w*|unhealthy"
    r"|notready|pending|evicted|oomkilled|dead|down|denied|refused|time[d-]?[ -]?out|unknown"
    r"|terminating|aborted|corrupt(?:ed)?|invalid|degraded|panic|blocked|zombie|defunct)(?![A-Za-z])"
    r"|BackOff|Err[A-Z]|Exited \([1-9]|NotReady",
    re.IGNORECASE,
)
# One of these stands in all that is trouble, in lower case.
_TROUBLE_PARTS = (
    "err fail fatal crit crash unhealthy notready pending evicted oomkilled dead down denied "
    "refused time unknown terminating aborted corrupt invalid degraded panic blocked zombie "
    "defunct backoff exited"
).split()
_READY = re.compile(r"(\d+)/(\d+)\Z")
# Words of requests that happen to be values too: "OK" is a state, "the" a word of a language.
_IDLE = frozenset("ok okay yes no all any and are for has have not the this that with you".split())
_FILLERS = frozenset(terms("row rows give value values table column columns file highest lowest"))


def is_about(facts: TableFacts, question: str, arguments: str, text: str) -> bool:
    """Say whether a question speaks of a table: of a column, a value, or words of some rows.

    A question for the most, the least or the last of something asks that of the table, and one
    that shares a word with the call's arguments (a file's name, a query) is about what was called
    for. What only the arguments share with the table asks for nothing.
    """
    wish = read_wish(question, facts.columns)
    if wish.named or wish.touched:
        return True
    if is_question(question) and (wish.high or wish.low or wish.last):
        return True
    runs = [run for run in names_in(question) if _says_something(run)]
    for column in facts.columns:
        if column.begun_by(runs) or any(
            0 < times < len(column.values) for times in column.times(runs).values()
        ):
            return True
    return is_about_call(question, arguments) or speaks_of(question, text)


def must_stay(facts: TableFacts, content: Content) -> list[int]:
    """Return the rows that the question or the arguments name, and the extremes it asks for.

    Positions are those of ``facts.read``.
    """
    question = content.question
    chosen = dict.fromkeys(_named(facts, question, content.arguments))
    chosen.update(dict.fromkeys(verbatim_units(question, facts.rows)))
    wish = read_wish(question, facts.columns)
    if wish.high or wish.low:
        named = [i for i in wish.named or wish.touched[:3] if _is_measured(facts.columns[i])]
        for i in named or _measures(facts)[:_MOST_MEASURES]:
            chosen.update(dict.fromkeys(_asked_extremes(facts.columns[i], wish)))
    if facts.read and (wish.last or wish.first):
        chosen.update(dict.fromkeys(_asked_ends(facts, wish)))
    return list(chosen)


def _measures(facts: TableFacts) -> list[int]:
    """Return the columns of numbers that are not counted up, for a question that names none."""
    return [
        i
        for i, column in enumerate(facts.columns[:_MOST_COLUMNS])
        if _is_measured(column) and not _is_counted_up(column)
    ]


def _is_measured(column: ColumnFacts) -> bool:
    return column.numbers is not None and not column.dated


def _is_counted_up(column: ColumnFacts) -> bool:
    known = [n for n in column.numbers or () if n is not None]
    return all(a < b for a, b in pairwise(known))


def _asked_ends(facts: TableFacts, wish: Wish) -> Iterator[int]:
    """Yield the rows that stand or are dated last, or first, where the question asks for that."""
    dated = [column for column in facts.columns[:_MOST_COLUMNS] if column.dated]
    for is_last in [True] * wish.last + [False] * wish.first:
        yield len(facts.read) - 1 if is_last else 0
        for column in dated[:_MOST_DATED]:
            known = ((n, i) for i, n in enumerate(column.numbers or ()) if n is not None)
            yield (max(known) if is_last else min(known))[1]


def tiers(facts: TableFacts, content: Content) -> Iterator[tuple[list[int], float]]:
    """Yield rows worth keeping, the most telling first, and the share of the budget to fill.

    Positions are those of ``facts.read``.
    """
    wish = read_wish(content.question, facts.columns)
    near = _nearest(facts, content)
    yield near[:1], math.inf
    yield near[1:4], 1.0
    asked = [facts.columns[i] for i in (*wish.named, *wish.touched)]
    yield _in_turn([_ends(column, 2) for column in asked]), 1.0
    yield _troubled(facts)[:_MOST_TROUBLED], 1.0
    columns = facts.columns[:_MOST_COLUMNS]
    yield _in_turn([rare_values(c.values) for c in columns if _is_sorted_out(c)]), 0.8
    yield _in_turn([_ends(column, 1) for column in columns]), 0.8
    yield near[4:_MOST_NEAR], 0.8
    yield _in_turn([outliers(c.numbers, 2) for c in columns if c.numbers is not None]), 0.6
    yield _in_turn([_kinds(column) for column in columns]), 0.6
    count = len(facts.read)
    yield [i for i in (1, 2, count - 2) if 0 <= i < count], 0.6


def _in_turn(lists: Sequence[Sequence[int]]) -> list[int]:
    """Return the first of each list, then the second of each, and so on, each row once."""
    return list(dict.fromkeys(i for turn in zip_longest(*lists) for i in turn if i is not None))


def _is_sorted_out(column: ColumnFacts) -> bool:
    return 1 < column.distinct <= 24


def names_in(question: str) -> list[str]:
    """Return what a question may call a cell: runs of its words, in the usual letter cases."""
    words = [word.strip(".:") for word in _TOKEN.findall(question)]
    runs: dict[str, None] = {}
    for size in range(_LONGEST_NAME_WORDS, 0, -1):
        for i in range(len(words) - size + 1):
            run = " ".join(words[i : i + size])
            runs.update(dict.fromkeys((run, run.lower(), run.upper(), run.capitalize())))
    # Brackets may belong to a cell: [kthreadd], (none).
    runs.update(dict.fromkeys(word.rstrip(".,;:?!") for word in question.split()))
    return list(runs)


def _named(facts: TableFacts, question: str, arguments: str) -> list[int]:
    """Return rows with a cell that stands in the question; of many rows those named twice."""
    weight: dict[int, float] = {}
    limit = max(_FEWEST_NAMED, round(_NAMED_SHARE * len(facts.read)))
    sure: dict[int, None] = {}
    for text, most in ((question, limit), (arguments, _FEWEST_NAMED)):
        runs = names_in(text)
        for column in facts.columns:
            held = column.times(runs)
            hits = [run for run in runs if run in held and _says_something(run)]
            hits = list(dict.fromkeys([*hits, *column.at_times(runs), *column.begun_by(runs)]))
            times = sum(column.times(hits).values()) if hits else 0
            if not hits or times == len(column.values):
                continue
            found = frozenset(hits)
            here = [i for i, value in enumerate(column.values) if value in found]
            if times <= most:
                sure.update(dict.fromkeys(here))
            for i in here:
                weight[i] = weight.get(i, 0.0) + math.log(len(column.values) / times)
    best = max(weight.values(), default=0.0)
    twice = [i for i, w in weight.items() if w > 0.98 * best]
    if len(twice) <= limit:
        sure.update(dict.fromkeys(twice))
    return list(sure)[:_MOST_NAMED]


def _says_something(run: str) -> bool:
    if run.lower() in _IDLE:
        return False
    return len(run) > 2 or run.isdecimal() or (run.isupper() and len(run) > 1)


def _asked_extremes(column: ColumnFacts, wish: Wish) -> Iterator[int]:
    numbers = column.numbers
    if numbers is None:
        return
    for is_high in [True] * wish.high + [False] * wish.low:
        sign = -1.0 if is_high else 1.0
        known = ((sign * number, i) for i, number in enumerate(numbers) if number is not None)
        ordered = heapq.nsmallest(_MOST_TIES, known)
        ties = sum([1 for pair in ordered if pair[0] == ordered[0][0]])
        yield from (i for _, i in ordered[: max(ties, _RUNNERS_UP)])


def _ends(column: ColumnFacts, each: int) -> list[int]:
    """Return the positions of the highest and the lowest values."""
    numbers = column.numbers
    known = [n for n in numbers if n is not None] if numbers is not None else []
    if numbers is None or not known or min(known) == max(known):
        return []
    if each == 1:
        return [numbers.index(max(known)), numbers.index(min(known))]
    highest = heapq.nlargest(4 * each, ((n, i) for i, n in enumerate(numbers) if n is not None))
    high = sorted(highest, key=lambda pair: (-pair[0], pair[1]))
    low = heapq.nsmallest(each, ((n, i) for i, n in enumerate(numbers) if n is not None))
    return [i for _, i in (*high[:each], *low)]


def _kinds(column: ColumnFacts) -> list[int]:
    """Return the first row of each value, for a column of few values."""
    if not 1 < column.distinct <= min(_MOST_KINDS, len(column.values) // 3):
        return []
    return [column.values.index(value) for value in column.tally]


def _troubled(facts: TableFacts) -> list[int]:
    found: dict[int, None] = {}
    for column in facts.columns:
        if column.numbers is not None or column.distinct > _MOST_DISTINCT:
            continue
        tally = column.tally
        bad = _bad_values(tally)
        if bad and sum([tally[value] for value in bad]) < len(column.values):
            found.update((i, None) for i, value in enumerate(column.values) if value in bad)
    return sorted(found) if len(found) <= max(3.0, _TROUBLE_SHARE * len(facts.read)) else []


def _bad_values(values: Iterable[str]) -> frozenset[str]:
    together = "\n".join(values).lower()
    if together.isascii() and not any(part in together for part in _TROUBLE_PARTS):
        values = [value for value in values if "/" in value]
    return frozenset([value for value in values if _is_bad(value)])


def _is_bad(value: str) -> bool:
    if len(value) > 200:
        return False
    ready = _READY.match(value)
    return ready[1] != ready[2] if ready is not None else _TROUBLE.search(value) is not None


def _nearest(facts: TableFacts, content: Content) -> list[int]:
    """Return the rows nearest to the question, less the words that name columns."""
    named = _FILLERS.union(*[terms(column.name) for column in facts.columns])
    words = [w for w in _TOKEN.findall(content.question) if not named.issuperset(terms(w))]
    question = " ".join(words)
    rows = facts.rows
    if content.relevance is not None:
        scores = dict(enumerate(content.relevance(content.question, rows)))
    elif question:
        scores = name_scores(question, rows)
    else:
        return []
    best = max(scores.values(), default=0.0)
    if best <= 0.0:
        return []
    near = [i for i, score in scores.items() if score >= _NEAR * best]
    return sorted(near, key=lambda i: (-scores[i], i))
