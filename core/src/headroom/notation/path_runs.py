"""Path lists without repeated directories: names that share a directory stand on one line.

    django/apps/__init__.py config.py registry.py     a path, and names in the same directory
    django/conf: __init__.py locale                   a path, and names inside it
    setup.py                                          a path alone
    > find: 'x': Permission denied                    a line as it stands
    4	src/a.py, 12	b.py                               sizes or states stay before each name

Each line starts with a whole path, so that what a reader copies is what the tool printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.errors import DecodingError

# Characters after which a line ends and the directory is written again.
REACH = 480

SEPARATORS = (" ", ", ", " | ", " ; ")
_ESCAPE = "> "
_INSIDE = ":"

# A separator may occur in this share of the lines; those then stand as they are.
_EXCEPTIONS = 0.05

# A shared beginning is moved into the note from this length on.
_SHORTEST_ROOT = 10
_ROOT = re.compile(r'all under "([^"]*)"')
_LED = "; each with what stands before it"
_LEAD = re.compile(r"\s{0,12}[\w.?!+*-]{1,12}[\t ]{1,4}(?=\S)")
_SEPARATED = re.compile(r'names separated by "([^"]*)"')


@dataclass(frozen=True, slots=True)
class PathNote:
    """What the decoder needs beyond the body.

    Args:
        separator: Stands between names.
        root: What every path begins with, left out of the body.
        led: True if a word stands before each path: its size, its state.
    """

    separator: str = " "
    root: str = ""
    led: bool = False

    def words(self) -> str:
        """Return the note as a reader sees it.

        >>> PathNote(", ").words()
        'names after a path share its directory; names separated by ", "'
        """
        words = ["names after a path share its directory"]
        if self.separator != " ":
            words.append(f'names separated by "{self.separator}"')
        if self.root:
            words.append(f'all under "{self.root}"')
        return "; ".join(words) + (_LED if self.led else "")

    @classmethod
    def read(cls, words: str) -> PathNote:
        """Read a note that `words` wrote.

        Raises:
            DecodingError: If it names no separator that there is.
        """
        root, separated = _ROOT.search(words), _SEPARATED.search(words)
        separator = separated[1] if separated else " "
        if separator not in SEPARATORS:
            raise DecodingError(f"no such separator: {separator!r}")
        return cls(separator, root[1] if root else "", words.endswith(_LED))


def directory_of(path: str) -> str:
    r"""Return a path up to and with its last separator; a separator at the end does not count.

    >>> directory_of("src/a.py"), directory_of("a.py"), directory_of("C:\\x\\y.py")
    ('src/', '', 'C:\\x\\')
    """
    end = len(path) - 1
    at = path.rfind("/", 0, end)
    return path[: (at if at >= 0 else path.rfind("\\", 0, end)) + 1]


def split_lead(line: str) -> tuple[str, str]:
    r"""Cut off the word that stands before a path.

    >>> split_lead("  113 urllib3/fields.py"), split_lead("M\tsetup.py")
    (('  113 ', 'urllib3/fields.py'), ('M\t', 'setup.py'))
    """
    found = _LEAD.match(line)
    return (line[: found.end()], line[found.end() :]) if found else ("", line)


def best_separator(lines: Sequence[str]) -> str | None:
    """Return the first separator that hardly occurs in the lines, or None."""
    most = _EXCEPTIONS * len(lines)
    for separator in SEPARATORS:
        if sum(separator in line for line in lines) <= most:
            return separator
    return None


def shared_root(lines: Sequence[str]) -> str:
    """Return the directory that every path in the lines begins with, "" if it is short."""
    paths = [line for line in lines if line]
    if not paths:
        return ""
    first, last = min(paths), max(paths)
    length = next((i for i, c in enumerate(first) if last[i : i + 1] != c), len(first))
    root = first[: first.rfind("/", 0, length) + 1]
    if len(root) < _SHORTEST_ROOT or '"' in root or not root.isprintable():
        return ""
    return root


class _Writer:
    def __init__(self, separator: str, *, led: bool) -> None:
        self.separator = separator
        self.led = led
        self.lines: list[str] = []
        self.items: list[str] = []
        self.directory = ""
        self.length = 0

    def close(self) -> None:
        if self.items:
            self.lines.append(self.separator.join(self.items))
            self.items = []

    def raw(self, line: str) -> None:
        self.close()
        self.lines.append(line)

    def path(self, line: str, *, whole: bool) -> None:
        lead, path = split_lead(line) if self.led else ("", line)
        directory = directory_of(path)
        if self.items and self.length < REACH and not whole:
            name = path[len(directory) :]
            # A name may itself look like a size and a name: then the line stays whole.
            is_clear = not self.led or split_lead(lead + name) == (lead, name)
            if directory == self.directory and name and is_clear:
                self._append(lead + name)
                return
            first = self.items[0]
            is_alone = len(self.items) == 1 and not self.led
            if is_alone and directory == first + "/" and name:
                self.items[0] = first + _INSIDE
                self.directory = directory
                self._append(name)
                return
        self.close()
        self.items, self.directory, self.length = [line], directory, len(line)
        if line.endswith(_INSIDE):
            self.close()

    def _append(self, name: str) -> None:
        self.items.append(name)
        self.length += len(name) + len(self.separator)


def encode_paths(
    lines: Sequence[str], note: PathNote, whole: frozenset[int] = frozenset()
) -> list[str]:
    """Write a list of paths; the lines may hold others between them.

    Args:
        lines: The list.
        note: Separator and shared beginning.
        whole: Indices of paths that are written whole, at the start of a line.

    >>> encode_paths(["a/x.py", "a/y.py", "b.py"], PathNote())
    ['a/x.py y.py', 'b.py']
    """
    writer = _Writer(note.separator, led=note.led)
    for index, line in enumerate(lines):
        path = line[len(note.root) :] if line.startswith(note.root) else ""
        if not line:
            writer.raw(line)
        elif not path or note.separator in path or path.startswith(_ESCAPE):
            writer.raw(_ESCAPE + line)
        elif note.root and index in whole:
            writer.raw(_ESCAPE + line)
        else:
            writer.path(path, whole=index in whole)
    writer.close()
    return writer.lines


def decode_paths(lines: Sequence[str], note: PathNote) -> list[str]:
    """Undo `encode_paths`.

    >>> decode_paths(["a/x.py y.py", "b: c"], PathNote())
    ['a/x.py', 'a/y.py', 'b', 'b/c']
    """
    decoded: list[str] = []
    for line in lines:
        if line.startswith(_ESCAPE):
            decoded.append(line[len(_ESCAPE) :])
            continue
        if not line:
            decoded.append(line)
            continue
        first, *names = line.split(note.separator)
        if names and first.endswith(_INSIDE):
            first = first[: -len(_INSIDE)]
            directory = first + "/"
        else:
            directory = directory_of(split_lead(first)[1] if note.led else first)
        decoded.append(note.root + first)
        for item in names:
            lead, name = split_lead(item) if note.led else ("", item)
            decoded.append(f"{note.root}{lead}{directory}{name}")
    return decoded
