"""Say whether a fact is still readable in a compressed text, knowing nothing of compressors.

A fact is a few strings. It counts as readable when all of them stand in the text, as whole words
where they were whole words, and about as close together as they were: a value that was moved into
a far-away dictionary, or a name that is left without its value, does not count.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

# Strings may move apart by this factor, and are always allowed a window of this many characters.
_STRETCH = 3
_WINDOW_CHARACTERS = 600

# A string that stands more often than this is found near anything.
_MOST_PLACES = 300


def is_readable(text: str, original: str, must_contain: Sequence[str]) -> bool:
    """Say whether the strings stand in ``text`` as they stood in ``original``.

    >>> is_readable("id 7 failed", "id 7 failed, id 8 passed", ["7", "failed"])
    True
    >>> is_readable("id 17 failed", "id 7 failed, id 8 passed", ["7", "failed"])
    False
    """
    whole = [bool(_places(original, m, whole_word=True)) for m in must_contain]
    here = _window(text, must_contain, whole)
    if here is None:
        return False
    there = _window(original, must_contain, whole) or 0
    return here <= max(_STRETCH * there, _WINDOW_CHARACTERS)


def stands_in(text: str, must_contain: Sequence[str]) -> bool:
    """Say whether all strings stand somewhere in the text, written out or escaped as in JSON."""
    return all(_places(text, m, whole_word=False) for m in must_contain)


def _places(text: str, wanted: str, *, whole_word: bool) -> list[int]:
    """Return where a string starts, as it is or as JSON would write it."""
    escaped = (json.dumps(wanted, ensure_ascii=False)[1:-1], json.dumps(wanted)[1:-1])
    for form in dict.fromkeys((wanted, *escaped)):
        pattern = re.escape(form)
        if whole_word:
            before = r"(?<!\w)" if form[:1].isalnum() else ""
            after = r"(?!\w)" if form[-1:].isalnum() else ""
            pattern = f"{before}{pattern}{after}"
        found = [m.start() for m in islice(re.finditer(pattern, text), _MOST_PLACES)]
        if found:
            return found
    return []


def _window(text: str, wanted: Sequence[str], whole: Sequence[bool]) -> int | None:
    """Return the least distance between first and last of the strings; None if one is missing."""
    places = [_places(text, m, whole_word=w) for m, w in zip(wanted, whole, strict=True)]
    if not all(places):
        return None
    merged = sorted((place, which) for which, found in enumerate(places) for place in found)
    inside: Counter[int] = Counter()
    best, left = len(text), 0
    for place, which in merged:
        inside[which] += 1
        while len(inside) == len(wanted):
            first, leaving = merged[left]
            best = min(best, place - first)
            inside[leaving] -= 1
            if not inside[leaving]:
                del inside[leaving]
            left += 1
    return best
