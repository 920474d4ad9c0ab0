"""Which units of a document stay for a question, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from headroom.selection.passages import Role, Unit
from headroom.selection.passages_languages import REFERS_BACK

# What a gap costs, in tokens; a unit that costs no more stays, and one gap less is written.
_GAP_TOKENS = 7
_FILLED_TOKENS = 14

# Picks in a row that no longer fit before the search for smaller ones ends.
_MOST_MISFITS = 48

# A unit below this share of the best score has only a common word in common with the question.
_FALLEN_OFF = {"balanced": 0.14, "aggressive": 0.3}

# Units at this share of the best score are alike: no budget may choose between them by chance.
_NEAR = 0.5

# Share of the budget that may be added for the first sentences of sections that were kept.
_FOR_OPENINGS = 0.06

_MOST_TITLES = 160


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may stay.

    Args:
        tokens: Tokens to fill.
        most: Tokens that may be filled where so many units are alike that the question does not
            tell them apart.
        per_character: Tokens of a character of this text, about.
        fidelity: ``balanced`` or ``aggressive``.
    """

    tokens: float
    most: float
    per_character: float
    fidelity: str


def choose_units(
    text: str,
    units: Sequence[Unit],
    scores: Sequence[float],
    budget: Budget,
    must: Sequence[int] = (),
) -> list[int]:
    """Return the indices of the units that stay, in order.

    The best first, each with the headings, table header, parent item and lead-in that it needs;
    until the budget is used up or the scores fall off.

    Args:
        text: The whole text.
        units: Its units.
        scores: One for each unit; 0.0: nothing in common with the question.
        budget: How much may stay.
        must: Units that stay in any case.
    """
    picker = _Picker(text, units, budget)
    for i in must:
        picker.add(picker.with_needs(i))
    best = max(scores, default=0.0)
    least = best * _FALLEN_OFF[budget.fidelity]
    allowed = max(budget.tokens, min(budget.most, picker.cost_of_all(_near(scores, best))))
    misfits = 0
    for i in sorted(range(len(units)), key=lambda i: (-scores[i], i)):
        if scores[i] <= 0.0 or scores[i] < least or misfits > _MOST_MISFITS:
            break
        if not picker.is_free(i):
            continue
        wanted = picker.with_needs(i)
        if picker.kept and picker.spent + picker.cost(wanted) > allowed:
            misfits += 1
            continue
        misfits = 0
        picker.add(wanted)
    picker.add_openings()
    picker.fill_gaps()
    return sorted(picker.kept)


def _near(scores: Sequence[float], best: float) -> list[int]:
    return [i for i, score in enumerate(scores) if score > 0.0 and score >= _NEAR * best]


class _Picker:
    def __init__(self, text: str, units: Sequence[Unit], budget: Budget) -> None:
        self.text = text
        self.units = units
        self.budget = budget
        self.kept: set[int] = set()
        self.spent = 0.0
        self.said: set[str] = set()

    def tokens(self, i: int) -> float:
        return (self.units[i].end - self.units[i].start) * self.budget.per_character + 1

    def _words(self, i: int) -> str:
        return self.text[self.units[i].start : self.units[i].end]

    def is_free(self, i: int) -> bool:
        """Say whether a unit is neither kept nor the repetition of one that is."""
        if i in self.kept:
            return False
        return self.units[i].role is Role.HEADING or self._words(i) not in self.said

    def with_needs(self, i: int) -> list[int]:
        """Return a unit and everything not yet kept that it cannot be understood without."""
        wanted: list[int] = []
        waiting = [i]
        while waiting:
            at = waiting.pop()
            if at in self.kept or at in wanted:
                continue
            wanted.append(at)
            waiting.extend(self.units[at].needs)
            if at == i and self._refers_back(i):
                waiting.append(i - 1)
        return wanted

    def _refers_back(self, i: int) -> bool:
        return (
            i > 0
            and self.units[i].role is Role.SENTENCE
            and self.units[i - 1].block == self.units[i].block
            and REFERS_BACK.match(self.text, self.units[i].start) is not None
        )

    def cost(self, wanted: Sequence[int]) -> float:
        lone = sum(1 for i in wanted if i - 1 not in self.kept and i - 1 not in wanted)
        return sum(map(self.tokens, wanted)) + _GAP_TOKENS * lone

    def cost_of_all(self, wanted: Sequence[int]) -> float:
        """Return what units cost with all that they need, in tokens."""
        together: dict[int, None] = {}
        for i in wanted:
            for at in (i, *self.units[i].needs):
                together[at] = None
        lone = sum(1 for i in together if i - 1 not in together)
        return sum(map(self.tokens, together)) + _GAP_TOKENS * lone

    def add(self, wanted: Sequence[int]) -> None:
        self.spent += self.cost(wanted)
        self.kept.update(wanted)
        self.said.update(map(self._words, wanted))

    def add_openings(self) -> None:
        """Add the first sentence below each heading that was kept, where it is short."""
        left = self.budget.tokens * _FOR_OPENINGS
        for i in sorted(self.kept):
            after = i + 1
            if self.units[i].role is not Role.HEADING or after >= len(self.units):
                continue
            if after in self.kept or self.units[after].role is not Role.SENTENCE:
                continue
            if self.tokens(after) <= left:
                left -= self.tokens(after)
                self.kept.add(after)

    def fill_gaps(self) -> None:
        """Keep what costs hardly more than saying that it was left out."""
        for start, end in list(gaps(sorted(self.kept), len(self.units))):
            tokens = sum(self.tokens(i) for i in range(start, min(end, start + _FILLED_TOKENS)))
            if tokens <= _FILLED_TOKENS and end - start < _FILLED_TOKENS:
                self.kept.update(range(start, end))


def gaps(kept: Sequence[int], total: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of units that are not kept: first index, and the index after the last."""
    at = 0
    for i in kept:
        if i > at:
            yield at, i
        at = i + 1
    if at < total:
        yield at, total


def write_units(
    text: str, units: Sequence[Unit], kept: Sequence[int], gap: Callable[[int], str]
) -> str:
    """Return the kept units as they stand in the text, with a gap wherever some were left out.

    The numbers that ``gap`` is given add up to the number of units that are not kept.
    """
    pieces: list[str] = []
    at = 0
    for start, end in gaps(kept, len(units)):
        if start > at:
            pieces.append(_slice(text, units[at], units[start - 1]))
        pieces.append(gap(end - start))
        at = end
    if at < len(units):
        pieces.append(_slice(text, units[at], units[-1]))
    return "\n".join(pieces)


def _slice(text: str, first: Unit, last: Unit) -> str:
    line_start = text.rfind("\n", 0, first.start) + 1
    indent = text[line_start : first.start]
    start = line_start if not indent or indent.isspace() else first.start
    return text[start : last.end]


def left_out_titles(text: str, units: Sequence[Unit], kept: Sequence[int]) -> str:
    """Return the titles of the topmost sections of which nothing stays, as far as they fit."""
    headings = [i for i, unit in enumerate(units) if unit.role is Role.HEADING]
    held = frozenset(kept)
    titles: list[str] = []
    room = _MOST_TITLES
    for i in headings:
        above = units[i].needs
        if i in held or any(up not in held for up in above):
            continue
        title = text[units[i].start : units[i].end].split("\n", 1)[0].strip("# \t\r")
        room -= len(title) + 2
        if room < 0:
            titles.append("...")
            break
        titles.append(title)
    return "; ".join(titles)
