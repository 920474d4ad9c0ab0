r"""``git blame`` with each commit said once.

A line of the commit of the line above is its number and its text; a commit that was said before is
its hash alone::

    95ad276ca (Ann Lee 2015-06-18 23:00:20 -0400   1) /*!
    2)  * express
    a3714473f (Tim Poe 2016-01-02 10:00:00 +0100   3)  */
    95ad276ca 4)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from headroom.errors import DecodingError

NOTE = "hash N) = by who and when is said above for that hash; N) = by the same as the line above"

_LINE = re.compile(r"(\^?[0-9a-f]{7,64})( [^(\n]{0,256}\([^)\n]{1,256}?)( {1,40})(\d{1,9})\)")
_SHORT = re.compile(r"(?:(\^?[0-9a-f]{7,64}) )?(\d{1,9})\)")


class BlamedLine(NamedTuple):
    """A line of ``git blame``.

    Args:
        commit: The hash.
        said: What stands between the hash and the number: who, and when.
        padding: White space before the number.
        number: The line's number in its file.
        text: Everything behind the number.
    """

    commit: str
    said: str
    padding: str
    number: int
    text: str


def read_blamed(line: str) -> BlamedLine | None:
    """Return what a line of ``git blame`` says, or None if it is not one.

    >>> read_blamed("95ad276ca (Ann Lee 2015-06-18  7) x = 1").number
    7
    """
    found = _LINE.match(line)
    if found is None:
        return None
    commit, said, padding, number = found.groups()
    return BlamedLine(commit, said, padding, int(number), line[found.end() :])


def encode_blame(lines: Sequence[str]) -> list[str] | None:
    """Return the lines of the notation, or None if some line would be misread."""
    body: list[str] = []
    said: dict[str, str] = {}
    above = ""
    width = 0
    for line in lines:
        here = read_blamed(line)
        if here is None:
            if _SHORT.match(line):
                return None
            body.append(line)
            above = ""
            continue
        size = len(here.padding) + len(str(here.number))
        width = width or size
        if said.get(here.commit) == here.said and size == width:
            start = "" if here.commit == above else f"{here.commit} "
            body.append(f"{start}{here.number}){here.text}")
            above = here.commit
        else:
            body.append(line)
            # Without the usual width, or with other words for the hash, nothing may point here.
            known = said.setdefault(here.commit, here.said) == here.said and size == width
            above = here.commit if known else ""
    return body


def decode_blame(body: Sequence[str]) -> list[str]:
    """Undo `encode_blame`.

    Raises:
        DecodingError: If the body is not in this notation.
    """
    lines: list[str] = []
    said: dict[str, str] = {}
    above = ""
    width = 0
    for line in body:
        found = _SHORT.match(line)
        if found is None:
            here = read_blamed(line)
            above = ""
            if here is not None:
                size = len(here.padding) + len(str(here.number))
                width = width or size
                known = said.setdefault(here.commit, here.said) == here.said and size == width
                above = here.commit if known else ""
            lines.append(line)
            continue
        above = found[1] or above
        if above not in said:
            raise DecodingError("a line of a commit that was not said before")
        lines.append(f"{above}{said[above]}{found[2].rjust(width)}){line[found.end() :]}")
    return lines
