"""What a text repeats of the conversation before it: the shortest way to say so, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from headroom.conversation.dedup import holds_references, with_references, without_references
from headroom.conversation.deltas import diff, patched
from headroom.conversation.index import LineIndex
from headroom.conversation.transcript import Transcript
from headroom.counting.protocol import Counter
from headroom.originals.markers import read_changed, write_changed


@dataclass(frozen=True, slots=True)
class Recalled:
    """A text in terms of what was shown before it.

    Args:
        text: The new text.
        tokens: Its tokens.
        way: ``dedup``: references stand where passages stood; ``delta``: it lists what changed.
    """

    text: str
    tokens: int
    way: Literal["dedup", "delta"]


def recalled(text: str, call: str, before: Transcript, counter: Counter) -> Recalled | None:
    """Return the shortest form of a text that builds on the texts before it, if there is one.

    Args:
        text: The text.
        call: What it answers, as `Transcript.add` was told for the texts before it.
        before: What the conversation has shown so far.
        counter: Counts tokens.
    """
    forms: list[Recalled] = []
    referring = with_references(text, before, counter)
    if referring is not None:
        forms.append(Recalled(referring, counter.count(referring), "dedup"))
    changed = _changed(text, call, before.lines())
    if changed is not None:
        forms.append(Recalled(changed, counter.count(changed), "delta"))
    return min(forms, key=lambda form: form.tokens, default=None)


def restored(text: str, before: Transcript) -> str | None:
    """Undo `recalled`; None if the text does not build on the texts before it."""
    found = read_changed(text)
    if found is None:
        return without_references(text, before)
    place, body = found
    shown = before.lines().at(place)
    lines = None if shown is None else patched(shown.lines, body)
    return None if lines is None else "\n".join(lines)


def _changed(text: str, call: str, index: LineIndex) -> str | None:
    shown = index.answer_to(call)
    if shown is None or holds_references(text):
        return None
    new = text.split("\n")
    if new == shown.lines:
        return None
    body = diff(shown.lines, new)
    if len(body) >= len(text) or patched(shown.lines, body) != new:
        return None
    return f"{write_changed(shown.place)}\n{body}"
