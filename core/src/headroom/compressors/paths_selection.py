"""Which paths of a large list stay, and how the others are counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import log, log2

from headroom.compressors.interface import Content, Goal, Selection
from headroom.compressors.paths_units import PathUnit, read_units
from headroom.selection.asking import is_question
from headroom.selection.hits import telling
from headroom.selection.hits_named import LineFinder

UNIT = "paths"

# Fewer paths than these are read at a glance; a lossless list is small already.
_FEWEST = {"balanced": 50, "aggressive": 12}

# Aim for no less than this share of the list as it came, up to a page: names say little about
# what is in the files, so a question finds the right ones less surely than in other texts.
_LEAST_SHARE = {"balanced": 0.1, "aggressive": 0.07}
_LEAST_TOKENS = 2_000

# Share of the target for the directories' counts; the paths themselves take the rest.
_SHARE_OF_COUNTS = 0.4

_QUESTION = 8.0
_RARITY = 1.5
_EXTREME = 2.0
_LATER = 0.3
_DEPTH = 0.05
_EXTREMES = 2

# With no question: entries of one pattern (img_001.png, img_002.png …) beyond these say nothing.
_REPEATS_KEPT = 3

# A question for the largest or the newest is answered by what stays in any case.
_MOST = re.compile(r"(?i:\b(?:larg|bigg|small|new|lat|old|heavi)(?:est|iest)\b)")

_STRAY_LINES = 24
_WIDTH = 400
_DEEPEST = 8
_DIGITS = re.compile(r"[0-9]+")


def select_paths(content: Content, goal: Goal) -> Selection | None:
    """Keep what the question names, rare, large and new; count the rest by directory.

    Kept lines stand as they stood and in order, with the headings or branches above them.
    """
    lines = content.lines
    units, others = read_units(lines)
    if len(units) < _FEWEST[goal.fidelity] or len(others) > max(_STRAY_LINES, len(units) // 4):
        return None
    per_character = content.tokens / max(1, len(content.text))
    target = max(
        goal.target_tokens, min(_LEAST_SHARE[goal.fidelity] * content.tokens, _LEAST_TOKENS)
    )
    paths = [unit.path for unit in units]
    finder = LineFinder("\n".join(paths), paths)
    asked = _asks_for_most(content.question) or (
        goal.asked
        and (goal.fidelity == "aggressive" or finder.is_telling(content.question, least=1))
    )
    stay = _asked(content, target, units, finder) if asked else _unrepeated(units)
    if content.keep:
        stay.update(
            i
            for i, unit in enumerate(units)
            if any(k in lines[unit.index] or k in unit.path for k in content.keep)
        )
    shown = set(others)
    for i in stay:
        shown.add(units[i].index)
        shown.update(units[i].beside)
    left_out = [unit for unit in units if unit.index not in shown]
    if not left_out or len(left_out) == len(units):
        return None
    body = [lines[index] for index in sorted(shown)]
    body += _counted(left_out, target * _SHARE_OF_COUNTS, per_character)
    kept = len(units) - len(left_out)
    return Selection(UNIT, kept, len(units), "\n".join(body), _kinds(left_out))


def _asks_for_most(question: str) -> bool:
    return is_question(question) and _MOST.search(question) is not None


def _extension(path: str) -> str:
    name = path.rstrip("/").rsplit("/", 1)[-1]
    _, dot, extension = name.rpartition(".")
    return f".{extension}" if dot and 0 < len(extension) <= 8 else ""


def _directories(units: Sequence[PathUnit]) -> list[tuple[str, ...]]:
    # Few directories hold many paths.
    known: dict[str, tuple[str, ...]] = {}
    folders: list[tuple[str, ...]] = []
    for unit in units:
        path = unit.path.rstrip("/").replace("\\", "/")
        above = path[: path.rfind("/") + 1]
        folder = known.get(above)
        if folder is None:
            folder = known[above] = tuple(above.split("/")[:-1])
        folders.append(folder)
    return folders


def _extremes(units: Sequence[PathUnit]) -> set[int]:
    by_size = sorted((i for i, u in enumerate(units) if u.size >= 0), key=lambda i: -units[i].size)
    dated = [i for i, u in enumerate(units) if u.date]
    most: set[int] = set(by_size[:_EXTREMES])
    if dated and len({units[i].date for i in dated}) > 1:
        newest = sorted(dated, key=lambda i: units[i].date, reverse=True)
        most.update(newest[:_EXTREMES])
    return most


def _asked(
    content: Content, target: float, units: Sequence[PathUnit], finder: LineFinder
) -> set[int]:
    per_character = content.tokens / max(1, len(content.text))
    left = target * (1 - _SHARE_OF_COUNTS)
    lines = content.lines
    stay: set[int] = set()
    paid: set[int] = set()
    for i in _ranked(content, units, finder):
        new = [at for at in (units[i].index, *units[i].beside) if at not in paid]
        spent = sum(len(lines[at]) * per_character + 1 for at in new)
        if stay and spent > left:
            continue
        left -= spent
        stay.add(i)
        paid.update(new)
    return stay


def _ranked(content: Content, units: Sequence[PathUnit], finder: LineFinder) -> list[int]:
    question = f"{content.question}\n{content.arguments}"
    if content.relevance is None:
        relevance: Sequence[float] = finder.scores(question)
    else:
        relevance = content.relevance(question, [unit.path for unit in units])
    nearness = telling(relevance)
    kinds = [_extension(unit.path) for unit in units]
    count = Counter(kinds)
    scale = log(len(units) + 1)
    extremes = _extremes(units)
    base = [
        _QUESTION * nearness[i]
        + _RARITY * log(len(units) / count[kinds[i]] + 1) / scale
        + (_EXTREME if i in extremes else 0.0)
        - _DEPTH * unit.path.count("/")
        for i, unit in enumerate(units)
    ]
    in_directory: Counter[tuple[str, ...]] = Counter()
    spread: list[tuple[float, int]] = []
    folders = _directories(units)
    # The sort is stable: of equals the first comes first.
    for i in sorted(range(len(units)), key=[-score for score in base].__getitem__):
        folder = folders[i]
        spread.append((_LATER * log2(1 + in_directory[folder]) - base[i], i))
        in_directory[folder] += 1
    return [i for _, i in sorted(spread)]


def _unrepeated(units: Sequence[PathUnit]) -> set[int]:
    seen: Counter[str] = Counter()
    stay: set[int] = set()
    for i, unit in enumerate(units):
        pattern = _DIGITS.sub("0", unit.path)
        seen[pattern] += 1
        if seen[pattern] <= _REPEATS_KEPT:
            stay.add(i)
    return stay


def _counted(left_out: Sequence[PathUnit], allowed: float, per_character: float) -> list[str]:
    folders = Counter(_directories(left_out))
    depth = min(_DEEPEST, max(map(len, folders)))
    while True:
        counts: Counter[tuple[str, ...]] = Counter()
        for folder, count in folders.items():
            counts[folder[:depth]] += count
        items = [f"{count} in {'/'.join(folder) or '.'}/" for folder, count in counts.items()]
        if depth == 0 or sum(len(item) + 2 for item in items) * per_character <= allowed:
            return _wrapped(items)
        depth -= 1


def _wrapped(items: Sequence[str]) -> list[str]:
    lines: list[str] = []
    line = ""
    for item in items:
        if line and len(line) + len(item) > _WIDTH:
            lines.append(f"[more paths: {line}]")
            line = ""
        line += f", {item}" if line else item
    lines.append(f"[more paths: {line}]")
    return lines


def _kinds(left_out: Sequence[PathUnit]) -> str:
    kinds = Counter(_extension(unit.path) or "other" for unit in left_out)
    named = [f"{count} {kind}" for kind, count in kinds.most_common(6)]
    rest = len(left_out) - sum(count for _, count in kinds.most_common(6))
    return "left out: " + ", ".join([*named, f"{rest} of other kinds"] if rest else named)
