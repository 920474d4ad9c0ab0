"""Path lists, drawn trees and directory listings."""

from __future__ import annotations

from dataclasses import replace

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.paths_selection import select_paths
from headroom.errors import DecodingError
from headroom.notation.listing import NOTE as LISTING_NOTE
from headroom.notation.listing import decode_listing, encode_listing, read_entry
from headroom.notation.path_runs import (
    PathNote,
    best_separator,
    decode_paths,
    encode_paths,
    shared_root,
    split_lead,
)
from headroom.notation.path_trees import (
    TreeNote,
    decode_tree,
    encode_tree,
    find_style,
    read_node,
)
from headroom.routing.paths_kind import LISTING, PATHS, find_paths, is_path
from headroom.routing.sample import sample_of
from headroom.selection.hits_named import named_lines

_FEWEST_TOKENS = 20
_LINES_LOOKED_AT = 100

# Moving a shared beginning into the legend takes it out of every path that a reader could copy:
# only for a gain of this share of the body.
_ROOT_GAIN = 0.15

_CRLF = "; lines end in CRLF"


class PathsCompressor:
    r"""Compress lists of paths, ``tree`` drawings and ``ls -l``.

    Lossless: names that share a directory stand on one line, drawings become indentation, and
    columns that repeat are left out.
    Selection: paths that the question names, rare kinds of files, the largest and the newest, and
    the exact number of paths left out under each directory.

    >>> from headroom.counting.o200k import O200kCounter
    >>> found = "".join(f"./src/module/part_{c}.py\n" for c in "abcdefgh")
    >>> encoding = PathsCompressor().encode(Content(found, O200kCounter()))
    >>> encoding.body
    './src/module/part_a.py part_b.py part_c.py part_d.py part_e.py part_f.py part_g.py part_h.py\n'
    >>> PathsCompressor().decode(encoding) == found
    True
    """

    name = "paths"
    kinds = (PATHS, LISTING)
    notations = ("paths", "tree", "listing")

    def detect(self, content: Content) -> str | None:
        """Return ``"listing"`` for ``ls -l``, ``"paths"`` for path lists and trees, or None."""
        return find_paths(content.text, sample_of(content))

    def encode(self, content: Content) -> Encoding | None:
        """Write directories, branches and columns that repeat once."""
        if content.tokens < _FEWEST_TOKENS:
            return None
        text = content.text
        crlf = text.count("\r\n")
        lines = content.lines
        is_crlf = crlf > 0 and crlf == len(lines) - 1
        if is_crlf:
            lines = text.split("\r\n")
        encoding = _listing(lines, content) or _tree(lines) or _paths(lines, content)
        if encoding is None:
            return None
        if is_crlf:
            encoding = replace(encoding, note=encoding.note + _CRLF)
        return encoding

    def decode(self, encoding: Encoding) -> str:
        """Undo `encode`.

        Raises:
            DecodingError: If the note or the body is not in this notation.
        """
        note = encoding.note.removesuffix(_CRLF)
        newline = "\n" if note == encoding.note else "\r\n"
        lines = encoding.body.split("\n")
        if encoding.notation == "listing":
            decoded = decode_listing(lines)
        elif encoding.notation == "tree":
            decoded = decode_tree(lines, TreeNote.read(note))
        elif encoding.notation == "paths":
            decoded = decode_paths(lines, PathNote.read(note))
        else:
            raise DecodingError(f"not a notation of paths: {encoding.notation!r}")
        return newline.join(decoded)

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Keep the paths that matter, in order, and count the others by directory."""
        return select_paths(content, goal)


def _listing(lines: list[str], content: Content) -> Encoding | None:
    if content.kind != LISTING and not any(
        read_entry(line) is not None for line in lines[:_LINES_LOOKED_AT]
    ):
        return None
    body = encode_listing(lines)
    if len("".join(body)) >= len("".join(lines)):
        return None
    return Encoding("listing", LISTING_NOTE, "\n".join(body))


def _tree(lines: list[str]) -> Encoding | None:
    style = find_style(lines)
    if style is None:
        return None
    nodes = (read_node(line, style) for line in lines)
    separator = best_separator([node.name for node in nodes if node is not None])
    if separator is None:
        return None
    note = TreeNote(style, separator)
    return Encoding("tree", note.words(), "\n".join(encode_tree(lines, note)))


def _paths(lines: list[str], content: Content) -> Encoding | None:
    separator = best_separator(lines)
    if separator is None:
        return None
    named = named_lines(f"{content.question}\n{content.arguments}", content.text, content.lines)
    note = PathNote(separator, led=_is_led(lines))
    body = "\n".join(encode_paths(lines, note, named))
    root = shared_root(lines)
    if root:
        rooted = PathNote(separator, root, note.led)
        shorter = "\n".join(encode_paths(lines, rooted, named))
        if len(shorter) + len(root) < (1 - _ROOT_GAIN) * len(body):
            note, body = rooted, shorter
    return Encoding("paths", note.words(), body)


def _is_led(lines: list[str]) -> bool:
    sample = [line for line in lines[:_LINES_LOOKED_AT] if line]
    led = [path for lead, path in map(split_lead, sample) if lead]
    return sum(map(is_path, led)) > len(sample) // 2
