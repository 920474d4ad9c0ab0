"""Which search hits stay: what the question names, definitions, rare contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from math import log, log2
from typing import NamedTuple

# The first word of a line of code, with the sign before it ("#include", "macro_rules!").
_FIRST = re.compile(r"\s*(#\s*(?=define\b|include\b))?([A-Za-z_][\w]*!?)?")
_DEFINERS = frozenset(
    "def class fn func function fun interface struct enum trait impl type module namespace record "
    "object protocol macro_rules! define CREATE".split()
)
_MODIFIERS = frozenset(
    "export default public private protected internal static final abstract async unsafe inline "
    "virtual override open data sealed pub".split()
)
_MODIFIED = re.compile(r"\s*(?:[a-z]+(?:\([a-z]+\))?\s+){1,6}?(\w+!?)\s+[\w$(&*<\"`]")
_IMPORTERS = frozenset("import from include use using require package".split())
_ASSIGNMENT = re.compile(
    r"\s*(?:(?:const|let|var|val|final|static|export)\s+)?[\w.$\[\]\"'*]+\s*(?::[^=]{1,80})?:?=(?![=~])"
)
_COMMENT_SIGNS = ("#", "//", "/*", "*", "--", ";", "<!--", '"""', "'''")
_TEST_PATH = re.compile(
    r"(?:^|[/\\])(?:tests?|testing|spec|__tests__|fixtures|testdata)[/\\]"
    r"|(?:^|[/\\])(?:test_|conftest)|[._]test\.|[._-]spec\.|Tests?\.\w+$"
)
_SEVERE = re.compile(
    r"\b(?:[Ee]rror|ERROR|[Ff]atal|FATAL|[Cc]ritical|CRITICAL|[Pp]anic|[Ss]ecurity|[Vv]ulnerab\w+)\b"
)
# One of these is in every such word. Looking for them is several times faster.
_OF_SEVERE = ("rror", "RROR", "atal", "ATAL", "ritical", "RITICAL", "anic", "ecurity", "ulnerab")

# What varies between messages of one kind: numbers, and what stands in quotes.
_QUOTED = re.compile(r"`[^`]{0,200}`|\"[^\"]{0,200}\"|'[^']{0,200}'")
_DIGITS = re.compile(r"[0-9]+")

# Weights. The question outweighs everything else together; among hits that it does not tell
# apart a definition comes first, then what is rare among the contents.
_QUESTION = 8.0
_RARITY = 1.5
_LATER_IN_FILE = 0.4
_REPETITION = 0.8
_DEFINITION, _ASSIGNED, _USE, _IMPORT, _COMMENT = 3.0, 2.0, 1.0, 0.6, 0.3
_SEVERITY = 0.5
_IN_TEST = 0.6
_AS_CONTEXT = 0.4

_LONGEST_LOOK = 400


class Hit(NamedTuple):
    """A row that begins with a place. A named tuple: one is made for every line of a text.

    Args:
        line: Its line's index in the text.
        path: The file.
        content: What stands behind the place.
        is_context: True for a line printed for orientation around a hit.
    """

    line: int
    path: str
    content: str
    is_context: bool = False


def kind_of_content(content: str) -> str:
    """Return what a content has in common with others of its kind.

    >>> kind_of_content("Line too long (89 > 88)") == kind_of_content("Line too long (95 > 88)")
    True
    """
    content = content[:_LONGEST_LOOK].strip()
    if "'" in content or '"' in content or "`" in content:
        content = _QUOTED.sub("''", content)
    return _DIGITS.sub("0", content)


def role_of(content: str) -> float:
    """Return how much a content says by its role: definition, assignment, use, import, comment.

    >>> role_of("def go():") > role_of("x = go()") > role_of("go()") > role_of("import go")
    True
    """
    content = content[:_LONGEST_LOOK]
    if _is_definition(content):
        return _DEFINITION
    first = _FIRST.match(content)
    word = first[2] if first else None
    if word in _IMPORTERS:
        return _IMPORT
    if word is None and content.lstrip().startswith(_COMMENT_SIGNS):
        return _COMMENT
    if "=" in content and _ASSIGNMENT.match(content):
        return _ASSIGNED
    return _USE


def _is_definition(content: str) -> bool:
    first = _FIRST.match(content)
    word = first[2] if first else None
    if word in _DEFINERS:
        return True
    if word not in _MODIFIERS:
        return False
    modified = _MODIFIED.match(content)
    return modified is not None and modified[1] in _DEFINERS


def _weights(hits: Sequence[Hit], kinds: Sequence[str]) -> list[float]:
    of_path: dict[str, float] = {}
    of_kind: dict[str, float] = {}
    weights: list[float] = []
    together = "\n".join(kinds)
    signs = [sign for sign in _OF_SEVERE if sign in together]
    for hit, kind in zip(hits, kinds, strict=True):
        if hit.path not in of_path:
            of_path[hit.path] = _IN_TEST if _TEST_PATH.search(hit.path) else 1.0
        if kind not in of_kind:
            of_kind[kind] = role_of(kind)
            if any([sign in kind for sign in signs]) and _SEVERE.search(kind):
                of_kind[kind] += _SEVERITY
        weight = of_kind[kind] * of_path[hit.path]
        weights.append(weight * _AS_CONTEXT if hit.is_context else weight)
    return weights


def telling(relevance: Sequence[float]) -> list[float]:
    """Scale scores to 0.0 … 1.0, and down where they tell little.

    The word that was searched for stands in every hit: then many units score alike, and what
    differs between their scores is their length, not their meaning.

    >>> telling([4.0, 1.0, 0.0, 0.0])
    [0.75, 0.1875, 0.0, 0.0]
    """
    most = max(relevance, default=0.0)
    if most <= 0.0:
        return [0.0] * len(relevance)
    high = sum(score >= most / 2 for score in relevance)
    weight = (1.0 - high / len(relevance)) / most
    return [score * weight for score in relevance]


def ranked(hits: Sequence[Hit], relevance: Sequence[float]) -> list[int]:
    """Return positions in ``hits``, the most telling first.

    A hit's rank falls with each better hit of the same file and with each earlier hit of the same
    kind of content, so that the head of the list is spread over files and kinds.

    Args:
        hits: The hits in the text's order.
        relevance: A score per hit against the question; all 0.0 where nothing was asked.
    """
    if not hits:
        return []
    kinds = [kind_of_content(hit.content) for hit in hits]
    nearness = telling(relevance)
    weights = _weights(hits, kinds)
    rarity = _rarity(kinds)
    # What comes first has the lowest score. The sorts are stable: of equals the first comes first.
    base = [
        -(_QUESTION * near + weight + rarity[kind])
        for near, weight, kind in zip(nearness, weights, kinds, strict=True)
    ]
    in_file: dict[str, int] = {}
    of_kind: dict[str, int] = {}
    final = [0.0] * len(hits)
    for i in sorted(range(len(hits)), key=base.__getitem__):
        path, kind = hits[i].path, kinds[i]
        earlier, alike = in_file.get(path, 0), of_kind.get(kind, 0)
        in_file[path] = earlier + 1
        of_kind[kind] = alike + 1
        score = -base[i] - _LATER_IN_FILE * log2(1 + earlier)
        final[i] = -(score - _REPETITION * log2(1 + alike))
    return sorted(range(len(hits)), key=final.__getitem__)


def _rarity(kinds: Sequence[str]) -> dict[str, float]:
    scale = log(len(kinds) + 1)
    return {
        kind: _RARITY * log(len(kinds) / count + 1) / scale
        for kind, count in Counter(kinds).items()
    }


def definitions(hits: Sequence[Hit]) -> list[int]:
    """Return positions of the hits that define something, outside of tests, in order.

    >>> definitions([Hit(0, "a.py", "go()"), Hit(1, "b.py", "def go():")])
    [1]
    """
    return [
        i
        for i, hit in enumerate(hits)
        if _is_definition(hit.content[:_LONGEST_LOOK]) and not _TEST_PATH.search(hit.path)
    ]


def without_repeats(hits: Sequence[Hit], most: int) -> list[int]:
    """Return positions of the first ``most`` hits of each exact content.

    White space around a content does not tell two contents apart.
    """
    seen: dict[bytes, int] = {}
    stay: list[int] = []
    for i, hit in enumerate(hits):
        # A digest: most contents may be different, and copies of them all are large.
        content = hit.content.strip().encode(errors="surrogatepass")
        key = blake2b(content, digest_size=12).digest()
        times = seen.get(key, 0)
        if times < most:
            seen[key] = times + 1
            stay.append(i)
    return stay
