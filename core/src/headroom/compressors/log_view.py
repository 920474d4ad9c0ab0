"""What the lines of a log were recognised as, before any of them is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headroom.compressors.log_lines import time_of
from headroom.notation.templates_mining import Masked
from headroom.selection.failures import is_success, which_fail
from headroom.selection.novelty import LineGroup, group_lines
from headroom.selection.odd_values import odd_lines
from headroom.selection.traces import Trace, find_traces

# With this share of lines that have a time, the others belong to the line above them.
_TIMED_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class LogView:
    """A log's lines, and what they were recognised as.

    Args:
        lines: The lines, without the empty piece after a last line break.
        groups: Lines with the same words, in order of first appearance.
        group_of: Index of the group of each line.
        traces: Stack traces.
        failing: For each group, whether its first line speaks of a failure.
        passing: For each group, whether its first line only reports a success.
        timed: True if it is a log whose entries start with a time.
        inner: For each line, whether it is part of the entry above; all False unless ``timed``.
        odd: Lines with an odd value.
    """

    lines: Sequence[str]
    groups: list[LineGroup]
    group_of: list[int]
    traces: list[Trace]
    failing: list[bool]
    passing: list[bool]
    timed: bool
    inner: list[bool]
    odd: list[int]


def view_log(lines: Sequence[str], masked: Masked) -> LogView:
    """Recognise groups, traces, failures and successes among the lines of a log."""
    place = masked.place
    keys = masked.keys[: len(lines)]
    groups = group_lines(keys, place)
    group_of = [0] * len(lines)
    for number, group in enumerate(groups):
        for i in group.lines:
            group_of[i] = number
    firsts = [lines[group.lines[0]] for group in groups]
    failing = which_fail(firsts)
    passing = [is_success(first) and not bad for first, bad in zip(firsts, failing, strict=True)]
    has_time = [
        place in keys[group.lines[0]] and bool(time_of(first)[1])
        for group, first in zip(groups, firsts, strict=True)
    ]
    times = sum(len(g.lines) for g, timed in zip(groups, has_time, strict=True) if timed)
    timed = times >= _TIMED_SHARE * len(lines)
    inner = [timed and not has_time[number] for number in group_of]
    traces = find_traces(lines)
    odd = odd_lines(keys, place, masked.values)
    return LogView(lines, groups, group_of, traces, failing, passing, timed, inner, odd)
