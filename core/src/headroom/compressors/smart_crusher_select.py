"""A part of a JSON document: whole rows of its collections, or the values that matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from headroom.compressors.interface import Content, Goal, Selection
from headroom.compressors.smart_crusher_branches import (
    Leaf,
    choose_leaves,
    leaves,
    without_noise,
)
from headroom.compressors.smart_crusher_rows import Collection, find_collections
from headroom.notation.json_body import write_body
from headroom.notation.json_document import TABLES_HINT, Document
from headroom.notation.json_tree import Node, leaves_in
from headroom.originals.markers import write_gap
from headroom.selection.asking import is_question, speaks_of
from headroom.selection.previews import preview
from headroom.selection.relevance import question_terms
from headroom.selection.rows import (
    Ask,
    Rows,
    choose_rows,
    drop_repeats,
    named_rows,
    tells_apart,
)
from headroom.selection.rows_profile import printable, profile

# Collections that hold this share of a document make it a table with a frame; below, it is a
# document that happens to have lists.
_ROWS_SHARE = 0.5
# With nobody asking, any row may be what is needed next: only where this share of them or more
# repeats is leaving them out worth it. A table shows the others at a fraction anyway.
_WORTH_DROPPING = {"balanced": 0.8, "aggressive": 0.2}
# Content words of a question that asks for something, rather than to carry on; and how much more
# is shown of a text in which none of them occurs.
_REAL_QUESTION = 4
_OVERVIEW = 2
# Tokens of a nested document that is read whole if it holds no word of the question.
_SHORT = 4_000
_MOST_BRANCHES = 6
_MOST_NAMED = 6
# What stands around the collections is chosen from where it takes more than this share of the room.
_LARGE_FRAME = 0.5
# What stands at the end of an object that lost members; their number is in the marker.
_MORE = "..."


@dataclass(slots=True)
class _Cut:
    """What was left out: by container for the gaps, and in all."""

    content: Content
    gaps: dict[int, str] = field(default_factory=dict)
    previews: int = 0
    # Containers built here must outlive the writing: gaps know them by identity.
    built: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Picked:
    """Rows that stay, by the ``id`` of their container; words about the others; the numbers."""

    kept: dict[int, list[int]]
    told: list[str]
    stay: int
    total: int


def select_parts(content: Content, document: Document, goal: Goal) -> Selection | None:
    """Return the part of a document that stays, or None if nothing should be left out."""
    goal = _steered(content, goal)
    collections = find_collections(document.root)
    length = document.length
    if sum([c.length for c in collections]) >= _ROWS_SHARE * length:
        rows = _select_rows(content, document, goal, collections)
        return rows if rows or goal.asked else _leave_out_noise(content, document)
    is_short = content.tokens <= _SHORT and goal.fidelity == "balanced"
    if not goal.asked or (is_short and not speaks_of(content.question, content.text)):
        return _leave_out_noise(content, document)
    found = list(leaves(document.root, content.tokens / len(content.text)))
    chosen = choose_leaves(found, content.question, content.keep, goal.target_tokens)
    return _selected(content, document, found, chosen)


def _steered(content: Content, goal: Goal) -> Goal:
    """Return the goal, having looked at whether the question is about this document.

    The arguments of a call name files and hosts that every row may have: they do not count.
    """
    question = content.question
    asked = goal.asked and speaks_of(question, content.text)
    if is_question(question) or len(question_terms(question)) >= _REAL_QUESTION:
        # What was asked about may not be here: then an overview serves better than nearly all.
        target = goal.target_tokens * (1 if asked else _OVERVIEW)
        return Goal(goal.fidelity, target, True)
    return Goal(goal.fidelity, goal.target_tokens, asked)


def _ask(content: Content) -> Ask:
    return Ask(content.question, content.arguments, content.keep, content.relevance)


def _select_rows(
    content: Content, document: Document, goal: Goal, collections: list[Collection]
) -> Selection | None:
    picked = _pick_rows(content, document, goal, collections)
    frame = _pick_frame(content, document, goal, collections)
    if picked.stay == picked.total and frame is None:
        return None
    if not goal.asked and picked.stay > (1 - _WORTH_DROPPING[goal.fidelity]) * picked.total:
        return None
    # Here the texts and cells of all rows may go: what follows needs memory of its own.
    collections.clear()
    cut = _Cut(content)
    flags = None if frame is None else iter(frame)
    root = _with_rows(document.root, picked.kept, cut, flags)
    if root is None:
        return None
    body = write_body(root, content.counter.count, gaps=cut.gaps, exact=False)
    summary = "; ".join([words for words in picked.told[:2] if words])
    hint = TABLES_HINT if body.tables else ""
    words = _joined(f"omitted: {summary}" if summary else "", cut, hint)
    unit, stay, total = "rows", picked.stay, picked.total
    if frame is not None:
        unit, stay, total = "values", leaves_in(root), leaves_in(document.root)
    return Selection(unit, stay, total, document.above + body.text, words)


def _pick_frame(
    content: Content, document: Document, goal: Goal, collections: list[Collection]
) -> list[bool] | None:
    """Return which values around the collections stay; None if all do, as they are few."""
    rate = content.tokens / len(content.text)
    size = (document.length - sum([c.length for c in collections])) * rate
    if not goal.asked or size <= _LARGE_FRAME * goal.target_tokens:
        return None
    nodes = {id(collection.node) for collection in collections}
    found = list(leaves(document.root, rate, without=nodes))
    budget = goal.target_tokens / 2
    chosen = choose_leaves(found, content.question, content.keep, budget)
    return [i in chosen for i in range(len(found))]


def _pick_rows(
    content: Content, document: Document, goal: Goal, collections: list[Collection]
) -> _Picked:
    ask = _ask(content)
    length = document.length
    rate = content.tokens / len(content.text)
    whole = sum([c.length for c in collections])
    budget = max(goal.target_tokens / 2, goal.target_tokens - (length - whole) * rate)
    kept: dict[int, list[int]] = {}
    told: list[str] = []
    total = stay = 0
    tables = [collection.rows() for collection in collections]
    may_refer = goal.asked and any(collection.keys for collection in collections)
    referred = _referred(tables, ask) if may_refer else frozenset[str]()
    for collection, rows in zip(collections, tables, strict=True):
        share = budget * collection.length / whole
        also = [i for i, key in enumerate(collection.keys) if key in referred]
        count = len(collection.values)
        if goal.asked:
            chosen = choose_rows(rows, ask, share, also)
        elif goal.fidelity == "balanced" and tells_apart(rows):
            chosen = list(range(count))
        else:
            chosen = drop_repeats(rows, ask)
        kept[id(collection.node)] = chosen
        total += count
        stay += len(chosen)
        if len(chosen) < count:
            there = frozenset(chosen)
            left_out = [i for i in range(count) if i not in there]
            told.append(profile(rows.columns, left_out, ask.question))
    return _Picked(kept, told, stay, total)


def _referred(tables: list[Rows], ask: Ask) -> frozenset[str]:
    """Return what the named rows mention: it may be the key of a row that explains them.

    An address like ``#/components/schemas/Order`` mentions its last part.
    """
    named = [(rows, i) for rows in tables for i in named_rows(rows, ask)[:_MOST_NAMED]]
    cells = [column[i] for rows, i in named[:_MOST_NAMED] for column in rows.columns.values()]
    return frozenset(cell.rpartition("/")[2] for cell in cells if cell)


def _joined(summary: str, cut: _Cut, hint: str) -> str:
    previews = f"{cut.previews} long texts cut to previews" if cut.previews else ""
    return "; ".join([words for words in (summary, previews, hint) if words])


def _with_rows(
    node: Node, kept: dict[int, list[int]], cut: _Cut, flags: Iterator[bool] | None
) -> Node | None:
    """Return the node with the rows that are kept, and with the values whose flag is up.

    Args:
        node: The node.
        kept: Positions of the rows that stay, by the ``id`` of their container.
        cut: Takes what was left out.
        flags: One for each leaf outside of the containers; None: all stay.

    Returns:
        The new node, or None if nothing of it is left.
    """
    chosen = kept.get(id(node))
    if chosen is not None:
        flags = None
    if isinstance(node, str) or not node:
        return _shown(node, cut) if flags is None or next(flags) else None
    if isinstance(node, dict):
        items = list(node.items())
        picked = items if chosen is None else [items[i] for i in chosen]
        members = [(key, _with_rows(value, kept, cut, flags)) for key, value in picked]
        new: Node = {key: value for key, value in members if value is not None}
    else:
        values = node if chosen is None else [node[i] for i in chosen]
        new = [value for v in values if (value := _with_rows(v, kept, cut, flags)) is not None]
    cut.built.append(new)
    if not new:
        return None
    missing = len(node) - len(new)
    if missing and chosen is not None:
        cut.gaps[id(new)] = write_gap(missing, "rows")
    elif missing:
        cut.gaps[id(new)] = write_gap(missing, "items") if isinstance(node, list) else _MORE
    return new


def _shown(node: Node, cut: _Cut) -> Node:
    if not isinstance(node, str):
        return node
    shown = preview(node, cut.content.question, cut.content.keep)
    cut.previews += shown is not node
    return shown


def _leave_out_noise(content: Content, document: Document) -> Selection | None:
    """Return the document without what nobody reads; None if all of it may be read."""
    found = list(leaves(document.root, 1.0))
    chosen = without_noise(found)
    return _selected(content, document, found, chosen, everywhere=True)


def _selected(
    content: Content,
    document: Document,
    found: list[Leaf],
    chosen: set[int],
    *,
    everywhere: bool = False,
) -> Selection | None:
    """Return the selection of the chosen leaves, and of those with a ``keep`` substring.

    Args:
        content: The text.
        document: What it holds.
        found: All leaves.
        chosen: Positions of those that stay.
        everywhere: Leaves of the same keys are left out of all objects: the marker names these
            keys, and no object says that it lacks some.
    """
    chosen.update(i for i, leaf in enumerate(found) if any(w in leaf.text for w in content.keep))
    if len(chosen) == len(found):
        return None
    cut = _Cut(content)
    flags = [i in chosen for i in range(len(found))]
    root = _with_rows(document.root, {}, cut, iter(flags))
    if root is None:
        return None
    gaps = {at: gap for at, gap in cut.gaps.items() if not everywhere or gap != _MORE}
    body = write_body(root, content.counter.count, gaps=gaps, exact=False)
    omitted: dict[str, int] = {}
    for i, leaf in enumerate(found):
        if not flags[i] and leaf.path:
            key = _last_key(leaf) if everywhere else leaf.path[0]
            omitted[key] = omitted.get(key, 0) + 1
    most = sorted(omitted.items(), key=lambda item: -item[1])
    where = "" if everywhere else "in "
    parts = [f"{n} {where}{printable(key[:40])}" for key, n in most[:_MOST_BRANCHES]]
    rest = sum([n for _, n in most[_MOST_BRANCHES:]])
    if everywhere and rest:
        parts.append(f"{rest} other links and digests")
    lead = "omitted" if everywhere else "omitted (...)"
    hint = TABLES_HINT if body.tables else ""
    words = _joined(f"{lead}: {', '.join(parts)}", cut, hint)
    return Selection("values", len(chosen), len(found), document.above + body.text, words)


def _last_key(leaf: Leaf) -> str:
    return next((key for key in reversed(leaf.path) if not key.isdigit()), "")
