"""What of a file has most in common with a question: statements, and whole functions."""

from __future__ import annotations

from collections.abc import Sequence

from headroom.compressors.interface import Relevance
from headroom.selection.code_shown import Shown, above
from headroom.selection.code_sizes import outer_rows
from headroom.selection.code_tree import Kind, Role, Tree
from headroom.selection.relevance import bm25

# How much the words of a function's head, and of all of it, count beside a statement's own.
_HEAD = 0.5
_BODY = 0.3

# How much more a statement fits of which both its words and the comment above it fit.
_TOLD = 0.5

# Share of the budget for the best statements, before whole functions are added.
_FOR_STATEMENTS = 0.7

# Scores below this share of the best have only a common word in common with the question.
_FALLEN_OFF = 0.2

# Picks in a row that do not fit before the search ends.
_MOST_MISFITS = 40

# A statement of so many tokens is shown with everything in it.
_SMALL = 70.0


def keep_answers(
    shown: Shown,
    lines: Sequence[str],
    words: str,
    budget: float,
    relevance: Relevance | None = None,
) -> bool:
    """Show what has most in common with the question, as far as the budget goes.

    Args:
        shown: What is shown; this adds to it.
        lines: The file's lines.
        words: The question.
        budget: Tokens that may be added.
        relevance: Scores units against the question instead of BM25.

    Returns:
        True if the question has anything in common with the file.
    """
    tree = shown.tree
    score = relevance or bm25
    own = [float(value) for value in score(words, outer_texts(tree, lines))]
    _lend_to_statements(tree, own)
    functions = _functions(tree)
    of_body = score(words, [_whole_text(tree, lines, i) for i in functions])
    body = dict(zip(functions, of_body, strict=True))
    scores = _with_surroundings(tree, shown, own, body)
    best = max(scores, default=0.0)
    if best <= 0.0:
        return False
    order = sorted(
        (i for i, value in enumerate(scores) if value >= _FALLEN_OFF * best),
        key=lambda i: (-scores[i], i),
    )
    limit = shown.spent + budget
    add_best(shown, order, shown.spent + _FOR_STATEMENTS * budget)
    ranked = sorted(
        (i for i in functions if body[i] > 0.0),
        key=lambda i: (-body[i] - _strongest(tree, scores, i), i),
    )
    _add_whole(shown, ranked, limit)
    add_best(shown, order, limit)
    return True


def outer_texts(tree: Tree, lines: Sequence[str]) -> list[str]:
    """Return the text of each item without its blocks."""
    return ["\n".join(lines[row] for row in outer_rows(tree, i)) for i in range(len(tree.items))]


def _lend_to_statements(tree: Tree, own: list[float]) -> None:
    """Let what stands below a comment answer as well as the comment does."""
    for i, item in enumerate(tree.items):
        if item.role in (Role.COMMENT, Role.ATTRIBUTE, Role.REST):
            continue
        told = max((own[at] for at in above(tree, i)), default=0.0)
        if told > 0.0:
            own[i] = max(own[i], told) + _TOLD * min(own[i], told)


def _whole_text(tree: Tree, lines: Sequence[str], index: int) -> str:
    item = tree.items[index]
    start = min((tree.items[i].start for i in above(tree, index)), default=item.start)
    return "\n".join(lines[start : item.end + 1])


def _functions(tree: Tree) -> list[int]:
    """Return the items that have the body of a function, outermost ones only."""
    found: list[int] = []
    within: set[int] = set()
    for i, item in enumerate(tree.items):
        around = tree.blocks[item.block].item
        if around in within:
            within.add(i)
        elif any(tree.blocks[b].kind is Kind.BODY for b in item.blocks):
            found.append(i)
            within.add(i)
    return found


def _with_surroundings(
    tree: Tree, shown: Shown, own: Sequence[float], body: dict[int, float]
) -> list[float]:
    """Let statements share in how well their function's head and body fit."""
    scores = list(own)
    best_own = max(own, default=0.0)
    best_body = max(body.values(), default=0.0)
    even = best_own / best_body if best_body > 0.0 else 0.0
    lent: dict[int, float] = {
        i: _HEAD * max(own[i], *(own[at] for at in above(tree, i)), 0.0) + _BODY * even * value
        for i, value in body.items()
    }
    share = [0.0] * len(scores)
    for i, item in enumerate(tree.items):
        around = tree.blocks[item.block].item
        share[i] = lent.get(i, share[around] if around >= 0 else 0.0)
        if item.role is Role.REST:
            scores[i] = 0.0
        elif around >= 0:
            scores[i] += share[around]
    return scores


def _strongest(tree: Tree, scores: Sequence[float], index: int) -> float:
    item = tree.items[index]
    held = [i for b in item.blocks for i in tree.blocks[b].items]
    return max((scores[i] for i in held), default=0.0)


def add_best(shown: Shown, order: Sequence[int], limit: float) -> None:
    """Show items in an order until a number of tokens is spent."""
    misfits = 0
    for i in order:
        if misfits > _MOST_MISFITS:
            return
        whole = shown.sizes.whole(i) <= _SMALL
        if shown.spent + shown.cost(i, whole=whole) > limit:
            misfits += 1
            continue
        misfits = 0
        shown.add(i, whole=whole)


def _add_whole(shown: Shown, ranked: Sequence[int], limit: float) -> None:
    misfits = 0
    for i in ranked:
        if misfits > _MOST_MISFITS:
            return
        if shown.spent + shown.cost(i, whole=True) > limit:
            misfits += 1
            continue
        misfits = 0
        shown.add(i, whole=True)
