"""Which lines of a log stay: the failing, the asked-for, the rare, and one of each template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from headroom.compressors.interface import Content, Goal
from headroom.compressors.log_limits import Limits
from headroom.compressors.log_lines import without_place
from headroom.compressors.log_view import LogView
from headroom.selection.failures import names_failing_test
from headroom.selection.named import name_scores, verbatim_units
from headroom.selection.novelty import LineGroup, rarity

_LINE_NUMBER = re.compile(r"\blines? (\d{1,7})\b")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


# Characters that a kept line costs beside its own: its break, its share of gaps and counts.
_LINE_OVERHEAD = 12

# Lines that belong to a failing line: what follows it deeper indented, as compilers and test
# runners print it; and lines of a log's entry after the first.
_DETAIL_LINES = 4
_ENTRY_LINES = 6
_GIST_LINES = 3

# From this rarity on a line says something new; below it differs from others by a name or so.
_NEW_WORDS = 0.2

# A first or last line is left out if it is longer than this, and than the target, in characters.
_LONG_LINE = 1_000

# Lines the question names: those with at least this share of the best score.
_NAMED_SHARE = 0.4
_NAMED_ANYWAY = 3

# Room for the lines before and after failing ones, as a multiple of the target.
_CONTEXT = 0.2

# A single line between two kept ones stays if it is this short, in characters: a gap would cost
# as much.
_SHORT_LINE = 24


@dataclass(slots=True)
class _Choice:
    lines: Sequence[str]
    kept: set[int] = field(default_factory=set)

    def add(self, wanted: Iterable[int]) -> None:
        self.kept.update(wanted)

    def add_while(self, wanted: Iterable[Sequence[int]], room: float) -> float:
        """Add bundles of lines, in order, that fit into ``room`` characters; return the rest."""
        for bundle in wanted:
            fresh = [i for i in bundle if i not in self.kept]
            cost = sum(len(self.lines[i]) + _LINE_OVERHEAD for i in fresh)
            if cost <= room:
                room -= cost
                self.kept.update(fresh)
        return room


def choose_lines(view: LogView, content: Content, goal: Goal, limits: Limits) -> list[int]:
    """Return the indices of the lines that stay, ascending."""
    lines, count = view.lines, len(view.lines)
    choice = _Choice(lines)
    size = len(content.text)
    room = goal.target_tokens * size / max(1, content.tokens)
    ends = [*range(min(limits.head, count)), *range(max(0, count - limits.tail), count)]
    choice.add(i for i in ends if lines[i].strip() and len(lines[i]) <= max(room, _LONG_LINE))
    if content.keep:
        choice.add(i for i, line in enumerate(lines) if any(w and w in line for w in content.keep))
    if goal.asked and limits.named:
        named = _named(view, content, limits)
        choice.add(named[:_NAMED_ANYWAY])
        choice.add_while(([i] for i in named[_NAMED_ANYWAY:]), room)
    _add_traces(choice, view, room, limits)
    scores = rarity(view.groups)
    _add_failures(choice, view, scores, room, limits)
    choice.add_while(([i] for i in view.odd if not view.passing[view.group_of[i]]), room)
    exemplar_room = limits.untimed_room * room
    if view.timed:
        exemplar_room = max(limits.timed_room * room, limits.timed_share * size)
    _add_exemplars(choice, view, scores, exemplar_room, limits)
    rare_share = limits.rare_share if view.timed else limits.untimed_share
    _add_rare(choice, view, scores, (room, max(room, rare_share * size)), limits)
    _fill_small_gaps(choice)
    return sorted(choice.kept)


def _fill_small_gaps(choice: _Choice) -> None:
    for i in sorted(choice.kept):
        if i + 2 in choice.kept and len(choice.lines[i + 1]) <= _SHORT_LINE:
            choice.kept.add(i + 1)


def _add_exemplars(
    choice: _Choice, view: LogView, scores: list[float], room: float, limits: Limits
) -> None:
    """Keep a line of each group that is not rare; where they are too many, of the newest words."""
    passing = [g.lines[0] for g, good in zip(view.groups, view.passing, strict=True) if good]
    choice.add(passing[: limits.exemplars])
    common = [
        number
        for number, group in enumerate(view.groups)
        if len(group.lines) > limits.rare
        and group.words
        and not view.passing[number]
        and not view.inner[group.lines[0]]
    ]
    common.sort(key=lambda number: (scores[number] < _NEW_WORDS, -len(view.groups[number].lines)))
    choice.add_while((_exemplars(view.groups[number], limits) for number in common), room)


def _exemplars(group: LineGroup, limits: Limits) -> list[int]:
    if limits.exemplars == 1:
        return group.lines[:1]
    return [*group.lines[: limits.exemplars], group.lines[-1]]


def _named(view: LogView, content: Content, limits: Limits) -> list[int]:
    """Return the lines that the question or the call's arguments name, best first."""
    question = f"{content.question}\n{content.arguments}"
    numbered = [int(n) - 1 for n in _LINE_NUMBER.findall(question)]
    found = [i for i in numbered if 0 <= i < len(view.lines)]
    if content.relevance is None:
        found += verbatim_units(content.question, view.lines)
        scores = name_scores(question, view.lines)
    else:
        scores = dict(enumerate(content.relevance(question, view.lines)))
    best = max(scores.values(), default=0.0)
    if best <= 0.0:
        return found
    ranked = sorted(scores, key=lambda i: (-scores[i], i))
    taken: dict[int, int] = {}
    for i in ranked:
        if scores[i] < _NAMED_SHARE * best or len(found) >= limits.named:
            break
        group = view.group_of[i]
        if i not in found and taken.get(group, 0) < limits.same:
            taken[group] = taken.get(group, 0) + 1
            found.append(i)
    return found


def _add_traces(choice: _Choice, view: LogView, room: float, limits: Limits) -> None:
    """Keep the first trace of each kind whole, and the error line of every other sort of error."""
    kinds: set[str] = set()
    errors: set[tuple[str, ...]] = set()
    left = room * limits.traces
    for trace in view.traces:
        words = view.groups[view.group_of[trace.error]].words
        new_kind, new_error = trace.kind not in kinds, words not in errors
        kinds.add(trace.kind)
        errors.add(words)
        whole = range(trace.start, trace.end)
        if new_kind and len(whole) > limits.whole_trace:
            cut = limits.whole_trace // 2
            whole_parts = [*whole[:cut], *whole[-cut:], trace.error]
        else:
            whole_parts = list(whole)
        if new_kind and (left > 0 or len(kinds) == 1):
            choice.add([*_record_above(view.lines, trace.start, room), *whole_parts])
            left -= sum(len(view.lines[i]) for i in whole_parts)
        elif new_kind or new_error:
            choice.add({trace.start, trace.error, min(trace.error + 1, trace.end - 1)})


def _record_above(lines: Sequence[str], start: int, room: float) -> range:
    """Return the line that a trace stands below: the record with its time and its request."""
    above = lines[start - 1] if start else ""
    return range(start - 1, start) if above.strip() and len(above) <= room else range(0)


def _add_failures(
    choice: _Choice, view: LogView, scores: list[float], room: float, limits: Limits
) -> None:
    """Keep the first failing line of each sort with its details, then others as far as they fit."""
    inside = {i for trace in view.traces for i in range(trace.start, trace.end)}
    names: list[list[int]] = []
    firsts: list[list[int]] = []
    others: list[list[int]] = []
    sorts: set[tuple[str, ...]] = set()
    for number, group in enumerate(view.groups):
        if not view.failing[number]:
            continue
        i = group.lines[0]
        if not view.timed and names_failing_test(view.lines[i]):
            names += [[k] for k in group.lines]
        sort = tuple(_LETTERS.findall(without_place(view.lines[i])))
        if i not in inside:
            bundle = [i, *(_entry(view, i) if view.timed else _details(view, i))]
            # In a log, a failing line that differs from others by a name is one of a kind.
            alike = view.timed and scores[number] < _NEW_WORDS
            lesser = alike or sort in sorts or _goes_on(view.lines, i)
            (others if lesser else firsts).append(bundle)
        sorts.add(sort)
    left = choice.add_while(names, limits.first_failures * room)
    choice.add_while(firsts, max(left, room * limits.failures))
    choice.add_while((bundle[:1] for bundle in [*firsts, *others]), limits.failures * room)
    last = len(view.lines) - 1
    around = ([max(0, first[0] - 1), min(last, first[-1] + 1)] for first in firsts)
    choice.add_while(around, _CONTEXT * room)


def _goes_on(lines: Sequence[str], i: int) -> bool:
    """Say whether a line is deep inside a run of pytest's error lines: the gist stands above."""
    return lines[i].startswith("E   ") and all(
        lines[k].startswith("E   ") for k in range(max(0, i - _GIST_LINES), i)
    )


def _details(view: LogView, i: int) -> list[int]:
    lines = view.lines
    indent = _indent(lines[i])
    end = i + 1
    while end < len(lines) and end <= i + _DETAIL_LINES and lines[end].strip():
        if _indent(lines[end]) <= indent:
            break
        end += 1
    return list(range(i + 1, end))


def _entry(view: LogView, i: int) -> list[int]:
    """Return the first lines of the entry that starts at ``i``, without its own."""
    end = i + 1
    while end < len(view.lines) and end <= i + _ENTRY_LINES and view.inner[end]:
        end += 1
    return list(range(i + 1, end))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _add_rare(
    choice: _Choice,
    view: LogView,
    scores: list[float],
    rooms: tuple[float, float],
    limits: Limits,
) -> None:
    """Keep rare lines: with new words up to the larger room, others up to the smaller one."""
    inside = {i for trace in view.traces for i in range(trace.start, trace.end)}
    rare = [
        number
        for number, group in enumerate(view.groups)
        if len(group.lines) <= limits.rare and group.words and not view.passing[number]
    ]
    # Lines within an entry come last: they say little without their own.
    inner = [view.inner[group.lines[0]] for group in view.groups]
    rare.sort(key=lambda number: (inner[number], -scores[number]))
    bundles = [_rare_bundle(view, number, inside) for number in rare]
    new = sum(scores[number] >= _NEW_WORDS and not inner[number] for number in rare)
    smaller, larger = rooms
    left = choice.add_while(bundles[:new], larger)
    choice.add_while(bundles[new:], min(left, smaller))


def _rare_bundle(view: LogView, number: int, inside: set[int]) -> list[int]:
    lines = view.groups[number].lines
    if view.timed and not view.inner[lines[0]]:
        return [i for first in lines for i in (first, *_entry(view, first)) if i not in inside]
    return [i for i in lines if i not in inside]
