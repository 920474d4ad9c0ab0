"""Which hunks of a patch stay: those that the question is about; noise is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from headroom.compressors.diff_blocks import Block, Blocks, defines, read_blocks
from headroom.compressors.diff_heads import shown_of_head
from headroom.compressors.interface import Content, Goal, Selection
from headroom.notation.patch_headers import both_paths
from headroom.notation.patch_text import encode_patch
from headroom.notation.patches import Commit, FilePatch, Hunk, Part
from headroom.originals.markers import write_gap
from headroom.selection.asking import speaks_of
from headroom.selection.hits_named import is_telling
from headroom.selection.relevance import bm25

# Share of a text to aim for when something was asked, and the most of a large one, in tokens.
_SHARE = {"balanced": 0.26, "aggressive": 0.10}
_CEILING = {"balanced": 6_000, "aggressive": 2_000}

# The same where no line holds enough of the question to be its answer.
_VAGUE_SHARE = 0.45
_VAGUE_CEILING = 8_000

# Definitions in hunks that do not stay are shown as far as they fit into this share of the target.
_OUTLINE = 0.3

# An outline that costs more than this share of its hunk says too little for that.
_OUTLINE_PAYS = 0.5

# A block is near the question if its score is at least this share of the best.
_NEAR = 0.33

# Of generated files only what is much nearer than anything else stays.
_NOISE_WEIGHT = 0.5

# With no question: so many hunks with the same lines stay, and changes of a file that nobody
# reads stay if they are this short, in lines.
_REPEATS_KEPT = 2
_SHORT_NOISE = 12

# Characters that a line costs beside its own. A gap costs as much as a line of so many.
_LINE_OVERHEAD = 1
_GAP = 24


def select_patch(content: Content, goal: Goal, parts: Sequence[Part]) -> Selection | None:
    """Return the part of a patch that stays, or None if nothing should be left out."""
    lines = content.lines
    blocks = read_blocks(lines, [part for part in parts if isinstance(part, FilePatch)])
    # What was compared says nothing about what to look for in it: only the question asks.
    asked = goal.asked and speaks_of(content.question, content.text)
    shown = _asked(content, goal, blocks) if asked else _unasked(lines, blocks)
    if content.keep:
        shown.update(i for i, line in enumerate(lines) if any(k in line for k in content.keep))
        # A line of a hunk stands below the numbers that say where it is.
        shown.update(
            block.hunk.start
            for block in blocks.blocks
            if not shown.isdisjoint(range(block.start, block.end))
        )
    return _written(content, goal, parts, blocks, shown)


def _text_of(block: Block, lines: Sequence[str], blocks: Blocks) -> str:
    head = [blocks.files[block.file].path, lines[block.hunk.start]]
    return "\n".join([*head, *lines[block.start : block.end]])


def _asked(content: Content, goal: Goal, blocks: Blocks) -> set[int]:
    lines = content.lines
    question = f"{content.question}\n{content.arguments}"
    units = [_text_of(block, lines, blocks) for block in blocks.blocks]
    found = (content.relevance or bm25)(question, units)
    scores = [
        score * (_NOISE_WEIGHT if blocks.noise[block.file] else 1.0)
        for score, block in zip(found, blocks.blocks, strict=True)
    ]
    room = _room(content, goal)
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    best = scores[order[0]] if order else 0.0
    shown: set[int] = set()
    left = room
    rest: list[Block] = []
    for i in order:
        block = blocks.blocks[i]
        lines_of = _whole(block)
        cost = _cost(lines, (at for at in lines_of if at not in shown))
        if scores[i] > 0.0 and scores[i] >= _NEAR * best and (cost <= left or not shown):
            shown.update(lines_of)
            left -= cost
        elif not blocks.noise[block.file]:
            rest.append(block)
    _add_outline(lines, rest, shown, max(left, 0.0) + _OUTLINE * room)
    return shown


def _room(content: Content, goal: Goal) -> float:
    """Return how many characters to aim for."""
    share, ceiling = _SHARE[goal.fidelity], _CEILING[goal.fidelity]
    if goal.fidelity == "balanced" and not is_telling(
        content.question, content.text, content.lines
    ):
        share, ceiling = _VAGUE_SHARE, _VAGUE_CEILING
    wished = min(share * content.tokens, ceiling)
    return max(goal.target_tokens, wished) * len(content.text) / max(1, content.tokens)


def _add_outline(lines: Sequence[str], rest: Iterable[Block], shown: set[int], room: float) -> None:
    """Add the lines that define something, block by block, as far as they fit."""
    for block in rest:
        named = [at for at in range(block.start, block.end) if defines(lines[at])]
        if not named:
            continue
        new = [at for at in (block.hunk.start, *named) if at not in shown]
        cost = _cost(lines, new) + _GAP * len(named)
        if cost <= min(room, _OUTLINE_PAYS * _cost(lines, _whole(block))):
            shown.update(new)
            room -= cost


def _unasked(lines: Sequence[str], blocks: Blocks) -> set[int]:
    shown: set[int] = set()
    times: Counter[str] = Counter()
    for block in blocks.blocks:
        if blocks.noise[block.file]:
            file = blocks.files[block.file]
            if file.end - file.header_end > _SHORT_NOISE:
                continue
        elif not blocks.files[block.file].new:
            _add_outline(lines, [block], shown, len("".join(lines[block.start : block.end])))
            continue
        elif block.end - block.start == block.hunk.end - block.hunk.start - 1:
            body = "\n".join(lines[block.start : block.end])
            times[body] += 1
            if times[body] > _REPEATS_KEPT:
                continue
        shown.update(_whole(block))
    return shown


def _whole(block: Block) -> list[int]:
    return [block.hunk.start, *range(block.start, block.end)]


def _cost(lines: Sequence[str], indices: Iterable[int]) -> float:
    return sum(len(lines[at]) + _LINE_OVERHEAD for at in indices)


def _written(
    content: Content, goal: Goal, parts: Sequence[Part], blocks: Blocks, shown: set[int]
) -> Selection | None:
    lines = content.lines
    body: list[str] = []
    kept = 0
    index = 0
    for part in parts:
        if isinstance(part, FilePatch):
            here = _file(lines, part, blocks.noise[index], shown)
            kept += here[1]
            body += here[0]
            index += 1
        elif isinstance(part, Commit):
            head, count = shown_of_head(content, goal, part)
            kept += count
            body += head
        else:
            body += lines[part.start : part.end]
            kept += part.end - part.start
    total = len(lines)
    if not lines[-1]:
        # What stands behind the last line break is no line.
        total, kept = total - 1, kept - 1
    if kept >= total:
        return None
    hunks = sum(len(file.hunks) for file in blocks.files)
    words = [f"{_counted(len(blocks.files), 'file')}, {_counted(hunks, 'hunk')}"]
    shorter = encode_patch(body)
    if shorter is not None:
        body, notes = shorter
        words += notes
    return Selection("lines", kept, total, "\n".join(body), "; ".join(words))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _file(
    lines: Sequence[str], file: FilePatch, noise: str, shown: set[int]
) -> tuple[list[str], int]:
    """Return what stands for a file, and how many of its own lines are among that."""
    body: list[str] = []
    kept = 0
    for at in range(file.start, file.header_end):
        if at in shown or not lines[at].startswith(_SAID):
            body.append(lines[at])
            kept += 1
    hidden = [hunk for hunk in file.hunks if hunk.start not in shown]
    for hunk in file.hunks:
        if hunk.start in shown:
            _fill_small_gaps(lines, hunk, shown)
            of_hunk, count = _hunk(lines, hunk.start, hunk.end, shown)
            body += of_hunk
            kept += count
    return [_heading(file, noise, hidden), *body], kept


# Lines of a header that the heading of the file says.
_SAID = (
    "diff ",
    "index ",
    "--- ",
    "+++ ",
    "Index: ",
    "=====",
    "rename ",
    "new file mode 100644",
    "deleted file mode 100644",
)


def _heading(file: FilePatch, noise: str, hidden: Sequence[object]) -> str:
    words = [noise] if noise else []
    counts = f"+{file.added} -{file.removed}"
    if not file.old and file.new:
        counts = f"new, {counts}"
    if not file.new and file.old:
        counts = f"deleted, {counts}"
    path = both_paths(file.old, file.new) if file.old and file.new else file.path
    if hidden:
        some = len(hidden) < len(file.hunks)
        words.append(f"{len(hidden)} of {len(file.hunks)} hunks not shown" if some else "not shown")
    return "; ".join([f"[{path}: {counts}", *words]) + "]"


def _hunk(lines: Sequence[str], start: int, end: int, shown: set[int]) -> tuple[list[str], int]:
    body: list[str] = []
    kept = gap = 0
    for at in range(start, end):
        if at in shown:
            if gap:
                body.append(write_gap(gap, "lines"))
            gap = 0
            body.append(lines[at])
            kept += 1
        else:
            gap += 1
    return ([*body, write_gap(gap, "lines")] if gap else body), kept


def _fill_small_gaps(lines: Sequence[str], hunk: Hunk, shown: set[int]) -> None:
    for at in range(hunk.start + 1, hunk.end):
        is_between = at - 1 in shown and (at + 1 == hunk.end or at + 1 in shown)
        if is_between and len(lines[at]) <= _GAP:
            shown.add(at)
