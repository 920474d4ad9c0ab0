"""Columns of a table: what all cells share is written once, what repeats gets a code.

A header names the columns, with commas between::

    name            a column of cells
    name=USA        every row has this value, and no cell
    name=ab*cd      every cell stands at the star
    name=(r=rain)   the cell r stands for rain
    name~           the cell ~02 is the cell above with its end replaced; ~ is the cell above
    name~=ab*cd     both: what stands at the star may follow from the cell above

A cell in double quotes (a quote in it is doubled) is a value as it stands, whatever the header
says.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from headroom.errors import DecodingError

_PLAIN_NAME = re.compile(r'[^,=~*();"\r\n]*')
_TOKEN = re.compile(r'"(?:[^"]|"")*"|[^,=~*();"]+|[,=~*();]')

# Tokens, roughly, that a cell must save if its value is written as a code or in two pieces where
# any value may be looked up: a reader does not find it then.
_WORTH_CUTTING = 3
_WORTH_STEPS = 6
_DIGIT_END = re.compile(r"\d[-.:,/]\Z")
_PIECE = re.compile(r"[^\W\d_]{1,9}|\d{1,3}|[^\w\s]|_")

# Times a value must occur to be worth a code, and how many codes there are.
_CODED_TIMES = 3
_MOST_CODES = 60
_CODED_SHARE = 0.3

_CODED_LENGTH = 5
_SHORTEST_AFFIX = 3
_EMPTY_SHARE = 0.04

# An address is read as a whole or not at all.
_ADDRESS = re.compile(r"\d{1,3}\.\d{1,3}\.(?:\d{1,3}\.)?\Z")
_AFFIX_END = re.compile(r"[^\W_]+\Z")
_AFFIX_START = re.compile(r"[^\W_]+")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_PART = re.compile(r"[-/:.T ](?=[^-/:.T ]*\Z)")
_DITTO_LENGTH = 7
_DITTO_SHARE = 0.5

# A number of several tokens that this share of the cells has is written as a dash.
_LONG_NUMBER = re.compile(r"\d+(?:[.,]\d+%?|%)|\d{4,}")
_USUAL_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Column:
    """How the cells of a column are written.

    Args:
        name: Its name.
        form: ``cell``, ``same``, ``affix`` or ``codes``.
        prefix: What cells share in front; the value of ``same``.
        suffix: What cells share at the end.
        codes: Codes and the values they stand for.
        steps: True when cells may follow from the cell above.
    """

    name: str
    form: str = "cell"
    prefix: str = ""
    suffix: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    steps: bool = False


def quote(text: str) -> str:
    """Return a text in double quotes."""
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def choose_column(name: str, values: Sequence[str], *, whole: bool = False) -> Column:
    """Return the form in which the values of a column take the least room.

    Args:
        name: The column's name.
        values: Its values.
        whole: True where any value may be looked up: then none is cut in two, or stands as a code
            or as what differs from above, for the sake of a token or two.
    """
    if len(values) < 2:
        return Column(name)
    distinct = Counter(values)
    if len(distinct) == 1:
        return Column(name, "same", values[0])
    # A few empty cells share nothing; they stand in quotes.
    bare = 0 < distinct[""] <= _EMPTY_SHARE * len(values)
    prefix, suffix = _affixes([value for value in distinct if value or not bare])
    if _ADDRESS.search(prefix):
        prefix = ""
    if _is_worth_cutting(prefix, suffix, whole=whole):
        column = Column(name, "affix", prefix, suffix)
        return replace(column, steps=not bare and _is_stepwise(_bare(column, values)))
    codes = _codes(distinct, len(values), whole=whole)
    if codes:
        return Column(name, "codes", codes=codes)
    usual, times = distinct.most_common(1)[0]
    if not whole and _LONG_NUMBER.fullmatch(usual) and times >= _USUAL_SHARE * len(values):
        return Column(name, "codes", codes=(("-", usual),))
    steps = _is_stepwise(values) and (not whole or _size(min(distinct)) > _WORTH_STEPS)
    return Column(name, steps=steps)


def _is_worth_cutting(prefix: str, suffix: str, *, whole: bool) -> bool:
    if not whole:
        return len(prefix + suffix) >= _SHORTEST_AFFIX
    size = _size(prefix + suffix)
    # A date or a number in two pieces is harder to read than a name.
    return size >= (_WORTH_STEPS if _DIGIT_END.search(prefix) else _WORTH_CUTTING)


def _size(text: str) -> int:
    """Return roughly how many tokens a text takes in the midst of others."""
    return len(_PIECE.findall(text))


def _affixes(values: Sequence[str]) -> tuple[str, str]:
    """Return what all values begin and end with, cut where no word or number is split."""
    low, high = min(values), max(values)
    at = 0
    for a, b in zip(low, high, strict=False):
        if a != b:
            break
        at += 1
    prefix = _AFFIX_END.sub("", low[:at])
    ends = [value[len(prefix) :][::-1] for value in (low, high)]
    if not all(ends):
        return "", ""
    suffix = ends[0]
    for value in values:
        tail = value[len(prefix) :]
        while suffix and not tail.endswith(suffix[::-1]):
            suffix = suffix[:-1]
        if not suffix:
            break
    shared = suffix[::-1]
    if any(len(value) == len(prefix) + len(shared) for value in values):
        shared = ""
    word = _AFFIX_START.match(shared)
    return prefix, shared[word.end() :] if word else shared


def _codes(distinct: Counter[str], count: int, *, whole: bool) -> tuple[tuple[str, str], ...]:
    if len(distinct) > count // 2:
        return ()
    worthy = [
        (value, times)
        for value, times in distinct.most_common(_MOST_CODES)
        if times >= _CODED_TIMES
        and len(value) >= _CODED_LENGTH
        and _HAS_LETTER.search(value)
        and (not whole or _size(value) > _WORTH_CUTTING)
    ]
    total = sum([len(value) * times for value, times in distinct.items()])
    saved = sum([(len(value) - 2) * (times - 1) - 4 for value, times in worthy])
    if saved < _CODED_SHARE * total:
        return ()
    taken: set[str] = set()
    codes: list[tuple[str, str]] = []
    spare = _spare_codes()
    for value, times in worthy:
        if (len(value) - 2) * (times - 1) < 8:
            continue
        code = next((c for c in _initials(value) if c not in taken), None)
        if code is None:
            code = next(c for c in spare if c not in taken)
        taken.add(code)
        codes.append((code, value))
    return tuple(codes)


def _initials(value: str) -> list[str]:
    letter = next((c for c in value if c in string.ascii_letters), "")
    return [letter.lower(), letter.upper()] if letter else []


def _spare_codes() -> list[str]:
    letters = string.ascii_letters
    return [*letters, *[a + b for a in string.ascii_lowercase for b in string.ascii_lowercase]]


def _is_stepwise(values: Sequence[str]) -> bool:
    """Say whether most values differ from the one above in their last part alone, or not at all."""
    if len(values) < 3:
        return False
    above = values[0]
    short = 0
    for value in values[1:]:
        short += _ditto(above, value) is not None
        above = value
    return short >= _DITTO_SHARE * len(values)


def _ditto(above: str, value: str) -> str | None:
    """Return what replaces the end of the value above, "" for all equal; None: write it whole."""
    if len(value) < _DITTO_LENGTH or len(above) != len(value):
        return None
    if above == value:
        return ""
    found = _PART.search(value)
    if found is None or found.end() < _DITTO_LENGTH - 2:
        return None
    return value[found.end() :] if above[: found.end()] == value[: found.end()] else None


def write_header(columns: Sequence[Column]) -> str:
    """Return the header line of the columns."""
    return ",".join([_write_column(column) for column in columns])


def _write_column(column: Column) -> str:
    name = _header_text(column.name) + ("~" if column.steps else "")
    if column.form == "same":
        return f"{name}={_header_text(column.prefix)}"
    if column.form == "affix":
        return f"{name}={_header_text(column.prefix)}*{_header_text(column.suffix)}"
    if column.form == "codes":
        codes = [f"{code}={_header_text(value)}" for code, value in column.codes]
        return f"{name}=({';'.join(codes)})"
    return name


def _header_text(text: str) -> str:
    return text if _PLAIN_NAME.fullmatch(text) else quote(text)


def read_header(line: str) -> list[Column]:
    """Return the columns of a header line.

    Raises:
        DecodingError: If it is no header.
    """
    tokens = _TOKEN.findall(line)
    if sum(map(len, tokens)) != len(line):
        raise DecodingError("a header holds an odd quote")
    tokens.append(",")
    columns: list[Column] = []
    item: list[str] = []
    depth = 0
    for token in tokens:
        if token == "(":
            depth += 1
        elif token == ")":
            depth -= 1
        if token == "," and depth <= 0:
            columns.append(_read_column(item))
            item = []
        else:
            item.append(token)
    if item:
        raise DecodingError("a header's codes do not end")
    return columns


def _read_column(tokens: list[str]) -> Column:
    name, rest = _take_text(tokens, 0)
    if rest == len(tokens):
        return Column(name)
    if tokens[rest] == "~":
        column = _read_column([*tokens[:rest], *tokens[rest + 1 :]])
        if column.form not in ("cell", "affix") or "~" in tokens[rest + 1 :]:
            raise DecodingError("a column that cannot follow from above")
        return replace(column, steps=True)
    if tokens[rest] != "=":
        raise DecodingError(f"{tokens[rest]!r} in a header")
    if tokens[rest + 1 : rest + 2] == ["("]:
        return Column(name, "codes", codes=_read_codes(tokens, rest + 2))
    prefix, at = _take_text(tokens, rest + 1)
    if at == len(tokens):
        return Column(name, "same", prefix)
    if tokens[at] != "*":
        raise DecodingError(f"{tokens[at]!r} in a header")
    suffix, at = _take_text(tokens, at + 1)
    if at != len(tokens):
        raise DecodingError(f"{tokens[at]!r} in a header")
    return Column(name, "affix", prefix, suffix)


def _take_text(tokens: list[str], at: int) -> tuple[str, int]:
    if at < len(tokens) and tokens[at] not in ",=~*();":
        token = tokens[at]
        return (token[1:-1].replace('""', '"') if token[0] == '"' else token), at + 1
    return "", at


def _read_codes(tokens: list[str], at: int) -> tuple[tuple[str, str], ...]:
    codes: list[tuple[str, str]] = []
    while True:
        code, at = _take_text(tokens, at)
        if tokens[at : at + 1] != ["="]:
            raise DecodingError("a code without a value")
        value, at = _take_text(tokens, at + 1)
        codes.append((code, value))
        if tokens[at : at + 1] == [")"] and at + 1 == len(tokens):
            return tuple(codes)
        if tokens[at : at + 1] != [";"]:
            raise DecodingError("codes without an end")
        at += 1


Cells = list[str]


def write_cells(column: Column, values: Sequence[str], is_plain: Callable[[str], bool]) -> Cells:
    """Return the cells of a column; ``is_plain`` says of a text that it needs no quotes."""
    if column.form == "codes":
        shown = {value: code for code, value in column.codes}
        codes = frozenset(code for code, _ in column.codes)
        known: dict[str, str] = {}
        for value in dict.fromkeys(values):
            bare = is_plain(value) and value not in codes
            known[value] = shown.get(value) or (value if bare else quote(value))
        return [known[value] for value in values]
    texts = _bare(column, values)
    if column.steps:
        return _write_steps(texts, values, is_plain)
    pairs = zip(texts, values, strict=True)
    if column.form == "affix":
        return [text if value and is_plain(text) else quote(value) for text, value in pairs]
    return [text if is_plain(text) else quote(value) for text, value in pairs]


def _bare(column: Column, values: Sequence[str]) -> Sequence[str]:
    """Return the values without what all of them share."""
    a, b = len(column.prefix), len(column.suffix)
    return [value[a : len(value) - b] for value in values] if a or b else values


def _write_steps(
    texts: Sequence[str], values: Sequence[str], is_plain: Callable[[str], bool]
) -> Cells:
    cells: Cells = []
    above = ""
    for text, value in zip(texts, values, strict=True):
        rest = _ditto(above, text)
        above = text
        if rest is not None and (not rest or is_plain(rest)):
            cells.append(f"~{rest}")
        elif is_plain(text):
            cells.append(text)
        else:
            cells.append(quote(value))
            above = ""
    return cells


def read_cells(column: Column, cells: Sequence[str]) -> list[str]:
    """Undo `write_cells`.

    Raises:
        DecodingError: If a cell has nothing above to follow.
    """
    if column.form == "codes":
        meant = dict(column.codes)
        return [_unquote(cell) if cell[:1] == '"' else meant.get(cell, cell) for cell in cells]
    a, b = column.prefix, column.suffix
    if column.steps:
        return _read_steps(cells, a, b)
    return [_unquote(cell) if cell[:1] == '"' else f"{a}{cell}{b}" for cell in cells]


def _read_steps(cells: Sequence[str], prefix: str, suffix: str) -> list[str]:
    values: list[str] = []
    above = ""
    for cell in cells:
        if cell[:1] == '"':
            values.append(_unquote(cell))
            above = ""
            continue
        if cell[:1] != "~":
            above = cell
        elif len(cell) - 1 <= len(above):
            above = above[: len(above) - len(cell) + 1] + cell[1:]
        else:
            raise DecodingError("a cell goes on from one that is too short")
        values.append(f"{prefix}{above}{suffix}")
    return values


def _unquote(cell: str) -> str:
    if len(cell) < 2 or cell[-1] != '"':
        raise DecodingError("a quoted cell does not end")
    return cell[1:-1].replace('""', '"')
