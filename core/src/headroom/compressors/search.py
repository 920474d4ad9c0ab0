"""Search results and other lists of places: grep, ripgrep, compilers, linters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.search_rows import SearchRows, read_rows
from headroom.errors import DecodingError
from headroom.notation.headings import decode_rows, encode_rows
from headroom.routing.sample import sample_of
from headroom.routing.search_kind import SEARCH, find_search
from headroom.selection.hits import definitions, ranked, without_repeats
from headroom.selection.hits_named import LineFinder, named_lines
from headroom.selection.hits_places import summary

_NOTATION = "search"

# Aim for no less than this share of the rows as they came, up to a page: which hit an agent needs
# is often told by code around it that no word of the question names.
_LEAST_SHARE = {"balanced": 0.12, "aggressive": 0.08}
_LEAST_TOKENS = 3_000

# An agent reads a page of hits faster than it can ask for the rest.
_FEWEST_HITS = {"balanced": 30, "aggressive": 10}

# Lossless: not worth a change of looks below these.
_FEWEST_TOKENS = 20

# Share of the target that the list of files may take.
_SHARE_OF_FILES = 0.4

# With no question, this many hits of the same content stay; more say nothing new.
_REPEATS_KEPT = 4

# Rows of a single file that are mostly context are that file being read: an edit needs them all.
_MOST_CONTEXT = 0.5
_LARGEST_READ = 400

# So few hits to which the question is equally near stay all together.
_MOST_ALIKE = 6
_ALIKE = 0.98

# Tokens: with less than this left of the target, no further row is looked for.
_SMALLEST_ROW = 8

# Where a search finds few definitions they are what it was for: all of them stay, and only half
# of their tokens count towards the target.
_MOST_DEFINITIONS = 16

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
        return find_search(content.text, sample_of(content))

    def encode(self, content: Content) -> Encoding | None:
        """Write paths and contents that repeat once."""
        if content.tokens < _FEWEST_TOKENS:
            return None
        question = f"{content.question}\n{content.arguments}"
        named = named_lines(question, content.text, content.lines)
        lines, signs = encode_rows(content.lines, named)
        body = "\n".join(lines)
        # Whoever uses it counts it.
        if len(body) >= len(content.text):
            return None
        return Encoding(_NOTATION, "; ".join(signs), body)

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
        found = read_rows(content.lines)
        if len(found.hits) < _FEWEST_HITS[goal.fidelity] or _is_a_read(found):
            return None
        finder = LineFinder(content.text, content.lines)
        asked = goal.asked and (
            goal.fidelity == "aggressive" or finder.is_telling(content.question)
        )
        stay = _asked(content, goal, found, finder) if asked else _unrepeated(found)
        stay |= _must_stay(content, found)
        return _selection(content, goal, found, stay)


def _cost(content: Content) -> Callable[[str], float]:
    # Counting every line by itself would take longer than all the rest.
    per_character = content.tokens / max(1, len(content.text))
    return lambda text: len(text) * per_character + 1


def _is_a_read(found: SearchRows) -> bool:
    return (
        len({row.path for row in found.rows}) == 1
        and len(found.lines) <= _LARGEST_READ
        and len(found.rows) - len(found.hits) > _MOST_CONTEXT * len(found.lines)
    )


def _must_stay(content: Content, found: SearchRows) -> set[int]:
    if not content.keep:
        return set()
    return {
        i
        for i, row in enumerate(found.rows)
        if any(k in found.lines[row.line] for k in content.keep)
    }


def _unrepeated(found: SearchRows) -> set[int]:
    # Context stays with its hits: a group of rows goes as a whole or not at all.
    kept = without_repeats([found.rows[i] for i in found.hits], _REPEATS_KEPT)
    groups = {found.group[found.hits[at]] for at in kept}
    if len(found.hits) == len(found.rows):
        return {found.hits[at] for at in kept}
    return {i for i, group in enumerate(found.group) if group in groups}


def _asked(content: Content, goal: Goal, found: SearchRows, finder: LineFinder) -> set[int]:
    question = f"{content.question}\n{content.arguments}"
    lines = [found.lines[row.line] for row in found.rows]
    if content.relevance is None:
        scores = finder.scores(question)
        relevance: Sequence[float] = [scores[row.line] for row in found.rows]
    else:
        relevance = content.relevance(question, lines)
    cost = _cost(content)
    listing = sum(cost(path) + 1 for path in dict.fromkeys(row.path for row in found.rows))
    left = goal.target_tokens - min(listing, goal.target_tokens * _SHARE_OF_FILES)
    stay: set[int] = set()
    defining = definitions(found.rows)
    if goal.fidelity == "balanced" and len(defining) <= _MOST_DEFINITIONS:
        stay.update(defining)
        left -= sum(cost(lines[at]) for at in defining) / 2
    order = ranked(found.rows, relevance)
    sure = frozenset([*order[:1], *_alike(relevance)])
    for i in order:
        if i in stay or (cost(lines[i]) > left and i not in sure):
            continue
        new = [at for at in (i, *found.beside(i)) if at not in stay]
        spent = sum(cost(lines[at]) for at in new)
        if spent > left and i not in sure:
            continue
        left -= spent
        stay.update(new)
        if left < _SMALLEST_ROW and sure <= stay:
            break
    return stay


def _alike(relevance: Sequence[float]) -> list[int]:
    """Return the hits to which the question is nearest, if they are few: it may mean any."""
    best = max(relevance, default=0.0)
    alike = [i for i, score in enumerate(relevance) if score > _ALIKE * best]
    return alike if best > 0.0 and len(alike) <= _MOST_ALIKE else []


def _shown(found: SearchRows, stay: set[int], strays: Sequence[int]) -> list[int]:
    wanted = set(strays)
    for i in stay:
        wanted.add(found.rows[i].line)
        if found.heading[i] >= 0:
            wanted.add(found.heading[i])
    shown: list[int] = []
    separator = -1
    for index in range(len(found.lines)):
        if index in wanted:
            if separator >= 0 and shown:
                shown.append(separator)
            shown.append(index)
            separator = -1
        elif separator < 0 and found.is_separator(index):
            separator = index
    return shown


def _strays_kept(content: Content, found: SearchRows) -> list[int]:
    if len(found.strays) <= _STRAY_LINES:
        return list(found.strays)
    half = _STRAY_LINES // 2
    ends = {*found.strays[:half], *found.strays[-half:]}
    return [i for i in found.strays if i in ends or any(k in found.lines[i] for k in content.keep)]


def _selection(content: Content, goal: Goal, found: SearchRows, stay: set[int]) -> Selection | None:
    left_out = Counter(row.path for i, row in enumerate(found.rows) if i not in stay)
    if not left_out:
        return None
    strays = _strays_kept(content, found)
    shown = _shown(found, stay, strays)
    body = [found.lines[index] for index in shown]
    only_hits = len(found.hits) == len(found.rows) and len(strays) == len(found.strays)
    unit = "hits" if only_hits else "lines"
    allowed = goal.target_tokens * _SHARE_OF_FILES
    body += summary(left_out, unit, allowed, _cost(content))
    files = len({row.path for row in found.rows})
    words = f"{len(found.hits)} hits in {files} files" if files > 1 else ""
    if only_hits:
        return Selection(unit, len(stay), len(found.rows), "\n".join(body), words)
    return Selection(unit, len(shown), len(found.lines), "\n".join(body), words)
