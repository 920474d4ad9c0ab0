"""The other source of grammars, where an environment of its own has it."""

from __future__ import annotations

import pytest
from code_texts import EXTENSIONS, PIECES

from headroom.compressors.code import CodeCompressor
from headroom.compressors.interface import Content, Goal
from headroom.counting.default import default_counter
from headroom.grammars import grammars_from

pytest.importorskip("tree_sitter_languages", reason="the bundle has an environment of its own")


@pytest.mark.parametrize("language", sorted(PIECES))
def test_the_bundle_parses_every_language(language: str) -> None:
    grammars = grammars_from("tree-sitter-languages")
    sound = [p for p in PIECES[language] if not grammars.parse(language, p.encode()).has_error]
    # Its grammars are of 2024: they know no type parameters of Python, for example.
    assert len(sound) >= 0.75 * len(PIECES[language])


@pytest.mark.parametrize("language", sorted(PIECES))
def test_a_selection_by_the_bundle_keeps_lines_as_they_are(language: str) -> None:
    text = "\n".join(PIECES[language] * 6)
    content = Content(
        text,
        default_counter(),
        question="What does run return?",
        arguments=f"src/x.{EXTENSIONS[language]}",
    )
    selection = CodeCompressor("tree-sitter-languages").select(
        content, Goal("aggressive", 120, True)
    )
    assert selection is not None
    lines = text.split("\n")
    shown = [line for line in selection.body.split("\n") if line in lines]
    assert selection.kept == len(shown)
    assert selection.total == len(lines)
    assert len(selection.body) < 0.5 * len(text)
