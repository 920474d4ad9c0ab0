from __future__ import annotations

import re

import pytest
from code_texts import EXTENSIONS, PIECES

from headroom import (
    CompressionConfig,
    Compressor,
    DecodingError,
    Encoding,
    MemoryStore,
    MissingGrammarsError,
)
from headroom.compressors.code import CodeCompressor
from headroom.compressors.interface import Content
from headroom.counting.default import default_counter
from headroom.grammars import LANGUAGES, SOURCES, grammars_from
from headroom.selection.code_names import read_asked

WORDS = "harbour lamp tower mill bridge ferry quay crane anchor rope sail mast".split()


def module(functions: int = 90) -> str:
    """Return a Python module whose functions each raise an error of their own."""
    head = '"""Work of a harbour.\n\nIn many words.\n"""\n\nimport os\nimport sys\n\nLIMIT = 20\n\n'
    return head + "".join(
        f"\ndef move_{WORDS[i % 12]}_{i}(speed, load=None):\n"
        f'    """Move {WORDS[i % 12]} number {i}.\n\n    Nothing else is\n    said of it.\n'
        '    """\n'
        f"    total = speed * {i}\n"
        f"    for step in range(total):\n"
        f"        if step > LIMIT:\n"
        f'            raise ValueError("{WORDS[(i * 7) % 12]} {1000 + i} is stuck")\n'
        f"        total += os.stat(sys.argv[step]).st_size\n"
        f"    while load and total < {i + 7}:\n"
        f"        load = [part for part in load if part.weight > {i}]\n"
        f"        total -= sum(part.weight * {i % 9} for part in load)\n"
        f"    return total\n\n"
        for i in range(functions)
    )


def compress(
    text: str,
    question: str = "",
    *,
    arguments: dict[str, object] | str | None = None,
    fidelity: str = "balanced",
    **config: object,
) -> str:
    compressor = Compressor(
        CompressionConfig(fidelity=fidelity, **config),  # type: ignore[arg-type]
        store=MemoryStore(),
    )
    result = compressor.compress_text(
        text, tool_name="read_file", arguments=arguments or {"path": "src/move.py"}, query=question
    )
    return result.text


def body_of(text: str, name: str) -> str:
    found = re.search(rf"(?ms)^def {name}\(.*?^    return total\n", text)
    assert found
    return found[0]


def test_a_large_file_becomes_an_outline() -> None:
    text = module()
    shown = compress(text)
    assert len(shown) < 0.3 * len(text)
    assert "import sys\n" in shown
    assert "LIMIT = 20\n" in shown
    assert "def move_ferry_5(speed, load=None):\n" in shown
    assert shown.count("\ndef move_") == 90


def test_an_omitted_body_is_a_bracket_with_its_lines() -> None:
    text = module()
    lines = text.split("\n")
    shown = compress(text).split("\n")
    at = shown.index("def move_ferry_5(speed, load=None):")
    found = re.search(r"# \[lines (\d+)-(\d+)\]", "\n".join(shown[at : at + 6]))
    assert found
    start, end = int(found[1]), int(found[2])
    left_out = lines[start - 1 : end]
    assert "    total = speed * 5" in "\n".join(left_out)
    assert not any(line.startswith("def") for line in left_out)


def test_the_first_words_of_a_docstring_stay() -> None:
    more = "    total += 1\n" * 20
    shown = compress(module().replace("    return total\n", f"{more}    return total\n"))
    assert re.search(r'    """Move \w+ number \d+\.\n\n    \[lines \d+-\d+\]\n    """\n', shown)


@pytest.mark.parametrize(
    "question",
    [
        "Why does move_ferry_17 fail?",
        "What does `move_ferry_17` return?",
        'It says:\n  File "/srv/app/src/move.py", line {line}, in f\nValueError: no',
        "See src/move.py:{line}",
    ],
)
def test_what_the_question_names_stands_there_whole(question: str) -> None:
    text = module()
    body = body_of(text, "move_ferry_17")
    line = text[: text.index(body)].count("\n") + 8
    assert body in compress(text, question.format(line=line))


def test_a_trace_through_another_file_names_nothing() -> None:
    text = module()
    body = body_of(text, "move_ferry_17")
    line = text[: text.index(body)].count("\n") + 8
    assert body not in compress(text, f"See src/other.py:{line}")


def test_a_call_that_names_a_symbol_gets_its_body() -> None:
    text = module()
    shown = compress(text, arguments={"path": "src/move.py", "symbol": "move_mast_23"})
    assert body_of(text, "move_mast_23") in shown


def test_the_words_of_a_question_find_the_statement() -> None:
    assert '"rope 1039 is stuck"' in compress(module(), 'Where does it say "1039 is stuck"?')


def test_a_small_file_stays_as_it_is() -> None:
    text = module(8)
    assert compress(text, "Why does move_ferry_5 fail?") == text


def test_without_a_question_a_file_of_some_hundred_lines_stays_as_it_is() -> None:
    text = module(24)
    assert compress(text) == text
    assert compress(text, "Why does move_ferry_5 fail?") != text


def test_with_a_task_instead_of_a_question_it_stays_as_well() -> None:
    task = " ".join(f"matter{n}" for n in range(60))
    assert compress(module(24), f"{task} ferry") == module(24)
    assert compress(module(24), "ferry") != module(24)


def test_a_single_function_stays_as_it_is() -> None:
    more = "".join(f"    if a > {n}:\n        a -= step(a, {n})\n" for n in range(120))
    text = f"# One.\nimport os\n\n\ndef one(a):\n{more}    return a\n"
    assert compress(text, "Where is step called?") == text
    assert compress(f"{text}\n\n" * 4, "Where is step called?") != f"{text}\n\n" * 4


def test_a_small_file_with_a_syntax_error_stays_as_it_is() -> None:
    text = f"{module(24)}\n\ndef (:\n"
    assert compress(text, "ferry") == text


@pytest.mark.parametrize(
    "arguments",
    [
        {"command": "head -n 300 src/move.py", "timeout": 120},
        {"path": "src/move.py", "offset": 100, "limit": 300},
        {"path": "src/move.py", "view_range": [100, 399]},
        {"command": "sed -n '100,399p' src/move.py"},
        {"command": "sed -n 100,399p src/move.py | cat"},
    ],
)
def test_lines_that_were_asked_for_stay_as_they_are(arguments: dict[str, object]) -> None:
    part = "\n".join(module().split("\n")[99:399])
    assert compress(part, "Why does move_ferry_17 fail?", arguments=arguments) == part


def test_a_listing_from_the_middle_of_a_file_stays_as_it_is() -> None:
    lines = module().split("\n")
    part = "\n".join(f"{n:6}\t{line}" for n, line in enumerate(lines[99:399], 100))
    assert compress(part, "Why does move_ferry_17 fail?") == part


def test_a_listing_is_outlined_by_the_numbers_that_it_prints() -> None:
    lines = module().split("\n")
    listing = "\n".join(f"{n:6}\t{line}" for n, line in enumerate(lines, 1))
    shown = compress(f"Contents of src/move.py:\n{listing}", "Why does move_ferry_17 fail?")
    assert "Contents of src/move.py:\n     1\t" in shown
    at = lines.index("def move_ferry_17(speed, load=None):")
    assert f"{at + 1:6}\t{lines[at]}\n" in shown
    gap = re.search(r"# \[lines (\d+)-(\d+)\]\n +(\d+)\t", shown)
    assert gap
    assert int(gap[3]) == int(gap[2]) + 1


def test_source_code_has_no_other_notation() -> None:
    compressor = CodeCompressor()
    assert compressor.encode(Content(module(), default_counter())) is None
    with pytest.raises(DecodingError):
        compressor.decode(Encoding("code", "", ""))


def test_a_bracket_leads_back_to_what_was_left_out() -> None:
    text = module()
    compressor = Compressor(store=MemoryStore())
    result = compressor.compress_text(text, arguments={"path": "src/move.py"})
    [handle] = result.handles
    found = re.search(r"# \[lines (\d+-\d+)\]", result.text)
    assert found
    part = compressor.retrieve(handle, lines=found[1]).text
    first, last = map(int, found[1].split("-"))
    assert part == "\n".join(text.split("\n")[first - 1 : last])


@pytest.mark.parametrize("query", ["def move_ferry_17", "move_ferry_17", "src.move.move_ferry_17"])
def test_retrieving_a_symbol_brings_its_whole_body_first(query: str) -> None:
    text = module()
    compressor = Compressor(store=MemoryStore())
    [handle] = compressor.compress_text(text, arguments={"path": "src/move.py"}).handles
    part = compressor.retrieve(handle, query=query, max_tokens=300)
    assert body_of(text, "move_ferry_17").rstrip() in part.text
    assert "move_ferry_5" not in part.text


def test_a_large_listing_is_retrieved_by_the_numbers_that_it_prints() -> None:
    lines = module(90).split("\n")
    listing = "\n".join(f"{n}: {line}" for n, line in enumerate(lines, 501))
    compressor = Compressor(store=MemoryStore())
    result = compressor.compress_text(listing, arguments={"path": "src/move.py"})
    [handle] = result.handles
    found = re.search(r"# \[lines (\d+)-(\d+)\]", result.text)
    assert found
    first = int(found[1])
    part = compressor.retrieve(handle, lines=first).text
    assert part == f"{first}: {lines[first - 501]}"


@pytest.mark.parametrize("language", sorted(PIECES))
def test_every_language_is_known_by_its_files_name(language: str) -> None:
    text = "\n".join(PIECES[language])
    content = Content(text, default_counter(), arguments=f"cat src/x.{EXTENSIONS[language]}")
    assert CodeCompressor().detect(content) == "code"
    assert content.scratch["code.language"] == language


@pytest.mark.parametrize("language", sorted(PIECES))
def test_every_language_is_known_by_its_lines(language: str) -> None:
    content = Content("\n".join(PIECES[language]), default_counter())
    assert CodeCompressor().detect(content) == "code"
    assert content.scratch["code.language"] == language


def test_header_files_are_c_or_cpp_as_their_lines_tell() -> None:
    for language in ("c", "cpp"):
        content = Content("\n".join(PIECES[language]), default_counter(), arguments="a.h")
        assert CodeCompressor().detect(content) == "code"
        assert content.scratch["code.language"] == language


OTHERS = {
    "settings": "[db]\n" + "".join(f"key_{i} = value {i}\n" for i in range(40)),
    "yaml": "".join(f"name_{i}:\n  image: web\n  ports:\n  - 80\n" for i in range(20)),
    "prose": "The mill was built in 1820. It burned down; nobody came to help (or so they say).\n"
    * 30,
    "Markdown": "# Use\n\nCall it:\n\n```python\ndef f():\n    return 1\n```\n\nThat is all.\n" * 9,
    "grep": "".join(f"src/a.py:{i}:    def move_{i}(self):\n" for i in range(1, 60)),
    "diff": "--- a/x.py\n+++ b/x.py\n@@ -1,9 +1,9 @@\n"
    + " def f():\n-    return 1\n+    return 2\n" * 9,
    "C#": "using System;\nnamespace A {\n"
    + "public class B {\n  public int C { get; set; }\n}\n" * 20,
    "Ruby": "class A\n  def b(c)\n    c.each do |d|\n      puts d\n    end\n  end\nend\n" * 9,
    "shell": "#!/bin/sh\nif [ -f a ]; then\n  echo b\nfi\nfor x in *; do\n  rm $x\ndone\n" * 9,
    "CSS": ".a-b {\n  color: red;\n  font-size: 1px;\n}\n" * 20,
    "log": "".join(f"2024-05-01 10:00:{i:02} INFO step {i} done\n" for i in range(60)),
    "JSON": '{\n  "a": [\n    1,\n    2\n  ],\n  "b": {\n    "c": 1\n  }\n}\n' * 5,
    "trace": 'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    g()\nE: no\n'
    * 9,
}


@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_other_texts_are_no_source_code(kind: str) -> None:
    assert CodeCompressor().detect(Content(OTHERS[kind], default_counter())) is None


def test_a_failed_read_is_no_source_code_whatever_its_path() -> None:
    text = "cat: src/move.py: No such file or directory\n" * 12
    content = Content(text, default_counter(), arguments="cat src/move.py")
    assert CodeCompressor().detect(content) is None


@pytest.mark.parametrize(
    ("said", "name", "scope", "shaped"),
    [
        ("Where is max_size used?", "max_size", (), True),
        ("Where is maxSize used?", "maxSize", (), True),
        ("What does `run` do?", "run", (), True),
        ("What does run() do?", "run", (), True),
        ("What does Router::run do?", "run", ("Router",), True),
        ("What does router.run do?", "run", ("router",), True),
        ("What does run do?", "run", (), False),
    ],
)
def test_symbols_are_told_from_words(
    said: str, name: str, scope: tuple[str, ...], shaped: bool
) -> None:
    [symbol] = [s for s in read_asked(said, "").symbols if s.name == name]
    assert (symbol.scope, symbol.shaped) == (scope, shaped)


def test_paths_name_no_symbols() -> None:
    asked = read_asked("Why?", "src/router/index.js\n10\n20")
    assert {s.name for s in asked.symbols} == {"Why"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_official_grammars_are_installed(language: str) -> None:
    assert not grammars_from("official").parse(language, b"").has_error


def test_grammars_that_are_not_there_are_named() -> None:
    try:
        grammars_from("tree-sitter-languages")
    except MissingGrammarsError as error:
        assert "tree-sitter-languages" in str(error)
        with pytest.raises(MissingGrammarsError):
            Compressor(CompressionConfig(grammars="tree-sitter-languages"))
    else:
        assert compress(module(), grammars="tree-sitter-languages") == compress(module())


def test_grammars_are_one_of_the_known_sources() -> None:
    for source in SOURCES:
        assert CompressionConfig(grammars=source).grammars == source  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="official, tree-sitter-languages"):
        CompressionConfig(grammars="others")  # type: ignore[arg-type]


def test_a_deep_tower_of_brackets_is_no_trouble() -> None:
    text = "int f(void) {\n" + "{\n" * 20_000 + "}\n" * 20_000 + "}\n"
    shown = compress(text, "Where is it?", arguments={"path": "a.c"})
    assert len(shown) < len(text)


def test_fifty_thousand_lines_become_few() -> None:
    text = module(4_200)
    assert text.count("\n") > 50_000
    shown = compress(text, "Why does move_ferry_2417 fail?")
    assert len(shown) < 0.1 * len(text)
    assert body_of(text, "move_ferry_2417") in shown
