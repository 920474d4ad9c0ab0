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


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of an answer.

    Args:
        text: The page; a first line in brackets names what it shows of what.
        unit: ``lines``, ``rows`` or ``values``.
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
    rest = ranking.order[:_MOST_RANKED]
    chosen: list[int] = []
    text, after = "", None
    for number in range(1, wanted + 1):
        after = f"page {number + 1}"
        chosen = _fill(rest, original, units, counter, max_tokens)
        text = _render(original, units, chosen, ranking.matched, after)
        while chosen and counter.count(text) > max_tokens:
            chosen.pop()
            text = _render(original, units, chosen, ranking.matched, after)
        taken = frozenset(chosen)
        rest = [i for i in rest if i not in taken]
        if not taken or (not rest and number < wanted):
            break
    if cursor is not None and (not chosen or number < wanted):
        raise SelectorError(f"cursor {cursor[:60]!r} is past the end of this answer")
    if not rest or not chosen:
        after = None
        text = _render(original, units, chosen, ranking.matched, None)
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


def _fill(
    order: Sequence[int], text: str, units: Units, counter: Counter, max_tokens: int
) -> list[int]:
    """Take the best units that fit, in the order in which they were taken."""
    left = max_tokens - counter.count(_head(units, [], False, "page 9999")) - 12
    if units.header is not None:
        left -= counter.count(text[slice(*units.header)]) + 1
    taken: dict[int, None] = {}
    holders: set[int] = set()
    misfits = 0
    for i in order:
        start, end = units.spans[i]
        cost = counter.count(text[start:end]) + 1
        holder = units.values[i].holder if units.values else -1
        if units.values and holder not in holders:
            cost += counter.count(write_path(units.containers, holder)) + _PATH_TOKENS
        elif not units.values and i - 1 not in taken and i + 1 not in taken:
            cost += _GAP_TOKENS
        if cost > left:
            misfits += 1
            if misfits > _MOST_MISFITS:
                break
            continue
        left -= cost
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
            parts[-1] += piece if i == last + 1 else f"[...]{piece}"
        else:
            skipped = units.numbers[i] - number - 1
            before = units.spans[last][1] + 1 if last >= 0 else 0
            if skipped and start - before <= _SHORT_GAP and last >= 0:
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
            lines[-1][-1] += piece if i == last + 1 else f"[...]{piece}"
        else:
            lines[-1].append(piece)
        holder, last = value.holder, i
    return [", ".join(parts) for parts in lines]
