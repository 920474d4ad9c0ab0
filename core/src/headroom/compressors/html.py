"""HTML: the main content of a page as Markdown, everything else behind a handle."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.compressors.html_document import HtmlDocument, read_document
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.errors import DecodingError
from headroom.originals.markers import write_gap
from headroom.routing.html_kind import HTML, find_html
from headroom.selection.passages import Role, Unit, read_units
from headroom.selection.passages_answers import prefer_answers
from headroom.selection.passages_choice import (
    Budget,
    choose_units,
    left_out_titles,
    write_units,
)
from headroom.selection.passages_questions import asked_of, is_question
from headroom.selection.passages_scores import unit_scores, unit_scores_from

_UNIT = "parts"

# Markdown of at most so many tokens is read whole, whatever is asked.
_SMALL = {"balanced": 700, "aggressive": 300}

# Of more than that, the share to aim for when something is asked, and its bounds in tokens.
_SHARE = {"balanced": 0.22, "aggressive": 0.1}
_FLOOR = {"balanced": 700, "aggressive": 300}
_CEILING = {"balanced": 3_000, "aggressive": 1_200}
_MOST = {"balanced": 0.6, "aggressive": 0.25}

# What stands around the main content answers a question only where it fits it this much better.
_AROUND = 0.6

# A file of this many tokens that is read by its path may be about to be edited.
_EDITED = 1_200
_FILE = re.compile(r"(?im)^(?!\w+://)\S+\.x?html?$")

# The lines of an error page that say what went wrong.
_ERROR_TITLE = re.compile(r"\b[45]\d\d\b|Error|Exception|Traceback|[Ee]rror\b")
_ERROR = re.compile(r"\b[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt)\b|\bFatal error\b")
_MOST_ERRORS = 40


class HtmlCompressor:
    """Compress web pages: what a reader sees of the main content, as Markdown.

    Headings, lists, tables, code, form fields and links stay; markup, scripts, styles,
    navigation and hidden parts go. Of a large page the passages nearest to the question stay.
    There is no lossless form: a page that must not lose anything stays as it is.

    >>> from headroom.counting.o200k import O200kCounter
    >>> page = "<!doctype html><nav><a href=/>Home</a></nav><main><h1>Tea</h1><p>Hot.</p></main>"
    >>> content = Content(page, O200kCounter())
    >>> HtmlCompressor().detect(content)
    'html'
    >>> HtmlCompressor().select(content, Goal("balanced", 450, asked=False)).body
    '# Tea\\n\\nHot.'
    """

    name = "html"
    kinds = (HTML,)
    notations = ()

    def detect(self, content: Content) -> str | None:
        """Return ``"html"`` if the text is a page or a fragment of one, else None."""
        return find_html(content.text)

    def encode(self, content: Content) -> Encoding | None:
        """Return None: a page has no notation that is smaller and loses nothing."""
        return None

    def decode(self, encoding: Encoding) -> str:
        """Raise, as there is nothing to decode.

        Raises:
            DecodingError: Always.
        """
        raise DecodingError(f"unknown notation {encoding.notation!r}")

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return the main content as Markdown, or of a large page what the question asks for."""
        if content.tokens <= _EDITED and _FILE.search(content.arguments):
            return None
        question = asked_of(content.question, content.arguments)
        document = read_document(content.text, question)
        if document is None:
            return None
        selection = _selected(content, goal, document, question)
        if any(word in content.text and word not in selection.body for word in content.keep):
            return None
        return selection


def _selected(content: Content, goal: Goal, document: HtmlDocument, question: str) -> Selection:
    around = _units_around(document)
    units = read_units(document.text)
    text = "\n\n".join((document.text, *document.around))
    everything = [*units, *_shifted(around, len(document.text) + 2, units)]
    parts = sum(count for _, count in document.left_out)
    # The markup counts as a part, so that a page of nothing but text has lost something too.
    total = len(units) + parts + 1
    kept = list(range(len(units)))
    if goal.asked and is_question(question, text):
        scores = _scores(content, question, text, everything)
        for i in range(len(units), len(everything)):
            scores[i] *= _AROUND
        kept = _chosen(content, goal, document, (text, everything, scores))
    inside = [i for i in kept if i < len(units)]
    outside = [i for i in kept if i >= len(units)]
    body = document.text
    if len(inside) < len(units):
        body = write_units(document.text, units, inside, lambda count: write_gap(count, _UNIT))
    said = [text[everything[i].start : everything[i].end] for i in outside]
    return Selection(
        unit=_UNIT,
        kept=len(kept),
        total=total,
        body="\n\n".join((body, *said)),
        summary=_summary(document, units, inside),
    )


def _chosen(
    content: Content,
    goal: Goal,
    document: HtmlDocument,
    scored: tuple[str, list[Unit], list[float]],
) -> list[int]:
    text, units, scores = scored
    fidelity = goal.fidelity
    tokens = content.counter.count(document.text)
    inside = len(units) - len(document.around)
    if tokens <= _SMALL[fidelity] or max(scores, default=0.0) <= 0.0:
        best = max(scores, default=0.0)
        outside = [i for i in range(inside, len(units)) if best > 0.0 and scores[i] >= best]
        return [*range(inside), *outside]
    budget = Budget(
        tokens=max(_FLOOR[fidelity], min(_SHARE[fidelity] * tokens, _CEILING[fidelity])),
        most=min(_MOST[fidelity] * tokens, 2 * _CEILING[fidelity]),
        per_character=tokens / max(1, len(document.text)),
        fidelity=fidelity,
    )
    return choose_units(text, units, scores, budget, _must_stay(content, document, text, units))


def _must_stay(
    content: Content, document: HtmlDocument, text: str, units: Sequence[Unit]
) -> list[int]:
    """Return what stays in any case: what the caller keeps, and what an error page says."""
    is_error = content.is_error or _ERROR_TITLE.search(document.title) is not None
    must: list[int] = []
    errors = 0
    for i, unit in enumerate(units):
        said = text[unit.start : unit.end]
        if any(word in said for word in content.keep):
            must.append(i)
        elif is_error and errors < _MOST_ERRORS and _ERROR.search(said):
            errors += 1
            must.append(i)
    return must


def _units_around(document: HtmlDocument) -> list[tuple[int, int]]:
    spans = []
    at = 0
    for said in document.around:
        spans.append((at, at + len(said)))
        at += len(said) + 2
    return spans


def _shifted(spans: Sequence[tuple[int, int]], by: int, above: Sequence[Unit]) -> list[Unit]:
    block = above[-1].block + 1 if above else 0
    return [Unit(a + by, b + by, Role.BLOCK, block + i) for i, (a, b) in enumerate(spans)]


def _scores(content: Content, question: str, text: str, units: Sequence[Unit]) -> list[float]:
    if content.relevance is None:
        scores = unit_scores(question, text, units)
    else:
        own = content.relevance(question, [text[unit.start : unit.end] for unit in units])
        scores = unit_scores_from(own, units)
    return prefer_answers(question, text, units, scores)


def _summary(document: HtmlDocument, units: Sequence[Unit], kept: Sequence[int]) -> str:
    said = ["page as Markdown"]
    counts = [f"{zone.value} {count}" for zone, count in document.left_out]
    if document.targets_dropped:
        counts.append(f"link targets {document.targets_dropped}")
    said.append(f"left out: {', '.join([*counts, 'markup'])}")
    titles = left_out_titles(document.text, units, kept)
    if titles:
        said.append(f"sections left out: {titles}")
    return "; ".join(said)
