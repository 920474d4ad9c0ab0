r"""Log templates: a lossless, readable notation for lines that repeat with other values.

The first line of a template stands in its place with its own values, in marks where they vary;
later lines of the template are rows that hold only what is new::

    H=<Jun> <14> <15>:<16>:<01> combo
    1|=sshd[<19939>]: authentication failure; rhost=<218.188.2.4>
    |||||02=kernel: eth0: link up
    1||15|02|04|59|20882|220-135-151-1.hinet-ip.hinet.net

========================  ========================================================================
``H=text``                the start that most lines share, with its values in marks
``N|head values=text``    template N: the rest of a line, values that vary in marks
``N=text``                a template of lines without the common start
``N|values``              a line of template N: head values, then the template's values
``|values``               the same, of the template used last
``|head values=text``     a line that has the common start and no template
``*K``                    the line above K more times
``>text``                 a line that would look like one of the forms above
anything else             the line itself
========================  ========================================================================

A blank head value is the one of the last line with the common start; a blank value is the one of
the last line of that template. Trailing blanks are left off. ``<=3>`` marks a value that, where
blank, is the third value of its own line. ``value^4`` names a value, ``^4`` stands for it. A value
that is marked with blanks before it is aligned to the right in that width.

The idea is CLP's and Drain's (Rodrigues et al., OSDI 2021; He et al., ICWS 2017): constant text
once, then values. That models read such notations back exactly is measured in arXiv 2604.13066.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom.notation.templates_columns import Plan, plan_header, plan_template
from headroom.notation.templates_grammar import (
    DELIMITER_MARKS,
    LONGEST_TEXT,
    LOOKALIKE,
    MARKS,
    NAME_SIGNS,
    Notes,
)
from headroom.notation.templates_mining import DELIMITERS, Masked, Mined, Template, mask, mine
from headroom.notation.templates_names import name_values

# Fewer lines than this do not make a template: they stay as they are. Equal lines lose nothing by
# becoming one, as there is nothing to mark.
_LEAST_LINES = 4
_LEAST_EQUAL_LINES = 2

# With so many carriage returns inside lines, what they start are lines too.
_LEAST_RETURNS = 8

# A sign that ends words and stands in no row of values, beside the text that it belongs to.
_UNLIKE_ROWS = re.compile(r"[A-Za-z].*[:,;()\[\]\"'/]|[:,;()\[\]\"'/].*[A-Za-z]")

# A line whose values do not depend on the line above it, as blanks before the first one would.
_ALONE = re.compile(rf"\S|\s+[^{DELIMITERS}\d]+[{DELIMITERS}]")

# Characters that a look-alike of a row can start with.
_LOOKALIKE_STARTS = frozenset("|>*0123456789")


@dataclass(slots=True)
class _Line:
    """A line before values are named: what stands before its cells, the cells, what follows."""

    before: str
    cells: list[str] | None
    after: str
    repeatable: bool = True


def encode_templates(
    text: str, masked: Masked | None = None, whole: frozenset[int] = frozenset()
) -> tuple[Notes, str] | None:
    """Return the text in this notation, or None if it has no templates to speak of.

    Args:
        text: The text.
        masked: What `mask` returns for the text, if it is at hand.
        whole: Indices of lines that stand as they are, whatever they share with others; only
            where no carriage return starts a line.
    """
    if len(text) > LONGEST_TEXT // 2:
        return None
    breaks = text.count("\n")
    crlf = 0 < breaks == text.count("\r\n")
    plain = text.replace("\r\n", "\n") if crlf else text
    returns = plain.count("\r") >= _LEAST_RETURNS and "\n\r" not in plain
    if returns:
        plain = plain.replace("\r", "\n\r")
    if masked is None or plain != text:
        masked = mask(plain)
    if masked is None:
        return None
    mined = mine(plain, masked)
    marks = _choose_marks(text)
    header = plan_header(mined, marks)
    plans = _plans(mined, marks, header)
    if not plans and header is None:
        return None
    lines = list(_lines(mined, plans, header, marks, frozenset() if returns else whole))
    sign = next((s for s in NAME_SIGNS if s not in text), "")
    named = sign if sign and name_values(_all_cells(lines), sign) else ""
    body, repeats = _write(lines)
    if header is not None:
        body.insert(0, "H=" + header.exemplar(header.rows[0], marks))
    notes = Notes(
        lines=len(mined.lines),
        crlf=crlf,
        headed=header is not None,
        marks=marks,
        sign=named,
        copies=any(p.has_copies for p, _ in plans.values()) or bool(header and header.has_copies),
        repeats=repeats,
        returns=returns,
    )
    return notes, "\n".join(body)


def makes_rows(text: str, lines: Sequence[str]) -> bool:
    r"""Say whether this notation surely writes one of these lines of a text as a row.

    Much cheaper than encoding the text; False is no promise. Only lines that share their constant
    text with enough others among them count, and that stand in the text once.

    >>> lines = [f"a.c:{n}: error: unused" for n in range(9)]
    >>> makes_rows("\n".join(lines), lines), makes_rows("\n".join(lines), lines[:2])
    (True, False)
    """
    sure = [line for line in dict.fromkeys(lines) if _ALONE.match(line)]
    if len(sure) < _LEAST_LINES or "\r" in text:
        return False
    masked = mask("\n".join(sure))
    if masked is None or all(marks[0] in text or marks[1] in text for marks in MARKS):
        return False
    groups: dict[str, list[str]] = {}
    for key, line in zip(masked.keys, sure, strict=True):
        groups.setdefault(key, []).append(line)
    return any(
        len(held) >= _LEAST_LINES
        and _UNLIKE_ROWS.search(key) is not None
        and any(text.count(line) == 1 for line in held[:_LEAST_LINES])
        for key, held in groups.items()
    )


def _choose_marks(text: str) -> str:
    for marks in MARKS:
        if marks[0] not in text and marks[1] not in text:
            return marks
    return min(DELIMITER_MARKS, key=lambda marks: sum(map(text.count, marks)))


def _plans(mined: Mined, marks: str, header: Plan | None) -> dict[int, tuple[Plan, int]]:
    """Return, for each line that a template covers, its plan and its row there."""
    where: dict[int, tuple[Plan, int]] = {}
    for template in mined.templates:
        if not _fits(template, marks) or (template.headed and header is None):
            continue
        plan = plan_template(template, mined)
        for k, i in enumerate(template.lines):
            where[i] = plan, k
    return where


def _fits(template: Template, marks: str) -> bool:
    count = len(template.lines)
    if count < _LEAST_EQUAL_LINES or not any(piece.strip() for piece in template.pieces):
        return False
    if count < _LEAST_LINES and len(set(template.rows)) > 1:
        return False
    return not any(c in piece for piece in template.pieces for c in marks)


def _lines(
    mined: Mined,
    plans: dict[int, tuple[Plan, int]],
    header: Plan | None,
    marks: str,
    whole: frozenset[int],
) -> Iterator[_Line | str]:
    last: Plan | None = None
    count = 0
    for i, text in enumerate(mined.lines):
        if i in whole:
            yield _lone(text, [], None, None)
            continue
        head = mined.heads[i] if header is not None else None
        cells: list[str] = []
        if header is not None and head is not None:
            cells = header.cells(head, head)
            header.previous = head
        if i not in plans:
            yield _lone(text, cells, header, head)
            continue
        plan, k = plans[i]
        values = plan.rows[k]
        if not plan.number:
            count += 1
            plan.number = count
            shown = plan.exemplar(values, marks)
            if head is None:
                yield _Line(f"{count}={shown}", None, "", repeatable=False)
            else:
                yield _Line(f"{count}|", cells, f"={shown}", repeatable=False)
        else:
            line = (*(head or ()), *values) if plan.has_copies else ()
            cells += plan.cells(values, line)
            yield _Line("|" if plan is last else f"{plan.number}|", cells, "")
        plan.previous = values
        last = plan


def _lone(
    text: str, cells: list[str], header: Plan | None, head: tuple[str, ...] | None
) -> _Line | str:
    if header is not None and head is not None:
        skip = sum(map(len, header.pieces)) + sum(map(len, head))
        return _Line("|", cells, f"={text[skip:]}")
    doubtful = text[:1] in _LOOKALIKE_STARTS and LOOKALIKE.match(text)
    return f">{text}" if doubtful else text


def _write(lines: list[_Line | str]) -> tuple[list[str], bool]:
    """Return the rows, runs of equal ones as a count, and whether there were such runs."""
    out: list[str] = []
    run, counted = 0, False
    above: str | None = None
    for line in lines:
        if isinstance(line, str):
            row, repeatable = line, True
        else:
            row, repeatable = line.before + _joined(line.cells) + line.after, line.repeatable
        if row == above and repeatable:
            run += 1
            continue
        if run:
            counted |= _close_run(out, run)
            run = 0
        out.append(row)
        above = row
    if run:
        counted |= _close_run(out, run)
    return out, counted


def _close_run(out: list[str], run: int) -> bool:
    out.append(f"*{run}" if run > 1 else out[-1])
    return run > 1


def _all_cells(lines: list[_Line | str]) -> list[list[str]]:
    return [line.cells for line in lines if not isinstance(line, str) and line.cells]


def _joined(cells: list[str] | None) -> str:
    while cells and not cells[-1]:
        cells.pop()
    return "|".join(cells) if cells else ""
