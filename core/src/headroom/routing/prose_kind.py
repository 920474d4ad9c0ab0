"""Recognising prose and Markdown from a bounded sample; what is in doubt is neither."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from headroom.routing.log_signs import DIFF, FOUND, JSON_LINE, LEVEL, STAMP
from headroom.routing.sample import REACH, Sample, take_sample

PROSE = "prose"
MARKDOWN = "markdown"

# So many lines of the sample from its start, its middle and its end are looked at, and about so
# many characters.
_PIECE = 48
_WIDE = 4_000
_FEWEST_CHARACTERS = 200
_FEWEST_LINES = 12

# Shares of the sample's characters in sentences: prose, Markdown without and with headings; and of
# lines: machine text, strong signs of code, marks of Markdown.
_MOSTLY_SENTENCES = 0.75
_HALF_SENTENCES = 0.5
_GLANCED = 0.15
_SOME_SENTENCES = 0.25
_OTHER = 0.15
_SETTINGS = 0.3
_COMMENTED = 0.5
_NUMBERED = 0.3
_ROWS = 0.7
_LONGEST_CODE = 160
_CODE = 0.05
_LEAST_MARKS = 0.08
_PLAINLY_MARKED = 0.3
_LEAST_HEADINGS = 2

# Share of function words among the words of sentences; a third or more in what people write.
_FUNCTION_SHARE = 0.15

# How headings, underlines and fences start.
_MARKS = ("#", "===", "---", "```", "~~~")
_FENCE = re.compile(r"\s*(?:[-*+] |\d{1,3}[.)] )?(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6}) +\S")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})\s*$")
_ITEM = re.compile(r"\s*(?:[-*+\u2022] +\S|\d{1,3}[.)] +\S|> |\|.*\|)")
_INLINE = re.compile(
    r"\]\((?:https?:|#|\.|/|[\w-]+[./])|\*\*\S|(?<!`)`[^`]+`(?!`)|\[[^\]]+\]: ?\S|!\["
)
# What such marks have.
_INLINE_MARKS = ("](", "**", "`", "]:", "![")
_AROUND_WORDS = ".,;:!?\"'()[]*_\u2026\u201c\u201d\u2018\u2019\u00ab\u00bb\u0964\u060c"
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff]")
# Thai, Lao, Khmer and Burmese: white space stands where others write a mark.
_UNMARKED = re.compile(r"[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff]{20}")
_SENTENCE_END = re.compile(
    r"[.!?\u2026:][\"')\]*_\u2019\u201d\u00bb]{0,4}(?:\[\d{1,4}\]){0,4}(?:\s|$)"
    r"|[\u3002\uff01\uff1f\u0964\u061f\u06d4]"
)
_SYMBOLS = re.compile(r"[{}<>=;|\\$@^~#&%+/_\[\]]")
_LINK = re.compile(r"\]\([^)\s]*\)|\]\[[^\]]*\]|<?https?://\S+|`[^`]+`|\[\d+\]")
_SETTING = re.compile(
    r"\s*(?:- )?[\"']?[A-Za-z_][\w.-]*[\"']?\s*[:=](?: \S+){0,3}\s*$|\s*-\s\S+\s*$"
)
_LINE_NUMBER = re.compile(r"\s*\d+[\t|:\u2192-]")
_PLACE = re.compile(r"\.{0,2}/?[\w.@+-]+(?:/[\w.@+-]+)+(?:[:\s]|$)|\S+\(\d+,\d+\): ")
_COMMENT = re.compile(r"\s*(?:#+|;+|%+|--|//|rem)(?:\s|$)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")

_MACHINE = (STAMP, LEVEL, JSON_LINE, FOUND, _PLACE)

# Lines that only source code, and what runs it, has; without their indentation.
_STRONG_CODE = re.compile(
    r"(?:(?:async )?def \w+|class \w+.*[:{]$|import [\w.{*\"]+|from [\w.]+ import"
    r"|return\b.*[;)\]\w]$|#\s*(?:include|define|ifdef|ifndef|endif|pragma|if )|#!"
    r"|(?:export |pub |static |final ){0,4}(?:fn|func|function|const|let|var|struct|enum|interface"
    r"|impl|public|private|package|namespace|typedef|extern|sub|my|use) +[\w$@%&*<:(]+.*[;{(=)]"
    r"|self\.|@\w+|\"{3}|'{3}|/\*|\*/|//|\* @|(?:if|for|while|elif|switch|catch)\b.*[:{]$"
    r"|else ?[:{]|\}|try:|except\b|[\w.\]\[]+ ?[-+*|]?= ?\S|[\w.]+\(.*\)[;,:]?$|.*[;{]$"
    r"|=(?:head|item|over|back|cut|pod)|Traceback \(|File \"|at \S+\()"
)

# A sentence has at least so many words (characters, where no spaces are written), and no more than
# this share of symbols.
_FEWEST_WORDS = 5
_FEWEST_UNSPACED = 12
_MOST_SYMBOLS = 0.06
_LONGEST_SENTENCE = 480
_LETTERS = 0.6

_FUNCTION_WORDS = frozenset(
    "the of and to in is that it for on as with are this be by or from at an was not can you if "
    "has will have which its a i he she they were but their his her we when who also more all "
    "one new der die das und den von zu mit sich des auf ist im dem nicht ein eine als auch es "
    "an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über so zum "
    "war haben nur oder de la que el en y los se del las un por con no una su para al lo como "
    "más o pero sus le ha me les et à il est pas pour dans qui une du sur au ce par plus sont "
    "avec son cette ou di che e non per della i si da nel sono anche het van dat op te zijn "
    "voor os do em um uma não och att som på är av".split()
)


def find_prose(text: str, sample: Sample | None = None) -> str | None:
    r"""Return ``"markdown"`` or ``"prose"`` if a text plainly is that, else None.

    Prose consists of sentences, in any script; Markdown has its marks and
    some sentences. Source code, logs, stack traces, settings, data, listings and diffs are neither,
    whatever is written in their comments and messages.

    Args:
        text: The text.
        sample: Its sample, where there is one already.

    >>> find_prose("The cat sat on the mat. It was a warm day, and nobody came by. " * 5)
    'prose'
    >>> find_prose("name: x\nvalue: 3\nitems:\n  - a\n" * 20) is None
    True
    """
    sample = sample or take_sample(text)
    if _is_plainly_other(sample):
        return None
    outside, headings = _outside_fences(_pieces(sample))
    outside = [line for line in outside if line and not line.isspace()]
    total = sum(map(len, outside))
    if total < _FEWEST_CHARACTERS or _is_other(outside, headings):
        return None
    inline = sum([_has_inline(line) for line in outside])
    items = sum([_ITEM.match(line) is not None for line in outside])
    if headings >= _LEAST_HEADINGS and inline + items >= _PLAINLY_MARKED * len(outside):
        return MARKDOWN
    words = {line: _words(line) for line in outside}
    sentences = [line for line in outside if _is_sentence_like(line, words[line])]
    share = sum(map(len, sentences)) / total
    if share < _SOME_SENTENCES or not _is_language([w for s in sentences for w in words[s]]):
        return None
    if headings >= _LEAST_HEADINGS:
        return MARKDOWN if headings + inline + items >= _LEAST_MARKS * len(outside) else None
    if share < _HALF_SENTENCES or not _ends(sentences):
        return None
    if inline >= max(2.0, _LEAST_MARKS * len(outside)) or (headings and inline):
        return MARKDOWN
    return PROSE if share >= _MOSTLY_SENTENCES else None


def _is_plainly_other(sample: Sample) -> bool:
    """Say whether there are no headings and no fence, and hardly a sentence at a glance."""
    if any(map(_is_marked, sample.pieces)):
        return False
    total = sum(map(len, sample.glance))
    sentences = [line for line in sample.glance if _is_sentence_like(line, _words(line))]
    return sum(map(len, sentences)) < _GLANCED * total


def _is_marked(lines: list[str]) -> bool:
    """Say whether lines have a fence, or more than one that may be a heading."""
    headings = 0
    for at, line in enumerate(lines):
        if line.startswith(_MARKS):
            if line[0] in "`~":
                return True
            alone = at == 0 or not lines[at - 1].strip()
            headings += alone if line[0] == "#" else _is_title(lines, at)
    return headings >= _LEAST_HEADINGS


def _pieces(sample: Sample) -> list[list[str]]:
    """Return the lines that are looked at, blank ones included, in pieces."""
    lines = sample.pieces[0]
    width = sum(map(len, lines)) // len(lines) + 1
    most = max(_FEWEST_LINES, min(_PIECE, _WIDE // width))
    pieces: Sequence[list[str]] = sample.pieces
    if sample.whole and len(lines) > 3 * most:
        half = len(lines) // 2
        pieces = [lines[:most], lines[half : half + most], lines[-most:]]
    elif sample.whole:
        most = len(lines)
    return [[line.rstrip() for line in piece[:most]] for piece in pieces]


def _outside_fences(pieces: list[list[str]]) -> tuple[list[str], int]:
    """Return the lines outside fenced code, and how many headings are among them."""
    outside: list[str] = []
    headings = 0
    for number, lines in enumerate(pieces):
        fence = _open_fence(lines) if number else ""
        for at, line in enumerate(lines):
            found = _FENCE.match(line)
            if found:
                mark = found.group(1)
                fence = "" if fence and mark.startswith(fence) else fence or mark
                continue
            if fence:
                continue
            outside.append(line)
            before = lines[at - 1] if at else ""
            after = lines[at + 1] if at + 1 < len(lines) else ""
            if _is_heading(line, before, after) or _is_title(lines, at):
                headings += 1
    return outside, headings


def _open_fence(lines: list[str]) -> str:
    """Return the fence that a piece from a text's middle begins in, as its first fence tells."""
    for line in lines:
        found = _FENCE.match(line)
        if found:
            return "" if line.strip() != found.group(1) else found.group(1)
    return ""


def _is_heading(line: str, before: str, after: str) -> bool:
    # A comment of a script looks like a heading; but code follows it at once.
    found = _HEADING.match(line)
    if found is None or (before and not before.startswith("<")):
        return False
    return not after or (
        len(found.group(1)) > 1 and after[0] != "#" and _is_sentence_like(after, _words(after))
    )


def _is_title(lines: list[str], at: int) -> bool:
    """Say whether a line underlines a title that stands alone."""
    if at == 0 or not _UNDERLINE.match(lines[at]) or not lines[at - 1][:1].isalnum():
        return False
    around = lines[at - 2 : at - 1] + lines[at + 1 : at + 2]
    return not any(around) and abs(len(lines[at]) - len(lines[at - 1])) <= 2


def _has_inline(line: str) -> bool:
    return any(mark in line for mark in _INLINE_MARKS) and _INLINE.search(line) is not None


def _words(line: str) -> list[str]:
    """Return the words of a line that begin with a letter; none if it is full of symbols."""
    plain = _LINK.sub("", line) if "[" in line or "`" in line or "://" in line else line
    if len(_SYMBOLS.findall(plain)) > 2 + _MOST_SYMBOLS * len(plain):
        return []
    return [
        bare
        for word in plain.split()
        if (bare := word if word.isalpha() else word.strip(_AROUND_WORDS))[:1].isalpha()
    ]


def _is_sentence_like(line: str, words: list[str]) -> bool:
    """Say whether a line with these words reads like (part of) a sentence of some language."""
    letters = sum(map(len, words))
    if not line.isascii() and _UNSPACED.search(line):
        return letters >= _FEWEST_UNSPACED
    if len(words) < _FEWEST_WORDS:
        return False
    plain = _LINK.sub("", line) if "[" in line or "`" in line or "://" in line else line
    return letters >= _LETTERS * len(plain.strip()) and letters <= 12 * len(words)


def _is_language(words: list[str]) -> bool:
    """Say whether words are those of a language: many of them function words."""
    latin = sum(1 for word in words if word[0] < "\u0250")
    if latin < 0.5 * len(words):
        return True
    known = sum(1 for word in words if word.lower() in _FUNCTION_WORDS)
    return known >= _FUNCTION_SHARE * len(words)


def _share(pattern: re.Pattern[str], lines: list[str]) -> float:
    return sum(pattern.match(line) is not None for line in lines) / len(lines)


def _is_other(lines: list[str], headings: int) -> bool:
    """Say whether the lines plainly are machine text, whatever words stand in them."""
    if any(DIFF.match(line) for line in lines[:40]) and _share(DIFF, lines) > 0.02:
        return True
    if any(_share(pattern, lines) >= _OTHER for pattern in _MACHINE):
        return True
    if _share(_LINE_NUMBER, lines) >= _NUMBERED:
        return True
    if _share(_COMMENT, lines) >= _COMMENTED or _is_table(lines):
        return True
    settings = sum(
        _SETTING.match(line) is not None and not _has_inline(line) and not _ITEM.match(line)
        for line in lines
    )
    if settings >= _SETTINGS * len(lines):
        return True
    code = sum(
        _STRONG_CODE.match(line.lstrip()) is not None
        and not _ITEM.match(line)
        and (len(line) < _LONGEST_CODE or not _is_sentence_like(line, _words(line)))
        for line in lines
    )
    # Manuals show code in indented blocks, between headings.
    most = _SETTINGS if headings >= _LEAST_HEADINGS else _CODE
    return code > most * len(lines) or _repeats(lines, headings)


def _is_table(lines: list[str]) -> bool:
    """Say whether the first line names columns that the others, cut or not, have too."""
    for separator in (",", "\t", ";"):
        columns = lines[0].count(separator)
        if columns >= 3 and len(lines[0]) < _LONGEST_CODE and lines[0][-1] not in ".:":
            rows = sum(2 * line.count(separator) >= columns for line in lines)
            if rows >= _ROWS * len(lines):
                return True
    return False


def _repeats(lines: list[str], headings: int) -> bool:
    """Say whether many lines are the same but for their numbers, as machines write them."""
    if headings >= _LEAST_HEADINGS or len(lines) < 8:
        return False
    distinct = set(lines)
    alike = Counter(_DIGITS.sub("0", line) for line in distinct)
    # Lines that are the very same are passages that came twice.
    return len(alike) <= 0.6 * len(distinct)


def _ends(sentences: list[str]) -> bool:
    """Say whether the lines have the ends of sentences that so many words would have."""
    # A line that was cut may have had its end beyond the cut.
    ends = sum(
        len(_SENTENCE_END.findall(line)) or len(line) == REACH or bool(_UNMARKED.search(line))
        for line in sentences
    )
    return ends >= 2 and ends * _LONGEST_SENTENCE >= sum(map(len, sentences))
