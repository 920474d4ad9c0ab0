"""Logs, test output and build output: templates without loss, or the lines that matter."""

from __future__ import annotations

from dataclasses import replace

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.log_body import summarise, write_body
from headroom.compressors.log_limits import AGGRESSIVE, BALANCED, UNASKED
from headroom.compressors.log_named import lines_asked_for
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

_NOTATION = "templates"

# A re-notation that saves a smaller share of the characters is not worth a reader's effort.
_LEAST_SHARE = 0.05

# Under this key a text's masked form waits in the scratch space between `encode` and `select`.
_MASKED = "log masked"

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
        whole = frozenset(lines_asked_for(content))
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
