"""Prose, Markdown documents and retrieved passages: whole sentences, only for a question."""

from __future__ import annotations

from collections.abc import Sequence

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.prose_repeats import decode_repeats, encode_repeats
from headroom.errors import DecodingError
from headroom.originals.markers import write_gap
from headroom.routing.prose_kind import MARKDOWN, PROSE, find_prose
from headroom.routing.sample import sample_of
from headroom.selection.passages import Role, Unit, read_units
from headroom.selection.passages_answers import prefer_answers
from headroom.selection.passages_choice import (
    Budget,
    choose_units,
    left_out_titles,
    write_units,
)
from headroom.selection.passages_questions import asked_of, is_question
from headroom.selection.passages_scores import unit_scores, unit_scores_from

_NOTATION = "repeats"
_NOTE = '[again N lines "X..."] = the N lines from the first that begins with X'

# Share of a text to aim for, and the most of a large one, in tokens. Of ten paragraphs, sentences
# for a fifth of the tokens hold 99 % of the answers (headroom_evals answers); documents need more,
# for headings and lead-ins.
_SHARE = {"balanced": 0.21, "aggressive": 0.13}
_SHARE_OF_DOCUMENT = {"balanced": 0.30, "aggressive": 0.13}
_CEILING = {"balanced": 4_000, "aggressive": 1_500}

# Share that may stay where the question fits so many parts alike.
_LARGEST_SHARE = {"balanced": 0.7, "aggressive": 0.25}

# Fewer units than this are read whole.
_FEWEST_UNITS = 6


class ProseCompressor:
    """Compress prose, Markdown and passages that a search returned.

    Losslessly, lines that repeat (chunks returned twice, headers, footers) are written once. A
    selection is made only for a question: the sentences, items, rows and code blocks nearest to
    it, byte for byte and in order, under their headings, with every gap counted.

    >>> from headroom.counting.o200k import O200kCounter
    >>> page = "The mill was built in 1820 by Ann Lee. It burned twice. Nobody came."
    >>> content = Content(" ".join([page] * 5), O200kCounter(), question="Who built the mill?")
    >>> ProseCompressor().detect(content)
    'prose'
    """

    name = "prose"
    kinds = (PROSE, MARKDOWN)
    notations = (_NOTATION,)

    def detect(self, content: Content) -> str | None:
        """Return ``"markdown"`` or ``"prose"`` if the text plainly is that, else None."""
        return find_prose(content.text, sample_of(content))

    def encode(self, content: Content) -> Encoding | None:
        """Write lines that repeat once, or return None if that saves too little."""
        body = encode_repeats(content.text)
        if body is None:
            return None
        return Encoding(_NOTATION, _NOTE, body)

    def decode(self, encoding: Encoding) -> str:
        """Undo `encode`.

        Raises:
            DecodingError: If the body is not in this notation.
        """
        if encoding.notation != _NOTATION:
            raise DecodingError(f"not the notation {_NOTATION!r}: {encoding.notation!r}")
        return decode_repeats(encoding.body)

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Keep what answers the question; None without one."""
        question = asked_of(content.question, content.arguments)
        if not goal.asked or not is_question(question, content.text):
            return None
        units = read_units(content.text)
        if len(units) < _FEWEST_UNITS:
            return None
        scores = _scores(content, question, units)
        if max(scores) <= 0.0:
            return None
        kept = choose_units(
            content.text, units, scores, _budget(content, goal), _must_stay(content, units)
        )
        if not 0 < len(kept) < len(units):
            return None
        noun = "sentences" if all(u.role is Role.SENTENCE for u in units) else "passages"
        return Selection(
            unit=noun,
            kept=len(kept),
            total=len(units),
            body=write_units(content.text, units, kept, lambda count: write_gap(count, noun)),
            summary=_summary(content.text, units, kept),
        )


def _scores(content: Content, question: str, units: Sequence[Unit]) -> list[float]:
    text = content.text
    if content.relevance is None:
        scores = unit_scores(question, text, units)
    else:
        own = content.relevance(question, [text[unit.start : unit.end] for unit in units])
        scores = unit_scores_from(own, units)
    return prefer_answers(question, text, units, scores)


def _budget(content: Content, goal: Goal) -> Budget:
    fidelity = goal.fidelity
    shares = _SHARE if content.kind == PROSE else _SHARE_OF_DOCUMENT
    wished = min(shares[fidelity] * content.tokens, _CEILING[fidelity])
    return Budget(
        tokens=wished,
        most=min(_LARGEST_SHARE[fidelity] * content.tokens, 2 * _CEILING[fidelity]),
        per_character=content.tokens / max(1, len(content.text)),
        fidelity=fidelity,
    )


def _must_stay(content: Content, units: Sequence[Unit]) -> list[int]:
    if not content.keep:
        return []
    # White space between units belongs to the unit before it, so that no place is left out.
    ends = [*(unit.start for unit in units[1:]), len(content.text)]
    starts = [0, *ends[:-1]]
    return [
        i
        for i, (start, end) in enumerate(zip(starts, ends, strict=True))
        if any(_touches(content.text, word, start, end) for word in content.keep)
    ]


def _touches(text: str, word: str, start: int, end: int) -> bool:
    """Say whether an occurrence of the word has a character between two places."""
    return text.find(word, max(0, start - len(word) + 1), end + len(word) - 1) >= 0


def _summary(text: str, units: Sequence[Unit], kept: Sequence[int]) -> str:
    titles = left_out_titles(text, units, kept)
    return f"left out: {titles}" if titles else ""
