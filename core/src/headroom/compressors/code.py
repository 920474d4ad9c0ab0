"""Source code: an outline, and the bodies that are asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from headroom.compressors.code_body import Written, write_code
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.errors import DecodingError
from headroom.grammars import OFFICIAL, Grammars, grammars_from
from headroom.routing.code_kind import CODE, find_language
from headroom.selection.asking import content_terms, speaks_of
from headroom.selection.code_answers import keep_answers
from headroom.selection.code_choice import Chooser, is_one_function
from headroom.selection.code_names import Asked, file_names, read_asked
from headroom.selection.code_shown import Shown, fill_small_gaps
from headroom.selection.code_sizes import Sizes
from headroom.selection.code_source import PYTHON, Source, parse_source, source_bytes
from headroom.selection.code_telling import keep_telling
from headroom.selection.code_text import CodeText, read_code_text
from headroom.selection.relevance import question_terms

# Files of fewer tokens stay whole: an agent that reads one may edit it, and edits need every byte.
# With no question, with a task instead of one, with syntax errors, or where a single function was
# asked for, that is about 600 lines.
_WHOLE_BELOW = {"balanced": 2_000, "aggressive": 400}
_WHOLE_BELOW_UNASKED = {"balanced": 6_000, "aggressive": 1_500}

# What has more content words than this is no question to a file but a task.
_MOST_WORDS = 40

# A part of a file that was asked for by its lines stays whole up to so many of them.
_FOCUSED_LINES = 400

# Share of the tokens for the outline; for what answers the question, and its least; for what tells
# most where nothing is asked; and the most of each, in tokens.
_OUTLINE = {"balanced": 0.12, "aggressive": 0.06}
_ANSWERS = {"balanced": 0.15, "aggressive": 0.06}
_TELLING = {"balanced": 0.13, "aggressive": 0.05}
_LEAST_ANSWERS = {"balanced": 450.0, "aggressive": 150.0}
_MOST = {"balanced": 6_000.0, "aggressive": 2_000.0}

# Of fewer lines nothing can be left out: whole lines are.
_FEWEST_LINES = 20

# Larger texts are left alone, in characters: parsing takes a tenth of a second for a million.
_LARGEST = 8_000_000

_RANGE = re.compile(r"(\d{1,8})\s*[,:-]\s*(\d{1,8})")
_NUMBER = re.compile(r"(?<![\w.])-?(\d{1,8})(?![\w.])")
_KEY = "code.language"


class CodeCompressor:
    """Compress source code in Python, JavaScript, TypeScript, TSX, Go, Rust, Java, C and C++.

    Nothing is re-notated. A selection shows what a file declares, the bodies that the question
    names or fits, and the numbers of all other lines; it parses whenever the file does.

    Args:
        grammars: Where the grammars come from, see `headroom.grammars`.

    Raises:
        MissingGrammarsError: If those grammars cannot be used here.
    """

    name = "code"
    kinds = (CODE,)
    notations: tuple[str, ...] = ()

    def __init__(self, grammars: str = OFFICIAL) -> None:
        self._grammars: Grammars = grammars_from(grammars)

    def detect(self, content: Content) -> str | None:
        """Return ``"code"`` if the text plainly is source code in one of the languages."""
        language = find_language(content)
        if language is None:
            return None
        content.scratch[_KEY] = language
        return CODE

    def encode(self, content: Content) -> Encoding | None:
        """Return None: source code has no shorter form that is still source code."""
        return None

    def decode(self, encoding: Encoding) -> str:
        """Raise: there is no notation of source code.

        Raises:
            DecodingError: Always.
        """
        raise DecodingError(f"not a notation of source code: {encoding.notation!r}")

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Show an outline and what is asked for; None where the file should stay whole."""
        if content.tokens <= _WHOLE_BELOW[goal.fidelity] or len(content.text) > _LARGEST:
            return None
        if len(content.lines) < _FEWEST_LINES:
            return None
        text = read_code_text(content.lines)
        if _is_focused(content, text):
            return None
        source = self._parse(content, text)
        if source is None:
            return None
        asked = _asked_of(content)
        is_task = len(question_terms(asked.words)) > _MOST_WORDS
        is_small = content.tokens <= _WHOLE_BELOW_UNASKED[goal.fidelity]
        if is_small and (is_task or not source.sound or is_one_function(source.tree)):
            return None
        shown = _choose(content, goal, source, asked)
        if shown is None:
            return None
        written = self._write(content.lines, source, shown)
        if written is None or written.kept >= len(content.lines):
            return None
        return Selection(
            unit="lines",
            kept=written.kept,
            total=len(content.lines),
            body=written.body,
            summary="left out: [lines N-M]",
        )

    def _parse(self, content: Content, text: CodeText) -> Source | None:
        language = content.scratch.get(_KEY) or find_language(content)
        return parse_source(text, language, self._grammars) if isinstance(language, str) else None

    def _write(self, lines: Sequence[str], source: Source, shown: bytearray) -> Written | None:
        """Write what is shown; None if the file parses and the rest of it would not."""
        comment = "#" if source.language == PYTHON else "//"
        written = write_code(lines, source.text, source.tree, shown, comment)
        if not source.sound:
            return written
        root = self._grammars.parse(source.language, source_bytes(written.code))
        return None if root.has_error else written


def _choose(content: Content, goal: Goal, source: Source, asked: Asked) -> bytearray | None:
    """Return one byte for each line, 1 for those that are shown; None to leave the file whole."""
    lines, text, tree = content.lines, source.text, source.tree
    sizes = Sizes(tree, lines, content.tokens)
    shown = Shown(tree, sizes)
    chooser = Chooser(tree, lines, shown, goal.fidelity)
    if content.keep:
        kept = [i for i, line in enumerate(lines) if any(word in line for word in content.keep)]
        chooser.keep_rows(kept, around=False)
    chooser.keep_rows(_rows_of_places(asked, content, text), around=True)
    chooser.keep_named(asked)
    is_asked = shown.spent > 0.0
    most = _MOST[goal.fidelity]
    answers = max(_ANSWERS[goal.fidelity] * content.tokens, _LEAST_ANSWERS[goal.fidelity])
    is_asked |= keep_answers(shown, text.rows, asked.words, min(answers, most), content.relevance)
    if not is_asked and content.tokens <= _WHOLE_BELOW_UNASKED[goal.fidelity]:
        return None
    outline = min(_OUTLINE[goal.fidelity] * content.tokens, most)
    telling = 0.0 if is_asked else min(_TELLING[goal.fidelity] * content.tokens, most)
    spent = chooser.keep_outline(outline, outline + telling)
    if not is_asked:
        keep_telling(shown, text.rows, outline + telling - spent)
    flags = shown.rows(len(lines))
    for row in (*range(text.first), *range(text.last, len(lines))):
        flags[row] = 1
    fill_small_gaps(flags, sizes, (i for i, row in enumerate(text.rows) if not row.strip()))
    return flags


def _asked_of(content: Content) -> Asked:
    """Return what was asked, less the words with which people let an agent go on."""
    asked = read_asked(content.question, content.arguments)
    symbols = tuple(s for s in asked.symbols if s.shaped or content_terms(s.name))
    words = asked.words if speaks_of(asked.words, content.text) else ""
    return replace(asked, symbols=symbols, words=words)


def _rows_of_places(asked: Asked, content: Content, text: CodeText) -> list[int]:
    """Return the rows of the code that the question names by their numbers."""
    own = file_names(content.arguments, content.lines[: text.first])
    first = text.number_of(text.first)
    last = text.number_of(text.last - 1)
    return [
        number - first + text.first
        for name, number in asked.places
        if first <= number <= last and (not name or not own or name in own)
    ]


def _is_focused(content: Content, text: CodeText) -> bool:
    """Say whether the call asked for these lines of a file, and not for all of it."""
    last = text.last
    while last > text.first and not text.rows[last - 1].strip():
        last -= 1
    count = last - text.first
    if count > _FOCUSED_LINES:
        return False
    if text.number is not None and text.number > 1:
        return True
    lengths = {int(b) - int(a) + 1 for a, b in _RANGE.findall(content.arguments)}
    numbers = [int(number) for number in _NUMBER.findall(content.arguments)]
    lengths.update(numbers)
    lengths.update(b - a + 1 for a, b in pairwise(numbers))
    return count in lengths or text.last - text.first in lengths
