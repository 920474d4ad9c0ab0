"""Test runs, builds, findings of compilers and linters, stack traces."""

from __future__ import annotations

from headroom.compressors.checks_body import summarise, write_body
from headroom.compressors.checks_choice import choose_lines
from headroom.compressors.checks_limits import AGGRESSIVE, BALANCED, UNASKED
from headroom.compressors.checks_view import CheckView, view_checks
from headroom.compressors.checks_xml import view_report
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.errors import DecodingError
from headroom.notation.templates import encode_templates
from headroom.notation.templates_decoding import decode_templates
from headroom.notation.templates_grammar import read_note, write_note
from headroom.routing.checks_kind import KINDS, REPORT, find_checks

_NOTATION = "templates"

# Fewer lines than this are read whole.
_LEAST_LINES = 8


class CheckCompressor:
    """Compress what tells whether code is right: test runs, builds, findings, stack traces.

    Losslessly, lines that share their constant text become templates and rows. A selection keeps
    of everything that failed what was expected, what came and where, one finding of each kind
    with the places of the others, own frames of traces, and how it ended; what passed is counted.
    """

    name = "checks"
    kinds = KINDS
    notations = (_NOTATION,)

    def detect(self, content: Content) -> str | None:
        """Return ``"test"``, ``"findings"``, ``"build"`` or ``"trace"`` if it plainly is one."""
        return find_checks(content)

    def encode(self, content: Content) -> Encoding | None:
        """Return the text as templates and rows, or None if it has none."""
        encoded = encode_templates(content.text)
        return None if encoded is None else Encoding(_NOTATION, write_note(encoded[0]), encoded[1])

    def decode(self, encoding: Encoding) -> str:
        """Return the text that `encode` was given.

        Raises:
            DecodingError: If the encoding is not well-formed.
        """
        notes = read_note(encoding.note)
        if encoding.notation != _NOTATION or notes is None:
            raise DecodingError("not a note of templates")
        return decode_templates(notes, encoding.body)

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return the lines that matter, or None if all of them should stay."""
        view = _view(content)
        total = len(view.lines)
        if total < _LEAST_LINES:
            return None
        limits = AGGRESSIVE if goal.fidelity == "aggressive" else BALANCED
        if not goal.asked:
            limits = UNASKED
        choice = choose_lines(view, content, goal, limits)
        if not 0 < len(choice.kept) < total:
            return None
        return Selection(
            unit="parts" if content.kind == REPORT else "lines",
            kept=len(choice.kept),
            total=total,
            body=write_body(view, choice, limits),
            summary=summarise(view, choice),
        )


def _view(content: Content) -> CheckView:
    if content.kind == REPORT:
        return view_report(content.text)
    return view_checks(content.lines[:-1] if content.text.endswith("\n") else content.lines)
