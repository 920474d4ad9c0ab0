"""IntelligentContext: which older observations step down, so that a conversation fits.

A conversation over its limit is brought under it by showing older observations shorter: first as
an outline, then as one line with a handle. Messages are never removed, so calls keep their results.

Nothing is remembered from call to call, and still the beginning of a conversation seldom changes:
the plan is made by going through the conversation from its start, as if every earlier call had
been seen. Whenever it goes over the limit, so much steps down at once that it falls well below,
and the text that has stepped down stays down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from headroom.segments import Role
from headroom.selection.failures import which_fail

# A batch of step-downs goes on until this share of the limit is reached: each batch makes the
# provider read the rest anew, so the next one should be far away.
LOW_WATER = 0.6

# Renderings of one batch: estimates are exact but for references, which move.
_MOST_TRIES = 4

# A conversation that could not be brought under the limit is tried again when it has grown by this
# share, and at its end: however long it gets, that is seldom.
_RETRY_SHARE = 0.1

# What a later mention of something that only this text has shown counts against its age.
_MOST_MENTIONS = 8
_RETRIEVED = 16
_FAILED = 4

_NAME = re.compile(r"[\w./:@#-]{5,80}")
_MOST_NAMES = 2_000
_FAILURE_LINES = 60


class Level(IntEnum):
    """How far a text has stepped down."""

    FULL = 0
    OUTLINE = 1
    LINE = 2


@dataclass(frozen=True, slots=True)
class Observed:
    """One text of a conversation, as it is shown now.

    Args:
        text: What was said, before any compression.
        role: Whose text it is.
        index: Position of its message.
        call: What it answers, "" if unknown.
        arguments: Text of the call's arguments.
        tool_name: Name of the tool, where known.
        is_error: Whether the protocol flags it as an error.
        handles: Handles that stand in it.
        tokens: Tokens as it is shown at its level.
        lowest: How far it may step down.
    """

    text: str
    role: Role
    index: int
    call: str
    arguments: str
    tool_name: str | None
    is_error: bool
    handles: tuple[str, ...]
    tokens: int
    lowest: Level


# Shows a conversation with texts at these levels: by position, those that are not there in full.
# All of it, or at least so much that it takes more tokens than the last number says, behind the
# position that is given.
Show = Callable[[Mapping[int, Level], int, int], Sequence[Observed]]

# Tokens of one text at a level; None if it cannot be shown there.
Measure = Callable[[int, Level], int | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which texts have stepped down, and what all of them take.

    Args:
        levels: Levels by position in the conversation.
        tokens: Tokens of the conversation as it is shown then.
        fits: Whether that is within the limit.
    """

    levels: Mapping[int, Level]
    tokens: int
    fits: bool


class IntelligentContext:
    """Decide which older observations are shown shorter. Pure: no state, no IO.

    These stay as they are: what people and the system said, the newest messages, pinned texts,
    errors that nothing resolved since, and texts whose rule forbids it.

    Args:
        limit: Most tokens of a conversation.
        protect_recent: This many of the newest messages stay as they are.

    Raises:
        ValueError: If ``limit`` is less than 1 or ``protect_recent`` less than 0.
    """

    def __init__(self, limit: int, *, protect_recent: int = 4) -> None:
        if limit < 1 or protect_recent < 0:
            raise ValueError("limit must be 1 or more, protect_recent 0 or more")
        self._limit = limit
        self._protect = protect_recent
        self._weigh = Importance()

    def plan(self, count: int, show: Show, measure: Measure) -> Plan:
        """Return what must step down for the conversation to fit.

        Args:
            count: Texts of the conversation.
            show: Shows the conversation at given levels.
            measure: Tells what one text takes at a level.
        """
        levels: dict[int, Level] = {}
        start, most = 0, self._limit
        shown = show(levels, start, most)
        while True:
            end, total = _first_over(shown, most, start)
            if end is None and total <= self._limit:
                return Plan(levels, total, fits=True)
            start = count if end is None else end
            shown, levels = self._batch(shown, levels, start, show, measure)
            total = _total(shown[:start])
            if start == count:
                return Plan(levels, total, fits=total <= self._limit)
            most = self._limit
            if total > self._limit:
                most = int(total * (1 + _RETRY_SHARE)) + 1
            shown = show(levels, start, most)

    def _batch(
        self,
        shown: Sequence[Observed],
        levels: dict[int, Level],
        end: int,
        show: Show,
        measure: Measure,
    ) -> tuple[Sequence[Observed], dict[int, Level]]:
        """Step down what stands before ``end`` until the conversation there is small enough."""
        goal = LOW_WATER * self._limit
        for tries in range(_MOST_TRIES):
            total = _total(shown[:end])
            over = total - goal
            if over <= 0:
                break
            if tries == _MOST_TRIES - 1:
                # What references added is more than was freed: everything, or leave it at that.
                if total <= self._limit:
                    break
                over = float("inf")
            steps = self._steps(shown[:end], levels, over, measure)
            if not steps:
                break
            levels = {**levels, **steps}
            shown = show(levels, end, 0)
        return shown, levels

    def _steps(
        self, shown: Sequence[Observed], levels: Mapping[int, Level], over: float, measure: Measure
    ) -> dict[int, Level]:
        """Return the fewest step-downs that free enough: the least important and oldest first."""
        steps: dict[int, Level] = {}
        freed: dict[int, int] = {}
        total = 0
        order = self._candidates(shown)
        for level in (Level.OUTLINE, Level.LINE):
            for n in order:
                if total >= over:
                    return steps
                if shown[n].lowest < level or levels.get(n, Level.FULL) >= level:
                    continue
                tokens = measure(n, level)
                if tokens is not None and tokens < shown[n].tokens - freed.get(n, 0):
                    steps[n] = level
                    total += shown[n].tokens - tokens - freed.get(n, 0)
                    freed[n] = shown[n].tokens - tokens
        return steps

    def _candidates(self, shown: Sequence[Observed]) -> list[int]:
        messages = sorted({item.index for item in shown})
        recent = messages[-self._protect] if 0 < self._protect <= len(messages) else None
        newest = messages[-1] + 1 if messages and not self._protect else recent
        scores = self._weigh(shown)
        may = [
            n
            for n, item in enumerate(shown)
            if item.lowest > Level.FULL and newest is not None and item.index < newest
        ]
        open_errors = unresolved(shown)
        may = [n for n in may if n not in open_errors]
        return sorted(may, key=lambda n: (scores[n], n))


def _total(shown: Sequence[Observed]) -> int:
    return sum(item.tokens for item in shown)


def _first_over(shown: Sequence[Observed], limit: int, start: int) -> tuple[int | None, int]:
    """Return the end of the first beginning over the limit that is longer than ``start``.

    A message is said at once: a beginning ends with one.
    """
    total = 0
    for n, item in enumerate(shown):
        total += item.tokens
        ends = n + 1 == len(shown) or shown[n + 1].index != item.index
        if ends and n + 1 > start and total > limit:
            return n + 1, total
    return (len(shown) if total > limit else None), total


class Importance:
    """Tell how much each text matters to what came after it, by what stands in the conversation.

    It matters more if it was fetched back, if something that it was the first to name was named
    again by the model, and if it says that something failed. Remembers what a text names.
    """

    def __init__(self) -> None:
        self._names = cache(names_in)
        self._fails = cache(says_failure)

    def __call__(self, shown: Sequence[Observed]) -> list[int]:
        """Return a score for each text; texts with a higher one step down later."""
        first: dict[str, int] = {}
        mentions: list[set[str]] = [set() for _ in shown]
        fetched: set[int] = set()
        handles = {handle: n for n, item in enumerate(shown) for handle in item.handles}
        for n, item in enumerate(shown):
            said = item.arguments if item.role == "tool" else ""
            if item.role == "assistant":
                said = item.text
            for name in self._names(said):
                source = first.get(name)
                if source is not None:
                    mentions[source].add(name)
                if name in handles and handles[name] < n:
                    fetched.add(handles[name])
            for name in self._names(item.text):
                first.setdefault(name, n)
        return [
            min(len(mentions[n]), _MOST_MENTIONS)
            + (_RETRIEVED if n in fetched else 0)
            + (_FAILED if item.is_error or self._fails(item.text) else 0)
            for n, item in enumerate(shown)
        ]


def unresolved(shown: Sequence[Observed]) -> frozenset[int]:
    """Return the flagged errors after which the same tool never succeeded."""
    found: set[int] = set()
    open_by_tool: dict[str | None, list[int]] = {}
    for n, item in enumerate(shown):
        if item.role != "tool":
            continue
        if item.is_error:
            open_by_tool.setdefault(item.tool_name, []).append(n)
            found.add(n)
        else:
            found.difference_update(open_by_tool.pop(item.tool_name, ()))
    return frozenset(found)


def says_failure(text: str) -> bool:
    """Say whether the beginning or the end of a text says that something failed."""
    lines = text.split("\n")
    half = _FAILURE_LINES // 2
    seen = lines if len(lines) <= _FAILURE_LINES else [*lines[:half], *lines[-half:]]
    return any(which_fail([line[:500] for line in seen]))


def names_in(text: str) -> list[str]:
    """Return what looks like a name in a text: a path, an id, a symbol; each once."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        name = match.group().strip(".:-/#")
        if len(name) > 4 and not name.isalpha():
            found[name] = None
            if len(found) >= _MOST_NAMES:
                break
    return list(found)
