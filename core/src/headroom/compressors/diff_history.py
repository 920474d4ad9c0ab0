"""Which rows of a log, a blame or a statistic stay when something was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from headroom.compressors.interface import Content, Goal, Selection
from headroom.notation.blame import NOTE as BLAME_NOTE
from headroom.notation.blame import encode_blame
from headroom.notation.patch_commits import is_stat_row
from headroom.notation.patch_text import encode_patch
from headroom.notation.patches import Commit, Part
from headroom.originals.markers import write_gap
from headroom.selection.asking import speaks_of
from headroom.selection.hits_named import line_scores
from headroom.selection.relevance import bm25

# Share of a text to aim for, and the most of a large one, in tokens.
_SHARE = {"balanced": 0.26, "aggressive": 0.10}
_CEILING = {"balanced": 3_000, "aggressive": 1_000}

# Rows that are near the question: those with at least this share of the best score.
_NEAR = 0.3

# A question that is near to a larger share of the rows tells none of them from the others.
_TELLING = 0.5

# Lines around one that is near: a function is more than the line that names it.
_AROUND = 4

_HEADS = "of some commits only what stands above the subject's end"

# Newest and oldest commits; files that changed most.
_ENDS = 2
_LARGEST = 5


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that stay or go together, and the few of them that say what they are.

    Args:
        start: First line.
        end: The line after the last.
        head: The lines that are shown where the rest is not.
    """

    start: int
    end: int
    head: tuple[int, ...] = ()


def select_history(content: Content, goal: Goal, parts: Sequence[Part]) -> Selection | None:
    """Keep the commits that the question is about, the newest and oldest, and heads of others."""
    lines = content.lines
    commits = [part for part in parts if isinstance(part, Commit)]
    if commits:
        rows = [Row(c.start, c.end, _head(lines, c)) for c in commits]
    else:
        rows = [Row(at, at + 1) for at, line in enumerate(lines) if line.strip()]
    if not _is_asked(content, goal):
        return None
    scores = _row_scores(content, rows)
    stay = _near(content, goal, rows, scores)
    if stay is None:
        return None
    for row in (*rows[:_ENDS], *rows[-_ENDS:]):
        stay.update(row.head or range(row.start, row.end))
    if not commits:
        return _selection(content, stay, [])
    stay.update(range(commits[0].start))
    return _selection(content, stay, [_HEADS], within=[(row.start, row.end) for row in rows])


def select_blame(content: Content, goal: Goal) -> Selection | None:
    """Keep the lines that the question is about with those around them."""
    if not _is_asked(content, goal):
        return None
    lines = content.lines
    question = f"{content.question}\n{content.arguments}"
    if content.relevance is None:
        scores: Sequence[float] = line_scores(question, content.text, lines)
    else:
        scores = content.relevance(question, lines)
    rows = [
        Row(max(0, at - _AROUND), min(len(lines), at + _AROUND + 1)) for at in range(len(lines))
    ]
    stay = _near(content, goal, rows, scores)
    return None if stay is None else _selection(content, stay, [BLAME_NOTE])


def select_statistics(content: Content, goal: Goal) -> Selection | None:
    """Keep the files that the question names, those that changed most, and the totals."""
    if not _is_asked(content, goal):
        return None
    lines = content.lines
    rows = [Row(at, at + 1) for at in range(len(lines)) if is_stat_row(lines[at])]
    stay = _near(content, goal, rows, _row_scores(content, rows))
    if stay is None:
        return None
    largest = sorted(rows, key=lambda row: (-_changes(lines[row.start]), row.start))
    stay.update(row.start for row in largest[:_LARGEST])
    stay.update(at for at, line in enumerate(lines) if not is_stat_row(line))
    return _selection(content, stay, [])


def _changes(row: str) -> int:
    said = row.rsplit("|", 1)[-1].split()
    return int(said[0]) if said and said[0].isdecimal() else 0


def _is_asked(content: Content, goal: Goal) -> bool:
    # What the call names says nothing about what to look for in its result.
    return goal.asked and speaks_of(content.question, content.text)


def _head(lines: Sequence[str], commit: Commit) -> tuple[int, ...]:
    """Return the lines of a commit from its hash to its subject."""
    for at in range(commit.start + 1, commit.end):
        if lines[at].startswith("    ") and lines[at].strip():
            blank = [] if lines[commit.end - 1].strip() else [commit.end - 1]
            return (*range(commit.start, at + 1), *blank)
    return tuple(range(commit.start, commit.end))


def _row_scores(content: Content, rows: Sequence[Row]) -> Sequence[float]:
    units = ["\n".join(content.lines[row.start : row.end]) for row in rows]
    question = f"{content.question}\n{content.arguments}"
    return (content.relevance or bm25)(question, units)


def _near(
    content: Content, goal: Goal, rows: Sequence[Row], scores: Sequence[float]
) -> set[int] | None:
    """Return the lines of the rows nearest to the question, then heads of others, as they fit."""
    order = sorted(range(len(rows)), key=lambda i: (-scores[i], i))
    if not order or scores[order[0]] <= 0.0:
        return None
    best = scores[order[0]]
    if sum(score >= _NEAR * best for score in scores) > _TELLING * len(rows):
        return None
    wished = min(_SHARE[goal.fidelity] * content.tokens, _CEILING[goal.fidelity])
    room = max(goal.target_tokens, wished) * len(content.text) / max(1, content.tokens)
    stay: set[int] = set()
    rest: list[Row] = []
    for i in order:
        new = [at for at in range(rows[i].start, rows[i].end) if at not in stay]
        cost = _cost(content, new)
        if scores[i] >= _NEAR * best and (cost <= room or not stay):
            stay.update(new)
            room -= cost
        else:
            rest.append(rows[i])
    for row in rest:
        cost = _cost(content, row.head)
        if row.head and cost <= room:
            stay.update(row.head)
            room -= cost
    return stay


def _cost(content: Content, indices: Iterable[int]) -> int:
    return sum(len(content.lines[at]) + 1 for at in indices)


def _selection(
    content: Content,
    stay: set[int],
    notes: Sequence[str],
    within: Sequence[tuple[int, int]] = (),
) -> Selection | None:
    """Return the lines that stay, with gaps; none within rows of which something stays."""
    lines = content.lines
    total = len(lines) - (not lines[-1])
    if content.keep:
        stay.update(i for i, line in enumerate(lines) if any(k in line for k in content.keep))
    stay.discard(total)
    silent = {
        at
        for start, end in within
        if not stay.isdisjoint(range(start, end))
        for at in range(start, end)
    }
    body: list[str] = []
    gap = 0
    for at in range(total + 1):
        if at < total and at not in stay:
            gap += at not in silent
            continue
        if gap:
            body.append(write_gap(gap, "lines"))
            gap = 0
        body += lines[at : at + 1]
    notes = list(notes)
    if BLAME_NOTE in notes:
        body = encode_blame(body) or body
    else:
        shorter = encode_patch(body)
        if shorter is not None:
            body, more = shorter
            notes += more
    return Selection("lines", len(stay), total, "\n".join(body), "; ".join(notes))
