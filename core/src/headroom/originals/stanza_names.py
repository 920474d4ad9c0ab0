"""Which line names what a line of a manifest or of a configuration stands in."""

from __future__ import annotations

from collections.abc import Sequence

from headroom.notation.stanzas_tree import Tree, read_tree

# Keys that name what they stand in, how many members of it are looked at, and how deep.
_NAMING = frozenset(("name", "Name", "id", "title", "hostname", "host"))
_MOST_MEMBERS = 24
_MOST_NAMES = 6
_INSIDE = frozenset(("metadata",))

# A text is read as stanzas if this share of its first lines stands below other lines.
_SAMPLE = 200
_NESTED = 0.3


def naming_lines(lines: Sequence[str], wanted: Sequence[int]) -> dict[int, list[int]]:
    """Return for each wanted line the indices of the lines that name what it stands in.

    Stanzas are documents, sections and items of lists. A stanza is named by a member called
    ``name``, by such a member of its ``metadata``, or as a section by its heading. The nearest name
    comes first. A text whose lines hardly stand below others has no names.

    >>> naming_lines(["- name: web", "  port: 80", "- name: db", "  port: 5432"], [1, 3])
    {1: [0], 3: [2]}
    """
    sample = [line for line in lines[:_SAMPLE] if line.strip()]
    if sum(line[0] in " \t" for line in sample) < _NESTED * len(sample):
        return {}
    tree = read_tree(lines)
    found: dict[int, list[int]] = {}
    for i in wanted:
        here = i if tree.headings[i] else _stanza_of(tree, i)
        names: list[int] = []
        for _ in range(_MOST_NAMES):
            names.append(_name_of(lines, tree, here))
            if here < 0:
                break
            here = _stanza_of(tree, here)
        found[i] = [name for name in dict.fromkeys(names) if name not in (i, -1)]
    return found


def _stanza_of(tree: Tree, at: int) -> int:
    """Return the line that starts the stanza around a line, -1 for the first of several."""
    at = tree.parents[at]
    while at >= 0 and not tree.headings[at]:
        at = tree.parents[at]
    return at


def _name_of(lines: Sequence[str], tree: Tree, stanza: int) -> int:
    if stanza >= 0 and tree.keys[stanza] in _NAMING:
        return stanza
    at = stanza + 1
    end = tree.ends[stanza] if stanza >= 0 else len(tree.keys)
    for _ in range(_MOST_MEMBERS):
        if at >= end:
            break
        # An item of a list that begins with its name is a stanza itself, not a name of this one.
        if tree.keys[at] in _NAMING and not tree.headings[at]:
            return at
        inside = tree.keys[at] in _INSIDE and tree.ends[at] > at + 1
        at = at + 1 if inside else tree.ends[at]
    return stanza if stanza >= 0 and lines[stanza][:1] == "[" else -1
