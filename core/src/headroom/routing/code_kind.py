"""Recognising source code, and its language, from a bounded sample of lines."""

from __future__ import annotations

from collections.abc import Sequence

from headroom.compressors.interface import Content
from headroom.routing.log_signs import DIFF
from headroom.routing.sample import sample_of
from headroom.selection.code_language import Hint, glance_at, glance_is_code, hint_from, language_of
from headroom.selection.code_text import names_file, without_numbers

CODE = "code"

_LEAST_LINES = 8

# Lines of a diff, as a share of the sample.
_DIFF = 0.02

# Lines above the code that may name its file.
_ABOVE = 4


def find_language(content: Content) -> str | None:
    """Return the language of a text that plainly is source code, else None.

    The call's arguments and the lines above the code name a file; the lines themselves must fit.
    Without a file's name, they must fit one language far better than any other.

    >>> from headroom.counting.o200k import O200kCounter
    >>> text = "def double(n):\\n    return 2 * n\\n\\n\\n" * 6
    >>> find_language(Content(text, O200kCounter()))
    'python'
    """
    sample = sample_of(content)
    if len(sample.lines) < _LEAST_LINES:
        return None
    hint = _hint(content, sample.lines)
    if not glance_is_code(_bare(glance_at(sample.lines)), hint):
        return None
    lines = _bare(sample.lines)
    return None if _is_diff(lines) else language_of(lines, hint)


def _bare(lines: Sequence[str]) -> list[str]:
    return [line for line in without_numbers(lines) if line.strip()]


def _hint(content: Content, lines: list[str]) -> Hint:
    said = hint_from(content.arguments)
    if said.languages or said.foreign:
        return said
    return hint_from("\n".join(line for line in lines[:_ABOVE] if names_file(line)))


def _is_diff(lines: list[str]) -> bool:
    marked = [line for line in lines if DIFF.match(line)]
    return len(marked) > _DIFF * len(lines) and any(DIFF.match(line) for line in lines[:40])
