"""Texts of ours that consist of several parts: written, taken apart, and put together again.

Where something was left out of a part, the whole stands under a marker with the handle of the
whole, and the part under a marker with its own; else the whole stands under a legend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from headroom.notation.parts import NOTATION, read_parts, write_parts
from headroom.originals.markers import (
    Legend,
    Marker,
    read_legend,
    read_marker,
    write_legend,
    write_marker,
)

_UNIT = "parts"
_HINTED = "[headroom_retrieve "


@dataclass(frozen=True, slots=True)
class Parted:
    """A text of ours that consists of several parts.

    Args:
        pieces: Its texts in order; True for one that is a text of ours by itself.
        marker: What stands above them, if something was left out; without a summary.
        is_hinted: True if the marker names the retrieval tool.
    """

    pieces: Sequence[tuple[str, bool]]
    marker: Marker | None = None
    is_hinted: bool = False

    def __str__(self) -> str:
        note, body = write_parts(self.pieces)
        if self.marker is None:
            return f"{write_legend(Legend(NOTATION, note))}\n{body}"
        above = self.marker
        marker = Marker(above.handle, above.unit, above.kept, above.total, note)
        return f"{write_marker(marker, callable_hint=self.is_hinted)}\n{body}"


def read_parted(text: str) -> Parted | None:
    """Return a text of ours that consists of several parts; None if it has not that form.

    That a text has the form means nothing by itself (see `headroom.originals.markers`).
    """
    marker, legend = read_marker(text), read_legend(text)
    if legend is not None and legend[0].notation == NOTATION:
        pieces = read_parts(legend[0].note, legend[1])
        return None if pieces is None else Parted(pieces)
    if marker is None or marker.unit != _UNIT:
        return None
    pieces = read_parts(marker.summary, text.partition("\n")[2])
    above = Marker(marker.handle, marker.unit, marker.kept, marker.total)
    return None if pieces is None else Parted(pieces, above, text.startswith(_HINTED))


def with_parts(
    text: str, parts: Iterable[tuple[int, int, str | None]], handle: str, *, is_hinted: bool
) -> Parted:
    """Put new texts in the places of parts.

    Args:
        text: The text as it was.
        parts: Start and end of each part, whole lines in order, and what stands for it; None for
            a part that stays as it is.
        handle: Of the whole text.
        is_hinted: True if the model has the retrieval tool.
    """
    pieces: list[tuple[str, bool]] = []
    at = total = shortened = 0
    for start, end, new in parts:
        total += 1
        if new is not None:
            pieces.extend([(text[at:start], False)] if at < start else [])
            pieces.append((new, True))
            at = end
            shortened += read_marker(new) is not None
    pieces.extend([(text[at:], False)] if at < len(text) else [])
    if not shortened:
        return Parted(pieces)
    return Parted(pieces, Marker(handle, _UNIT, total - shortened, total), is_hinted)


def undone(parted: Parted, decode: Callable[[str], str | None]) -> str | None:
    """Return what a text of several parts stands for, as far as it can be told from the text.

    Parts from which something was left out stay as they are.

    Args:
        parted: The text.
        decode: Undoes a lossless form; None from it: the piece is none, and the text not ours.

    Returns:
        The text, or None if it is not ours or holds no lossless form.
    """
    whole: list[tuple[str, bool]] = []
    for text, is_ours in parted.pieces:
        if not is_ours or read_marker(text) is not None:
            whole.append((text, is_ours))
            continue
        # Parts have no parts: what looks so is somebody's text.
        original = None if read_parted(text) is not None else decode(text)
        if original is None:
            return None
        whole.append((original, False))
    if whole == list(parted.pieces):
        return None
    if parted.marker is None:
        return "".join(text for text, _ in whole)
    return str(Parted(whole, parted.marker, parted.is_hinted))
