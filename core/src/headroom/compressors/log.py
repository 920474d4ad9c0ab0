"""Logs, test output and build output: templates without loss, or the lines that matter."""

from __future__ import annotations

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

_NOTATION = "templates"

# A re-notation is worth a reader's effort if it saves this much, in tokens and as a share.
_LEAST_TOKENS = 20
_LEAST_SHARE = 0.05

# Texts of fewer tokens are cheap to count, and the note weighs on them.
_LARGE = 500

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
        return "log" if looks_like_log(content.text) else None

    def encode(self, content: Content) -> Encoding | None:
        """Return the text as templates and rows, or None if that saves too little."""
        encoded = encode_templates(content.text, _masked(content))
        if encoded is None:
            return None
        note, body = write_note(encoded[0]), encoded[1]
        if len(body) > (1 - _LEAST_SHARE) * len(content.text):
            return None
        # Whoever uses it counts it: only where little can be gained is it counted here as well.
        if content.tokens < _LARGE:
            saved = content.tokens - content.counter.count(note) - content.counter.count(body)
            if saved < max(_LEAST_TOKENS, _LEAST_SHARE * content.tokens):
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


def _masked(content: Content) -> Masked | None:
    found = content.scratch.get(_MASKED)
    if not isinstance(found, Masked):
        found = content.scratch[_MASKED] = mask(content.text)
    return found
