"""Which rows stay: the named, the relevant, the extreme, the rare, the first of a kind."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import zip_longest

from headroom.selection.outliers import (
    as_numbers,
    asks_for_extremes,
    extremes,
    kinds,
    mask,
    outliers,
    rare_values,
    rare_wordings,
)
from headroom.selection.relevance import bm25, question_terms, terms

Score = Callable[[str, Sequence[str]], Sequence[float]]

# Words that machines use for what went wrong. Rows are few that have them, or they are no news.
_TROUBLE_WORDS = (
    r"(?<![A-Za-z])(?:errors?|err|fail(?:ed|ure|ing|s)?|fatal|critical|crit|alert|emerg(?:ency)?"
    r"|exception|panic|crash(?:ed|loopbackoff)?|denied|unauthorized|forbidden|timed?[- ]?out"
    r"|deadlock|corrupt(?:ed|ion)?|oomkilled|backoff|evicted|unhealthy|refused|aborted)(?![A-Za-z])"
)
_TROUBLE = re.compile(_TROUBLE_WORDS, re.IGNORECASE)
# Looking at lower case is faster than looking for both cases, and the same in ASCII.
_TROUBLE_LOWER = re.compile(_TROUBLE_WORDS)
_ENDINGS = ("Error", "Exception", "Fail", "BackOff", "Timeout", "Killed")
_TROUBLE_NAMES = re.compile(r"[a-z](?:Error|Exception|Fail(?:ed|ure)|BackOff|Timeout|Killed)\b")
_TROUBLE_PARTS = (
    "err;fail;fatal;crit;alert;emerg;exception;panic;crash;denied;unauth;forbid;timeout;timed out;"
    "timed-out;time out;time-out;deadlock;corrupt;killed;backoff;evict;unhealthy;refused;abort"
).split(";")
_NO_TROUBLE = re.compile(
    r"\b(?:0|no|zero|without) (?:errors?|failures?|exceptions?)\b", re.IGNORECASE
)
_TROUBLE_SHARE = 0.2
_STATE = re.compile(r"(?!true\Z|false\Z|null\Z)[^\W\d]")
_TIME = re.compile(r"\d{4}[-/]\d\d[-/]\d\d(?:[T ][\d:.,+Z-]*)?\Z")
_TOKEN = re.compile(r"[^\s,;?!\"'`()\[\]{}<>]+")
_LONGEST_NAME_WORDS = 6

# Rows nearest to the question: those that score at least this share of the best one.
_NEAR = 0.6
_NEAREST = 3
_MOST_NEAR = 8
_MOST_COLUMNS = 40
_MOST_RARE = 16
_NAMED_SHARE = 0.05
_SAMPLE = 40
_SHORTEST_SHORT = 3
_BLOCK = 128
_LARGEST_SHARE = 2.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to choose from.

    Args:
        texts: The text of each row.
        words: What the question is matched against: the row's values, without what all rows have.
        columns: Cell texts by column name, None where a row has no such cell.
        costs: Tokens of each row.
    """

    texts: Sequence[str]
    words: Sequence[str]
    columns: Mapping[str, Sequence[str | None]]
    costs: Sequence[float]


@dataclass(frozen=True, slots=True)
class Ask:
    """What the choice is steered by.

    Args:
        question: The question.
        arguments: The call's arguments: a row with a cell that stands in them is named.
        keep: Substrings; a row that contains one stays.
        score: Scores texts against the question; None: BM25.
    """

    question: str
    arguments: str = ""
    keep: tuple[str, ...] = ()
    score: Score | None = None


def choose_rows(rows: Rows, ask: Ask, budget: float, also: Sequence[int] = ()) -> list[int]:
    """Return the positions of the rows that stay, in order.

    First and last row, rows with a ``keep`` substring, rows that the question names, the row
    nearest to it, and those in ``also`` always stay. Then rows follow, the most telling first, as
    long as ``budget`` (tokens) lasts; the rare, the extreme and the failing may take up to twice
    as much.
    """
    count = len(rows.texts)
    chosen = dict.fromkeys((*_always(rows, ask, count), *also))
    spent = sum([rows.costs[i] for i in chosen])
    cheapest = min(rows.costs)
    for candidates, share in _tiers(rows, ask):
        if share < math.inf and spent + cheapest > _LARGEST_SHARE * budget:
            break
        for i in candidates:
            if i not in chosen and spent + rows.costs[i] <= budget * share:
                chosen[i] = None
                spent += rows.costs[i]
    return sorted(chosen)


def tells_apart(rows: Rows) -> bool:
    """Say whether rows are records with a state of their own, and no readings or equal events.

    A column of a few words says of each row which of them it has; nobody can tell that of a row
    that was left out.
    """
    for column in rows.columns.values():
        if len(kinds(column)) > 1 and as_numbers(column) is None:
            words = {cell for cell in column if cell and _STATE.match(cell)}
            if len(words) > 1:
                return True
    return False


def drop_repeats(rows: Rows, ask: Ask) -> list[int]:
    """Return the positions of the rows that stay when nobody said what matters.

    Left out is only what repeats: rows that equal two earlier ones but for numbers and ids.
    First, last, extreme, rare and failing rows stay.
    """
    chosen = dict.fromkeys(_always(rows, ask, len(rows.texts)))
    chosen.update(dict.fromkeys(_two_of_each(rows.texts)))
    for candidates, share in _tiers(rows, ask):
        if share > 1:
            chosen.update(dict.fromkeys(candidates))
    return sorted(chosen)


def _two_of_each(texts: Sequence[str]) -> Iterator[int]:
    """Yield the first two texts of each shape: those that differ in numbers and ids have one."""
    seen: dict[bytes, int] = {}
    for i, text in enumerate(texts):
        # A digest: most rows may have a shape of their own, and texts of them all are large.
        shape = blake2b(mask(text).encode(errors="surrogatepass"), digest_size=12).digest()
        times = seen.get(shape, 0)
        if times < 2:
            seen[shape] = times + 1
            yield i


def _always(rows: Rows, ask: Ask, count: int) -> Iterator[int]:
    yield 0
    yield count - 1
    for i, text in enumerate(rows.texts):
        if any(word in text for word in ask.keep):
            yield i
    yield from named_rows(rows, ask)


def named_rows(rows: Rows, ask: Ask) -> list[int]:
    """Return the rows with a cell that stands in the question, unless many rows have it."""
    question = f"{ask.question}\n{ask.arguments}"
    found = dict[int, None]()
    words = [word.strip(".:").lower() for word in _TOKEN.findall(question)]
    names = {
        " ".join(words[i : i + size])
        for size in range(1, _LONGEST_NAME_WORDS + 1)
        for i in range(len(words) - size + 1)
    }
    asked = frozenset(question_terms(question))
    limit = max(3.0, _NAMED_SHARE * len(rows.texts))
    for column in rows.columns.values():
        here = [i for i, cell in enumerate(column) if cell and cell.lower() in names]
        if 0 < len(here) <= limit and len(here) < len(column):
            found.update((i, None) for i in here if asked.intersection(terms(column[i] or "")))
    return list(found)


def _tiers(rows: Rows, ask: Ask) -> Iterator[tuple[list[int], float]]:
    """Yield rows worth keeping, the most telling first, and the share of the budget to fill."""
    near = _nearest(rows, ask)
    yield near[:1], math.inf
    named = _asked_columns(rows, ask.question)
    columns = [_Column(c) for name, c in rows.columns.items() if name in named]
    others = [_Column(c) for name, c in rows.columns.items() if name not in named][:_MOST_COLUMNS]
    if asks_for_extremes(ask.question):
        yield _in_turn([_telling(column, 1) for column in columns or others]), _LARGEST_SHARE
    yield near[1:_NEAREST], 1.2
    yield _in_turn([_telling(column, 2) for column in columns]), _LARGEST_SHARE
    yield _in_turn([column.rare[:_MOST_RARE] for column in others]), 1.6
    yield _troubled(rows), 1.6
    yield _in_turn([_telling(column, 1)[:_MOST_RARE] for column in others]), 1.8
    yield near[_NEAREST:_MOST_NEAR], 1.0
    yield _in_turn([_far(column) for column in others]), 1.2
    yield _in_turn([kinds(column.cells) for column in (*columns, *others)]), 1.0
    yield near[_MOST_NEAR:], 0.8


def _in_turn(lists: list[list[int]]) -> list[int]:
    """Return the first of each list, then the second of each, and so on, each row once."""
    return list(dict.fromkeys(i for turn in zip_longest(*lists) for i in turn if i is not None))


def _nearest(rows: Rows, ask: Ask) -> list[int]:
    if ask.score is not None:
        scores = ask.score(ask.question, rows.words)
    else:
        scores = bm25(_without_common_words(ask.question, rows.words), rows.words)
    best = max(scores, default=0.0)
    if best <= 0.0:
        return []
    near = [i for i, score in enumerate(scores) if score >= _NEAR * best]
    return sorted(near, key=lambda i: (-scores[i], i))


def _without_common_words(question: str, texts: Sequence[str]) -> str:
    """Return the question without words that stand in nearly all rows and so prefer none."""
    step = max(1, len(texts) // _SAMPLE)
    sample = [text.lower() for text in texts[::step]]
    kept: list[str] = []
    for word in question.split():
        wanted = question_terms(word)
        common = [sum([term in text for text in sample]) >= 0.9 * len(sample) for term in wanted]
        if wanted and not all(common):
            kept.append(word)
    return " ".join(kept)


def _asked_columns(rows: Rows, question: str) -> frozenset[str]:
    asked = question_terms(question)
    return frozenset(
        name
        for name in rows.columns
        if any(_alike(term, word) for term in terms(name) for word in asked)
    )


def _alike(term: str, word: str) -> bool:
    """Say whether a part of a name is a word, or short for it: ``mag`` for a magnitude."""
    return term == word or (len(term) >= _SHORTEST_SHORT and word.startswith(term))


class _Column:
    """A column, and what is worked out about it at most once."""

    def __init__(self, cells: Sequence[str | None]) -> None:
        self.cells = cells

    @cached_property
    def numbers(self) -> list[float | None] | None:
        return as_numbers(self.cells)

    @cached_property
    def rare(self) -> list[int]:
        return rare_values(self.cells)


def _telling(column: _Column, each: int) -> list[int]:
    numbers = column.numbers if column.numbers is not None else _as_times(column.cells)
    if numbers is not None:
        return extremes(numbers, each)
    return column.rare or rare_wordings(column.cells)


def _far(column: _Column) -> list[int]:
    return [] if column.numbers is None else outliers(column.numbers, 4)


def _as_times(column: Sequence[str | None]) -> list[float | None] | None:
    """Return the ranks of times that sort as text, or None for other columns."""
    known = [cell for cell in column if cell and cell != "null"]
    if not known or not all(_TIME.match(cell) for cell in known):
        return None
    rank = {cell: float(i) for i, cell in enumerate(sorted(set(known)))}
    return [rank.get(cell or "") for cell in column]


def _troubled(rows: Rows) -> list[int]:
    found: list[int] = []
    for start in range(0, len(rows.words), _BLOCK):
        texts = rows.words[start : start + _BLOCK]
        # Whether a word occurs at all is seen many times faster than the word is found.
        together = "\n".join(texts).lower()
        parts = [part for part in _TROUBLE_PARTS if part in together]
        if parts:
            found += [start + i for i, text in enumerate(texts) if _is_trouble(text, parts)]
    return found if len(found) <= max(2.0, _TROUBLE_SHARE * len(rows.texts)) else []


def _is_trouble(text: str, parts: Sequence[str]) -> bool:
    lowered = text.lower()
    if not any([part in lowered for part in parts]):
        return False
    if any([ending in text for ending in _ENDINGS]) and _TROUBLE_NAMES.search(text):
        return True
    found = _TROUBLE_LOWER.search(lowered) if text.isascii() else _TROUBLE.search(text)
    return found is not None and not _NO_TROUBLE.search(text)
