"""Answering a question from an original: the best units, in order, within a token limit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.compressors.interface import Relevance
from headroom.counting.protocol import Counter
from headroom.errors import SelectorError
from headroom.originals.json_values import write_path
from headroom.originals.markers import write_gap
from headroom.originals.retrieval_code import definition_units
from headroom.originals.retrieval_pages import ranges
from headroom.originals.retrieval_ranking import rank
from headroom.originals.units import Units, units_of

_CURSOR = re.compile(r"page ([1-9]\d{0,3})")

# An answer goes no deeper into the ranking than this; what comes after has little to say.
_MOST_RANKED = 4_000

# Units in a row that may fail to fit before a page counts as full.
_MOST_MISFITS = 40

# Whether a text fits is only counted when it has no more characters than this for each token.
_CHARACTERS_PER_TOKEN = 16

_SHORT_GAP = 16

# Upper bounds for what stands around a unit: a gap before it, the brackets around a path.
_GAP_TOKENS = 4
_PATH_TOKENS = 4

# The ranges of a page's first line.
_RANGE_TOKENS = 12

# Windows of one long value, or line, may take this share of a page: what is asked about it is read
# beside what else answers.
_LARGEST_PART = 0.4

_CUT = "[...]"


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of an answer.

    Args:
        text: The page; a first line in brackets names what it shows of what.
        unit: ``lines``, ``rows``, ``values`` or ``elements``.
        shown: Units of that kind in the page, at least in part.
        total: Units of the original.
        complete: True when the page is the whole original.
        next_cursor: Asks for the next best units, or None when there are none.
    """

    text: str
    unit: str
    shown: int
    total: int
    complete: bool
    next_cursor: str | None


def answer(
    question: str,
    original: str,
    *,
    counter: Counter,
    relevance: Relevance | None,
    max_tokens: int,
    cursor: str | None,
) -> Answer:
    """Return one page of the units that answer the question best, in the original's order.

    An original that fits comes whole. Pages are disjoint, the best units first.

    Raises:
        SelectorError: If the cursor is not one of this answer's.
    """
    units = units_of(original)
    fits = len(original) <= max_tokens * _CHARACTERS_PER_TOKEN
    if cursor is None and fits and counter.count(original) <= max_tokens:
        return Answer(original, units.noun, units.total, units.total, True, None)
    wanted = _page_number(cursor)
    ranking = rank(question, units, relevance)
    # A symbol's definition is what was asked for, from its first line to its last.
    named = definition_units(question, original, units)
    matched = ranking.matched or bool(named)
    book = _Book(original, units, counter, max_tokens, matched, frozenset(named))
    rest = list(dict.fromkeys((*named, *ranking.order)))[:_MOST_RANKED]
    for number in range(1, wanted):
        rest = book.turn(rest, number)
    if cursor is not None and not rest:
        raise SelectorError(f"cursor {cursor[:60]!r} is past the end of this answer")
    chosen = book.choose(rest, wanted)
    after = f"page {wanted + 1}" if len(chosen) < len(rest) else None
    text = book.print(chosen, after)
    shown = len({units.numbers[i] for i in chosen})
    return Answer(text, units.noun, shown, units.total, False, after)


def _page_number(cursor: str | None) -> int:
    if cursor is None:
        return 1
    found = _CURSOR.fullmatch(cursor.strip())
    if found is None:
        raise SelectorError(
            f"cursor {cursor[:60]!r} does not belong to a query; pass next_cursor unchanged"
        )
    return int(found[1])


@dataclass(frozen=True, slots=True)
class _Book:
    """Makes the pages of one answer."""

    text: str
    units: Units
    counter: Counter
    max_tokens: int
    matched: bool
    together: frozenset[int] = frozenset()

    def turn(self, order: Sequence[int], number: int) -> list[int]:
        """Return what is left of the order after a page."""
        taken = frozenset(self.choose(order, number))
        return [i for i in order if i not in taken]

    def choose(self, order: Sequence[int], number: int) -> list[int]:
        """Return the units of a page: the best that fit, but at least the first."""
        after = f"page {number + 1}"
        if order and order[0] in self.together:
            # Nothing else stands between the lines of what was named.
            order = [i for i in order if i in self.together]

        def over(taken: Sequence[int]) -> int:
            return self._size(_render(self.text, self.units, taken, self.matched, after))

        taken = self._estimate(order, 0)
        # The estimate is cautious: what it left free is given out once more.
        more = self._estimate(order, max(0, -over(taken)))
        while more and over(more) > 0:
            more.pop()
        taken = more if len(more) >= len(taken) else taken
        while taken and over(taken) > 0:
            taken.pop()
        return taken or list(order[:1])

    def print(self, chosen: Sequence[int], after: str | None) -> str:
        """Return a page as text; of a single unit that is too large, as much as fits."""
        page = _render(self.text, self.units, chosen, self.matched, after)
        if not chosen or self._size(page) <= 0:
            return page
        start, end = self.units.spans[chosen[0]]
        head = f"{_head(self.units, chosen, self.matched, after)}\n"
        if self._size(f"{head}{_CUT}") > 0:
            # A counter that counts more than tokens may leave no room for our own words.
            head = ""
        low, high = 0, end - start
        while low < high:
            middle = (low + high + 1) // 2
            if self._size(f"{head}{self.text[start : start + middle]}{_CUT}") <= 0:
                low = middle
            else:
                high = middle - 1
        return f"{head}{self.text[start : start + low]}{_CUT}"

    def _size(self, page: str) -> int:
        """Return by how many tokens a page is over the limit."""
        return self.counter.count(page) - self.max_tokens

    def _estimate(self, order: Sequence[int], spare: int) -> list[int]:
        """Take the best units that should fit, in the order in which they are taken."""
        units = self.units
        left = spare - self._size(_head(units, [], self.matched, "page 9999")) - _RANGE_TOKENS
        if units.header is not None:
            left -= self.counter.count(self.text[slice(*units.header)]) + 1
        most = _LARGEST_PART * left
        spent: dict[int, int] = {}
        taken: dict[int, None] = {}
        holders: set[int] = set()
        misfits = 0
        for i in order:
            start, end = units.spans[i]
            cost = self.counter.count(self.text[start:end]) + 1
            holder = units.values[i].holder if units.values else -1
            if units.values and holder not in holders:
                path = write_path(units.containers, holder)
                cost += self.counter.count(path) + _PATH_TOKENS
            elif not units.values and i - 1 not in taken and i + 1 not in taken:
                cost += _GAP_TOKENS
            used = spent.get(units.numbers[i], 0)
            if cost > left or (units.values and used and used + cost > most):
                misfits += 1
                if misfits > _MOST_MISFITS:
                    break
                continue
            left -= cost
            spent[units.numbers[i]] = used + cost
            taken[i] = None
            holders.add(holder)
        return list(taken)


def _head(units: Units, chosen: Sequence[int], matched: bool, after: str | None) -> str:
    numbers = [units.numbers[i] for i in sorted(chosen)]
    if units.values:
        what = f"{len(set(numbers))} of {units.total} values"
    else:
        what = f"{units.noun} {ranges(numbers)} of {units.total}" if numbers else units.noun
    note = "" if matched else "nothing matches the query; this stands out: "
    more = f'; next: cursor="{after}"' if after else ""
    return f"[{note}{what}{more}]"


def _render(
    text: str, units: Units, chosen: Sequence[int], matched: bool, after: str | None
) -> str:
    parts = [_head(units, chosen, matched, after)]
    if units.header is not None:
        parts.append(text[slice(*units.header)])
    ordered = sorted(chosen)
    parts.extend(_values(text, units, ordered) if units.values else _lines(text, units, ordered))
    return "\n".join(parts)


def _lines(text: str, units: Units, ordered: Sequence[int]) -> list[str]:
    """Return lines or rows, with a gap where some were left out; windows are joined again."""
    parts: list[str] = []
    number, last = 0, -2
    for i in ordered:
        start, end = units.spans[i]
        piece = text[start:end]
        if units.numbers[i] == number:
            parts[-1] += piece if i == last + 1 else f"{_CUT}{piece}"
        else:
            skipped = units.numbers[i] - number - 1
            before = units.spans[last][1] + 1 if last >= 0 else 0
            is_short = units.noun != "elements" and start - before <= _SHORT_GAP
            if skipped and is_short and last >= 0:
                # The words of a gap would be longer than what is left out.
                parts.append(text[before : start - 1])
            elif skipped:
                parts.append(write_gap(skipped, units.noun))
            parts.append(piece)
        number, last = units.numbers[i], i
    return parts


def _values(text: str, units: Units, ordered: Sequence[int]) -> list[str]:
    """Return values with their keys, a line for each object or array in which they stand."""
    lines: list[list[str]] = []
    holder, last = -2, -2
    for i in ordered:
        start, end = units.spans[i]
        piece = text[start:end]
        value = units.values[i]
        if value.holder != holder:
            lines.append([f"[{write_path(units.containers, value.holder)}] {piece}"])
        elif last >= 0 and units.numbers[i] == units.numbers[last]:
            lines[-1][-1] += piece if i == last + 1 else f"{_CUT}{piece}"
        else:
            lines[-1].append(piece)
        holder, last = value.holder, i
    return [", ".join(parts) for parts in lines]
