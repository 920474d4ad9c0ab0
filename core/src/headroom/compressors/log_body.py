"""Writing the kept lines of a log: counts beside exemplars, gaps, and a summary of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from headroom.compressors.log_lines import level_of, time_of
from headroom.compressors.log_view import LogView
from headroom.originals.markers import write_gap

# Shortest run of left-out lines that gets a gap of its own, in lines. Where a count or the next
# line's time already tells, a gap would only cost tokens.
_SHORTEST_GAP = 30

# Fewer left-out lines of a group than this are not counted beside its exemplar.
_LEAST_COUNTED = 3

_LEVELS = ("FATAL", "ERROR", "WARN", "INFO", "DEBUG")


def write_body(view: LogView, kept: Sequence[int]) -> str:
    """Return the kept lines in order, with counts and gaps on lines of their own.

    ``[+41 like it, last 12:03:04]`` below a line: 41 more lines with the same words and other
    values were left out, the last one at that time.
    """
    counts = _counts(view, kept)
    out: list[str] = []
    expected = 0
    told = False
    for i in kept:
        missing = i - expected
        if missing and not told and (missing >= _SHORTEST_GAP or view.lines[i][:1].isspace()):
            out.append(write_gap(missing, "lines"))
        out.append(view.lines[i])
        told = i in counts
        if told:
            out.append(counts[i])
        expected = i + 1
    missing = len(view.lines) - expected
    if missing and not told:
        out.append(write_gap(missing, "lines"))
    return "\n".join(out)


def _counts(view: LogView, kept: Sequence[int]) -> dict[int, str]:
    """Return the count to write below the first kept line of each group that lost lines."""
    staying = Counter(view.group_of[i] for i in kept)
    inside = {i for trace in view.traces for i in range(trace.start, trace.end)}
    shown: set[int] = set()
    counts: dict[int, str] = {}
    passing = sum(len(g.lines) for g, ok in zip(view.groups, view.passing, strict=True) if ok)
    passing -= sum(n for number, n in staying.items() if view.passing[number])
    for i in kept:
        number = view.group_of[i]
        if number in shown or i in inside:
            continue
        shown.add(number)
        group = view.groups[number]
        if view.passing[number]:
            if passing:
                counts[i] = f"[+{passing} passing]"
            passing = 0
            continue
        missing = len(group.lines) - staying[number]
        if missing >= _LEAST_COUNTED and any(len(word) > 1 for word in group.words):
            counts[i] = f"[+{missing} like it{_last(view, i, group.lines[-1])}]"
    return counts


def _last(view: LogView, first: int, last: int) -> str:
    day, clock = time_of(view.lines[last])
    first_day, first_clock = time_of(view.lines[first])
    if not clock or (day, clock) == (first_day, first_clock):
        return ""
    return f", last {clock}" if day == first_day else f", last {day} {clock}"


def summarise(view: LogView, kept: Sequence[int]) -> str:
    """Return one line: how many lines of each level were left out, first and last time."""
    staying = Counter(view.group_of[i] for i in kept)
    levels: Counter[str] = Counter()
    for number, group in enumerate(view.groups):
        missing = len(group.lines) - staying[number]
        if missing:
            levels[level_of(view.lines[group.lines[0]])] += missing
    parts = []
    named = [f"{levels[level]} {level}" for level in _LEVELS if levels[level]]
    if named:
        rest = [f"{levels['']} others"] if levels[""] else []
        parts.append("omitted: " + ", ".join(named + rest))
    span = _span(view.lines)
    if span:
        parts.append(span)
    return "; ".join(parts)


def _span(lines: Sequence[str]) -> str:
    first = next((t for t in map(time_of, lines[:50]) if t[1]), None)
    last = next((t for t in map(time_of, reversed(lines[-50:])) if t[1]), None)
    if first is None or last is None or first == last:
        return ""
    return f"{' '.join(filter(None, first))} to {' '.join(filter(None, last))}"
