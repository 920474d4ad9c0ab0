"""The one marker grammar: ASCII, one line, readable by a person.

Four forms, all at the start of a line and closed at its end::

    [headroom 8a2a5c9b768827de: kept 23 of 2000 lines; omitted: 1890 INFO, 87 WARN]   a marker
    [headroom table: 200 rows; ~ = absent]                                            a legend
    [headroom same as result 4, lines 10-52]                                          a reference
    [13 lines omitted]                                                                a gap

A **marker** is the first line of a text from which something was left out. It says what unit was
counted, how many were kept of how many, and the handle of the whole original. Where the model has
the retrieval tool the first word is the tool's name, ``headroom_retrieve``.
A **legend** is the first line of a lossless re-notation: the name of the notation and what a
reader must know to read it; `headroom.expand` undoes it from the text alone.
A **reference** stands where lines stood that an earlier text of the same conversation shows:
line 10 to 52 of the fourth tool result, say. ``call 4, new_text`` in its place names a value among
the arguments of the call that the fourth result answers, ``this call`` the call that the text
itself answers. ``[headroom changed since result 4; old lines not shown]`` heads the new lines of a
unified diff. `headroom.expand` undoes both from the messages alone.
A **gap** may stand where units were left out, for orientation; the marker's counts are the truth.

That a text looks like one of these means nothing by itself: whether it is ours is decided by the
store and by rendering again (see `headroom.engine`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from headroom.originals.handles import HANDLE_DIGITS

PREFIX = "[headroom"
REFERENCE_PREFIX = "[headroom same as "

_MARKER = re.compile(
    rf"\[headroom(?:_retrieve)? (?P<handle>[0-9a-f]{{{HANDLE_DIGITS}}}): "
    r"kept (?P<kept>\d{1,15}) of (?P<total>\d{1,15}) (?P<unit>[a-z]+)"
    r"(?:; (?P<summary>[^\n]*))?\]"
)
_LEGEND = re.compile(r"\[headroom (?P<notation>[a-z][a-z-]{1,14})(?:: (?P<note>[^\n]*))?\]")
_SPOKEN = (
    r"(?P<source>result|(?:user|assistant|system) message) "
    r"(?P<number>[1-9]\d{0,8})(?:, part (?P<part>[1-9]\d{0,8}))?"
)
_REFERENCE = re.compile(
    rf"\[headroom same as (?:{_SPOKEN}|(?:this call|call (?P<call>[1-9]\d{{0,8}}))"
    r"(?:, (?P<argument>[A-Za-z_][A-Za-z0-9_.-]{0,59}))?)"
    r"(?:, lines (?P<first>[1-9]\d{0,8})-(?P<last>[1-9]\d{0,8})"
    r"(?P<bare>, without numbers)?"
    r"(?:, numbered (?P<numbered>\"[^\"\n]{1,60}\"))?"
    r"(?:, (?P<way>in|out)dented by (?P<width>[1-9]\d{0,2}) (?P<unit>space|tab)s?)?)?\]"
)
_CHANGED = re.compile(rf"\[headroom changed since {_SPOKEN}; old lines not shown\]")
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


@dataclass(frozen=True, slots=True)
class Change:
    """How the lines that a reference stands for differ from those that it names.

    Args:
        numbered: The number before the first line, with all that belongs to it (``"12: "``, or a
            tab after it); the lines below count on. "" takes numbers away; None leaves every
            line's beginning as it is.
        indent: Columns of indentation to add; negative takes them away.
        unit: What is added or taken away, ``space`` or ``tab``.
    """

    numbered: str | None = None
    indent: int = 0
    unit: Literal["space", "tab"] = "space"


UNCHANGED = Change()


# What a reference may point to: a tool's result, a message by who speaks, or a tool's call.
Source = Literal["result", "user message", "assistant message", "system message", "call"]
_SOURCES: dict[str, Source] = {
    "result": "result",
    "user message": "user message",
    "assistant message": "assistant message",
    "system message": "system message",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a conversation, named alike in every wire format.

    Args:
        source: A result of a tool, a message of somebody, or a call to a tool.
        number: Which of all results, or of all messages of that speaker, from 1. A call has the
            number of the result that answers it; 0 is the call that the text itself answers.
        part: Which of its texts, from 1.
        argument: Which of a call's values; "" where its arguments are one text.
    """

    source: Source
    number: int
    part: int = 1
    argument: str = ""

    def __str__(self) -> str:
        if self.source == "call":
            call = f"call {self.number}" if self.number else "this call"
            return f"{call}, {self.argument}" if self.argument else call
        part = f", part {self.part}" if self.part > 1 else ""
        return f"{self.source} {self.number}{part}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A parsed reference.

    Args:
        place: The text that shows the lines.
        lines: First and last line, from 1; None stands for the whole text.
        change: How the lines differ from those shown.
    """

    place: Place
    lines: tuple[int, int] | None = None
    change: Change = UNCHANGED


def looks_ours(text: str) -> bool:
    """Say whether the text starts like a marker or a legend, or a line of it like a reference."""
    return text.startswith(PREFIX) or f"\n{REFERENCE_PREFIX}" in text


def one_line(words: str) -> str:
    r"""Fit ``words`` on a marker's line: white space folded, and in ASCII.

    >>> one_line("caf\xe9\n  au lait")
    'caf\\xe9 au lait'
    """
    return _WHITE.sub(" ", words).strip().encode("ascii", "backslashreplace").decode()


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


def write_reference(reference: Reference) -> str:
    """Return the reference as text, without a line break.

    >>> place = Place("result", 4)
    >>> write_reference(Reference(place, lines=(10, 52)))
    '[headroom same as result 4, lines 10-52]'
    >>> write_reference(Reference(place, (10, 52), Change("7: ", indent=-4)))
    '[headroom same as result 4, lines 10-52, numbered "7: ", outdented by 4 spaces]'
    """
    said = [f"{REFERENCE_PREFIX}{reference.place}"]
    if reference.lines is not None:
        said.append(f"lines {reference.lines[0]}-{reference.lines[1]}")
    change = reference.change
    if change.numbered == "":
        said.append("without numbers")
    elif change.numbered is not None:
        said.append(f"numbered {json.dumps(change.numbered)}")
    if change.indent:
        width = abs(change.indent)
        way = "indented" if change.indent > 0 else "outdented"
        said.append(f"{way} by {width} {change.unit}{'s' if width > 1 else ''}")
    return f"{', '.join(said)}]"


def _named(found: re.Match[str]) -> Place:
    if found["source"] is None:
        return Place("call", int(found["call"] or 0), argument=found["argument"] or "")
    return _place(found)


def _place(found: re.Match[str]) -> Place:
    return Place(_SOURCES[found["source"]], int(found["number"]), int(found["part"] or 1))


def read_reference(line: str) -> Reference | None:
    """Return the reference that the line is, if it is one as `write_reference` writes it."""
    found = _REFERENCE.fullmatch(line)
    if found is None:
        return None
    numbered = "" if found["bare"] else None
    if found["numbered"]:
        try:
            numbered = json.loads(found["numbered"])
        except ValueError:
            return None
    width = int(found["width"] or 0)
    reference = Reference(
        _named(found),
        (int(found["first"]), int(found["last"])) if found["first"] else None,
        Change(
            numbered,
            -width if found["way"] == "out" else width,
            "tab" if found["unit"] == "tab" else "space",
        ),
    )
    return reference if write_reference(reference) == line else None


def write_changed(place: Place) -> str:
    """Return the head of a list of changes as text, without a line break.

    >>> write_changed(Place("result", 4))
    '[headroom changed since result 4; old lines not shown]'
    """
    return f"[headroom changed since {place}; old lines not shown]"


def read_changed(text: str) -> tuple[Place, str] | None:
    """Return the place whose changes the text lists, and the list."""
    if not text.startswith(PREFIX):
        return None
    head, body = _first_line(text)
    found = _CHANGED.fullmatch(head)
    return None if found is None or body is None else (_place(found), body)


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
