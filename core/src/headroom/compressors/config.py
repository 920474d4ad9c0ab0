"""Configuration, manifests, plans and reports: stanzas without repetition, or what matters."""

from __future__ import annotations

import re
from dataclasses import replace

from headroom.compressors.config_body import summarise, write_body
from headroom.compressors.config_selection import choose_lines
from headroom.compressors.config_view import view_config
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.errors import DecodingError
from headroom.notation.stanzas import decode_stanzas, encode_stanzas
from headroom.notation.stanzas_tree import Tree, read_tree
from headroom.routing.config_kind import CONFIG, DESCRIBE, PLAN, YAML, find_config
from headroom.routing.sample import sample_of
from headroom.selection.asking import is_question, speaks_of

_NOTATION = "stanzas"

# Names of stanzas that a question may say.
_WORD = re.compile(r"[\w./:@-]*\w")
_SHORTEST_NAME = 4
_MOST_NAMED = 4

# Under this key the tree waits in the scratch space between `encode` and `select`.
_TREE = "config tree"

# Fewer lines than this are read whole.
_LEAST_LINES = 8


class ConfigCompressor:
    r"""Compress YAML, TOML, ini, HCL, plans, `kubectl describe` and reports of keys and values.

    Losslessly, a stanza that repeats with other values becomes the lines that differ
    (`headroom.notation.stanzas`). A selection keeps what the question names, what fails, changes
    or is rare, always below the lines that lead to it.

    >>> from headroom.counting.o200k import O200kCounter
    >>> shape = "- name: {}\n  image: web:1.4\n  restart: always\n  environment:\n    LEVEL: info\n"
    >>> text = "".join(map(shape.format, ("web", "cart", "mail", "search", "stock", "orders")))
    >>> encoding = ConfigCompressor().encode(Content("services:\n" + text, O200kCounter()))
    >>> print(encoding.body[-25:-1])
    =1:0
    - name: orders
    =1:0
    >>> ConfigCompressor().decode(encoding) == "services:\n" + text
    True
    """

    name = "config"
    kinds = (YAML, CONFIG, DESCRIBE, PLAN)
    notations = (_NOTATION,)

    def detect(self, content: Content) -> str | None:
        """Return the kind of configuration that the text plainly is, else None."""
        return find_config(content.text, sample_of(content))

    def encode(self, content: Content) -> Encoding | None:
        """Return the text with repeated stanzas as differences, or None if it saves too little."""
        lines, tree = _lines(content), _tree(content)
        encoded = encode_stanzas(lines, tree, _asked_for(content.question, lines, tree))
        if encoded is None:
            return None
        end = "\n" if content.text.endswith("\n") else ""
        body, note = "\n".join(encoded[0]) + end, encoded[1]
        return Encoding(_NOTATION, note, body)

    def decode(self, encoding: Encoding) -> str:
        """Return the text that `encode` was given.

        Raises:
            DecodingError: If the encoding is not well-formed.
        """
        if encoding.notation != _NOTATION:
            raise DecodingError(f"not the notation {_NOTATION!r}: {encoding.notation!r}")
        return "\n".join(decode_stanzas(encoding.body.split("\n")))

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return the lines that matter, or None if all of them should stay."""
        lines = _lines(content)
        if len(lines) < _LEAST_LINES:
            return None
        goal = replace(goal, asked=_is_asked(content, goal))
        view = view_config(lines, _tree(content), content.kind)
        kept = choose_lines(view, content, goal)
        if not 0 < len(kept) < len(lines):
            return None
        return Selection(
            unit="lines",
            kept=len(kept),
            total=len(lines),
            body=write_body(view, kept),
            summary=summarise(view, kept),
        )


def _is_asked(content: Content, goal: Goal) -> bool:
    # The call names a file or an object whose lines share its words; that asks for none of them,
    # unless it asked for a description: that has its telling parts.
    said = content.question
    if not said or content.relevance is not None or content.kind == DESCRIBE:
        return goal.asked
    return (goal.asked and is_question(said)) or speaks_of(said, content.text)


def _asked_for(question: str, lines: list[str], tree: Tree) -> frozenset[int]:
    """Return the lines that start stanzas whose names are words of the question."""
    words = frozenset(word.lower() for word in _WORD.findall(question))
    found: set[int] = set()
    for i, key in enumerate(tree.keys):
        if tree.ends[i] > i + 1 and len(key) >= _SHORTEST_NAME and key.lower() in words:
            found.add(i)
        elif key in ("name", "Name") and lines[i].rpartition(":")[2].strip("\"' ").lower() in words:
            found.add(_start_of_stanza(tree, i))
    # What many are called singles none out.
    return frozenset(found if len(found) <= _MOST_NAMED else ())


def _start_of_stanza(tree: Tree, at: int) -> int:
    while at > 0 and not tree.headings[at]:
        at = tree.parents[at]
    return at


def _lines(content: Content) -> list[str]:
    """Return the lines without the empty piece after a last line break."""
    return content.lines[:-1] if content.text.endswith("\n") else content.lines


def _tree(content: Content) -> Tree:
    found = content.scratch.get(_TREE)
    if not isinstance(found, Tree):
        is_plan, is_report = content.kind == PLAN, content.kind in (CONFIG, DESCRIBE)
        found = read_tree(_lines(content), is_plan=is_plan, is_report=is_report)
        content.scratch[_TREE] = found
    return found
