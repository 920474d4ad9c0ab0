"""Recognise lists of paths, drawn trees and ``ls -l`` listings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from headroom.notation.listing import read_entry
from headroom.notation.path_trees import find_style, read_node
from headroom.routing.sample import Sample, take_sample
from headroom.routing.search_kind import has_known_name, sample_lines

PATHS = "paths"
LISTING = "listing"

_SHARE = 0.6
_FEWEST = 4

# With fewer among a few lines, the others are not looked at.
_GLANCED = 0.25

_PATH = re.compile(r"(?:[A-Za-z]:[\\/])?[\w.@+~\-$%=#()\[\]{}\\/]{1,512}")
_LETTER = re.compile(r"[^\W\d_]")
# What du, wc and git write before a path: a size, a state.
_LED = re.compile(r"(?:\s*[0-9][0-9.]*[KMGTPE]?\s+|[ MADRCUT?!]{2} |[MADRCUT][0-9]{0,3}\t)(\S.*)")
# What ``grep -c`` writes behind one.
_COUNTED = re.compile(r"([^\s:]{1,512}):[0-9]{1,9}")
# How such lines, and those of ``ls -l``, start.
_LEADS = frozenset(" \t0123456789MADRCUT?!")
_MODES = frozenset("-bcdlps")
_TOTAL = re.compile(r"total [0-9.,]+[KMGTPE]?")
# What a line of a list, a tree or a listing may be, at a glance.
_LISTED = re.compile(
    r"(?=[^\w/\\\n]{0,8}[\w/\\])[\w.@+~\-$%=#()\[\]{}\\/:]+\r?\Z"
    r"|[-bcdlps][-rwxsStT]{9}|total \d|[^:\n]*:\Z"
    r"|[^\w\n]{0,120}(?:\u2500\u2500 |-- |\u2514\u2500|\\- |\+- |---? )"
    r"|(?:\s*[0-9][0-9.]*[KMGTPE]?\s+|[ MADRCUT?!]{2} |[MADRCUT][0-9]{0,3}\t)\S"
)
_LONG_WORD = re.compile(r"[A-Za-z0-9+/]{48,}={0,2}")


def is_path(line: str) -> bool:
    """Say whether a whole line is a path: no spaces, and a directory or a known kind of file.

    >>> is_path("src/app/main.py"), is_path("README.md"), is_path("see src/app"), is_path("1/2")
    (True, True, False, False)
    """
    if not _PATH.fullmatch(line) or not _LETTER.search(line) or "//" in line:
        return False
    if _LONG_WORD.fullmatch(line):  # base64 has slashes too
        return False
    return "/" in line or "\\" in line or has_known_name(line)


def path_of(line: str) -> str:
    r"""Return a line without the size or state before its path, or the count behind it.

    >>> path_of("12\tsrc/a.py"), path_of(" M src/a.py"), path_of("src/a.py:12")
    ('src/a.py', 'src/a.py', 'src/a.py')
    """
    led = _LED.fullmatch(line)
    if led:
        return led[1]
    counted = _COUNTED.fullmatch(line) if ":" in line else None
    return counted[1] if counted else line


def find_paths(text: str, sample: Sample | None = None) -> str | None:
    r"""Return ``"listing"`` for ``ls -l``, ``"paths"`` for path lists and trees, or None.

    Args:
        text: The text.
        sample: Its sample, where there is one already.

    >>> find_paths("./a.py\n./b/c.py\n./b/d.py\n./setup.py\n")
    'paths'
    """
    sample = sample or take_sample(text)
    if sample.seldom(_LISTED.match, _GLANCED):
        return None
    lines = sample_lines(sample)
    if len(lines) < _FEWEST:
        return None
    enough = max(_FEWEST, _SHARE * len(lines))
    if _count_entries(lines) >= enough:
        return LISTING
    style = find_style(lines)
    if style:
        nodes = [node for line in lines if (node := read_node(line, style)) is not None]
        # Columns behind the branches make it a table that happens to have a tree in it.
        in_columns = sum("  " in node.name for node in nodes)
        return PATHS if len(nodes) >= enough and 2 * in_columns < len(nodes) else None
    if _is_wrapped(lines):
        return None
    return PATHS if _count_paths(lines) >= enough else None


def _count_entries(lines: Sequence[str]) -> int:
    entries = others = 0
    for line in lines:
        if line[0] in _MODES and read_entry(line) is not None:
            entries += 1
        elif _TOTAL.fullmatch(line) or line.endswith(":"):
            others += 1
    return entries + others if entries > others else 0


def _count_paths(lines: Sequence[str]) -> int:
    # Below a heading of ``ls -R`` a bare name is a path too. A number before each path is a size.
    count = places = 0
    below_heading = False
    for line in lines:
        if line.endswith(":") and " " not in line:
            below_heading = is_path(line[:-1]) or below_heading
            count += below_heading
            continue
        # A path has no spaces; what may stand before one starts with few characters.
        found = (" " not in line or line[0] in _LEADS) and is_path(path_of(line))
        places += found
        count += found or (below_heading and " " not in line)
    return count if places else 0


def _is_wrapped(lines: Sequence[str]) -> bool:
    # Encoded data is cut into lines of one length; paths are not.
    length, times = Counter(map(len, lines)).most_common(1)[0]
    return length >= 60 and times > len(lines) // 2
