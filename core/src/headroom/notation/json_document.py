"""A text that holds JSON: lines before it, the document, its layout; and its lossless form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from headroom.errors import DecodingError
from headroom.notation.json_body import Body, write_body
from headroom.notation.json_body_read import MOST_NODES, read_body, read_table
from headroom.notation.json_style import (
    Style,
    detect_lines_style,
    detect_style,
    render,
    render_rows,
    style_of,
)
from headroom.notation.json_tree import Node, compact, compact_length, parse

# Tools print warnings above their JSON; more than this is a text that happens to hold some JSON.
MOST_LINES_ABOVE = 12
_MOST_CHARACTERS_ABOVE = 4_000

# What a reader must know about tables, here and in a selection.
TABLES_HINT = "tables: header, rows; key=value: same in all rows; empty: absent"

# Compact JSON needs no words; other forms that save fewer characters must prove it in tokens.
_LITTLE = 0.85


@dataclass(frozen=True)
class Document:
    """A parsed text.

    Args:
        above: Lines above the JSON, line breaks included; "" if there are none.
        text: The JSON itself.
        root: Its tree; for JSON Lines a list of the lines' trees.
        lines: The text is JSON Lines.
    """

    above: str
    text: str
    root: Node
    lines: bool

    @property
    def compact(self) -> str:
        """The document as JSON without white space; written anew each time."""
        return compact(self.root)

    @cached_property
    def length(self) -> int:
        """Characters of `compact`."""
        return compact_length(self.root)


def find_json(text: str) -> int | None:
    """Return where the JSON in a text starts, looking at its ends only; None if there is none.

    A few lines may stand above it.

    >>> find_json('npm warn: old\\n{"a": 1}\\n')
    14
    """
    end = text[-200:].rstrip()
    if not end or end[-1] not in "}]":
        return None
    if text[:1] in ("{", "["):
        return 0
    at = 0
    for _ in range(MOST_LINES_ABOVE + 1):
        if text[at : at + 1] in ("{", "["):
            return at
        at = text.find("\n", at, at + _MOST_CHARACTERS_ABOVE) + 1
        if at == 0 or at > _MOST_CHARACTERS_ABOVE:
            return None
    return None


def read_document(text: str) -> Document | None:
    """Return the text as a document: JSON or JSON Lines; None if it is neither.

    Linear in the text, and quick to give up on other texts.
    """
    start = find_json(text)
    if start is None:
        return None
    above, body = text[:start], text[start:]
    at = body.find("\n")
    if at > 0 and body[at + 1 : at + 2] in ("{", "[") and body[:at].rstrip()[-1:] in ("}", "]"):
        rows = _read_lines(body)
        if rows is not None:
            return Document(above, body, rows, True)
    root = parse(body)
    if root is None or isinstance(root, str):
        return None
    return Document(above, body, root, False)


def _read_lines(text: str) -> list[Node] | None:
    rows: list[Node] = []
    same: dict[str, str] = {}
    stop = len(text.rstrip("\r\n"))
    at = 0
    while at <= stop:
        end = text.find("\n", at, stop)
        end = stop if end < 0 else end
        row = parse(text[at:end], same)
        if row is None or isinstance(row, str):
            return None
        rows.append(row)
        at = end + 1
    return rows


def encode_document(document: Document, measure: Callable[[str], int]) -> tuple[str, str] | None:
    """Return (note, body) that `decode_document` turns into the text again, byte for byte.

    None where the layout cannot be written again. ``measure`` counts the tokens of short texts.
    """
    style = layout_of(document)
    if style is None:
        return None
    body = write_body(document.root, measure)
    if len(body.text) > _LITTLE * document.length:
        plain = document.compact
        if measure(body.text) > measure(plain):
            body = Body(plain)
    if body.repeats and len(document.text) > MOST_NODES:
        return None
    above = document.above.count("\n")
    words = style.words() + (f", below {above} lines" if above else "")
    hints = [
        hint
        for hint, used in (
            (TABLES_HINT, body.tables),
            ("*1 repeats &1", body.repeats),
            ("$1: prefix", body.prefixes),
        )
        if used
    ]
    return "; ".join([words, *hints]), f"{document.above}{body.text}"


def layout_of(document: Document) -> Style | None:
    """Return the layout that writes the document's text again, or None if there is none."""
    if document.lines:
        rows = document.root if isinstance(document.root, list) else []
        return detect_lines_style(document.text, rows)
    return detect_style(document.text, document.root)


def decode_document(note: str, body: str) -> str:
    """Return the text that `encode_document` wrote as ``note`` and ``body``.

    Raises:
        DecodingError: If they are not well-formed.
    """
    words, _, above = note.partition(";")[0].partition(", below ")
    style = style_of(words)
    if style is None:
        raise DecodingError(f"unknown layout {words!r}")
    at = _skip_lines(body, above)
    rows = read_table(body[at:]) if style.indent is None and style.broken < 0 else None
    if rows is not None:
        return body[:at] + render_rows(rows, style)
    root = read_body(body[at:])
    if style.lines and not isinstance(root, list):
        raise DecodingError("lines of something that is no list")
    return body[:at] + render(root, style)


def _skip_lines(body: str, above: str) -> int:
    if not above:
        return 0
    count = above.removesuffix(" lines")
    if not count.isascii() or not count.isdigit() or len(count) > 3:
        raise DecodingError(f"unknown place {above!r}")
    at = 0
    for _ in range(int(count)):
        at = body.find("\n", at) + 1
        if at == 0:
            raise DecodingError("lines are missing above the document")
    return at
