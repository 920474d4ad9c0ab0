"""Test runs, builds, findings of compilers and linters, stack traces."""

from __future__ import annotations

from headroom.compressors.checks_body import shows, summarise, telling_lines, write_body
from headroom.compressors.checks_choice import choose_lines
from headroom.compressors.checks_limits import (
    AGGRESSIVE,
    BALANCED,
    CALLED,
    UNASKED,
    Limits,
)
from headroom.compressors.checks_view import CheckView, view_checks
from headroom.compressors.checks_xml import view_report
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.log_named import lines_asked_for
from headroom.errors import DecodingError
from headroom.notation.cycles import NOTE, decode_cycles, encode_cycles
from headroom.notation.headings import decode_rows, encode_rows
from headroom.notation.templates import encode_templates, makes_rows
from headroom.notation.templates_decoding import decode_templates
from headroom.notation.templates_grammar import read_note, write_note
from headroom.routing.checks_kind import FINDINGS, KINDS, REPORT, find_checks
from headroom.selection.hits_named import named_lines
from headroom.selection.relevance import is_asked

_TEMPLATES = "templates"
_CYCLES = "cycles"
_SEARCH = "search"

# Under this key the blocks of a text wait in the scratch space between `select` and `encode`.
_VIEW = "checks view"

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
    notations = (_CYCLES, _SEARCH, _TEMPLATES)

    def detect(self, content: Content) -> str | None:
        """Return ``"test"``, ``"findings"``, ``"build"`` or ``"trace"`` if it plainly is one."""
        return find_checks(content)

    def encode(self, content: Content) -> Encoding | None:
        """Return the text with repetitions or templates once, or None if it has none."""
        forms = (self._cycles(content), self._headings(content), self._templates(content))
        found = [form for form in forms if form is not None]
        return min(found, key=lambda form: len(form.note) + len(form.body), default=None)

    def _cycles(self, content: Content) -> Encoding | None:
        body = encode_cycles(content.text)
        return None if body is None else Encoding(_CYCLES, NOTE, body)

    def _headings(self, content: Content) -> Encoding | None:
        if content.kind != FINDINGS:
            return None
        named = named_lines(content.question, content.text, content.lines)
        lines, signs = encode_rows(content.lines, named)
        body = "\n".join(lines)
        return None if len(body) >= len(content.text) else Encoding(_SEARCH, "; ".join(signs), body)

    def _templates(self, content: Content) -> Encoding | None:
        named = frozenset(lines_asked_for(content))
        view = _view(content)
        # What failed must be read as it stands, not put together from a template's rows.
        if content.kind != REPORT and makes_rows(content.text, telling_lines(view, named)):
            return None
        encoded = encode_templates(content.text, whole=named)
        if encoded is None:
            return None
        note, body = write_note(encoded[0]), encoded[1]
        return Encoding(_TEMPLATES, note, body) if shows(view, body) else None

    def decode(self, encoding: Encoding) -> str:
        """Return the text that `encode` was given.

        Raises:
            DecodingError: If the encoding is not well-formed.
        """
        if encoding.notation == _CYCLES:
            return decode_cycles(encoding.body)
        if encoding.notation == _SEARCH:
            return "\n".join(decode_rows(encoding.body.split("\n")))
        notes = read_note(encoding.note)
        if encoding.notation != _TEMPLATES or notes is None:
            raise DecodingError("not a note of templates")
        return decode_templates(notes, encoding.body)

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return the lines that matter, or None if all of them should stay."""
        view = _view(content)
        total = len(view.lines)
        if total < _LEAST_LINES:
            return None
        limits = _limits(content, goal)
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


def _limits(content: Content, goal: Goal) -> Limits:
    if not goal.asked:
        return UNASKED
    if goal.fidelity == "aggressive":
        return AGGRESSIVE
    return BALANCED if is_asked(content.question, content.text) else CALLED


def _view(content: Content) -> CheckView:
    view = content.scratch.get(_VIEW)
    if not isinstance(view, CheckView):
        view = content.scratch[_VIEW] = _read(content)
    return view


def _read(content: Content) -> CheckView:
    if content.kind == REPORT:
        return view_report(content.text)
    return view_checks(content.lines[:-1] if content.text.endswith("\n") else content.lines)
