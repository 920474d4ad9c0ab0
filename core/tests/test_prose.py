"""Prose and Markdown through the compressor: what is recognised, what stays, what is counted."""

# ruff: noqa: RUF001  # other scripts have marks of their own

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from headroom import CompressionConfig, Compressor
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.prose import ProseCompressor
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.selection.passages import Role, read_units
from headroom.selection.sentences import sentence_spans

FIXTURES = Path(__file__).parent / "fixtures" / "prose"
counter = O200kCounter()
compressor = ProseCompressor()
BALANCED = Goal("balanced", 450, True)
AGGRESSIVE = Goal("aggressive", 120, True)
GAP = re.compile(r"^\[(\d+) (?:sentences|passages) omitted\]$", re.MULTILINE)


def _text(file: str) -> str:
    return (FIXTURES / file).read_text(encoding="utf-8")


def _select(text: str, question: str, goal: Goal = BALANCED, **more: object) -> Selection:
    content = Content(text, counter, question=question, **more)  # type: ignore[arg-type]
    selection = compressor.select(content, goal)
    assert selection is not None
    return selection


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize("file", sorted(p.name for p in FIXTURES.glob("passages_*.txt")))
def test_prose_is_recognised_in_every_script(file: str) -> None:
    assert compressor.detect(Content(_text(file), counter)) == "prose"


def test_a_manual_that_speaks_of_errors_is_markdown_and_no_log() -> None:
    result = Compressor(CompressionConfig(min_tokens=0)).compress(
        [{"role": "tool", "content": _text("manual.md")}]
    )
    assert result.decisions[0].kind == "markdown"


MACHINE = {
    "Python": "# Reads a file and returns what is in it, or nothing if it is not there.\n"
    "import os\n\n\ndef read(path):\n    # It is not an error if the file is not there.\n"
    "    if not os.path.exists(path):\n        return None\n    return open(path).read()\n",
    "C": "/* The buffer is owned by the caller and must not be freed here. */\n"
    "static int fill(struct buffer *b)\n{\n\tif (b->used == b->size)\n\t\treturn -1;\n}\n",
    "shell": "#!/bin/sh\n# This script is run at night by the machine that keeps the archive.\n"
    'set -e\ncd "$HOME"\nfor f in *.log; do gzip "$f"; done\n',
    "log": "2024-05-01 10:00:00 INFO the server has started and is waiting for requests\n"
    "2024-05-01 10:00:01 WARN the disk is nearly full and should be looked at\n",
    "traceback": 'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n'
    "    go()\nValueError: the value that was given is not one of those that are known\n",
    "YAML": "name: build\non: push\njobs:\n  test:\n    runs-on: ubuntu\n    steps:\n"
    "      - uses: checkout\n      - run: make all the things that are needed\n",
    "JSON lines": '{"text": "The cat sat on the mat and it was warm.", "id": 1}\n',
    "CSV": "id,text,author,year\n1,The cat sat on the mat and it was warm,Ann,1990\n"
    "2,The dog was in the house with the man,Bob,1991\n",
    "diff": "diff --git a/x.md b/x.md\n--- a/x.md\n+++ b/x.md\n@@ -1,2 +1,2 @@\n"
    "-The cat sat on the mat.\n+The dog sat on the mat.\n",
    "grep": "docs/a.md:12:The cat sat on the mat and it was warm.\n"
    "docs/b.md:3:The dog was in the house with the man.\n",
    "numbered": "1\tThe cat sat on the mat and it was warm.\n2\tThe dog was in the house.\n",
    "comments": "# The port that the server is to listen on, if it is not the usual one.\n"
    "#port = 80\n# The address that it is to be bound to; all of them by default.\n#bind = x\n",
    "counters": "It took 3 seconds to write the file to the disk of the machine.\n",
}


@pytest.mark.parametrize("kind", MACHINE)
def test_machine_text_with_words_in_it_is_no_prose(kind: str) -> None:
    varied = "".join(re.sub(r"\d", str(n % 10), MACHINE[kind]) for n in range(12))
    assert compressor.detect(Content(varied, counter)) is None


def test_sentences_end_where_they_end() -> None:
    said = [
        "Dr. Voss paid $3.50, i.e. half, to J. R. Hale at 6.30 a.m. on 5 May.",
        "See https://a.example/b.c?d=1. for v1.2.3 of it!",
        '"Really?" he asked.',
        "Wait... what?",
        "It was cited.[12]",
        "Then came 1990.",
        "After that, no. 7 closed.",
    ]
    assert _sentences(" ".join(said)) == said


def test_wrapped_lines_belong_to_one_sentence_and_short_lines_do_not() -> None:
    wrapped = "This line was wrapped by an editor at some column that\nnobody chose on purpose."
    assert _sentences(wrapped) == [wrapped]
    assert _sentences("Title\nSubtitle\nBody") == ["Title", "Subtitle", "Body"]


def test_chinese_and_hindi_sentences_end_with_their_own_marks() -> None:
    assert _sentences("塔高31米。灯亮了！“好。”他说。") == [
        "塔高31米。",
        "灯亮了！",
        "“好。”",
        "他说。",
    ]
    assert _sentences("यह घर है। वह पेड़ है।") == ["यह घर है।", "वह पेड़ है।"]


QUESTIONS = [
    ("passages_en.txt", "When was the lamp replaced by an electric one?", "1924"),
    ("passages_en.txt", "Who kept the light from 1902?", "Dr. Amelia Voss"),
    ("passages_en.txt", "How many sheep were counted?", "412 animals"),
    ("passages_en.txt", "What does a ferry ticket cost?", "$12.50"),
    ("passages_de.txt", "Wie viele Tiere ergab die Zählung?", "412 Tiere"),
    ("passages_de.txt", "Wann starben Menschen bei einem Unglück im Steinbruch?", "1872"),
    ("passages_zh.txt", "塔有多高？", "31米"),
    ("passages_zh.txt", "船票多少钱？", "十二元五角"),
    ("passages_ru.txt", "Сколько животных насчитали на острове?", "412 животных"),
    ("passages_ar.txt", "كم حيوانا وجد الإحصاء في الجزيرة؟", "412 حيوانا"),
    ("manual.md", "How many workers are there by default?", "| `workers` | 4 |"),
    ("manual.md", "Who rewrote the scheduler?", "Tomasz Brandt"),
    ("manual.md", "Which exit status makes a job be tried again?", "status 75"),
    ("manual.md", "How is kettle installed on the path?", "install kettle /usr/local/bin"),
]


@pytest.mark.parametrize(("file", "question", "answer"), QUESTIONS)
def test_the_answer_stays_and_most_of_the_rest_goes(file: str, question: str, answer: str) -> None:
    text = _text(file)
    selection = _select(text, question)
    assert answer in selection.body
    assert counter.count(selection.body) <= 0.5 * counter.count(text)
    omitted = sum(int(n) for n in GAP.findall(selection.body))
    assert selection.kept + omitted == selection.total


def test_aggressive_keeps_less_and_the_answer() -> None:
    text = _text("passages_en.txt")
    question = "When did Amelia Voss keep the light?"
    little, more = _select(text, question, AGGRESSIVE), _select(text, question)
    assert "1902 to 1929" in little.body
    assert counter.count(little.body) < counter.count(more.body)


def test_a_table_row_stays_with_its_header_and_its_headings() -> None:
    body = _select(_text("manual.md"), "What is the default grace time?").body
    assert "| `grace` | 15 s | time a job has to end after the first signal |" in body
    assert "| setting | default | meaning |\n|---|---|---|" in body
    assert "## Configuration" in body
    assert "# Kettle" in body


def test_a_nested_item_stays_with_the_item_above_it() -> None:
    body = _select(_text("manual.md"), "Where does the build lack the web page?").body
    assert "- Alpine, in the community repository.\n  - The build there lacks the web page." in body


def test_code_blocks_stay_whole_or_go_whole() -> None:
    text = _text("manual.md")
    fences = re.findall(r"```.*?```", text, re.DOTALL)
    for question in ("What does tar unpack?", "What does FATAL mean?", "Who wrote it?"):
        body = _select(text, question).body
        assert body.count("```") % 2 == 0
        assert all(fence in body or fence.split("\n")[1] not in body for fence in fences)


def test_a_hash_inside_a_code_block_is_no_heading() -> None:
    units = read_units(_text("manual.md"))
    titles = [_text("manual.md")[u.start : u.end] for u in units if u.role is Role.HEADING]
    assert "# and then" not in titles
    assert "## Installing" in titles


def test_a_sentence_that_refers_back_brings_the_one_before() -> None:
    text = _text("passages_en.txt")
    body = _select(text, "How many burrows were found in the cliffs by volunteers?").body
    assert "They found 3,180 burrows" in body
    assert "It was counted last in 2016 by volunteers of the bird society." in body


def test_without_a_question_nothing_is_left_out() -> None:
    for question in ("", "Continue.", "OK, next step please.", "Have a look and carry on."):
        content = Content(_text("manual.md"), counter, question=question)
        assert compressor.select(content, BALANCED) is None
    content = Content(_text("manual.md"), counter, question="Who wrote it?")
    assert compressor.select(content, Goal("balanced", 450, False)) is None


def test_a_path_that_was_read_is_no_question() -> None:
    content = Content(_text("manual.md"), counter, arguments="docs/kettle/manual.md\n200")
    assert compressor.select(content, BALANCED) is None
    searched = Content(_text("manual.md"), counter, arguments="where are secrets kept?")
    selection = compressor.select(searched, BALANCED)
    assert selection is not None
    assert "/run/kettle" in selection.body


def test_a_question_that_shares_no_word_leaves_the_text_whole() -> None:
    content = Content(_text("passages_en.txt"), counter, question="Explain quantum chromodynamics?")
    assert compressor.select(content, BALANCED) is None


def test_what_must_be_kept_is_kept() -> None:
    text = _text("passages_en.txt")
    keep = ("eleven beds", "sea floor. The cable")
    body = _select(text, "How tall is the tower?", keep=keep).body
    assert all(words in body for words in keep)


def test_a_relevance_of_ones_own_decides() -> None:
    text = _text("passages_en.txt")
    selection = _select(
        text,
        "Which tower is it?",
        relevance=lambda _, units: [1.0 if "hostel" in unit else 0.0 for unit in units],
    )
    assert "The building is a hostel today." in selection.body
    assert "granite" not in selection.body


def test_the_titles_of_sections_left_out_are_named() -> None:
    summary = _select(_text("manual.md"), "Where are secrets and passwords kept?").summary
    assert summary.startswith("left out: ")
    assert "Licence" in summary


def test_passages_that_come_twice_are_written_once() -> None:
    passages = _text("passages_en.txt").strip().split("\n\n")
    text = "\n\n".join([*passages[:5], passages[1], passages[0], *passages[5:]])
    encoding = compressor.encode(Content(text, counter))
    assert encoding is not None
    assert '[again 1 line "Dr. Amelia Voss kept the light from 1902' in encoding.body
    assert compressor.decode(encoding) == text
    assert encoding.body.count("27 notebooks") == 1


def test_a_text_without_repeats_stays_as_it_is() -> None:
    assert compressor.encode(Content(_text("passages_en.txt"), counter)) is None


def test_a_text_that_writes_references_itself_stays_as_it_is() -> None:
    passage = _text("passages_en.txt").split("\n\n")[0]
    text = f'{passage}\n[again 1 line "x"]\n{passage}'
    assert compressor.encode(Content(text, counter)) is None


@pytest.mark.parametrize(
    "body",
    [
        '[again 1 line "x"]',
        'x\n[again 2 lines "x"]',
        'x\n[again 0 lines "x"]',
        'x\ny\n[again 1 line "x"]\n[again 3 lines "x"]',
        "x\n[again ",
        "\n".join(["x" * 40, *['[again 1 line "' + "x" * 40 + '"]'] * 3, '[again 9 lines "x"]']),
    ],
)
def test_a_malformed_reference_is_a_decoding_error(body: str) -> None:
    with pytest.raises(DecodingError):
        compressor.decode(Encoding("repeats", "", body))


def test_a_small_text_cannot_grow_without_bound() -> None:
    literal = "\n".join(f"{n} line" for n in range(2_000))
    bomb = literal + '\n[again 2000 lines "0 line"]' * 2_000
    with pytest.raises(DecodingError):
        compressor.decode(Encoding("repeats", "", bomb))


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "." * 500_000,
        "a." * 250_000,
        "<!--\n" * 50_000,
        "```\n" * 50_000,
        "| a |\n|-|\n" * 30_000,
        "".join("  " * n + "- x\n" for n in range(600)),
        "=\n" * 100_000,
        "It is so. " * 50_000,
    ],
    ids=["words", "dots", "ends", "comments", "fences", "tables", "nesting", "rules", "alike"],
)
def test_odd_documents_are_read_in_bounded_time(text: str) -> None:
    content = Content(text, counter, question="Where is the word so?")
    compressor.detect(content)
    units = read_units(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(units))


THAI = (
    "ตลาดเช้าเปิดทุกวันตั้งแต่หกโมงเช้าถึงสิบโมง ร้านขนมปังอยู่ข้างสถานีรถไฟสายเหนือของเมือง",
    "สะพานไม้เก่าข้ามแม่น้ำสร้างเมื่อปี 2465 โดยช่างชาวบ้าน มีความยาวรวม 475 เมตรและกว้างสามเมตร",
    "พิพิธภัณฑ์เครื่องปั้นดินเผาปิดทุกวันจันทร์และวันหยุดราชการ ค่าเข้าชมสำหรับผู้ใหญ่คือยี่สิบบาท",
    "ห้องสมุดประชาชนมีหนังสือมากกว่าสองหมื่นเล่มให้ยืมอ่าน ผู้อ่านยืมหนังสือกลับบ้านได้ครั้งละห้าเล่ม",
    "เรือข้ามฟากออกจากท่าน้ำทุกสิบห้านาทีในตอนเช้า หลังหนึ่งทุ่มเรือจะออกเพียงชั่วโมงละหนึ่งเที่ยว",
)


def test_thai_which_writes_no_marks_is_read_by_clauses() -> None:
    text = "\n\n".join(THAI)
    assert compressor.detect(Content(text, counter)) == "prose"
    assert len(_sentences(THAI[1])) == 2
    selection = _select(text, "สะพานไม้เก่าสร้างเมื่อปีใด")
    assert THAI[1].split(" มี")[0] in selection.body
    assert selection.kept < selection.total == 10


def test_words_between_spaces_that_are_short_stay_one_clause() -> None:
    assert len(_sentences("เขา ไป ตลาด กับ แม่ และ น้อง ใน ตอน เช้า")) == 1


def test_a_paragraph_that_goes_on_with_an_item_needs_it() -> None:
    text = "- The pump\n\n  It runs at 40 bar.\n\nNothing else."
    units = read_units(text)
    assert [text[u.start : u.end] for u in units] == [
        "- The pump",
        "It runs at 40 bar.",
        "Nothing else.",
    ]
    assert [u.needs for u in units] == [(), (0,), ()]
