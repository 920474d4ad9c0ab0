r"""Stanzas that repeat with other values: the first in full, later ones as the lines that differ.

A stanza is what belongs to a line: to the first line of a list item, to a document, a section,
a block; the line itself always stands::

    - name: web
    @1:3                        the 3 lines below are stanza 1
      image: shop/web:1.4
      ports: [80]
      restart: always
    - name: cart
    =1:1                        stanza 1 again, with the 1 line below
      image: shop/cart:1.4      in place of its next line with the same indentation and key

Below ``=N:K``, ``+line`` adds a line at this place and ``-K`` leaves out the next K lines of the
stanza; a line that repeats the stanza's own says how far. ``>line`` is a line that would read as
one of these. Every line stays whole, so that a key and its value are read together.

The idea is that of a delta against an exemplar (RFC 3284), at the granularity of lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from headroom.errors import DecodingError
from headroom.notation.stanzas_tree import LineStart, Tree, read_line

# Shorter stanzas are not worth a reference, in lines.
_LEAST_LINES = 3

# A stanza is written as a difference if that takes at most this share of its characters, and
# saves this many.
_MOST_SHARE = 0.75
_LEAST_SAVED = 30
_OVERHEAD = 12

# Of the stanzas with the same path, so many are compared with a new one: the first and the last.
_MOST_CANDIDATES = 3

# A line that at least this share of the repeats replaces says what sets stanzas apart.
_VARYING = 0.4

# Lines compared, as a multiple of the lines of the text: stanzas in stanzas stay linear.
_WORK = 12

# Lines left out in one place; farther away a line with the same key is another one.
_FARTHEST = 60

# A decoded text may not be longer than this, in characters: a few bytes could ask for terabytes.
_LONGEST_TEXT = 1 << 28

_REFERENCE = re.compile(r"([@=])([0-9]{1,9}):([0-9]{1,9})")
_OMISSION = re.compile(r"-([0-9]{1,9})")

NOTE = (
    "@1:9 the next 9 lines are stanza 1; =1:2 stanza 1 again, but with the next 2 lines in place "
    "of its lines of the same key"
)
_SIGNS = (("+", "+line added"), ("-", "-2: 2 lines less"), (">", ">line as it stands"))


@dataclass(slots=True)
class _Stanza:
    """Lines that later ones may refer to, and where each start of a line occurs in them."""

    lines: Sequence[str]
    starts: list[LineStart]
    places: dict[LineStart, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, start in enumerate(self.starts):
            self.places.setdefault(start, []).append(i)

    def find(self, start: LineStart, at: int) -> int:
        """Return the first place from ``at`` on of a line that starts so, or -1."""
        places = self.places.get(start)
        if not places:
            return -1
        k = bisect_left(places, at)
        return places[k] if k < len(places) else -1


@dataclass(slots=True)
class _Delta:
    """Writes what turns one stanza into another, always knowing where a reader stands."""

    stanza: _Stanza
    lines: list[str] = field(default_factory=list)
    at: int = 0
    cost: int = _OVERHEAD
    replaced: list[int] = field(default_factory=list)

    def _put(self, line: str) -> None:
        self.lines.append(line)
        self.cost += len(line) + 1

    def line(self, place: int, line: str) -> None:
        """Replace the line at ``place``, or say again what it is."""
        start = self.stanza.starts[place]
        found = self.stanza.find(start, self.at)
        while 0 <= found < place:
            self._put(_escaped(self.stanza.lines[found]))
            self.at = found + 1
            found = self.stanza.find(start, self.at)
        self._put(_escaped(line))
        self.at = place + 1

    def _go_to(self, place: int) -> None:
        if self.at < place:
            self.line(place - 1, self.stanza.lines[place - 1])

    def omission(self, place: int, count: int) -> None:
        """Leave out lines from ``place`` on."""
        self._go_to(place)
        self._put(f"-{count}")
        self.at = place + count

    def addition(self, place: int, line: str) -> None:
        """Add a line before ``place``."""
        self._go_to(place)
        self._put("+" + line)


def _escaped(line: str) -> str:
    if line[:1] in (">", "+") or _OMISSION.fullmatch(line):
        return ">" + line
    return line


def _delta(
    stanza: _Stanza,
    lines: Sequence[str],
    starts: Sequence[LineStart],
    most: float,
    said: frozenset[int] = frozenset(),
) -> _Delta | None:
    """Return the difference, or None if it takes more than ``most`` characters.

    Args:
        stanza: What the lines are compared with.
        lines: The lines.
        starts: Where each line starts, and its key.
        most: Characters that the difference may take.
        said: Lines of the stanza that are said again even where they are the same.
    """
    delta = _Delta(stanza)
    at, total = 0, len(stanza.starts)
    for line, start in zip(lines, starts, strict=True):
        if at < total and stanza.starts[at] == start:
            place = at
        else:
            place = stanza.find(start, at)
            if place - at > _FARTHEST:
                place = -1
        if place < 0:
            delta.addition(at, line)
        else:
            if place > at:
                delta.omission(at, place - at)
            if stanza.lines[place] != line:
                delta.replaced.append(place)
                delta.line(place, line)
            elif place in said:
                delta.line(place, line)
            at = place + 1
        if delta.cost > most:
            return None
    if at < total:
        delta.omission(at, total - at)
    return delta if delta.cost <= most else None


@dataclass(slots=True)
class _Encoder:
    lines: Sequence[str]
    tree: Tree
    starts: list[LineStart]
    sizes: list[int]
    work: int
    whole: frozenset[int] = frozenset()
    known: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    stanzas: dict[tuple[int, int], _Stanza] = field(default_factory=dict)
    found: dict[int, tuple[tuple[int, int], _Delta, int]] = field(default_factory=dict)

    def search(self) -> None:
        """Find the stanzas that repeat, the largest first."""
        count = len(self.lines)
        first = next((i for i, at in enumerate(self.tree.paths) if at == 0), count)
        if _LEAST_LINES <= first < count:
            self.known[0] = [(0, first)]
        at = 0
        while at < count:
            end = self.tree.ends[at]
            if at in self.whole:
                at = max(at + 1, end)
            elif end - at > _LEAST_LINES and self._repeats(at + 1, end, self._pool(at)):
                at = end
            else:
                at += 1

    def _pool(self, at: int) -> int:
        """Return a number that stanzas share which are worth comparing."""
        path = self.tree.paths[at]
        if path in self.known or self.tree.headings[at]:
            return path
        parent = self.tree.parents[at]
        # A mapping of mappings: the keys are names, what stands below them is alike.
        siblings = -1 - (self.tree.paths[parent] if parent >= 0 else 0)
        if siblings not in self.known:
            self.known[path] = []
            self.known[siblings] = self.known[path]
        return siblings

    def _repeats(self, begin: int, end: int, path: int) -> bool:
        size = self.sizes[end] - self.sizes[begin]
        most = min(_MOST_SHARE * size, size - _LEAST_SAVED)
        candidates = self.known.setdefault(path, [])
        best: tuple[tuple[int, int], _Delta] | None = None
        lines, starts = self.lines[begin:end], self.starts[begin:end]
        for candidate in reversed(candidates):
            if self.work <= 0 or most <= _OVERHEAD:
                break
            self.work -= end - begin + candidate[1] - candidate[0]
            delta = _delta(self._stanza(candidate), lines, starts, most)
            if delta is not None and (best is None or delta.cost < best[1].cost):
                best, most = (candidate, delta), delta.cost
        if best is not None:
            self.found[begin] = best[0], best[1], end
            return True
        candidates.append((begin, end))
        if len(candidates) > _MOST_CANDIDATES:
            del candidates[1]
        return False

    def say_what_varies(self) -> None:
        """Say in each difference what most others of the same stanza say, if it is the same, too.

        Else the stanza that happens to come first would be all that tells it.
        """
        times: Counter[tuple[int, int]] = Counter()
        replaced: Counter[tuple[tuple[int, int], int]] = Counter()
        for reference, delta, _ in self.found.values():
            times[reference] += 1
            replaced.update((reference, place) for place in delta.replaced)
        varying: dict[tuple[int, int], set[int]] = {}
        for (reference, place), count in replaced.items():
            if count >= _VARYING * times[reference]:
                varying.setdefault(reference, set()).add(place)
        for begin, (reference, delta, end) in self.found.items():
            said = frozenset(varying.get(reference, ()))
            if said.issubset(delta.replaced):
                continue
            size = self.sizes[end] - self.sizes[begin]
            lines, starts = self.lines[begin:end], self.starts[begin:end]
            fuller = _delta(self._stanza(reference), lines, starts, size, said)
            if fuller is not None:
                self.found[begin] = reference, fuller, end

    def _stanza(self, at: tuple[int, int]) -> _Stanza:
        stanza = self.stanzas.get(at)
        if stanza is None:
            stanza = _Stanza(self.lines[slice(*at)], self.starts[slice(*at)])
            self.stanzas[at] = stanza
        return stanza

    def write(self) -> tuple[list[str], list[str]]:
        """Return the body's lines, and the signs that occur in it."""
        used = sorted({reference for reference, _, _ in self.found.values()})
        labels: dict[int, list[str]] = {}
        numbers: dict[tuple[int, int], int] = {}
        for number, reference in enumerate(used, 1):
            numbers[reference] = number
            length = reference[1] - reference[0]
            labels.setdefault(reference[0], []).append(f"@{number}:{length}")
        out: list[str] = []
        inside: list[str] = []
        at, count = 0, len(self.lines)
        while at < count:
            out += labels.get(at, ())
            found = self.found.get(at)
            if found is None:
                line = self.lines[at]
                out.append(">" + line if line[:1] in "@=>" and _is_sign(line) else line)
                at += 1
            else:
                reference, delta, at = found
                out.append(f"={numbers[reference]}:{len(delta.lines)}")
                out += delta.lines
                inside += delta.lines
        signs = [words for sign, words in _SIGNS if any(x.startswith(sign) for x in inside)]
        return out, signs


def _is_sign(line: str) -> bool:
    return line[:1] == ">" or _REFERENCE.fullmatch(line) is not None


def encode_stanzas(
    lines: Sequence[str], tree: Tree, whole: frozenset[int] = frozenset()
) -> tuple[list[str], str] | None:
    """Write repeated stanzas as differences.

    Args:
        lines: The lines, without line breaks.
        tree: What belongs to what among them.
        whole: Lines whose stanzas stay as they are.

    Returns:
        The body's lines and the note, or None if no stanza repeats.
    """
    read: dict[str, LineStart] = {}
    starts: list[LineStart] = []
    for line in lines:
        start = read.get(line)
        if start is None:
            start = read[line] = read_line(line)
        starts.append(start)
    sizes = [0]
    for line in lines:
        sizes.append(sizes[-1] + len(line) + 1)
    encoder = _Encoder(lines, tree, starts, sizes, _WORK * len(lines), whole)
    encoder.search()
    if not encoder.found:
        return None
    encoder.say_what_varies()
    body, signs = encoder.write()
    return body, "; ".join([NOTE, *signs])


@dataclass(slots=True)
class _Decoder:
    body: Sequence[str]
    out: list[str] = field(default_factory=list)
    size: int = 0
    stanzas: dict[str, tuple[int, int]] = field(default_factory=dict)
    read: dict[str, _Stanza] = field(default_factory=dict)

    def decode(self) -> list[str]:
        """Return the lines that the body stands for."""
        at, body = 0, self.body
        while at < len(body):
            line = body[at]
            at += 1
            sign = _REFERENCE.fullmatch(line) if line[:1] in ("@", "=") else None
            if sign is None:
                self._put([line[1:] if line[:1] == ">" else line])
                continue
            number, count = sign[2], int(sign[3])
            if sign[1] == "@":
                self.stanzas[number] = len(self.out), len(self.out) + count
                self.read.pop(number, None)
                continue
            if at + count > len(body):
                raise DecodingError("a stanza's differences end too early")
            self._repeat(self._stanza(number), body[at : at + count])
            at += count
        return self.out

    def _put(self, lines: Sequence[str]) -> None:
        self.size += sum(map(len, lines)) + len(lines)
        if self.size > _LONGEST_TEXT:
            raise DecodingError("the text would be too long")
        self.out += lines

    def _stanza(self, number: str) -> _Stanza:
        stanza = self.read.get(number)
        if stanza is None:
            begin, end = self.stanzas.get(number, (0, -1))
            if not begin <= end <= len(self.out):
                raise DecodingError("a stanza repeats one that is not there")
            lines = self.out[begin:end]
            stanza = self.read[number] = _Stanza(lines, [read_line(line) for line in lines])
        return stanza

    def _repeat(self, stanza: _Stanza, differences: Sequence[str]) -> None:
        at = 0
        for line in differences:
            omitted = _OMISSION.fullmatch(line)
            if omitted:
                at += int(omitted[1])
                if at > len(stanza.lines):
                    raise DecodingError("more lines are left out than there are")
            elif line[:1] == "+":
                self._put([line[1:]])
            else:
                whole = line[1:] if line[:1] == ">" else line
                place = stanza.find(read_line(whole), at)
                if place < 0:
                    raise DecodingError("a line takes the place of none")
                self._put([*stanza.lines[at:place], whole])
                at = place + 1
        self._put(stanza.lines[at:])


def decode_stanzas(body: Sequence[str]) -> list[str]:
    """Undo `encode_stanzas`.

    Raises:
        DecodingError: If the body is not in this notation.

    >>> decode_stanzas(["@1:3", "- a: 1", "  b: 2", "  c: 3", "=1:1", "  b: 5"])
    ['- a: 1', '  b: 2', '  c: 3', '- a: 1', '  b: 5', '  c: 3']
    """
    return _Decoder(body).decode()
