"""The two steps of aligning a request that is compressed in between."""

from __future__ import annotations

from dataclasses import dataclass

from headroom.codecs.body import Body
from headroom.codecs.requests import RequestShape
from headroom.conversation.aligner import BESIDE_THE_MESSAGES, align, note_of
from headroom.counting.protocol import Counter
from headroom.results import Decision


@dataclass(frozen=True, slots=True)
class Unaligned:
    """A request on its way: without the note that an earlier pass left, and that note."""

    body: Body
    note: str | None


def unaligned(body: Body, shape: RequestShape) -> Unaligned:
    """Take away an earlier note, so that what stands before it is compressed as it was then."""
    try:
        edits, note = note_of(body.value, shape.codec.name, shape.key)
        bare = body.with_edits(edits)
    except Exception:  # noqa: BLE001  # odd requests pass through: promise 7
        return Unaligned(body, None)
    return Unaligned(body, None) if bare is None else Unaligned(bare, note)


def aligned(
    before: Unaligned, body: Body, shape: RequestShape, counter: Counter, *, whole: bool = True
) -> tuple[Body, tuple[Decision, ...]]:
    """Return a request with a stable prefix, and what was done to it.

    Args:
        before: What `unaligned` returned.
        body: Its body, compressed.
        shape: How to read it.
        counter: Counts tokens.
        whole: False: only the messages can be changed; there is no request around them.
    """
    try:
        found = align(
            body.value,
            shape.codec.name,
            shape.key,
            shape.model,
            counter,
            note=before.note,
            whole=whole,
        )
        stable = body.with_edits(found.edits)
    except Exception as error:  # noqa: BLE001  # odd requests pass through: promise 7
        return body, (_left(f"left as it was: {type(error).__name__} in alignment"),)
    if stable is None:
        return body, (_left("left as it was: a place could not be found"),)
    return stable, found.decisions


def _left(reason: str) -> Decision:
    return Decision(BESIDE_THE_MESSAGES, "-", "", "kept", reason, 0, 0)
