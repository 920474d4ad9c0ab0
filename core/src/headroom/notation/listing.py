"""``ls -l`` without what repeats: mode, links, owner and date stand where they change.

    -rw-r--r-- x1 root:root 391 Nov 20 10:13 __init__.py      everything, on the first row
    3776 _argcomplete.py                                      as the file above, but for these
    drwxr-xr-x x2 root:root 4096 Nov 20 10:13 _code/          the first directory
    x3 4096 config/                                           as the directory above, 3 links

The columns' widths follow from the rows of a block, as ``ls`` itself pads them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from headroom.errors import DecodingError

# Characters after which a row states everything again.
REACH = 480

_ESCAPE = "> "
_MODE = r"[-bcdlps][-rwxsStT]{9}[.+@]?"
_SIZE = r"[0-9][0-9.,]{0,15}[KMGTPE]?"
_DATE = (
    r"[A-Z][a-z]{2} [ 0-3][0-9] (?: [0-9]{4}|[0-9]{2}:[0-9]{2})"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}"
    r"(?::[0-9]{2}\.[0-9]{1,9} [+-][0-9]{4})?"
)
_ROW = re.compile(
    rf"({_MODE}) +([0-9]{{1,9}}) ([^\s:]{{1,64}}) +([^\s:]{{1,64}}) +({_SIZE}) ({_DATE}) (.+)",
    re.DOTALL,
)
_SHORT = re.compile(
    rf"(?:({_MODE}) )?(?:x([0-9]{{1,9}}) )?(?:([^\s:]{{1,64}}):([^\s:]{{1,64}}) )?"
    rf"({_SIZE}) (?:({_DATE}) )?(.+)",
    re.DOTALL,
)
_DATED = re.compile(rf"(?:{_DATE}) ")

NOTE = "as ls -l; what a row leaves out is as in the row above of that kind; x2 = links; dir/"


class Entry(NamedTuple):
    """A row of ``ls -l``. A named tuple: one is made for every line of a text."""

    mode: str
    links: str
    owner: str
    group: str
    size: str
    date: str
    name: str


def read_entry(line: str) -> Entry | None:
    """Read a row of ``ls -l``, or return None if the line is none.

    >>> read_entry("-rw-r--r-- 1 root root 391 Nov 20 10:13 a b.txt").name
    'a b.txt'
    """
    found = _ROW.fullmatch(line)
    return Entry(*found.groups()) if found else None


def _aligned(entries: Sequence[Entry]) -> list[str]:
    if not entries:
        return []
    mode = max(len(e.mode) for e in entries)
    links = max(len(e.links) for e in entries)
    owner = max(len(e.owner) for e in entries)
    group = max(len(e.group) for e in entries)
    size = max(len(e.size) for e in entries)
    return [
        f"{e.mode:<{mode}} {e.links:>{links}} {e.owner:<{owner}} {e.group:<{group}} "
        f"{e.size:>{size}} {e.date} {e.name}"
        for e in entries
    ]


def _kind_of_name(name: str) -> str:
    if name.endswith("/"):
        return "d"
    return "l" if " -> " in name else "-"


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.above: dict[str, Entry] = {}
        self.since: dict[str, int] = {}
        self.length = 0

    def put(self, line: str) -> None:
        self.lines.append(line)
        self.length += len(line) + 1

    def raw(self, line: str) -> None:
        plain = not line.startswith(_ESCAPE) and _SHORT.fullmatch(line) is None
        self.put(line if plain else _ESCAPE + line)

    def entry(self, entry: Entry) -> None:
        kind = entry.mode[0]
        name = entry.name + "/" if kind == "d" else entry.name
        above = self.above.get(kind)
        if above is not None and self.length - self.since[kind] > REACH:
            above = None
        parts = []
        says_kind = _kind_of_name(name) == kind
        if above is None or entry.mode != above.mode or not says_kind:
            parts.append(entry.mode)
        if above is None or entry.links != above.links:
            parts.append(f"x{entry.links}")
        if above is None or (entry.owner, entry.group) != (above.owner, above.group):
            parts.append(f"{entry.owner}:{entry.group}")
        parts.append(entry.size)
        if above is None or entry.date != above.date or _DATED.match(name):
            parts.append(entry.date)
        if above is None:
            self.since[kind] = self.length
        self.above[kind] = entry
        self.put(" ".join([*parts, name]))


def encode_listing(lines: Sequence[str]) -> list[str]:
    """Write rows of ``ls -l`` without what repeats; other lines stay.

    >>> encode_listing(["total 8", "-rw-r--r-- 1 a a 12 Nov 20 10:13 x",
    ...                 "-rw-r--r-- 1 a a  7 Nov 20 10:13 y"])
    ['total 8', '-rw-r--r-- x1 a:a 12 Nov 20 10:13 x', '7 y']
    """
    writer = _Writer()
    block: list[str] = []
    entries: list[Entry] = []
    for line in lines:
        entry = read_entry(line)
        if entry is not None:
            block.append(line)
            entries.append(entry)
            continue
        _close(writer, block, entries)
        block, entries = [], []
        writer.raw(line)
    _close(writer, block, entries)
    return writer.lines


def _close(writer: _Writer, block: Sequence[str], entries: Sequence[Entry]) -> None:
    if _aligned(entries) == block:
        for entry in entries:
            writer.entry(entry)
    else:
        for line in block:
            writer.raw(line)


class _Reader:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.block: list[Entry] = []
        self.above: dict[str, Entry] = {}

    def close(self) -> None:
        self.lines.extend(_aligned(self.block))
        self.block = []

    def read(self, line: str) -> None:
        found = None if line.startswith(_ESCAPE) else _SHORT.fullmatch(line)
        if found is None:
            self.close()
            self.lines.append(line.removeprefix(_ESCAPE))
            return
        mode, links, owner, group, size, date, name = found.groups()
        kind = mode[0] if mode else _kind_of_name(name)
        above = self.above.get(kind)
        if above is None:
            if None in (mode, links, owner, date):
                raise DecodingError("a row leaves out what no row above it states")
            above = Entry(mode, links, owner, group, size, date, name)
        if kind == "d":
            name = name.removesuffix("/")
        entry = Entry(
            mode or above.mode,
            links or above.links,
            owner or above.owner,
            group or above.group,
            size,
            date or above.date,
            name,
        )
        self.above[kind] = entry
        self.block.append(entry)


def decode_listing(lines: Sequence[str]) -> list[str]:
    """Undo `encode_listing`.

    Raises:
        DecodingError: If a row leaves out what no row above it states.

    >>> decode_listing(["-rw-r--r-- x1 a:a 12 Nov 20 10:13 x", "7 y"])[1]
    '-rw-r--r-- 1 a a  7 Nov 20 10:13 y'
    """
    reader = _Reader()
    for line in lines:
        reader.read(line)
    reader.close()
    return reader.lines
