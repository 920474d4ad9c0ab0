"""What of a patch may stay or go: hunks, and the blocks that large hunks are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.notation.patches import FilePatch, Hunk
from headroom.selection.hits import role_of
from headroom.selection.patch_noise import noise_of

# A hunk of up to so many lines stays or goes as a whole; a longer one (a new file, say) is cut
# into blocks of about so many, where a line is blank or something new is defined.
_WHOLE_LINES = 48
_BLOCK_LINES = 24

# A definition is told by its words, and by signs among its first characters.
_LOOKED_AT = 200
_DEFINES = role_of("def x():")
_LIKE_CODE = re.compile(r"[({\[:=;<>]|^\W*(?:\w+ ){1,4}\w+$")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a hunk that stay or go together, without the ``@@`` line.

    Args:
        file: Index of the file.
        hunk: The hunk.
        start: First line.
        end: The line after the last.
    """

    file: int
    hunk: Hunk
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Blocks:
    """All blocks of a patch, in order.

    Args:
        files: The files.
        noise: For each file why nobody reads its changes; "" if somebody may.
        blocks: The blocks of all files.
    """

    files: tuple[FilePatch, ...]
    noise: tuple[str, ...]
    blocks: tuple[Block, ...]


def read_blocks(lines: Sequence[str], files: Sequence[FilePatch]) -> Blocks:
    """Cut the hunks of a patch into blocks."""
    noise = tuple(_noise(lines, file) for file in files)
    blocks: list[Block] = []
    for index, file in enumerate(files):
        for hunk in file.hunks:
            cuts = _cuts(lines, hunk)
            blocks += [
                Block(index, hunk, a, b) for a, b in zip(cuts, [*cuts[1:], hunk.end], strict=True)
            ]
    return Blocks(tuple(files), noise, tuple(blocks))


def defines(line: str) -> bool:
    """Say whether a changed line of a hunk defines something.

    >>> defines("+def go():"), defines(" def go():"), defines("-x = go()")
    (True, False, False)
    """
    if line[:1] not in ("+", "-", "<", ">") or role_of(line[1:]) < _DEFINES:
        return False
    # Sentences begin with "type" and "object" too.
    return _LIKE_CODE.search(line, 0, _LOOKED_AT) is not None


def _noise(lines: Sequence[str], file: FilePatch) -> str:
    changed = lines[file.hunks[0].start + 1 : file.end] if file.hunks else []
    return noise_of(file.path, changed)


def _cuts(lines: Sequence[str], hunk: Hunk) -> list[int]:
    """Return where the blocks of a hunk start."""
    first = hunk.start + 1
    cuts = [first]
    if hunk.end - first <= _WHOLE_LINES:
        return cuts
    for at in range(first, hunk.end):
        size = at - cuts[-1]
        is_seam = not lines[at - 1][1:].strip() or (size >= _BLOCK_LINES and defines(lines[at]))
        if (size >= _BLOCK_LINES and is_seam) or size >= _WHOLE_LINES:
            cuts.append(at)
    return cuts
