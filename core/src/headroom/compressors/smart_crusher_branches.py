"""Which values of a nested document stay: those the question names, and those that tell most."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import chain

from headroom.notation.json_tree import Node
from headroom.selection.relevance import question_terms, terms

# Keys under which documents say what they are and how they fare.
_TELLING = re.compile(
    r"(?:name|title|kind|type|status|state|phase|reason|message|conclusion|error|errors|code|action"
    r"|version|number|severity|summary|description|result|level|event|body|login|image|ready)\Z",
    re.IGNORECASE,
)
# Keys and values that machines follow and people do not read.
_NOISE = re.compile(
    r"(?:.*_url|url|href|self|selflink|node_id|gravatar_id|etag|.*_links|managedfields|resourceversion"
    r"|kubectl\.kubernetes\.io/last-applied-configuration|fieldsv1)\Z",
    re.IGNORECASE,
)
_BOOKKEEPING = frozenset(
    "managedFields kubectl.kubernetes.io/last-applied-configuration _links node_id "
    "integrity shasum checksum sha256 sha512 md5 signature sig".split()
)
_TROUBLE = re.compile(
    r"(?:\b(?:error|failed|failure|fatal|critical|exception|denied|crash\w*|backoff|oomkilled"
    r"|evicted|unhealthy|refused|timed? ?out)\b|BackOff\b|Error\b)",
    re.IGNORECASE,
)
_MATCH_WEIGHT = 4.0
_VALUE_WEIGHT = 0.6
_LINK_WEIGHT = 0.3
_LONG = 400
# Texts up to this length are values, not prose; and what a value is worth because another value of
# its record, of so many values at most, is asked for.
_BRIEF = 120
_TELLING_TEXT = 24
_RECORD_SHARE = 0.4
_LARGEST_RECORD = 16

# Keys near the root that tell what a document is, and how many of them always stay.
_WHAT = re.compile(
    r"(?:name|title|kind|type|status|state|action|number|code|message|error)\Z", re.I
)
_SHORT = 80
_MOST_SAYING_WHAT = 8
_WORDS = re.compile(r"[\w.$@/-]+")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar, or an empty container, of a document."""

    path: tuple[str, ...]
    text: str
    cost: float


def leaves(
    node: Node, rate: float, path: tuple[str, ...] = (), without: Container[int] = ()
) -> Iterator[Leaf]:
    """Yield the leaves of a document in order.

    Args:
        node: The document.
        rate: Tokens per character.
        path: Where it stands.
        without: Containers, by their ``id``, whose leaves are not wanted.
    """
    if isinstance(node, str) or not node:
        text = node if isinstance(node, str) else ""
        key = path[-1] if path else ""
        # Beyond the preview a long text costs nothing: it is cut.
        yield Leaf(path, text, (len(key) + min(len(text), _LONG) + 4) * rate)
        return
    if id(node) in without:
        return
    keys = list(node) if isinstance(node, dict) else [str(i) for i in range(len(node))]
    for key, value in zip(keys, node.values() if isinstance(node, dict) else node, strict=True):
        yield from leaves(value, rate, (*path, key), without)


def choose_leaves(
    found: list[Leaf], question: str, keep: tuple[str, ...], budget: float
) -> set[int]:
    """Return the positions of the leaves that stay within ``budget`` tokens.

    Leaves with a ``keep`` substring stay in any case, as does the leaf nearest to the question. Of
    equal texts the first is shown.
    """
    matches = _matches(found, question)
    noise = _noisy_parts(found)
    scores = [
        -(_MATCH_WEIGHT * match + _base(leaf, noise))
        for match, leaf in zip(matches, found, strict=True)
    ]
    ranked = sorted(range(len(found)), key=scores.__getitem__)
    chosen = {i for i, leaf in enumerate(found) if any(word in leaf.text for word in keep)}
    chosen.update([i for i, leaf in enumerate(found) if _says_what(leaf)][:_MOST_SAYING_WHAT])
    spent = sum([found[i].cost for i in sorted(chosen)])
    best = 0.98 * max(matches, default=0.0)
    opened: set[tuple[str, ...]] = set()
    firsts, repeats = _firsts(found, ranked)
    needed = {i for i in firsts if matches[i] >= best > 0}
    for i in (*firsts, *repeats):
        path = found[i].path
        cost = found[i].cost + _opening(path, opened)
        must = i in needed and spent < 2 * budget
        if i in chosen or not (must or spent + cost <= budget):
            continue
        chosen.add(i)
        spent += cost
        opened.update(path[:n] for n in range(1, len(path)))
    return chosen


def _firsts(found: list[Leaf], ranked: list[int]) -> tuple[list[int], list[int]]:
    """Return the leaves that say something, in order, and those that say it again."""
    said: set[str] = set()
    firsts: list[int] = []
    repeats: list[int] = []
    for i in ranked:
        text = found[i].text
        (repeats if text in said else firsts).append(i)
        if len(text) >= _TELLING_TEXT:
            said.add(text)
    return firsts, repeats


def without_noise(found: list[Leaf]) -> set[int]:
    """Return the positions of the leaves that say something, whoever reads them.

    Left out are links that only lengthen their object's own ``url``, templates of links, digests,
    and what a cluster writes down about its writers and about what it was given.
    """
    own = {
        leaf.path[:-1]: leaf.text[1:-1]
        for leaf in found
        if leaf.path[-1:] == ("url",) and leaf.text.startswith('"http')
    }
    return {i for i, leaf in enumerate(found) if not _is_noise(leaf, own.get(leaf.path[:-1]))}


def _is_noise(leaf: Leaf, url: str | None) -> bool:
    if any(key in _BOOKKEEPING for key in leaf.path):
        return True
    if not leaf.path or not leaf.path[-1].endswith("_url"):
        return False
    link = leaf.text[1:-1]
    return "{" in link or (url is not None and len(link) > len(url) and link.startswith(url))


def _says_what(leaf: Leaf) -> bool:
    """Say whether a leaf near the root tells what the document is."""
    short = 0 < len(leaf.text) <= _SHORT
    return short and 0 < len(leaf.path) <= 2 and _WHAT.match(leaf.path[-1]) is not None


def _opening(path: tuple[str, ...], opened: set[tuple[str, ...]]) -> float:
    """Return about how many tokens it takes to print the containers above a leaf."""
    return sum([2.0 + len(path[n - 1]) / 5 for n in range(1, len(path)) if path[:n] not in opened])


def _noisy_parts(found: list[Leaf]) -> frozenset[str]:
    parts = {part for leaf in found for part in leaf.path}
    return frozenset(part for part in parts if _NOISE.match(part))


def _base(leaf: Leaf, noise: frozenset[str]) -> float:
    key = next((part for part in reversed(leaf.path) if not part.isdigit()), "")
    score = 1.0 / (1 + len(leaf.path))
    if _TELLING.match(key):
        score += 0.6
    if not noise.isdisjoint(leaf.path):
        score -= 1.0
    if len(leaf.text) < _LONG and _TROUBLE.search(leaf.text):
        score += 1.5
    if leaf.text in ("", "null", '""'):
        score -= 0.3
    return score - min(len(leaf.text), 4 * _LONG) / _LONG / 4


def _matches(found: list[Leaf], question: str) -> list[float]:
    """Score leaves by the question's terms in their path and, less, in their text."""
    wanted = question_terms(question)
    if not wanted:
        return [0.0] * len(found)
    known: dict[str, frozenset[str]] = {}
    asked = frozenset(wanted) | _numbers(question)

    wanted_anywhere = sorted(asked)

    def terms_of(text: str) -> frozenset[str]:
        found = known.get(text)
        if found is None:
            lowered = text.lower()
            # A term is part of its word: most texts need not be split to see that none occurs.
            some = any(term in lowered for term in wanted_anywhere)
            found = known[text] = asked.intersection(terms(text)) if some else frozenset()
        return found

    of_path: dict[tuple[str, ...], frozenset[str]] = {(): frozenset()}

    def terms_of_path(path: tuple[str, ...]) -> frozenset[str]:
        found = of_path.get(path)
        if found is None:
            found = of_path[path] = terms_of_path(path[:-1]) | terms_of(path[-1])
        return found

    in_path = [terms_of_path(leaf.path) for leaf in found]
    in_text = [terms_of(leaf.text) for leaf in found]
    spread: Counter[str] = Counter()
    for path, text in zip(in_path, in_text, strict=True):
        spread.update(path | text)
    weight = {t: math.log(1 + len(found) / n) for t, n in spread.items()}
    most = max(weight.values(), default=1.0)
    words = frozenset(word.strip(".").lower() for word in _WORDS.findall(question))
    ends = {word.rpartition(".")[2] for word in words}
    scores: list[float] = []
    for leaf, path, text in zip(found, in_path, in_text, strict=True):
        # A path may be named without one of its terms: by words too short to be terms.
        named = _named(leaf.path, words) if _last_part(leaf.path) in ends else 0
        if not path and not text:
            scores.append(0.0 + most * named)
            continue
        score = sum([weight[t] for t in sorted(path)])
        # In long prose words occur by chance.
        chance = min(1.0, (_BRIEF / max(1, len(leaf.text))) ** 0.5)
        score += _VALUE_WEIGHT * chance * sum([weight[t] for t in sorted(text - path)])
        last = terms(leaf.path[-1]) if path else []
        if last and all(t in path for t in last) and leaf.text:
            score *= 1.5
        # Of two places that match alike, the one whose path says less else is meant.
        extra = sum([1 for part in leaf.path if not terms_of(part)])
        score /= 1 + 0.05 * extra
        # A link to what is asked about is not the answer, unless it is asked for by its name.
        is_link = not named and any(_NOISE.match(part) for part in leaf.path[-1:])
        scores.append((score * _LINK_WEIGHT if is_link else score) + most * named)
    return _with_records(found, scores)


def _with_records(found: list[Leaf], scores: list[float]) -> list[float]:
    """Add to each leaf a share of the best score in the arrays' elements that it belongs to.

    What a record is about stands in one of its values, what is asked about it in another one.
    """
    records = [_records(leaf.path) for leaf in found]
    sizes = Counter(chain.from_iterable(records))
    best: dict[tuple[str, ...], float] = {}
    for here, score in zip(records, scores, strict=True):
        for record in here:
            best[record] = max(best.get(record, 0.0), score)
    raised: list[float] = []
    for leaf, here, score in zip(found, records, scores, strict=True):
        if len(leaf.text) <= _BRIEF:
            near = [best[record] for record in here if sizes[record] <= _LARGEST_RECORD]
            score += _RECORD_SHARE * max(0.0, max(near, default=0.0) - score)
        raised.append(score)
    return raised


def _records(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the paths of the arrays' elements that a leaf stands in."""
    return [path[:i] for i in range(1, len(path)) if path[i - 1].isdigit()]


def _last_part(path: tuple[str, ...]) -> str | None:
    """Return what a word that names the path ends with, in lower case, below its last dot."""
    return path[-1].lower().rpartition(".")[2] if path else None


def _named(path: tuple[str, ...], words: frozenset[str]) -> int:
    """Return how plainly the words name a path: 3 for the whole path, 1 for its last key."""
    keys = [key.lower() for key in path]
    if any(".".join(keys[i:]) in words for i in range(len(keys) - 1)):
        return 3
    return 1 if keys and len(keys[-1]) > 1 and keys[-1] in words else 0


def _numbers(question: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<=\.)\d+(?=\.|\b)", question))
