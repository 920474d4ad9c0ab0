"""Search results and other lists of places: grep, ripgrep, compilers, linters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.search_rows import ONLY_FILE, SearchRows, read_rows
from headroom.errors import DecodingError
from headroom.notation.headings import decode_rows, encode_rows
from headroom.routing.search_kind import SEARCH, find_search
from headroom.selection.hits import ranked, without_repeats
from headroom.selection.hits_places import summary
from headroom.selection.relevance import bm25

_NOTATION = "search"

# Aim for no less than this share of the rows as they came, up to a page: which hit an agent needs
# is often told by code around it that no word of the question names.
_LEAST_SHARE = {"balanced": 0.12, "aggressive": 0.05}
_LEAST_TOKENS = 3_000

# An agent reads a page of hits faster than it can ask for the rest.
_FEWEST_HITS = 30

# Lossless: not worth a change of looks below these.
_FEWEST_TOKENS = 20
_LARGEST_SHARE = 0.95

# Tokens of the legend's brackets and name.
_LEGEND_TOKENS = 8

# Share of the target that the list of files may take.
_SHARE_OF_FILES = 0.4

# With no question, this many hits of the same content stay; more say nothing new.
_REPEATS_KEPT = 2

# Rows of a single file that are mostly context are that file being read: an edit needs them all.
_MOST_CONTEXT = 0.5
_LARGEST_READ = 400

# Lines that are no rows ("Found 12 errors") and stay whatever happens.
_STRAY_LINES = 24


class SearchCompressor:
    r"""Compress ``path:line:content`` rows.

    Lossless: paths and contents that repeat are written once (`headroom.notation.headings`).
    Selection: the hits that the question names, definitions, assignments and rare contents, line
    by line as they stood, and the exact number of hits left out of each file.

    >>> from headroom.counting.o200k import O200kCounter
    >>> found = "".join(f"src/app.py:{n}:    go({n})\n" for n in range(1, 9))
    >>> encoding = SearchCompressor().encode(Content(found, O200kCounter()))
    >>> encoding.body[:46]
    'src/app.py:1:    go(1)\n2:    go(2)\n3:    go(3)'
    >>> SearchCompressor().decode(encoding) == found
    True
    """

    name = "search"
    kinds = (SEARCH,)
    notations = (_NOTATION,)

    def detect(self, content: Content) -> str | None:
        """Return ``"search"`` if most rows begin with a place in a file."""
        return find_search(content.text)

    def encode(self, content: Content) -> Encoding | None:
        """Write paths and contents that repeat once."""
        if content.tokens < _FEWEST_TOKENS:
            return None
        lines, signs = encode_rows(content.lines)
        body = "\n".join(lines)
        note = "; ".join(signs)
        if len(body) >= len(content.text):
            return None
        tokens = content.counter.count(body) + content.counter.count(note) + _LEGEND_TOKENS
        if tokens > _LARGEST_SHARE * content.tokens:
            return None
        return Encoding(_NOTATION, note, body)

    def decode(self, encoding: Encoding) -> str:
        """Undo `encode`.

        Raises:
            DecodingError: If the body is not in this notation.
        """
        if encoding.notation != _NOTATION:
            raise DecodingError(f"not the notation {_NOTATION!r}: {encoding.notation!r}")
        return "\n".join(decode_rows(encoding.body.split("\n")))

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Keep the most telling hits, in order, and name every file with what was left out."""
        least = min(_LEAST_SHARE[goal.fidelity] * content.tokens, _LEAST_TOKENS)
        goal = replace(goal, target_tokens=max(goal.target_tokens, round(least)))
        rows = read_rows(content.lines)
        if len(rows.hits) < _FEWEST_HITS or _is_a_read(rows):
            return None
        if goal.asked:
            stay = _asked(content, goal, rows)
        else:
            stay = set(without_repeats(rows.hits, _REPEATS_KEPT))
        stay |= _must_stay(content, rows)
        if len(stay) >= len(rows.hits):
            return None
        return _selection(content, goal, rows, stay)


def _cost(content: Content) -> Callable[[str], float]:
    # Counting every line by itself would take longer than all the rest.
    per_character = content.tokens / max(1, len(content.text))
    return lambda text: len(text) * per_character + 1


def _is_a_read(rows: SearchRows) -> bool:
    return (
        len({hit.path for hit in rows.hits}) == 1
        and len(rows.lines) <= _LARGEST_READ
        and rows.context_lines > _MOST_CONTEXT * len(rows.lines)
    )


def _must_stay(content: Content, rows: SearchRows) -> set[int]:
    if not content.keep:
        return set()
    units = (rows.unit_text(i) for i in range(len(rows.hits)))
    return {i for i, unit in enumerate(units) if any(k in unit for k in content.keep)}


def _asked(content: Content, goal: Goal, rows: SearchRows) -> set[int]:
    question = f"{content.question}\n{content.arguments}"
    units = [rows.unit_text(i) for i in range(len(rows.hits))]
    score = content.relevance or bm25
    order = ranked(rows.hits, score(question, units))
    cost = _cost(content)
    listing = sum(cost(path) + 1 for path in dict.fromkeys(hit.path for hit in rows.hits))
    left = goal.target_tokens - min(listing, goal.target_tokens * _SHARE_OF_FILES)
    stay: set[int] = set()
    for i in order:
        spent = cost(units[i])
        if stay and spent > left:
            continue
        left -= spent
        stay.add(i)
    return stay


def _shown(rows: SearchRows, stay: set[int], strays: Sequence[int]) -> list[int]:
    wanted = set(strays)
    for i in sorted(stay):
        wanted.add(rows.hits[i].index)
        wanted.update(rows.around(i))
        if rows.heading_of[i] >= 0:
            wanted.add(rows.heading_of[i])
    shown: list[int] = []
    separator = -1
    for index in range(len(rows.lines)):
        if index in wanted:
            if separator >= 0 and shown:
                shown.append(separator)
            shown.append(index)
            separator = -1
        elif separator < 0 and rows.is_separator(index):
            separator = index
    return shown


def _strays_kept(content: Content, rows: SearchRows) -> list[int]:
    if len(rows.strays) <= _STRAY_LINES:
        return list(rows.strays)
    half = _STRAY_LINES // 2
    ends = {*rows.strays[:half], *rows.strays[-half:]}
    return [i for i in rows.strays if i in ends or any(k in rows.lines[i] for k in content.keep)]


def _selection(content: Content, goal: Goal, rows: SearchRows, stay: set[int]) -> Selection | None:
    strays = _strays_kept(content, rows)
    shown = _shown(rows, stay, strays)
    unit = "lines" if any(rows.context) or len(strays) < len(rows.strays) else "hits"
    left_out: Counter[str] = Counter()
    visible = set(shown)
    for hit in rows.hits:
        if hit.index not in visible:
            left_out[hit.path or ONLY_FILE] += 1
    if unit == "lines":
        for index, path in enumerate(rows.context):
            if path and index not in visible:
                left_out[path] += 1
    if not left_out:
        return None
    allowed = goal.target_tokens * _SHARE_OF_FILES
    body = [rows.lines[index] for index in shown]
    body += summary(left_out, unit, allowed, _cost(content))
    if unit == "hits":
        kept, total = len(rows.hits) - sum(left_out.values()), len(rows.hits)
    else:
        kept, total = len(shown), len(rows.lines)
    return Selection(unit, kept, total, "\n".join(body), _words(rows, left_out))


def _words(rows: SearchRows, left_out: Counter[str]) -> str:
    files = len({hit.path for hit in rows.hits})
    if files < 2:
        return ""
    return f"{len(rows.hits)} hits in {files} files; none left out of {files - len(left_out)}"
