"""Cutting a selection into pages under a token limit, with a cursor from one to the next."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.counting.protocol import Counter
from headroom.errors import SelectorError

_CURSOR = re.compile(r"(?P<noun>[a-z]+) (?P<number>\d{1,12})(?:\+(?P<skip>\d{1,12}))?")

# Tokens that a page keeps free for its header line, and the least that a page can have.
_HEADER_TOKENS = 40
FEWEST_TOKENS = 50

# No cut piece is looked at beyond this many characters for each token that is left; o200k has
# no token longer than 128 bytes, and hardly any text needs more than this.
_CHARACTERS_PER_TOKEN = 32


@dataclass(frozen=True, slots=True)
class Pieces:
    """A selection: whole units of an original, in order.

    Args:
        noun: What is numbered in headers and cursors, singular: ``line``, ``row``, ``value``.
        texts: The units, verbatim.
        numbers: Number of each unit in the original, ascending.
        total: How many such units the original has.
        header: A line that stands above the units on every page, the names of columns; or None.
    """

    noun: str
    texts: Sequence[str]
    numbers: Sequence[int]
    total: int
    header: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a selection.

    Args:
        text: The page, its header line included when it is not the whole selection.
        shown: Units that stand in it, at least in part.
        next_cursor: Where the next page starts, or None on the last.
    """

    text: str
    shown: int
    next_cursor: str | None


def cut_page(
    pieces: Pieces, *, counter: Counter, max_tokens: int | None, cursor: str | None
) -> Page:
    """Return the page that starts at ``cursor``, within ``max_tokens`` tokens.

    Units stay whole unless a single one is larger than a page. The pages of a selection, their
    header lines taken off, are the whole selection.

    Raises:
        SelectorError: If the cursor does not belong to the selection.
    """
    if not pieces.texts:
        nothing = f"[no {pieces.noun}s selected; the original has {pieces.total}]"
        return Page(nothing, 0, None)
    first, skip = _start(pieces, cursor)
    lead = [] if pieces.header is None else [pieces.header]
    body = list(pieces.texts[first:])
    body[0] = body[0][skip:]
    if cursor is None and (max_tokens is None or _fits(lead, body, counter, max_tokens)):
        return Page("\n".join(lead + body), len(body), None)
    if max_tokens is None:
        return _whole_page(pieces, lead, body, first, len(body))
    budget = max(1, max_tokens - _HEADER_TOKENS - sum(counter.count(x) + 1 for x in lead))
    count = _whole_pieces(body, counter, budget)
    while count:
        page = _whole_page(pieces, lead, body, first, count)
        if counter.count(page.text) <= max_tokens:
            return page
        count -= 1
    return _cut_piece(pieces, body[0], first, skip, counter, max_tokens)


def _start(pieces: Pieces, cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return 0, 0
    found = _CURSOR.fullmatch(cursor.strip())
    if found is not None and found["noun"] == pieces.noun:
        number, skip = int(found["number"]), int(found["skip"] or 0)
        at = bisect.bisect_left(pieces.numbers, number)
        known = at < len(pieces.numbers) and pieces.numbers[at] == number
        if known and skip <= len(pieces.texts[at]):
            return at, skip
    raise SelectorError(
        f"cursor {cursor[:60]!r} does not belong to this selection; pass next_cursor unchanged, "
        "with the same selectors"
    )


def _fits(lead: Sequence[str], body: Sequence[str], counter: Counter, cap: int) -> bool:
    if sum(map(len, body)) > cap * _CHARACTERS_PER_TOKEN:
        return False
    return counter.count("\n".join([*lead, *body])) <= cap


def _whole_pieces(body: Sequence[str], counter: Counter, budget: int) -> int:
    used = 0
    for count, piece in enumerate(body):
        if len(piece) > budget * _CHARACTERS_PER_TOKEN:
            return count
        used += counter.count(piece) + 1
        if used > budget:
            return count
    return len(body)


def _whole_page(
    pieces: Pieces, lead: Sequence[str], body: Sequence[str], first: int, count: int
) -> Page:
    numbers = pieces.numbers[first : first + count]
    after = first + count
    cursor = f"{pieces.noun} {pieces.numbers[after]}" if after < len(pieces.texts) else None
    head = _header(pieces, ranges(numbers), cursor)
    return Page("\n".join([head, *lead, *body[:count]]), count, cursor)


def _cut_piece(
    pieces: Pieces, piece: str, first: int, skip: int, counter: Counter, cap: int
) -> Page:
    """Show as much of one piece as fits."""
    number = pieces.numbers[first]

    def page(length: int, *, named: bool = True) -> Page:
        end = skip + length
        cursor: str | None = f"{pieces.noun} {number}+{end}"
        if length == len(piece):
            after = first + 1
            cursor = f"{pieces.noun} {pieces.numbers[after]}" if after < len(pieces.texts) else None
        where = f"{number}, characters {skip + 1}-{end} of {len(pieces.texts[first])}"
        head = f"{_header(pieces, where, cursor)}\n" if named else ""
        return Page(f"{head}{piece[:length]}", 1, cursor)

    least = min(1, len(piece))
    # A counter that counts more than tokens may leave no room for our own words.
    named = counter.count(page(least).text) <= cap
    low, high = least, min(len(piece), cap * _CHARACTERS_PER_TOKEN)
    while low < high:
        middle = (low + high + 1) // 2
        if counter.count(page(middle, named=named).text) <= cap:
            low = middle
        else:
            high = middle - 1
    return page(low, named=named)


def _header(pieces: Pieces, where: str, cursor: str | None) -> str:
    more = f'; next: cursor="{cursor}"' if cursor else ""
    return f"[{pieces.noun}s {where} of {pieces.total}{more}]"


def ranges(numbers: Sequence[int], most: int = 6) -> str:
    """Name ascending numbers by their ranges; beyond ``most`` ranges, by the first and the last.

    >>> ranges([1, 2, 3, 7, 9, 10])
    '1-3,7,9-10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        elif not runs or number != runs[-1][1]:
            runs.append([number, number])
    if len(runs) > most:
        return f"{runs[0][0]}...{runs[-1][1]}"
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
