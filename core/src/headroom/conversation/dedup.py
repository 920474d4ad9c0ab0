"""References in place of passages that the conversation shows already, and their inverse."""

from __future__ import annotations

from collections.abc import Iterator

from headroom.conversation.lines import ChangedLines
from headroom.conversation.passages import Passage, passages
from headroom.conversation.transcript import Transcript
from headroom.counting.protocol import Counter
from headroom.originals.markers import (
    REFERENCE_PREFIX,
    Reference,
    read_reference,
    write_reference,
)

# A passage is worth a reference from these tokens on, and if the reference takes at most this
# share of them: following one costs a reader more than reading a few tokens.
FEWEST_TOKENS = 24
_MOST_SHARE = 0.7

# A text may stand for this many times the characters of the whole conversation before it: forged
# references cannot make us build more.
_MOST_GROWTH = 4


def holds_references(text: str) -> bool:
    """Say whether some line of the text begins like a reference."""
    return text.startswith(REFERENCE_PREFIX) or f"\n{REFERENCE_PREFIX}" in text


def with_references(text: str, before: Transcript, counter: Counter) -> str | None:
    """Put references in the place of passages that an earlier text shows.

    Returns:
        The new text; None if nothing in it is worth a reference, or if a line of it looks like
        one already.
    """
    if holds_references(text):
        return None
    index = before.lines()
    whole = index.same_as(text)
    if whole is not None:
        return write_reference(Reference(before.as_seen(whole.place)))
    lines = text.split("\n")

    def is_worth(passage: Passage) -> bool:
        tokens = counter.count("\n".join(lines[passage.start : passage.end]))
        cost = counter.count(_reference_to(passage, before))
        return tokens >= FEWEST_TOKENS and cost <= _MOST_SHARE * tokens

    written: list[str] = []
    done = 0
    for passage in passages(lines, index, is_worth):
        written += lines[done : passage.start]
        written.append(_reference_to(passage, before))
        done = passage.end
    if not done:
        return None
    shorter = "\n".join([*written, *lines[done:]])
    return shorter if without_references(shorter, before) == text else None


def without_references(text: str, before: Transcript) -> str | None:
    """Return what a text with references stands for.

    None if it holds none, or one that names nothing that an earlier text shows.
    """
    if not holds_references(text):
        return None
    index = before.lines()
    room = _MOST_GROWTH * (index.characters + len(text))
    lines: list[str] = []
    for line in text.split("\n"):
        for one in _lines_of(line, before):
            room -= 1 if one is None else len(one) + 1
            if one is None or room < 0:
                return None
            lines.append(one)
    return "\n".join(lines)


def _reference_to(passage: Passage, before: Transcript) -> str:
    last = passage.first + passage.end - passage.start
    place = before.as_seen(passage.shown.place)
    return write_reference(Reference(place, (passage.first + 1, last), passage.change))


def _lines_of(line: str, before: Transcript) -> Iterator[str | None]:
    """Yield what a line stands for; None in the place of what cannot be read."""
    reference = read_reference(line)
    if reference is not None:
        yield from _named_by(reference, before)
    else:
        yield None if line.startswith(REFERENCE_PREFIX) else line


def _named_by(reference: Reference, before: Transcript) -> Iterator[str | None]:
    shown = before.lines().at(before.as_counted(reference.place))
    lines = [] if shown is None else shown.lines
    first, last = reference.lines or (1, max(1, len(lines)))
    try:
        changed = ChangedLines(reference.change)
    except ValueError:
        lines = []
    for n in range(first, last + 1):
        yield changed.line(lines[n - 1], n - first) if n <= len(lines) else None
