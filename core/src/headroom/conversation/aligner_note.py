"""Facts that change at every request, moved from the instructions to a note at the end.

In the instructions a name stands where the fact stood, the same at every turn::

    The current time is [time 1, said at the end].

and at the end of the newest message, in one line::

    [headroom now: time 1 = 2026-11-20 13:44:02]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.codecs.protocol import Path
from headroom.conversation.volatile import VolatileKind, volatile_facts

_NOTE_START = "[headroom now: "
_NOTE = re.compile(r"\[headroom now: (?:time|id|count|path) [1-9]\d{0,5} = [^\n]*\]\Z")
_NAMED = re.compile(r"\[(time|id|count|path) ([1-9]\d{0,5}), said at the end\]")


@dataclass(frozen=True, slots=True)
class Moved:
    """One fact that leaves the instructions.

    Args:
        path: The text that it leaves.
        kind: What it is.
        name: What stands in its place, and before it in the note.
        fact: The fact, verbatim.
    """

    path: Path
    kind: VolatileKind
    name: str
    fact: str


def moved_facts(texts: Sequence[tuple[Path, str]]) -> tuple[dict[Path, str], list[Moved]]:
    """Return the texts that change, with names in the place of their volatile facts.

    Facts are named by their order alone, so that the texts are the same when the facts are not.
    """
    # Names that stand there already, from an earlier pass or by the caller's hand, are taken.
    numbers: dict[str, int] = {}
    for _, text in texts:
        for kind, number in _NAMED.findall(text):
            numbers[kind] = max(numbers.get(kind, 0), int(number))
    changed: dict[Path, str] = {}
    moved: list[Moved] = []
    for path, text in texts:
        pieces: list[str] = []
        done = 0
        for fact in volatile_facts(text):
            numbers[fact.kind] = numbers.get(fact.kind, 0) + 1
            name = f"{fact.kind} {numbers[fact.kind]}"
            pieces += [text[done : fact.start], f"[{name}, said at the end]"]
            moved.append(Moved(path, fact.kind, name, text[fact.start : fact.end]))
            done = fact.end
        if done:
            changed[path] = "".join([*pieces, text[done:]])
    return changed, moved


def written_note(moved: Sequence[Moved]) -> str:
    """Return the note that says the facts, in one line."""
    return f"{_NOTE_START}{'; '.join(f'{m.name} = {m.fact}' for m in moved)}]"


def note_at_end(text: str) -> str | None:
    """Return the note that a text ends with, if its last line looks like one."""
    last = text.rpartition("\n")[2]
    return last if _NOTE.fullmatch(last) else None
