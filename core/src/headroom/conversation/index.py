"""Where each line of a conversation stands: the texts that the model sees, by their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom.conversation.lines import is_substantial, key_of
from headroom.originals.markers import Place, looks_ours

# Lines that start a passage; fewer repeat by chance, and a reference would cost as much.
FEWEST_LINES = 3

# A line of this many characters (about 60 tokens) is a passage by itself.
LONG_LINE = 240

# Of a beginning that stands in many places the earliest are remembered: they stay the cheapest
# to cache, and work per line stays bounded.
_MOST_PLACES = 8

# More lines than any model's context holds. Texts beyond are read, but not referred to.
_MOST_LINES = 400_000


@dataclass(frozen=True, slots=True)
class Shown:
    """One text as the model sees it.

    Args:
        place: How a reference names it.
        lines: Its lines.
    """

    place: Place
    lines: list[str]


class LineIndex:
    """The visible texts of one conversation, found by their lines. Grows at the end only."""

    def __init__(self) -> None:
        self._places: dict[Place, Shown] = {}
        self._starts: dict[tuple[str, ...], list[tuple[Shown, int]]] = {}
        self._first_keys: set[str] = set()
        self._whole: dict[str, Shown] = {}
        self._answers: dict[str, Shown] = {}
        self.lines = 0
        self.characters = 0

    def add(self, place: Place, text: str, call: str) -> None:
        """Add the next visible text; ``call`` is what it answers, "" if unknown."""
        shown = Shown(place, text.split("\n"))
        self._places[place] = shown
        self._whole.setdefault(text, shown)
        if call and not looks_ours(text):
            self._answers[call] = shown
        self.characters += len(text)
        if self.lines + len(shown.lines) > _MOST_LINES:
            return
        self.lines += len(shown.lines)
        keys = keys_of(shown.lines)
        for line in range(len(keys)):
            for start in _starts_at(keys, line):
                self._first_keys.add(start[0])
                places = self._starts.setdefault(start, [])
                if len(places) < _MOST_PLACES:
                    places.append((shown, line))

    def at(self, place: Place) -> Shown | None:
        """Return the text at a place, if there is one."""
        return self._places.get(place)

    def same_as(self, text: str) -> Shown | None:
        """Return the earliest text that is this one, if there is one."""
        return self._whole.get(text)

    def answer_to(self, call: str) -> Shown | None:
        """Return the newest text that answers the same call and stands there in full."""
        return self._answers.get(call)

    @property
    def is_blank(self) -> bool:
        """True if no passage of any text could be one of a text shown."""
        return not self._starts

    def starts(self, keys: Sequence[str], line: int) -> Iterator[tuple[Shown, int]]:
        """Yield where passages stand that may be the one that starts at ``line``."""
        # Most lines were never shown: then nothing else needs to be known about them.
        if keys[line] not in self._first_keys:
            return
        for start in _starts_at(keys, line):
            yield from self._starts.get(start, ())


def keys_of(lines: Sequence[str]) -> list[str]:
    """Return each line's key."""
    return [key_of(line) for line in lines]


def _starts_at(keys: Sequence[str], line: int) -> Iterator[tuple[str, ...]]:
    key = keys[line]
    if not is_substantial(key):
        return
    if line + FEWEST_LINES <= len(keys):
        yield tuple(keys[line : line + FEWEST_LINES])
    if len(key) >= LONG_LINE:
        yield (key,)
