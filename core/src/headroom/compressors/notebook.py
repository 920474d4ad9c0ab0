"""Jupyter notebooks: sources and results of cells as text, pictures and repeated forms left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.errors import DecodingError
from headroom.originals.markers import write_gap
from headroom.selection.relevance import bm25

_KIND = "notebook"
_SAMPLE = 4_000

# Output of more lines than this keeps its beginning and its end, and what the question is about.
_MOST_LINES = {"balanced": 40, "aggressive": 16}
_HEAD = {"balanced": 14, "aggressive": 6}
_TAIL = {"balanced": 10, "aggressive": 4}
_ASKED_LINES = 8
_LONGEST_LINE = 600

# Of one result in several forms the first of these is shown.
_FORMS = ("text/plain", "text/markdown", "text/latex", "application/json", "text/html")


class NotebookCompressor:
    """Compress Jupyter notebooks (nbformat 4).

    Every source stays, and every text that a cell printed; long outputs keep their ends and the
    lines nearest to the question. Pictures and the second form of a result stand behind the
    handle.

    >>> from headroom.counting.o200k import O200kCounter
    >>> cell = '{"cell_type": "code", "source": ["1 + 1"], "outputs": [], "metadata": {}}'
    >>> text = f'{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'
    >>> content = Content(text, O200kCounter())
    >>> NotebookCompressor().detect(content)
    'notebook'
    >>> print(NotebookCompressor().select(content, Goal("balanced", 450, asked=False)).body)
    # %% cell 1
    1 + 1
    """

    name = "notebook"
    kinds = (_KIND,)
    notations = ()

    def detect(self, content: Content) -> str | None:
        """Return ``"notebook"`` if the text is a notebook's document, else None."""
        text = content.text
        if text[:1] != "{" or '"nbformat"' not in text[:_SAMPLE] + text[-_SAMPLE:]:
            return None
        return _KIND if _cells(content) is not None else None

    def encode(self, content: Content) -> Encoding | None:
        """Return None: a notebook's document has no smaller form that loses nothing."""
        return None

    def decode(self, encoding: Encoding) -> str:
        """Raise, as there is nothing to decode.

        Raises:
            DecodingError: Always.
        """
        raise DecodingError(f"unknown notation {encoding.notation!r}")

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return the cells' sources and printed outputs."""
        cells = _cells(content)
        if cells is None:
            return None
        page = _Page(content, goal)
        for number, cell in enumerate(cells, 1):
            page.add(number, cell)
        body = "\n".join(page.lines)
        if any(word in content.text and word not in body for word in content.keep):
            return None
        left = ", ".join(f"{count} {what}" for what, count in page.left.items())
        # The document's own structure counts as a part.
        return Selection("parts", page.kept, page.total + 1, body, f"left out: {left or 'JSON'}")


class _Page:
    """The text of a notebook being written, and what was left out of it."""

    def __init__(self, content: Content, goal: Goal) -> None:
        self.question = f"{content.question}\n{content.arguments}" if goal.asked else ""
        self.fidelity = goal.fidelity
        self.lines: list[str] = []
        self.left: dict[str, int] = {}
        self.kept = self.total = 0

    def add(self, number: int, cell: Mapping[str, Any]) -> None:
        kind = cell.get("cell_type")
        said = "" if kind == "code" else f" [{kind}]"
        self.lines.append(f"# %% cell {number}{said}")
        source = _text(cell.get("source"))
        if source:
            self.kept += 1
            self.total += 1
            self.lines.extend(source.split("\n"))
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            if isinstance(output, Mapping):
                self.add_output(output)

    def add_output(self, output: Mapping[str, Any]) -> None:
        if output.get("output_type") == "error":
            self.add_lines("error", _text(output.get("traceback"), "\n"), whole=True)
        elif "text" in output:
            self.add_lines(str(output.get("name", "output")), _text(output["text"]))
        data = output.get("data")
        if not isinstance(data, Mapping):
            return
        shown = next((form for form in _FORMS if form in data), None)
        for form, value in data.items():
            if form == shown:
                self.add_lines("result", _text(value))
            else:
                self.total += 1
                self.left[str(form)] = self.left.get(str(form), 0) + 1

    def add_lines(self, name: str, text: str, *, whole: bool = False) -> None:
        lines = text.rstrip("\n").split("\n")
        kept = list(range(len(lines))) if whole else self.choose(lines)
        self.total += len(lines)
        self.kept += len(kept)
        if len(kept) < len(lines):
            self.left["lines of output"] = self.left.get("lines of output", 0) + (
                len(lines) - len(kept)
            )
        self.lines.append(f"# {name}:")
        self.lines.extend(_with_gaps(lines, kept))

    def choose(self, lines: Sequence[str]) -> list[int]:
        most = _MOST_LINES[self.fidelity]
        if len(lines) <= most and all(len(line) <= _LONGEST_LINE for line in lines):
            return list(range(len(lines)))
        chosen = dict.fromkeys(range(min(_HEAD[self.fidelity], len(lines))))
        chosen.update(dict.fromkeys(range(max(0, len(lines) - _TAIL[self.fidelity]), len(lines))))
        if self.question:
            scores = bm25(self.question, lines)
            best = sorted(range(len(lines)), key=lambda i: (-scores[i], i))[:_ASKED_LINES]
            chosen.update(dict.fromkeys(i for i in best if scores[i] > 0.0))
        return sorted(i for i in chosen if len(lines[i]) <= _LONGEST_LINE or i == 0)


def _with_gaps(lines: Sequence[str], kept: Sequence[int]) -> Iterator[str]:
    at = 0
    for i in kept:
        if i > at:
            yield write_gap(i - at, "lines")
        yield lines[i]
        at = i + 1
    if at < len(lines):
        yield write_gap(len(lines) - at, "lines")


def _text(value: object, between: str = "") -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return between.join(line for line in value if isinstance(line, str))
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _cells(content: Content) -> list[Mapping[str, Any]] | None:
    """Return the cells of a notebook's document; None if the text is none."""
    key = "notebook.cells"
    if key not in content.scratch:
        content.scratch[key] = _read_cells(content.text)
    found = content.scratch[key]
    return found if isinstance(found, list) else None


def _read_cells(text: str) -> list[Mapping[str, Any]] | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    cells = document.get("cells")
    if not isinstance(cells, list) or "nbformat" not in document:
        return None
    if not all(isinstance(c, dict) and "cell_type" in c and "source" in c for c in cells):
        return None
    return cells
