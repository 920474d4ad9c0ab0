"""The lines that detectors look at: one bounded sample of a text, shared by all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headroom.compressors.interface import Content

# So many lines from the start, the middle and the end, each cut to so many characters.
SAMPLED_LINES = 80
REACH = 240

# So many of them, evenly apart, rule out most kinds of content at a fraction of the cost.
GLANCED_LINES = 24

_KEY = "routing.sample"


@dataclass(frozen=True, slots=True)
class Sample:
    """Lines of a text, each cut to `REACH` characters, with their indentation.

    Args:
        pieces: The whole text in one piece, or lines from its start, middle and end in three.
        lines: The lines of all pieces that are not blank.
        glance: At most twice `GLANCED_LINES` of those lines, evenly apart.
    """

    pieces: tuple[list[str], ...]
    lines: list[str]
    glance: list[str]

    @property
    def whole(self) -> bool:
        """True if no line of the text is missing."""
        return len(self.pieces) == 1

    def seldom(self, test: Callable[[str], object], share: float) -> bool:
        """Say whether fewer than a share of the glanced lines pass a test.

        Detectors that want most lines to pass ask for half of what they want, or less.
        """
        needed = share * len(self.glance)
        for line in self.glance:
            if needed <= 0:
                break
            if test(line):
                needed -= 1
        return needed > 0


def sample_of(content: Content) -> Sample:
    """Return the sample of a text, taken once however many detectors ask."""
    sample = content.scratch.get(_KEY)
    if not isinstance(sample, Sample):
        sample = content.scratch[_KEY] = take_sample(content.text)
    return sample


def take_sample(text: str) -> Sample:
    r"""Return the sample of a text.

    >>> take_sample("a\n\n  b\n").lines
    ['a', '  b']
    """
    pieces = tuple([[line[:REACH] for line in piece] for piece in _pieces(text)])
    lines = [line for piece in pieces for line in piece if line and not line.isspace()]
    return Sample(pieces, lines, lines[:: max(1, len(lines) // GLANCED_LINES)])


def _pieces(text: str) -> list[list[str]]:
    reach = SAMPLED_LINES * REACH
    if len(text) <= 3 * reach:
        lines = text.split("\n")
        if len(lines) <= 3 * SAMPLED_LINES:
            return [lines]
        half = len(lines) // 2
        middle = lines[half : half + SAMPLED_LINES]
        return [lines[:SAMPLED_LINES], middle, lines[-SAMPLED_LINES:]]
    middle_at = len(text) // 2
    return [
        text[:reach].split("\n", SAMPLED_LINES)[:SAMPLED_LINES],
        text[middle_at : middle_at + reach].split("\n", SAMPLED_LINES + 1)[1 : SAMPLED_LINES + 1],
        text[-reach:].rsplit("\n", SAMPLED_LINES)[-SAMPLED_LINES:],
    ]
