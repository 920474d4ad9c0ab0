r"""Regular expressions that cannot blow up: every pattern matches in time linear in the text.

A pattern is read into a small tree and run as a set of states (Thompson, Regular expression search
algorithm, 1968), with the state sets remembered as they appear, so that nearly every character
costs one look-up. Back-references and look-around have no such form and are refused. The meaning
of single characters and classes is left to Python's `re`, so that ``\d``, ``[a-z]`` and ignoring
case mean what a reader expects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from headroom.errors import SelectorError

_LONGEST_PATTERN = 1_000
_MOST_STATES = 4_000
_MOST_REPEATS = 500
# Remembered state sets; beyond, they are forgotten and found again, at the same result.
_MOST_SETS = 2_000

_ADVICE = "use literal text, classes, groups, |, *, +, ?, {m,n}, ^, $ and \\b"


@dataclass(frozen=True, slots=True)
class _Edge:
    """From a state to the next: by a character of a class, or for free under a condition."""

    target: int
    kind: str
    which: int = -1


@dataclass(slots=True)
class _Machine:
    edges: list[list[_Edge]] = field(default_factory=list)
    classes: list[re.Pattern[str]] = field(default_factory=list)

    def state(self) -> int:
        if len(self.edges) >= _MOST_STATES:
            raise SelectorError(f"the pattern is too large; {_ADVICE}")
        self.edges.append([])
        return len(self.edges) - 1

    def link(self, source: int, target: int, kind: str = "free", which: int = -1) -> None:
        self.edges[source].append(_Edge(target, kind, which))


class LinePattern:
    """Says of a line whether a pattern occurs in it.

    Args:
        pattern: A regular expression; ``(?i)`` at its start ignores case.

    Raises:
        SelectorError: If the pattern is malformed, too large, or needs what has no linear form.

    >>> LinePattern("time(d )?out|refused").search("connection timed out")
    True
    """

    def __init__(self, pattern: str) -> None:
        if len(pattern) > _LONGEST_PATTERN:
            raise SelectorError(f"the pattern is over {_LONGEST_PATTERN} characters")
        self._flags = re.IGNORECASE if pattern.startswith("(?i)") else 0
        body = pattern.removeprefix("(?i)")
        try:
            re.compile(body)
        except (re.error, OverflowError, RecursionError) as problem:
            raise SelectorError(f"the pattern is malformed: {problem}; {_ADVICE}") from None
        self._literal = body if re.escape(body) == body and not self._flags else None
        self._machine = _Machine()
        reader = _Reader(body, self._machine, self._flags)
        self._first, self._last = reader.read()
        self._sets: dict[frozenset[int], int] = {}
        self._members: list[frozenset[int]] = []
        self._moves: dict[tuple[int, int, int], int] = {}
        self._kinds: dict[str, int] = {}
        self._kind_of: list[tuple[bool, ...]] = []
        self._kind_ids: dict[tuple[bool, ...], int] = {}

    def search(self, line: str) -> bool:
        """Say whether the pattern occurs anywhere in the line."""
        if self._literal is not None:
            return self._literal in line
        kinds = [self._kind(character) for character in line]
        # The kind before the first and after the last character: no character at all.
        states = self._enter(frozenset((self._first,)))
        before = -1
        for kind in [*kinds, -1]:
            states = self._step(states, before, kind)
            if states < 0:
                return True
            before = kind
        return False

    def _kind(self, character: str) -> int:
        """Return the class of characters that the machine cannot tell apart."""
        known = self._kinds.get(character)
        if known is None:
            classes = self._machine.classes
            member = (_is_word(character), *(c.fullmatch(character) is not None for c in classes))
            known = self._kind_ids.setdefault(member, len(self._kind_of))
            if known == len(self._kind_of):
                self._kind_of.append(member)
            self._kinds[character] = known
        return known

    def _enter(self, members: frozenset[int]) -> int:
        known = self._sets.get(members)
        if known is None:
            if len(self._members) >= _MOST_SETS:
                self._sets.clear()
                self._members.clear()
                self._moves.clear()
            known = len(self._members)
            self._sets[members] = known
            self._members.append(members)
        return known

    def _step(self, states: int, before: int, kind: int) -> int:
        """Return the states after a character; -1 when the pattern has been found before it."""
        key = (states, before, kind)
        known = self._moves.get(key)
        if known is not None:
            return known
        closure = self._closure(self._members[states], before, kind)
        if self._last in closure:
            self._moves[key] = -1
            return -1
        following = {self._first}
        if kind >= 0:
            member = self._kind_of[kind]
            following.update(
                edge.target
                for state in closure
                for edge in self._machine.edges[state]
                if edge.kind == "class" and member[edge.which + 1]
            )
        count = len(self._members)
        after = self._enter(frozenset(following))
        if len(self._members) >= count:
            self._moves[key] = after
        return after

    def _closure(self, states: frozenset[int], before: int, kind: int) -> set[int]:
        """Return all states that are reached without a character, between two kinds."""
        word_before = before >= 0 and self._kind_of[before][0]
        word_after = kind >= 0 and self._kind_of[kind][0]
        open_kinds = {
            "free": True,
            "start": before < 0,
            "end": kind < 0,
            "edge": word_before != word_after,
            "inner": word_before == word_after,
        }
        reached = set(states)
        waiting = list(states)
        while waiting:
            for edge in self._machine.edges[waiting.pop()]:
                if open_kinds.get(edge.kind, False) and edge.target not in reached:
                    reached.add(edge.target)
                    waiting.append(edge.target)
        return reached


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


_ATOM_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^0-9kgABbZz])")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_REPEAT = re.compile(
    r"(?:(?P<simple>[*+?])|\{(?P<low>\d*)(?P<comma>,?)(?P<high>\d*)\})(?P<lazy>\??)"
)
_ANCHORS = {"^": "start", "$": "end", "\\A": "start", "\\Z": "end", "\\b": "edge", "\\B": "inner"}


class _Reader:
    """Turns a pattern into states; every part is read into a pair of first and last state."""

    def __init__(self, pattern: str, machine: _Machine, flags: int) -> None:
        self._pattern = pattern
        self._machine = machine
        self._flags = flags
        self._at = 0

    def read(self) -> tuple[int, int]:
        part = self._choice()
        if self._at < len(self._pattern):
            raise SelectorError(f"the pattern is malformed at {self._at}; {_ADVICE}")
        return part

    def _choice(self) -> tuple[int, int]:
        branches = [self._sequence()]
        while self._pattern.startswith("|", self._at):
            self._at += 1
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        first, last = self._machine.state(), self._machine.state()
        for start, end in branches:
            self._machine.link(first, start)
            self._machine.link(end, last)
        return first, last

    def _sequence(self) -> tuple[int, int]:
        first = last = self._machine.state()
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            start, end = self._repeated()
            self._machine.link(last, start)
            last = end
        return first, last

    def _repeated(self) -> tuple[int, int]:
        begin = self._at
        part = self._atom()
        found = _REPEAT.match(self._pattern, self._at)
        if found is None or (found["simple"] is None and not found["low"] and not found["high"]):
            return part
        after = found.end()
        low, high = _bounds(found)
        if low > _MOST_REPEATS or (high or 0) > _MOST_REPEATS:
            raise SelectorError(f"the pattern repeats more than {_MOST_REPEATS} times; {_ADVICE}")
        first = last = self._machine.state()
        for _ in range(low):
            last = self._copy(last, part, begin)
            part = (-1, -1)
        if high is None:
            start, end = part if part[0] >= 0 else self._again(begin)
            loop = self._machine.state()
            for source, target in ((last, loop), (loop, start), (end, loop)):
                self._machine.link(source, target)
            last = loop
        else:
            stop = self._machine.state()
            for _ in range(high - low):
                self._machine.link(last, stop)
                last = self._copy(last, part, begin)
                part = (-1, -1)
            self._machine.link(last, stop)
            last = stop
        self._at = after
        if _REPEAT.match(self._pattern, self._at) and self._pattern[self._at] in "*+?":
            raise SelectorError(f"the pattern repeats a repetition; {_ADVICE}")
        return first, last

    def _copy(self, last: int, part: tuple[int, int], begin: int) -> int:
        start, end = part if part[0] >= 0 else self._again(begin)
        self._machine.link(last, start)
        return end

    def _again(self, begin: int) -> tuple[int, int]:
        """Read an atom once more, into states of its own."""
        self._at = begin
        return self._atom()

    def _atom(self) -> tuple[int, int]:
        character = self._pattern[self._at]
        if character == "(":
            return self._group()
        pair = self._pattern[self._at : self._at + 2]
        anchor = _ANCHORS.get(pair if character == "\\" else character)
        if anchor is not None:
            self._at += len(pair) if character == "\\" else 1
            return self._edge(anchor)
        return self._edge("class", self._class(self._one(character)))

    def _one(self, character: str) -> str:
        """Consume what matches one character and return its source."""
        shape = {"[": _CLASS, "\\": _ATOM_ESCAPE}.get(character)
        if shape is None:
            self._at += 1
            return character if character == "." else re.escape(character)
        found = shape.match(self._pattern, self._at)
        if found is None:
            raise SelectorError(f"the pattern needs a back-reference or the like; {_ADVICE}")
        self._at = found.end()
        return found[0]

    def _group(self) -> tuple[int, int]:
        self._at += 1
        if self._pattern.startswith("?", self._at):
            name = re.compile(r"\?(?::|P<\w+>)").match(self._pattern, self._at)
            if name is None:
                raise SelectorError(f"the pattern looks around or sets flags; {_ADVICE}")
            self._at = name.end()
        part = self._choice()
        self._at += 1
        return part

    def _class(self, source: str) -> int:
        self._machine.classes.append(re.compile(source, self._flags))
        return len(self._machine.classes) - 1

    def _edge(self, kind: str, which: int = -1) -> tuple[int, int]:
        first, last = self._machine.state(), self._machine.state()
        self._machine.link(first, last, kind, which)
        return first, last


def _bounds(found: re.Match[str]) -> tuple[int, int | None]:
    if found["simple"] is not None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found["simple"]]
    low = int(found["low"] or 0)
    if not found["comma"]:
        return low, low
    return low, int(found["high"]) if found["high"] else None
