"""The one marker grammar: ASCII, one line, readable by a person.

Three forms, all at the start of a line and closed at its end::

    [headroom 8a2a5c9b768827de: kept 23 of 2000 lines; omitted: 1890 INFO, 87 WARN]   a marker
    [headroom table: 200 rows; ~ = absent]                                            a legend
    [13 lines omitted]                                                                a gap

A **marker** is the first line of a text from which something was left out. It says what unit was
counted, how many were kept of how many, and the handle of the whole original. Where the model has
the retrieval tool the first word is the tool's name, ``headroom_retrieve``.
A **legend** is the first line of a lossless re-notation: the name of the notation and what a
reader must know to read it; `headroom.expand` undoes it from the text alone.
A **gap** may stand where units were left out, for orientation; the marker's counts are the truth.

That a text looks like one of these means nothing by itself: whether it is ours is decided by the
store and by rendering again (see `headroom.engine`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from headroom.originals.handles import HANDLE_DIGITS

PREFIX = "[headroom"

_MARKER = re.compile(
    rf"\[headroom(?:_retrieve)? (?P<handle>[0-9a-f]{{{HANDLE_DIGITS}}}): "
    r"kept (?P<kept>\d{1,15}) of (?P<total>\d{1,15}) (?P<unit>[a-z]+)"
    r"(?:; (?P<summary>[^\n]*))?\]"
)
_LEGEND = re.compile(r"\[headroom (?P<notation>[a-z][a-z-]{1,14})(?:: (?P<note>[^\n]*))?\]")
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Marker:
    """A parsed marker: ``kept + omitted == total``, counted in ``unit``."""

    handle: str
    unit: str
    kept: int
    total: int
    summary: str = ""

    @property
    def omitted(self) -> int:
        """Units that were left out."""
        return self.total - self.kept


@dataclass(frozen=True, slots=True)
class Legend:
    """A parsed legend: the notation's name and its note."""

    notation: str
    note: str = ""


def one_line(words: str) -> str:
    """Fold white space, line breaks included, so that ``words`` fit on a marker's line."""
    return _WHITE.sub(" ", words).strip()


def write_marker(marker: Marker, *, callable_hint: bool = False) -> str:
    """Return the marker as text, without a line break.

    Args:
        marker: What to say. ``summary`` must be a single line.
        callable_hint: True when the model has the retrieval tool: the marker then starts with
            the tool's name.

    Raises:
        ValueError: If the counts do not add up or the summary has a line break.

    >>> write_marker(Marker("8a2a5c9b768827de", "lines", 23, 2000))
    '[headroom 8a2a5c9b768827de: kept 23 of 2000 lines]'
    """
    if not 0 <= marker.kept <= marker.total:
        raise ValueError(f"kept {marker.kept} of {marker.total} does not add up")
    if "\n" in marker.summary or "\r" in marker.summary:
        raise ValueError("a marker's summary is a single line")
    word = "headroom_retrieve" if callable_hint else "headroom"
    tail = f"; {marker.summary}" if marker.summary else ""
    counts = f"kept {marker.kept} of {marker.total} {marker.unit}"
    return f"[{word} {marker.handle}: {counts}{tail}]"


def write_legend(legend: Legend) -> str:
    """Return the legend as text, without a line break.

    >>> write_legend(Legend("table", "~ = absent"))
    '[headroom table: ~ = absent]'
    """
    if "\n" in legend.note or "\r" in legend.note:
        raise ValueError("a legend's note is a single line")
    return (
        f"[headroom {legend.notation}: {legend.note}]"
        if legend.note
        else f"[headroom {legend.notation}]"
    )


def write_gap(count: int, unit: str) -> str:
    """Return a gap: how many units were left out at this place.

    >>> write_gap(13, "lines")
    '[13 lines omitted]'
    """
    return f"[{count} {unit} omitted]"


def _first_line(text: str) -> tuple[str, str | None]:
    head, separator, body = text.partition("\n")
    return head, body if separator else None


def read_marker(text: str) -> Marker | None:
    """Return the marker that the text starts with, if it starts with one."""
    if not text.startswith(PREFIX):
        return None
    found = _MARKER.fullmatch(_first_line(text)[0])
    if found is None or int(found["kept"]) > int(found["total"]):
        return None
    kept, total = int(found["kept"]), int(found["total"])
    return Marker(found["handle"], found["unit"], kept, total, found["summary"] or "")


def read_legend(text: str) -> tuple[Legend, str] | None:
    """Return the legend that the text starts with, and the body below it."""
    if not text.startswith(PREFIX):
        return None
    head, body = _first_line(text)
    found = _LEGEND.fullmatch(head)
    if found is None or body is None:
        return None
    return Legend(found["notation"], found["note"] or ""), body
