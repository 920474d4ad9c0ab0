"""Which lines of a test run or a build stay: what failed, why, where, and how it ended."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from headroom.compressors.checks_blocks import Block, Role, Sort
from headroom.compressors.checks_limits import Limits
from headroom.compressors.checks_view import CheckView
from headroom.compressors.interface import Content, Goal
from headroom.selection.named import name_scores

# Characters that a kept line costs beside its own: its break, its share of gaps.
_LINE_OVERHEAD = 8

# A line longer than this, in characters, stays only where it fits into the room.
_LONG_LINE = 1_500

# Parts the question names: those with at least this share of the best score.
_NAMED_SHARE = 0.5

# A single line between two kept ones stays if it is this short, in characters.
_SHORT_LINE = 20

# Of a failure whose kind was shown, so many of its last lines stay.
_LAST = 2
_WHOLE = 5

# Other lines that differ in numbers and names only say something new so many times.
_ALIKE_LINES = 2
_VARIABLE = re.compile(r"0x[0-9a-fA-F]+|[\w./@~+-]*\d[\w./@~+-]*|\"[^\"]{0,200}\"|'[^']{0,200}'")
_KEY_REACH = 300


@dataclass(slots=True)
class Choice:
    """What stays.

    Args:
        room: The goal's target, in characters.
        kept: Indices of lines.
        shown: Positions of blocks whose core is shown.
        alike: For a shown block, the positions of blocks of its kind that are not shown.
    """

    room: float
    kept: set[int] = field(default_factory=set)
    shown: set[int] = field(default_factory=set)
    alike: dict[int, list[int]] = field(default_factory=dict)


class _Picker:
    def __init__(self, view: CheckView, content: Content, goal: Goal, limits: Limits) -> None:
        self.view = view
        self.content = content
        self.goal = goal
        self.limits = limits
        wished = goal.target_tokens / max(1, content.tokens)
        self.room = len(content.text) * min(wished, limits.share)
        self.choice = Choice(self.room)
        self.of_line = view.block_of()

    def cost(self, wanted: Iterable[int]) -> int:
        lines, kept = self.view.lines, self.choice.kept
        return sum(len(lines[i]) + _LINE_OVERHEAD for i in wanted if i not in kept)

    def add_while(self, bundles: Iterable[Sequence[int]], room: float) -> float:
        """Add bundles of lines, in order, that fit into ``room`` characters; return the rest."""
        for bundle in bundles:
            cost = self.cost(bundle)
            if cost <= room:
                room -= cost
                self.choice.kept.update(bundle)
        return room

    def lines_of(self, role: Role) -> list[int]:
        return [i for i, own in enumerate(self.view.roles) if own is role and i not in self.of_line]


def choose_lines(view: CheckView, content: Content, goal: Goal, limits: Limits) -> Choice:
    """Return the lines that stay."""
    picker = _Picker(view, content, goal, limits)
    _add_ends(picker)
    _add_summary(picker)
    if content.keep:
        picker.choice.kept.update(
            i for i, line in enumerate(view.lines) if any(w in line for w in content.keep)
        )
    if goal.asked and limits.named:
        _add_named(picker)
    _add_blocks(picker)
    _add_lines(picker)
    _fill_small_gaps(picker)
    return picker.choice


def _add_ends(picker: _Picker) -> None:
    lines, limits = picker.view.lines, picker.limits
    roles, of_line = picker.view.roles, picker.of_line
    solid = [i for i, role in enumerate(roles) if role is not Role.BLANK and i not in of_line]
    for i in [*solid[: limits.head], *solid[len(solid) - limits.tail :]]:
        short = len(lines[i]) <= max(picker.room, _LONG_LINE)
        if short and roles[i] not in (Role.STEP, Role.PASSING):
            picker.choice.kept.add(i)


def _add_summary(picker: _Picker) -> None:
    # The last lines sum up the whole run, earlier ones a part of it.
    summary = picker.lines_of(Role.SUMMARY)[::-1]
    picker.add_while(([i] for i in summary), picker.limits.summary * picker.room)


def _add_named(picker: _Picker) -> None:
    content, view, limits = picker.content, picker.view, picker.limits
    question = f"{content.question}\n{content.arguments}"
    if content.relevance is None:
        scores = name_scores(question, view.seen)
    else:
        scores = dict(enumerate(content.relevance(question, list(view.seen))))
    best = max(scores.values(), default=0.0)
    bundles: list[Sequence[int]] = []
    blocks: dict[int, None] = {}
    for i in sorted(scores, key=lambda i: (-scores[i], i)):
        if scores[i] < _NAMED_SHARE * best or scores[i] <= 0 or len(bundles) >= limits.named:
            break
        position = picker.of_line.get(i)
        if position is None:
            bundles.append([i])
        elif position not in blocks:
            blocks[position] = None
            block = view.blocks[position]
            bundles.append(sorted({*block.core, *block.detail, i}))
            bundles.append(sorted({*block.core, i}))
    picker.add_while(bundles, limits.named_room * picker.room)


def _add_blocks(picker: _Picker) -> None:
    """Keep the first block of each kind, then others as far as they fit."""
    view, limits, room, choice = picker.view, picker.limits, picker.room, picker.choice
    firsts: dict[tuple[Sort, str], list[int]] = {}
    again: list[int] = []
    told: dict[str, int] = {}
    for position, block in enumerate(view.blocks):
        head, rest = view.seen[block.core[0]], _said(view, block.core[1:])
        if f"{head}\n{rest}" in told:
            # The same failure reported once more, as some runners do at their end.
            continue
        told[f"{head}\n{rest}"] = position
        same = firsts.setdefault((block.sort, block.key), [])
        if len(same) < limits.alike:
            same.append(position)
        else:
            like = told.get(rest, same[0]) if rest else same[0]
            choice.alike.setdefault(like, []).append(position)
            if not rest or rest not in told:
                again.append(position)
        told.setdefault(rest, position)
    grave = [n for same in firsts.values() for n in same if view.blocks[n].sort >= Sort.ERROR]
    lesser = [n for same in firsts.values() for n in same if view.blocks[n].sort < Sort.ERROR]
    # Failing tests before findings, findings before traces that a log may hold.
    if grave:
        choice.kept.update(_bounded(view, view.blocks[grave[0]], room))
    left = picker.add_while((view.blocks[n].core for n in grave), limits.failures * room)
    picker.add_while((_gist(view.blocks[n]) for n in grave), limits.again * room)
    names = picker.lines_of(Role.NAME)
    picker.add_while(([i] for i in names), limits.names * room)
    hard = [n for n in again if view.blocks[n].sort >= Sort.TRACE]
    picker.add_while((_gist_again(view.blocks[n]) for n in hard), min(left, limits.again * room))
    picker.add_while((_gist(view.blocks[n]) for n in hard), limits.again * room)
    picker.add_while(_details(view, grave), limits.detail * room)
    picker.add_while((view.blocks[n].core for n in lesser), limits.warnings * room)
    if limits.detail >= limits.failures:
        picker.add_while((view.blocks[n].detail for n in lesser), limits.warnings * room)
    choice.shown.update(n for n, block in enumerate(view.blocks) if block.core[-1] in choice.kept)


def _said(view: CheckView, indices: Iterable[int]) -> str:
    return "\n".join(view.seen[i].strip() for i in indices)


def _details(view: CheckView, positions: Sequence[int]) -> list[list[int]]:
    """Return lines that explain failures, those nearest to what is shown of each first."""
    ranked = []
    for n in positions:
        core = view.blocks[n].core[1:] or view.blocks[n].core
        for i in view.blocks[n].detail:
            at = bisect_left(core, i)
            ranked.append((min(abs(i - k) for k in core[max(0, at - 1) : at + 1]), i))
    return [[i] for _, i in sorted(ranked)]


def _bounded(view: CheckView, block: Block, room: float) -> list[int]:
    return [i for i in block.core if len(view.lines[i]) <= max(room, _LONG_LINE)]


def _gist(block: Block) -> Sequence[int]:
    return block.core[:1]


def _gist_again(block: Block) -> Sequence[int]:
    """Return of a failure of a kind that was shown what may differ: name, values, place."""
    if len(block.core) <= _WHOLE:
        return block.core
    return (*block.core[:1], *block.core[1:][-_LAST:])


def _add_lines(picker: _Picker) -> None:
    limits, room = picker.limits, picker.room
    picker.add_while(_fresh(picker, picker.lines_of(Role.ERROR)), limits.errors * room)
    picker.add_while(_fresh(picker, picker.lines_of(Role.WARNING)), limits.warnings * room)
    picker.add_while(_fresh(picker, picker.lines_of(Role.OTHER)), limits.others * room)


def _fresh(picker: _Picker, indices: Sequence[int]) -> list[list[int]]:
    """Return the first lines of each form, those of the first form first."""
    firsts: list[list[int]] = []
    seconds: list[list[int]] = []
    seen: dict[str, int] = {}
    for i in indices:
        key = _VARIABLE.sub("", picker.view.seen[i][:_KEY_REACH]).strip()
        seen[key] = seen.get(key, 0) + 1
        if seen[key] == 1:
            firsts.append([i])
        elif seen[key] <= _ALIKE_LINES:
            seconds.append([i])
    return [*firsts, *seconds]


def _fill_small_gaps(picker: _Picker) -> None:
    kept = picker.choice.kept
    for i in sorted(kept):
        if i + 2 in kept and 0 < len(picker.view.lines[i + 1].strip()) <= _SHORT_LINE:
            kept.add(i + 1)
