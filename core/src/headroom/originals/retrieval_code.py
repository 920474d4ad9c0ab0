"""Definitions that a question names in an original that is source code."""

from __future__ import annotations

import re

from headroom.errors import MissingGrammarsError
from headroom.grammars import OFFICIAL, grammars_from
from headroom.originals.retrieval_scores import LONGEST_QUESTION
from headroom.originals.units import Units
from headroom.selection.code_language import Hint, glance_at, glance_is_code, language_of
from headroom.selection.code_names import Symbol, read_asked
from headroom.selection.code_shown import above
from headroom.selection.code_source import Source, parse_source
from headroom.selection.code_text import read_code_text, without_numbers
from headroom.selection.code_tree import Role

# Lines from the start, the middle and the end that tell the language.
_SAMPLED = 80
_REACH = 240

# A larger original is searched by its words alone, in characters.
_LARGEST = 8_000_000

# In a longer question a plain word, say "value", is no symbol.
_SHORT_QUESTION = 3

_WORD = re.compile(r"\w+")


def definition_units(question: str, original: str, units: Units) -> list[int]:
    """Return the units of the definitions that a question names, in order; [] if it names none.

    >>> from headroom.originals.units import units_of
    >>> code = "import os\\n\\n\\ndef f(a):\\n    return os.path.join(a, 'x')\\n\\n\\n" * 3
    >>> definition_units("def f", code, units_of(code))[:2]
    [1, 2]
    """
    if units.noun != "lines" or len(original) > _LARGEST:
        return []
    symbols = _symbols(question)
    if not any(symbol.name in original for symbol in symbols):
        return []
    source = _read(original)
    if source is None:
        return []
    rows = _rows_of(symbols, source)
    return [i for i, number in enumerate(units.numbers) if number - 1 in rows]


def _symbols(question: str) -> list[Symbol]:
    is_short = len(_WORD.findall(question)) <= _SHORT_QUESTION
    return [s for s in read_asked(question[:LONGEST_QUESTION], "").symbols if s.shaped or is_short]


def _read(original: str) -> Source | None:
    lines = original.split("\n")
    language = _language(lines)
    if language is None:
        return None
    try:
        return parse_source(read_code_text(lines), language, grammars_from(OFFICIAL))
    except MissingGrammarsError:
        # Then words have to do: a retrieval must not fail for want of a grammar.
        return None


def _language(lines: list[str]) -> str | None:
    half = len(lines) // 2
    sample = lines
    if len(lines) > 3 * _SAMPLED:
        sample = [*lines[:_SAMPLED], *lines[half : half + _SAMPLED], *lines[-_SAMPLED:]]
    numbered = [line[:_REACH] for line in sample if line.strip()]
    bare = [line for line in without_numbers(numbered) if line.strip()]
    if not glance_is_code(glance_at(bare), Hint()):
        return None
    return language_of(bare, Hint())


def _rows_of(symbols: list[Symbol], source: Source) -> frozenset[int]:
    """Return the rows of the definitions of symbols, with what stands right above them."""
    tree = source.tree
    rows: set[int] = set()
    for symbol in symbols:
        named = [i for i, item in enumerate(tree.items) if symbol.name in item.names]
        defined = [i for i in named if tree.items[i].role is Role.DEFINITION] or named
        for i in defined:
            item = tree.items[i]
            start = min((tree.items[at].start for at in above(tree, i)), default=item.start)
            rows.update(range(start, item.end + 1))
    return frozenset(rows)
