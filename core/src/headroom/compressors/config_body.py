"""Writing the kept lines of a configuration: gaps at their indentation, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from headroom.compressors.config_view import View
from headroom.originals.markers import write_gap

# Shortest run of left-out lines that gets a gap of its own; shorter ones the counts tell.
_SHORTEST_GAP = 12

# From so many stanzas of a kind on their number is said.
_LEAST_STANZAS = 3


def write_body(view: View, kept: Sequence[int]) -> str:
    """Return the kept lines in order; longer gaps are counted where they are."""
    out: list[str] = []
    expected = 0
    for i in [*kept, len(view.lines)]:
        missing = i - expected
        # A key whose values are all left out would read as one without values.
        above = expected - 1
        is_bare = above >= 0 and expected < view.tree.ends[above] <= i
        is_bare = is_bare and not view.tree.headings[above]
        if missing >= _SHORTEST_GAP or (missing and is_bare):
            first = view.lines[expected]
            indent = first[: len(first) - len(first.lstrip(" \t"))]
            out.append(indent[:40] + write_gap(missing, "lines"))
        if i < len(view.lines):
            out.append(view.lines[i])
        expected = i + 1
    return "\n".join(out)


def summarise(view: View, kept: Sequence[int]) -> str:
    """Return one line: of how many stanzas of the most frequent kind something stayed."""
    tree = view.tree
    tally = Counter(p for p, heading in zip(tree.paths, tree.headings, strict=True) if heading)
    if not tally:
        return ""
    path, count = min(tally.items(), key=lambda item: (-item[1], item[0]))
    shown = sum(tree.headings[i] and tree.paths[i] == path for i in kept)
    first = next(i for i, p in enumerate(tree.paths) if p == path and tree.headings[i])
    if count < _LEAST_STANZAS or shown == count:
        return ""
    return f'parts of {shown} of {count} stanzas like "{view.lines[first].strip()[:40]}"'
