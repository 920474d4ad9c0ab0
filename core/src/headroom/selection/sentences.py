"""Where sentences end, in several scripts; a place in doubt is none."""

from __future__ import annotations

import re

# A mark that may end a sentence, what closes behind it, and the white space that follows; scripts
# that are written without spaces, and scripts with marks of their own, need no white space.
_END = re.compile(
    r"[.!?\u2026\u061f\u06d4\u3002\uff01\uff1f\u0964\u0965\n](?:"
    r"(?<=[.!?\u2026\u061f\u06d4])[.!?\u2026\u061f\u06d4]{0,8}"
    r"[\"')\]*_\u2019\u201d\u00bb]{0,6}(?:\[\d{1,4}\]){0,6}\s+"
    r"|(?<=[\u3002\uff01\uff1f\u0964\u0965])[\u3002\uff01\uff1f\u0964\u0965]{0,8}"
    r"[\"')\]\u2019\u201d\u300b\u300d\u300f\uff09]{0,6}\s*"
    r"|(?<=\n)\n*)"
    # Thai, Lao, Khmer and Burmese write no mark: white space stands between clauses.
    r"|(?<=[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff])\s+(?=[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff])"
)
_OPENING = "\"'([{*_`\u201c\u2018\u00ab\u201e\u00bf\u00a1"

# Words before a full stop that a sentence hardly ever ends with.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof rev hon gen col capt lt sgt st mt ft sr jr vs no nr fig figs eq eqs sec ch "
    "vol pp ed eds al cf ca approx inc ltd co corp dept est gov sen rep etc e.g i.e u.s u.k a.m "
    "p.m ph.d z.b d.h u.a bzw ggf usw evtl bspw sog ing lic sra ud uds art num pág av"
    " jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun".split()
)
_LAST_WORD = re.compile(r"[^\s(\[\"'\u201c\u00ab]+\Z")

# Characters before a mark that are looked at, and digits of a number that counts something
# ("3. Oktober", "2. Install it") rather than ends a sentence ("in 1990.").
_REACH = 24
_ORDINAL = re.compile(r"\d{1,2}\Z")

# A clause of a script that marks no sentences is at least so long, in characters; shorter ones
# stay with what follows.
_SHORTEST_CLAUSE = 40

# A line break ends a sentence where no column can have forced it: the line is shorter, or longer,
# than lines are wrapped at.
_SHORTEST_WRAPPED = 45
_LONGEST_WRAPPED = 140


def sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the sentences of a paragraph stand, white space around them left out.

    Linear in ``end - start``. Every character that is not white space lies in exactly one span.

    Args:
        text: The whole text.
        start: Where the paragraph begins, in characters.
        end: Where it ends.

    >>> said = "Dr. Ito paid 3.50 for v1.2. Was it worth it? See https://a.io/?q=1. Yes."
    >>> [said[a:b] for a, b in sentence_spans(said, 0, len(said))]
    ['Dr. Ito paid 3.50 for v1.2.', 'Was it worth it?', 'See https://a.io/?q=1.', 'Yes.']
    """
    spans: list[tuple[int, int]] = []
    at = start
    for found in _END.finditer(text, start, end):
        if found.end() < end and _ends(text, found, at):
            _add(spans, text, at, found.end())
            at = found.end()
    _add(spans, text, at, end)
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece and not piece.isspace():
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, start + len(piece.rstrip())))


def _ends(text: str, found: re.Match[str], start: int) -> bool:
    mark = text[found.start()]
    if mark == "\n":
        return _is_break(text, found)
    if mark.isspace():
        return found.start() - start >= _SHORTEST_CLAUSE
    if mark in "\u3002\uff01\uff1f\u0964\u0965\u061f\u06d4":
        return True
    following = text[found.end() : found.end() + 3].lstrip(_OPENING)[:1]
    if following.islower():
        return False
    if mark != "." or found.group().startswith(".."):
        return True
    return not _is_abbreviation(text[max(start, found.start() - _REACH) : found.start()])


def _is_abbreviation(before: str) -> bool:
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    last = word.group()
    if len(last) == 1:
        return last.isalpha() and last.isupper()
    return last.lower() in _ABBREVIATIONS or _ORDINAL.fullmatch(last) is not None


def _is_break(text: str, found: re.Match[str]) -> bool:
    at = found.start()
    line_start = text.rfind("\n", max(0, at - _LONGEST_WRAPPED - 1), at) + 1
    if line_start == 0 and at > _LONGEST_WRAPPED:
        return True
    if _SHORTEST_WRAPPED <= at - line_start:
        return False
    return not text[found.end() : found.end() + 1].islower()
