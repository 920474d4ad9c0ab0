"""What the writer and the reader of log templates agree on: marks, signs, and the note."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Pairs of marks around a value that varies, in the order of preference. The first four are
# delimiters, so that no value holds them; the others serve only where the text has none of them.
DELIMITER_MARKS = ("<>", "{}", "[]", "()")
MARKS = (*DELIMITER_MARKS, "\u00ab\u00bb", "\u2039\u203a", "\u27e8\u27e9")

# Signs before the number of a named value; one that the text does not hold is used.
NAME_SIGNS = "^~@$%!&"

# A line of the text that could be taken for a row is written behind ">".
LOOKALIKE = re.compile(r"[0-9]*\||[0-9]+=|\*[0-9]+\Z|>")

# In an aligned column, a cell behind this stands as it is. No value holds a quote.
EXACT = "'"

# A decoded text may not be longer than this, in characters: a few bytes could ask for terabytes.
LONGEST_TEXT = 1 << 28

_NOTE = re.compile(
    r"(?P<lines>[0-9]{1,9}) lines(?P<crlf>, CRLF)?(?P<returns>, CR starts a line)?; "
    r"(?P<headed>H=common start of lines; )?"
    r"N(?:\|a)?=text: template N, values in (?P<marks>\S\S) vary;"
    r"[^\n]*?(?:; (?P<sign>\S)1 stands for the value named \S1)?(?:; \*2: [^\n]*)?"
)


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands in the note.

    Args:
        lines: Number of lines of the text, one more than its line breaks.
        crlf: True if every line break is CR LF.
        headed: True if the body starts with the line start that most lines share.
        marks: The opening and the closing mark.
        sign: Sign of named values, "" if none is named.
        copies: True if a blank may stand for another value of the same line.
        repeats: True if lines are repeated by count.
        returns: True if each carriage return of the text stands at the start of a line of its own,
            as the states of a progress bar do on a terminal.
    """

    lines: int
    crlf: bool
    headed: bool
    marks: str
    sign: str = ""
    copies: bool = False
    repeats: bool = False
    returns: bool = False


def write_note(notes: Notes) -> str:
    """Return the note: one line that a reader understands and `read_note` parses."""
    opening, closing = notes.marks[0], notes.marks[1]
    head = "|a" if notes.headed else ""
    parts = [
        f"{notes.lines} lines{', CRLF' * notes.crlf}{', CR starts a line' * notes.returns}",
        *(["H=common start of lines"] if notes.headed else []),
        f"N{head}=text: template N, values in {notes.marks} vary",
        f"N{head}|b: template N with new values, blank = as before, no N = same template",
    ]
    if notes.headed:
        parts.append("|a=text: a line without template")
    if notes.copies:
        parts.append(f"{opening}=3{closing}: blank = value 3 of that line")
    if notes.sign:
        parts.append(f"{notes.sign}1 stands for the value named {notes.sign}1")
    if notes.repeats:
        parts.append("*2: line above 2 more times")
    return "; ".join(parts)


def read_note(note: str) -> Notes | None:
    """Return what a note says as far as decoding needs it, or None if it is no such note."""
    found = _NOTE.fullmatch(note)
    if found is None or found["marks"] not in MARKS:
        return None
    return Notes(
        lines=int(found["lines"]),
        crlf=found["crlf"] is not None,
        returns=found["returns"] is not None,
        headed=found["headed"] is not None,
        marks=found["marks"],
        sign=found["sign"] or "",
    )
