"""Finding the templates of a log: which words vary, which lines share the rest.

A *value* is a word that holds a digit, or the name of a month or a weekday; everything else is
constant text. Lines whose constant text is equal share a template (the exact-key rule of CLP and
Drain's first stage, without Drain's guessing); only lines that would otherwise stand alone are
brought together by similarity, and only for encoding.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from operator import eq

# Characters that end a word. A value never holds one of them.
DELIMITERS = r"\s=,;|()\[\]{}<>\"':/"

# A value: a whole word with a digit in it, and the blanks that align it; or a calendar word. The
# lookbehind allows a match only at the start of a word, which keeps the search linear.
_VALUE = re.compile(
    rf"(?<![^{DELIMITERS}])"
    r"((?:(?<=[^ ]\s) {1,8})?"
    rf"[^{DELIMITERS}\d]*\d[^{DELIMITERS}]*"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    rf"(?![^{DELIMITERS}]))"
)
_WORD = re.compile(rf"([^{DELIMITERS}]+)")
_PIECE = re.compile(rf"[^{DELIMITERS}]*[{DELIMITERS}]+")

# A text is masked in slices of about so many characters, at line breaks.
_SLICE = 1 << 16

# Stand-ins for a value in a key; the first that the text does not hold is used.
_PLACES = ("\x00", "\x01", "\x02", "\x03", "\x1a", "\ue000", "\uf8ff")

# A header column is split off while at least this share of the lines agrees on it.
_HEADER_SHARE = 0.6
_MOST_HEADER_PIECES = 24

# Constant words in a row that the header may hold, as a host or a program; more are a message.
_MOST_HEADER_WORDS = 2

# Similar keys: of the constant words, at least this share must agree, and two of them at least.
_SIMILAR = 0.75
_LEAST_COMMON_WORDS = 2
_MOST_LEADERS = 24

# Keys with more lines than this are templates of their own, and fewer lines than that in all are
# not worth a template: merging takes words out of their sentences, which hides rare events.
_LONE = 2
_LEAST_MERGED = 8


@dataclass(slots=True)
class Template:
    """Lines that share their constant text.

    Args:
        headed: True if the lines start with the common header, which is not part of ``pieces``.
        pieces: Constant text: before, between and after the columns.
        lines: Indices of the lines, ascending.
        rows: One value per column for each line.
    """

    headed: bool
    pieces: list[str]
    lines: list[int]
    rows: list[tuple[str, ...]]


@dataclass(slots=True)
class Mined:
    """What `mine` found: ``header`` holds the constant pieces of the common line start."""

    lines: list[str]
    header: list[str]
    heads: list[tuple[str, ...] | None]
    templates: list[Template]

    @property
    def header_columns(self) -> int:
        """Number of values in the common header; 0 if there is none."""
        return max(0, len(self.header) - 1)


@dataclass(slots=True)
class _Key:
    text: str
    headed: bool
    width: int
    lines: list[int]


@dataclass(frozen=True, slots=True)
class Masked:
    """The lines of a text with ``place`` where each value stood, and the values in order."""

    keys: list[str]
    place: str
    values: list[str]


def mask(text: str) -> Masked | None:
    """Take the values out of a text; None if it holds every character that could stand in."""
    place = next((p for p in _PLACES if p not in text), None)
    if place is None:
        return None
    keys: list[str] = []
    values: list[str] = []
    # Equal keys and values are one object, and slices keep what is between them short-lived:
    # memory is what large logs lack.
    same: dict[str, str] = {}
    shared = same.setdefault
    start = 0
    while True:
        end = text.find("\n", start + _SLICE)
        # A value's blanks belong to it below another character than a blank: one stands in.
        before = "" if not start else " \n" if text[start - 2 : start - 1] == " " else "_\n"
        parts = _VALUE.split(before + text[start : len(text) if end < 0 else end])
        parts[0] = parts[0][len(before) :]
        if not start and end < 0:
            # So little memory is not worth the time.
            return Masked(place.join(parts[::2]).split("\n"), place, parts[1::2])
        values += [shared(value, value) for value in parts[1::2]]
        keys += [shared(key, key) for key in place.join(parts[::2]).split("\n")]
        if end < 0:
            return Masked(keys, place, values)
        start = end + 1


def find_header(keys: Counter[str], place: str) -> str:
    """Return the longest line start, in whole words and up to a value, that most keys share."""
    alive: list[tuple[str, int]] = [(key, n) for key, n in keys.items() if key.strip()]
    needed = _HEADER_SHARE * sum(n for _, n in alive)
    header, found = "", ""
    words = 0
    for _ in range(_MOST_HEADER_PIECES):
        tally: Counter[str] = Counter()
        for key, n in alive:
            piece = _PIECE.match(key, len(header))
            if piece is not None:
                tally[piece[0]] += n
        if not tally:
            break
        best, votes = tally.most_common(1)[0]
        if votes < needed:
            break
        header += best
        alive = [(key, n) for key, n in alive if key.startswith(header)]
        if place in best:
            found, words = header, 0
        else:
            words += _WORD.match(best) is not None
            if words > _MOST_HEADER_WORDS:
                break
    return found


def mine(text: str, masked: Masked) -> Mined:
    """Split a text into lines, their common header and their templates.

    Templates stand in the order of their first line; a line that shares its text with no other is
    in none.
    """
    place, values = masked.place, masked.values
    keys = masked.keys
    header = find_header(Counter(keys), place)
    columns = header.count(place)
    groups: dict[str, _Key] = {}
    heads: list[tuple[str, ...] | None] = []
    starts: list[int] = []
    at = 0
    for i, key in enumerate(keys):
        group = groups.get(key)
        if group is None:
            headed = bool(header) and key.startswith(header)
            rest = key[len(header) :] if headed else key
            groups[key] = group = _Key(rest, headed, key.count(place), [])
        group.lines.append(i)
        starts.append(at)
        heads.append(tuple(values[at : at + columns]) if group.headed else None)
        at += group.width
    templates = [
        _template(cluster, values, starts, columns, place)
        for cluster in _clusters(groups, place)
        if len(cluster) > 1 or len(cluster[0].lines) > 1
    ]
    templates.sort(key=lambda template: template.lines[0])
    return Mined(text.split("\n"), header.split(place), heads, templates)


@dataclass(slots=True)
class _Cluster:
    common: list[str | None]
    constant: int
    members: list[_Key]


def _clusters(groups: dict[str, _Key], place: str) -> list[list[_Key]]:
    """Bring keys together that few lines have and that differ in few words."""
    alone: list[list[_Key]] = []
    few: list[_Key] = []
    for group in groups.values():
        if len(group.lines) > _LONE or not group.text:
            alone.append([group])
        else:
            few.append(group)
    if not few:
        return alone
    # One call for all: what a key looks like with its words taken out.
    shapes = _WORD.sub("w", "\n".join(key.text for key in few)).split("\n")
    buckets: dict[tuple[bool, str], list[_Key]] = {}
    for key, shape in zip(few, shapes, strict=True):
        buckets.setdefault((key.headed, shape), []).append(key)
    for bucket in buckets.values():
        alone += _similar(bucket, place)
    return alone


def _similar(bucket: list[_Key], place: str) -> list[list[_Key]]:
    if len(bucket) * _LONE < _LEAST_MERGED:
        return [[key] for key in bucket]
    clusters: list[_Cluster] = []
    lone: list[list[_Key]] = []
    for key in bucket:
        words = _WORD.findall(key.text)
        fixed = words.count(place)
        least = max(_LEAST_COMMON_WORDS, _SIMILAR * (len(words) - fixed)) + fixed
        if least > len(words) - 1:
            # All words would have to agree.
            lone.append([key])
            continue
        cluster = _nearest(clusters, words, least)
        if cluster is not None:
            pairs = zip(cluster.common, words, strict=True)
            cluster.common = [a if a == b else None for a, b in pairs]
            cluster.constant = len(words) - cluster.common.count(None)
            cluster.members.append(key)
        elif len(clusters) < _MOST_LEADERS:
            clusters.append(_Cluster(list(words), len(words), [key]))
        else:
            lone.append([key])
    for cluster in clusters:
        if sum(len(key.lines) for key in cluster.members) >= _LEAST_MERGED:
            lone.append(cluster.members)
        else:
            lone += [[key] for key in cluster.members]
    return lone


def _nearest(clusters: list[_Cluster], words: list[str], least: float) -> _Cluster | None:
    first, last = words[0], words[-1]
    for cluster in clusters:
        common = cluster.common
        # Comparing is the inner loop: most pairs are ruled out by their ends, the rest in C.
        if (
            (common[0] == first or common[-1] == last)
            and cluster.constant >= least
            and sum(map(eq, common, words)) >= least
        ):
            return cluster
    return None


def _template(
    cluster: list[_Key], values: list[str], starts: list[int], skip: int, place: str
) -> Template:
    first = cluster[0]
    skip = skip if first.headed else 0
    if len(cluster) == 1:
        pieces = first.text.split(place)
        width = len(pieces) - 1
        begins = [starts[i] + skip for i in first.lines]
        rows = [tuple(values[b : b + width]) for b in begins]
        return Template(first.headed, pieces, first.lines, rows)
    split = [_WORD.split(key.text) for key in cluster]
    varying = [
        len({parts[p] for parts in split}) > 1 or split[0][p] == place
        for p in range(1, len(split[0]), 2)
    ]
    pieces = [""]
    for p, part in enumerate(split[0]):
        if p % 2 and varying[p // 2]:
            pieces.append("")
        else:
            pieces[-1] += part
    entries: list[tuple[int, tuple[str, ...]]] = []
    for key, parts in zip(cluster, split, strict=True):
        slots = [parts[p] for p in range(1, len(parts), 2) if varying[p // 2]]
        for i in key.lines:
            at = starts[i] + skip
            row = []
            for slot in slots:
                row.append(values[at] if slot == place else slot)
                at += slot == place
            entries.append((i, tuple(row)))
    entries.sort()
    return Template(first.headed, pieces, [i for i, _ in entries], [row for _, row in entries])
