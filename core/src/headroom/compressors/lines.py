"""Plain text of lines that no other compressor claims: help pages, reports, outlines."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.errors import DecodingError
from headroom.originals.markers import write_gap
from headroom.routing.log_signs import is_code
from headroom.routing.sample import sample_of
from headroom.selection.asking import speaks_of
from headroom.selection.entries import read_entries
from headroom.selection.passages import Unit
from headroom.selection.passages_choice import (
    Budget,
    choose_units,
    left_out_titles,
    write_units,
)
from headroom.selection.passages_scores import unit_scores, unit_scores_from

# A name in the question: its parts alone stand in many entries, the whole in those that are meant.
_IDENTIFIER = re.compile(r"--?\w[\w-]+|\w+(?:[_.:/-]\w+)+|[a-z]+[A-Z]\w*")

_KIND = "text"
_UNIT = "entries"

# Fewer lines than this are read whole.
_FEWEST_LINES = 20

# Share of the sample that makes it a program: one in a language that has no compressor stays whole.
_CODE = 0.3

# Share of a text to aim for, and the most of a large one, in tokens. Nothing is known of such a
# text but its indentation, so more of it stays than of texts whose parts have a meaning.
_SHARE = {"balanced": 0.25, "aggressive": 0.1}
_CEILING = {"balanced": 3_000, "aggressive": 1_200}
_LARGEST_SHARE = {"balanced": 0.5, "aggressive": 0.2}


class LinesCompressor:
    """Compress plain text that is divided by its lines and their indentation.

    A selection is made only for a question: the entries nearest to it, byte for byte and in
    order, below the lines that they are indented under, with every gap counted. There is no
    lossless form.
    """

    name = "lines"
    kinds = (_KIND,)
    notations: tuple[str, ...] = ()

    def detect(self, content: Content) -> str | None:
        """Return ``"text"`` for whatever has lines enough and is no program, else None.

        To be asked last of all.
        """
        lines = sample_of(content).lines
        if len(lines) < _FEWEST_LINES or sum(map(is_code, lines)) >= _CODE * len(lines):
            return None
        return _KIND

    def encode(self, content: Content) -> Encoding | None:
        """Return None: whatever is known to repeat has a kind of its own."""
        return None

    def decode(self, encoding: Encoding) -> str:
        """Raise: there is no notation.

        Raises:
            DecodingError: Always.
        """
        raise DecodingError(f"no notation of plain text: {encoding.notation!r}")

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Keep what answers the question; None without one."""
        text = content.text
        # A command's own words stand everywhere in its help: only what the user said counts.
        question = content.question
        if not goal.asked or not (speaks_of(question, text) or _names(question, text)):
            return None
        units = read_entries(text)
        scores = _scores(content, question, units)
        if max(scores, default=0.0) <= 0.0:
            return None
        must = [
            i
            for i, unit in enumerate(units)
            if any(word in text[unit.start : unit.end] for word in content.keep)
        ]
        kept = choose_units(text, units, scores, _budget(content, goal), must)
        if not 0 < len(kept) < len(units):
            return None
        titles = left_out_titles(text, units, kept)
        return Selection(
            unit=_UNIT,
            kept=len(kept),
            total=len(units),
            body=write_units(text, units, kept, lambda count: write_gap(count, _UNIT)),
            summary=f"left out: {titles}" if titles else "",
        )


def _names(question: str, text: str) -> list[str]:
    """Return the names in the question that stand in the text as they are."""
    return [name for name in dict.fromkeys(_IDENTIFIER.findall(question)) if name in text]


def _scores(content: Content, question: str, units: Sequence[Unit]) -> list[float]:
    texts = [content.text[unit.start : unit.end] for unit in units]
    if content.relevance is not None:
        return unit_scores_from(content.relevance(question, texts), units)
    scores = unit_scores(question, content.text, units)
    for name in _names(question, content.text):
        holding = [i for i, text in enumerate(texts) if name in text]
        rarity = math.log((len(texts) + 1.0) / (len(holding) + 0.5)) / math.log(len(texts) + 1.0)
        for i in holding:
            scores[i] += rarity
    return scores


def _budget(content: Content, goal: Goal) -> Budget:
    fidelity = goal.fidelity
    ceiling = _CEILING[fidelity]
    return Budget(
        tokens=min(_SHARE[fidelity] * content.tokens, ceiling),
        most=min(_LARGEST_SHARE[fidelity] * content.tokens, 2 * ceiling),
        per_character=content.tokens / max(1, len(content.text)),
        fidelity=fidelity,
    )
