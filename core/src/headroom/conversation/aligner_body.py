"""The two steps of aligning a request that is compressed in between."""

from __future__ import annotations

from dataclasses import dataclass

from headroom.codecs.body import Body
from headroom.codecs.requests import RequestShape
from headroom.conversation.aligner import align, note_of
from headroom.conversation.beside import attempted, left
from headroom.counting.protocol import Counter
from headroom.results import Decision


@dataclass(frozen=True, slots=True)
class Unaligned:
    """A request on its way: without the note that an earlier pass left, and that note."""

    body: Body
    note: str | None


def unaligned(body: Body, shape: RequestShape) -> Unaligned:
    """Take away an earlier note, so that what stands before it is compressed as it was then."""

    def taken() -> Unaligned:
        edits, note = note_of(body.value, shape.codec.name, shape.key)
        bare = body.with_edits(edits)
        return Unaligned(body, None) if bare is None else Unaligned(bare, note)

    return attempted(taken, lambda _: Unaligned(body, None), "alignment")


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
    name, key = shape.codec.name, shape.key

    def stable() -> tuple[Body, tuple[Decision, ...]]:
        found = align(body.value, name, key, shape.model, counter, note=before.note, whole=whole)
        changed = body.with_edits(found.edits)
        if changed is None:
            return body, (left("left as it was: a place could not be found"),)
        return changed, found.decisions

    return attempted(stable, lambda why: (body, (why,)), "alignment")
