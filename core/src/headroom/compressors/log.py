"""Logs, test output and build output: templates without loss, or the lines that matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.log_body import summarise, write_body
from headroom.compressors.log_limits import AGGRESSIVE, BALANCED, UNASKED
from headroom.compressors.log_selection import choose_lines
from headroom.compressors.log_view import view_log
from headroom.errors import DecodingError
from headroom.notation.templates import encode_templates
from headroom.notation.templates_decoding import decode_templates
from headroom.notation.templates_grammar import read_note, write_note
from headroom.notation.templates_mining import Masked, mask
from headroom.routing.log_kind import looks_like_log
from headroom.routing.sample import sample_of
from headroom.selection.asking import is_question, speaks_of
from headroom.selection.named import name_scores, verbatim_units

_NOTATION = "templates"

# A re-notation that saves a smaller share of the characters is not worth a reader's effort.
_LEAST_SHARE = 0.05

# Under this key a text's masked form waits in the scratch space between `encode` and `select`.
_MASKED = "log masked"

# Lines that the question names stand whole in the lossless form, where a reader looks for them: so
# many, those with at least this share of the best score, in so many characters.
_MOST_NAMED = 12
_NAMED_SHARE = 0.6
_LEAST_NAMED = 600
_NAMED_ROOM = 0.02

# Fewer lines than this are read whole.
_LEAST_LINES = 8


class LogCompressor:
    """Compress logs and what looks like them: test runs, builds, servers' output.

    Losslessly, lines that share their constant text become templates and rows. A selection keeps
    one real line of each template with a count, rare lines, failures, the first stack trace of
    each kind, and what the question names.
    """

    name = "log"
    kinds = ("log",)
    notations = (_NOTATION,)

    def detect(self, content: Content) -> str | None:
        """Return ``"log"`` if the text is plainly a log, else None."""
        return "log" if looks_like_log(content.text, sample_of(content)) else None

    def encode(self, content: Content) -> Encoding | None:
        """Return the text as templates and rows, or None if that saves too little."""
        whole = frozenset(_named(content))
        encoded = encode_templates(content.text, _masked(content), whole)
        if encoded is None:
            return None
        note, body = write_note(encoded[0]), encoded[1]
        if len(body) > (1 - _LEAST_SHARE) * len(content.text):
            return None
        return Encoding(_NOTATION, note, body)

    def decode(self, encoding: Encoding) -> str:
        """Return the text that `encode` was given.

        Raises:
            DecodingError: If the encoding is not well-formed.
        """
        notes = read_note(encoding.note)
        if encoding.notation != _NOTATION or notes is None:
            raise DecodingError("not a note of log templates")
        return decode_templates(notes, encoding.body)

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return the lines that matter, or None if all of them should stay."""
        lines = content.lines[:-1] if content.text.endswith("\n") else content.lines
        masked = _masked(content)
        if masked is None or len(lines) < _LEAST_LINES:
            return None
        view = view_log(lines, masked)
        limits = AGGRESSIVE if goal.fidelity == "aggressive" else BALANCED
        goal = replace(goal, asked=_is_asked(content, goal))
        if not goal.asked:
            limits = UNASKED
        kept = choose_lines(view, content, goal, limits)
        if not 0 < len(kept) < len(lines):
            return None
        return Selection(
            unit="lines",
            kept=len(kept),
            total=len(lines),
            body=write_body(view, kept),
            summary=summarise(view, kept),
        )


def _named(content: Content) -> Iterator[int]:
    """Yield the lines that the question names: a few, and a small share of the text."""
    if not is_question(content.question) and not speaks_of(content.question, content.text):
        return
    lines = content.lines
    scores = name_scores(content.question, lines)
    best = max(scores.values(), default=0.0)
    near = [i for i, score in scores.items() if score >= _NAMED_SHARE * best]
    near.sort(key=lambda i: (-scores[i], i))
    room = max(_LEAST_NAMED, _NAMED_ROOM * len(content.text))
    for i in [*verbatim_units(content.question, lines), *near][:_MOST_NAMED]:
        room -= len(lines[i])
        if room < 0:
            return
        yield i


def _is_asked(content: Content, goal: Goal) -> bool:
    # The path of a log shares words with it; whoever says "go on" does not ask for them.
    said = content.question
    if not said or content.relevance is not None:
        return goal.asked
    return (goal.asked and is_question(said)) or speaks_of(said, content.text)


def _masked(content: Content) -> Masked | None:
    found = content.scratch.get(_MASKED)
    if not isinstance(found, Masked):
        found = content.scratch[_MASKED] = mask(content.text)
    return found
