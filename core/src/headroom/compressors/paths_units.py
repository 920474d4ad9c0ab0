"""A list of paths taken apart: full paths, sizes and dates, and the lines that must stand by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.notation.listing import read_entry
from headroom.notation.path_trees import TreeStyle, find_style, read_node
from headroom.routing.paths_kind import is_path, path_of

_WHITE = re.compile(r"\s")
_COUNTED = re.compile(r"([^\s:]{1,512}):([0-9]{1,9})")
_POWER = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class PathUnit:
    """One entry of a list of paths.

    Args:
        index: Its line's index in the text.
        path: The path, with the directory that a heading or the branches above give it.
        beside: Indices of lines that must stand with it: a heading, the ancestors' lines.
        size: Bytes, blocks or matches, as far as the line says; -1 if it does not.
        date: Sorts by age; "" if the line has no date.
    """

    index: int
    path: str
    beside: tuple[int, ...] = ()
    size: float = -1.0
    date: str = ""


def read_units(lines: Sequence[str]) -> tuple[list[PathUnit], list[int]]:
    """Return the entries, and the indices of lines that are no entries but must stay.

    Blank lines, ``total 8`` and the headings of ``ls -R`` are neither.

    >>> units, _ = read_units(["lib:", "a.py", "b.py"])
    >>> [unit.path for unit in units]
    ['lib/a.py', 'lib/b.py']
    """
    lines = [line[:-1] if line.endswith("\r") else line for line in lines]
    style = find_style(lines)
    return _drawn(lines, style) if style else _listed(lines)


def _drawn(lines: Sequence[str], style: TreeStyle) -> tuple[list[PathUnit], list[int]]:
    units: list[PathUnit] = []
    others: list[int] = []
    above: list[tuple[int, str]] = []
    for index, line in enumerate(lines):
        node = read_node(line, style)
        if node is None:
            if line and not line.isspace():
                others.append(index)
            continue
        del above[node.depth :]
        names = [name for _, name in above]
        path = "/".join([*names, node.name])
        units.append(PathUnit(index, path, tuple(i for i, _ in above)))
        above.append((index, node.name))
    return units, others


def _listed(lines: Sequence[str]) -> tuple[list[PathUnit], list[int]]:
    units: list[PathUnit] = []
    others: list[int] = []
    heading, directory = -1, ""
    for index, line in enumerate(lines):
        beside = (heading,) if heading >= 0 else ()
        entry = read_entry(line)
        if entry is not None:
            path = directory + entry.name.split(" -> ")[0]
            size = _bytes(entry.size.replace(",", ""))
            units.append(PathUnit(index, path, beside, size, _age(entry.date)))
            continue
        if _is_heading(lines, index):
            heading, directory = index, f"{line[:-1]}/"
        elif counted := _COUNTED.fullmatch(line):
            units.append(PathUnit(index, directory + counted[1], beside, float(counted[2])))
        elif is_path(line) or (line and not _WHITE.search(line)):
            units.append(PathUnit(index, directory + line, beside))
        elif not line or line.isspace() or line.startswith("total "):
            continue
        else:
            path = path_of(line)
            if path != line and is_path(path):
                size = _bytes(line[: -len(path)].strip())
                units.append(PathUnit(index, path, beside, size))
            else:
                others.append(index)
    return units, others


def _is_heading(lines: Sequence[str], index: int) -> bool:
    line = lines[index]
    if not line.endswith(":") or len(line) < 2:
        return False
    if " " not in line:
        return True
    before = lines[index - 1] if index else ""
    return not before and lines[index + 1 : index + 2] != [""]


def _bytes(size: str) -> float:
    digits = size.rstrip("KMGTPE")
    try:
        return float(digits) * 1024.0 ** _POWER[size[len(digits) :]]
    except (KeyError, ValueError):
        return -1.0


def _age(date: str) -> str:
    # "Nov 20 10:13" is of the last six months, "Nov  5  2025" older: a year sorts before a time.
    month = date[:3]
    if month not in _MONTHS:
        return date
    rest = f"{_MONTHS.index(month):02} {date[4:6].strip():>2} {date[7:].strip()}"
    return f"~ {rest}" if ":" in date else f"{date[7:].strip()} {rest}"
