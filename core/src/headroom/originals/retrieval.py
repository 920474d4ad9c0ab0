"""Giving back an original, whole or in part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.compressors.interface import Relevance
from headroom.counting.protocol import Counter
from headroom.errors import SelectorError
from headroom.originals.json_values import is_json
from headroom.originals.paths import find_path
from headroom.originals.patterns import LinePattern
from headroom.originals.retrieval_pages import FEWEST_TOKENS, Pieces, cut_page
from headroom.originals.retrieval_query import answer
from headroom.originals.rows import filter_rows, find_rows, parse_filter
from headroom.originals.units import units_of
from headroom.selection.code_text import lines_before

# A question has no natural end: without a limit its answer is one page of this many tokens.
DEFAULT_QUERY_TOKENS = 1_000

# One part of a range: "10-20", "10-", "-20", "7"; colons and dots do as well as a hyphen.
_RANGE = re.compile(r"(?P<low>\d{1,12})?\s*(?P<to>-|:|\.\.)?\s*(?P<high>\d{1,12})?")
_MOST_RANGES = 1_000

# Lines of more characters than this on average are no units to search for a pattern.
_LONG_LINES = 2_000

Range = str | int | tuple[int, int]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A part of an original, or all of it.

    Args:
        text: What was asked for, verbatim. Where it is not all that was asked for, a first line in
            brackets names the unit, the range and the cursor of the next page.
        unit: What is counted: ``lines``, ``rows``, ``values``, ``elements`` of HTML, or ``windows``
            of long lines.
        selected: Units in ``text``.
        total: Units of the original.
        complete: True when ``text`` is all that was asked for.
        next_cursor: Pass it as ``cursor``, with the same selectors, to get the next page.
    """

    text: str
    unit: str
    selected: int
    total: int
    complete: bool
    next_cursor: str | None


def retrieve_part(  # noqa: PLR0913 - one keyword for each way to name a part, as users write it
    original: str,
    *,
    counter: Counter,
    relevance: Relevance | None = None,
    lines: Range | None = None,
    rows: Range | None = None,
    path: str | None = None,
    pattern: str | None = None,
    query: str | None = None,
    max_tokens: int | None = None,
    cursor: str | None = None,
) -> Retrieval:
    r"""Return the part of an original that one selector names; all of it without a selector.

    Args:
        original: The original text.
        counter: Counts the tokens of ``max_tokens``.
        relevance: Scores units against ``query`` in place of BM25.
        lines: Lines, counted from 1 (in a listing whose lines are numbered from 500 on, say, from
            500): ``"10-20"``, ``"10-"``, ``"-20"`` (the last 20),
            ``"5,9-12"``, ``7`` or ``(10, 20)``.
        rows: The same for rows of JSON, JSON lines, CSV or TSV; or a filter such as
            ``"status=failed and latency>500"`` (``= != > >= < <= ~``).
        path: A JSON path such as ``$.items[3].name``, ``items[*].id`` or ``a.b[0:5]``.
        pattern: A regular expression; gives the lines that it occurs in (of a single long line,
            the values or windows). Always linear in the text; no back-references or look-around.
        query: A question; gives the units that answer it best, with their surroundings.
        max_tokens: Most tokens of ``text``, our own words included; at least 50. None: no limit,
            except that a query gets pages of 1,000 tokens.
        cursor: ``next_cursor`` of the page before.

    Raises:
        SelectorError: If the selectors do not fit each other or the original.

    >>> from headroom.counting.o200k import O200kCounter
    >>> text = "\n".join(f"line {n}" for n in range(1, 101))
    >>> retrieve_part(text, counter=O200kCounter(), lines="98-").text
    'line 98\nline 99\nline 100'
    """
    given = {"lines": lines, "rows": rows, "path": path, "pattern": pattern, "query": query}
    asked = [name for name, value in given.items() if value is not None]
    if len(asked) > 1:
        raise SelectorError(f"one selector at a time, not {' and '.join(asked)}")
    if max_tokens is not None and max_tokens < FEWEST_TOKENS:
        raise SelectorError(f"max_tokens must be at least {FEWEST_TOKENS}, got {max_tokens}")
    if query is not None:
        cap = DEFAULT_QUERY_TOKENS if max_tokens is None else max_tokens
        return _answer(original, query, counter, relevance, cap, cursor)
    if not asked and max_tokens is None and cursor is None:
        count = len(original.split("\n"))
        return Retrieval(original, "lines", count, count, True, None)
    pieces = _select(original, lines=lines, rows=rows, path=path, pattern=pattern)
    page = cut_page(pieces, counter=counter, max_tokens=max_tokens, cursor=cursor)
    complete = page.next_cursor is None and cursor is None
    unit = f"{pieces.noun}s"
    return Retrieval(page.text, unit, page.shown, pieces.total, complete, page.next_cursor)


def _select(
    original: str,
    *,
    lines: Range | None,
    rows: Range | None,
    path: str | None,
    pattern: str | None,
) -> Pieces:
    if rows is not None:
        return _rows(original, rows)
    if path is not None:
        return _path(original, path)
    if pattern is not None:
        return _pattern(original, pattern)
    texts = original.split("\n")
    if lines is None:
        return Pieces("line", texts, range(1, len(texts) + 1), len(texts))
    # A listing is asked for by the numbers that it prints.
    shift = lines_before(texts)
    total = shift + len(texts)
    numbers = [n for n in _numbers(lines, total, "lines") if n > shift]
    return Pieces("line", [texts[n - shift - 1] for n in numbers], numbers, total)


def _numbers(wanted: Range, total: int, name: str) -> Sequence[int]:
    """Return the numbers from 1 to ``total`` that a range names, ascending, each once."""
    if isinstance(wanted, tuple):
        wanted = f"{max(1, wanted[0])}-{max(0, wanted[1])}"
    spans = [_span(part, total, name) for part in str(wanted).split(",")[:_MOST_RANGES]]
    if len(spans) == 1:
        return range(spans[0][0], spans[0][1] + 1)
    merged: list[int] = []
    for low, high in sorted(spans):
        merged.extend(range(max(low, merged[-1] + 1 if merged else low), high + 1))
    return merged


def _span(part: str, total: int, name: str) -> tuple[int, int]:
    found = _RANGE.fullmatch(part.strip())
    if found is None or (found["low"] is None and found["high"] is None):
        raise SelectorError(
            f"{name}={part[:60]!r} is not a range; write for example 10-20, 10-, -20 or 5,9-12"
        )
    high = found["high"]
    if found["low"] is None:
        return max(1, total - int(high) + 1), total
    low = max(1, int(found["low"]))
    if found["to"] is None:
        return low, min(low, total)
    return low, total if high is None else min(int(high), total)


def _rows(original: str, wanted: Range) -> Pieces:
    found = find_rows(original)
    if found is None:
        raise SelectorError("this original has no rows; use lines=, pattern= or query=")
    total = len(found.spans)
    if isinstance(wanted, str) and not _is_range(wanted):
        numbers: Sequence[int] = [i + 1 for i in filter_rows(original, found, parse_filter(wanted))]
    else:
        numbers = _numbers(wanted, total, "rows")
    texts = [original[a:b] for a, b in (found.spans[n - 1] for n in numbers)]
    header = None if found.header is None else original[slice(*found.header)]
    return Pieces("row", texts, numbers, total, header)


def _is_range(wanted: str) -> bool:
    return all(_RANGE.fullmatch(part.strip()) is not None for part in wanted.split(","))


def _path(original: str, path: str) -> Pieces:
    text = original
    if not is_json(original):
        found = find_rows(original)
        if found is None or found.header is not None:
            raise SelectorError("this original is not JSON; use lines=, rows=, pattern= or query=")
        # JSON lines are addressed as one array.
        text = "[" + ",\n".join(original[a:b] for a, b in found.spans) + "]"
    texts = [text[node.start : node.end] for node in find_path(text, path)]
    return Pieces("value", texts, range(1, len(texts) + 1), len(texts))


def _pattern(original: str, pattern: str) -> Pieces:
    matcher = LinePattern(pattern)
    texts: Sequence[str] = original.split("\n")
    noun = "line"
    if len(original) > _LONG_LINES * len(texts):
        # Of a text that is one long line, a matching line would be everything.
        units = units_of(original)
        texts = [original[a:b] for a, b in units.spans]
        noun = "value" if units.values else "window"
    numbers = [n for n, text in enumerate(texts, 1) if matcher.search(text)]
    return Pieces(noun, [texts[n - 1] for n in numbers], numbers, len(texts))


def _answer(
    original: str,
    query: str,
    counter: Counter,
    relevance: Relevance | None,
    cap: int,
    cursor: str | None,
) -> Retrieval:
    found = answer(
        query, original, counter=counter, relevance=relevance, max_tokens=cap, cursor=cursor
    )
    return Retrieval(
        found.text, found.unit, found.shown, found.total, found.complete, found.next_cursor
    )
