"""``python -m headroom_evals answers``: how often passages still hold the answer to a question.

Reads files in the format of SQuAD (Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine
Comprehension of Text", EMNLP 2016; XQuAD and others have it too). The paragraph that answers a
question and its neighbours in the file are one search result; an answer is retained where one of
its spans stands in the output verbatim.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom import CompressionConfig, Compressor, Counter, MemoryStore
from headroom.config import Fidelity
from headroom.counting.default import default_counter
from headroom.selection.relevance import bm25
from headroom.selection.sentences import sentence_spans
from headroom_evals.intervals import interval
from headroom_evals.report import as_markdown, as_text
from headroom_evals.systems.controls import head_and_tail

COLUMNS = ("file", "system", "questions", "kept", "retained", "95 % interval")
LEGEND = (
    "kept: mean share of the tokens; retained: share of the questions of which an answer stands in "
    "the output; interval: Wilson's or a bootstrap over the questions",
    "bm25, random sentences, head+tail: the same passages cut to the tokens that `balanced` kept",
)

_FIDELITIES: tuple[Fidelity, ...] = ("balanced", "aggressive")
_SEED = 7

Cut = Callable[[str, str, int, Counter], str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the passages that a search returned for it, and the spans that answer it."""

    said: str
    passages: str
    answers: tuple[str, ...]

    def is_answered(self, text: str) -> bool:
        """Say whether one of the answers stands in a text."""
        return any(answer in text for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Retained:
    """What one system did with one question's passages."""

    system: str
    share: float
    answered: bool


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("answers", help="answers that stay in retrieved passages")
    parser.add_argument("data", type=Path, nargs="+", help="files in SQuAD's format, or folders")
    parser.add_argument("--paragraphs", type=int, default=10, metavar="N", help="in each result")
    parser.add_argument("--limit", type=int, default=200, metavar="N", help="questions of a file")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table here")


def run(arguments: argparse.Namespace) -> int:
    """Measure, print, and return 1 if no file has questions."""
    table: list[tuple[str, ...]] = []
    together: list[Retained] = []
    for path in _files(arguments.data):
        questions = read_questions(path, arguments.paragraphs, arguments.limit)
        if not questions:
            continue
        print(path.name, file=sys.stderr, flush=True)
        found = [one for question in questions for one in measure(question, default_counter())]
        together += found
        table += rows(path.name, found)
    if not table:
        print("no file in SQuAD's format", file=sys.stderr)
        return 1
    table += rows("all", together)
    print(as_text(COLUMNS, table), "", *LEGEND, sep="\n")
    if arguments.markdown is not None:
        legend = "\n".join(f"- {line}" for line in LEGEND)
        page = f"# Answers\n\n{legend}\n\n{as_markdown(COLUMNS, table)}\n"
        arguments.markdown.write_text(page, encoding="utf-8")
    return 0


def _files(given: Sequence[Path]) -> Iterator[Path]:
    for path in given:
        yield from sorted(path.rglob("*.json")) if path.is_dir() else [path]


def read_questions(path: Path, paragraphs: int, limit: int) -> list[Question]:
    """Draw questions of a file, seeded; [] if it has another format.

    Args:
        path: The file.
        paragraphs: Neighbouring paragraphs in each search result.
        limit: Most questions to draw.
    """
    document = json.loads(path.read_text(encoding="utf-8"))
    articles = document.get("data") if isinstance(document, dict) else None
    if not isinstance(articles, list):
        return []
    texts = [paragraph for article in articles for paragraph in article["paragraphs"]]
    asked = [(at, q) for at, text in enumerate(texts) for q in text["qas"] if q["answers"]]
    draw = random.Random(_SEED)
    found = []
    for at, question in draw.sample(asked, min(limit, len(asked))):
        first = max(0, min(at - draw.randrange(paragraphs), len(texts) - paragraphs))
        passages = [text["context"] for text in texts[first : first + paragraphs]]
        answers = tuple(answer["text"] for answer in question["answers"])
        found.append(Question(question["question"], "\n\n".join(passages), answers))
    return found


def measure(question: Question, counter: Counter) -> list[Retained]:
    """Return what every system does with a question."""
    found: list[Retained] = []
    total = counter.count(question.passages)
    outputs = {str(fidelity): _compressed(question, fidelity) for fidelity in _FIDELITIES}
    allowed = counter.count(outputs["balanced"])
    for name, cut in _CONTROLS.items():
        outputs[name] = cut(question.said, question.passages, allowed, counter)
    for name, output in outputs.items():
        share = counter.count(output) / max(1, total)
        found.append(Retained(name, share, question.is_answered(output)))
    return found


def _compressed(question: Question, fidelity: Fidelity) -> str:
    config = CompressionConfig(fidelity=fidelity)
    call = {"id": "call_1", "type": "function", "function": {"name": "search", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": question.said},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": question.passages},
    ]
    done = Compressor(config, store=MemoryStore()).compress(messages).messages
    return str(done[-1]["content"])


def _best_sentences(said: str, text: str, tokens: int, counter: Counter) -> str:
    sentences = _sentences(text)
    scores = bm25(said, sentences)
    order = sorted(range(len(sentences)), key=lambda i: (-scores[i], i))
    return _fitting(sentences, order, tokens, counter)


def _random_sentences(said: str, text: str, tokens: int, counter: Counter) -> str:
    sentences = _sentences(text)
    order = random.Random(said).sample(range(len(sentences)), len(sentences))
    return _fitting(sentences, order, tokens, counter)


def _ends(said: str, text: str, tokens: int, counter: Counter) -> str:
    return head_and_tail(text, tokens, counter)


_CONTROLS: dict[str, Cut] = {
    "bm25": _best_sentences,
    "random sentences": _random_sentences,
    "head+tail": _ends,
}


def _sentences(text: str) -> list[str]:
    return [
        paragraph[start:end]
        for paragraph in text.split("\n\n")
        for start, end in sentence_spans(paragraph, 0, len(paragraph))
    ]


def _fitting(sentences: Sequence[str], order: Sequence[int], tokens: int, counter: Counter) -> str:
    kept: list[int] = []
    for at in order:
        tokens -= counter.count(sentences[at]) + 1
        if tokens < 0 and kept:
            break
        kept.append(at)
    return "\n".join(sentences[at] for at in sorted(kept))


def rows(file: str, found: Sequence[Retained]) -> list[tuple[str, ...]]:
    """Return a row for each system.

    >>> rows("a.json", [Retained("balanced", 0.2, True), Retained("balanced", 0.1, False)])[0][:5]
    ('a.json', 'balanced', '2', '0.150', '0.500')
    """
    table: list[tuple[str, ...]] = []
    for system in dict.fromkeys(one.system for one in found):
        some = [one for one in found if one.system == system]
        low, high = interval([(int(one.answered), 1) for one in some])
        kept = sum(one.share for one in some) / len(some)
        retained = sum(one.answered for one in some) / len(some)
        figures = (f"{kept:.3f}", f"{retained:.3f}", f"{low:.3f}-{high:.3f}")
        table.append((file, system, str(len(some)), *figures))
    return table
