"""The columnar form of rows: what a table's header says and how a cell is written and read.

A table is a header line and one line per row. The header names the columns, in the order of the
keys, and says once what all rows share::

    id,name,user{login,id},tags[k,v],state=open,url=https://x.example/{id},file=src/*.py,by=(A=ann)
    7,parser,ann,1,[a,1;b,2],main,A

``key{...}``: an object, its members as further columns. ``key[...]``: a list of objects in one
cell, ``[row;row]``. ``key=text``: the same in all rows; ``{name}`` in it is that row's cell of the
column. ``key=pre*post``: text, the cell stands where the star is. ``key=(A=x,B=y)``: a cell A is x.
An empty cell or ``~`` is absent, ``!`` starts a cell in plain JSON, ``!!`` stands in an object's
place where it is absent or no object, ``=`` starts a whole row in plain JSON. The column ``*`` is
the key of an object's member. A cell in double quotes is a JSON string; a bare cell that is no
JSON scalar is a string, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from headroom.notation.json_tree import NUMBER

# A bare string can be read only as itself: nothing that opens another form, no separator inside,
# no white space at the ends. The second form is for cells inside a list.
_OPENERS = r"[\s\"{}\[\]=!*~;]"
_NOT_SCALAR = rf"(?!(?:{NUMBER.pattern}|true|false|null)\Z)"
_BARE = re.compile(rf"(?!{_OPENERS}){_NOT_SCALAR}[^,]*[^,\s]\Z")
_BARE_NESTED = re.compile(rf"(?!{_OPENERS}){_NOT_SCALAR}[^,;\[\]]*[^,;\[\]\s]\Z")
# What remains of a string beside its column's affix may look like a number.
_REST = re.compile(rf"(?!{_OPENERS})[^,]*[^,\s]\Z")
_REST_NESTED = re.compile(rf"(?!{_OPENERS})[^,;\[\]]*[^,;\[\]\s]\Z")

_PLAIN_KEY = re.compile(r"[^\s,{}\[\]()=*\"!~;](?:[^,{}\[\]()=*\"\r\n]*[^\s,{}\[\]()=*\"])?\Z")
REFERENCE = re.compile(r"\{([A-Za-z_][\w.-]*)\}")
NAME = re.compile(r"[A-Za-z_][\w-]*\Z")
CODE = re.compile(r"[A-Z]{1,2}\Z")

# Text that may stand bare in a header after "=".
_HEADER_TEXT = re.compile(r"(?![\s\"{\[(*])[^,{}\[\]()*\"\r\n]*(?<!\s)\Z")
HEADER_AFFIX = re.compile(r"[^,{}\[\]()*\"\r\n\\]*\Z")

# The column that holds the keys of an object of objects. No raw key can hold a line break.
ROW_KEY = "\n"
_ROW_KEY_SHOWN = "*"

Cell: TypeAlias = str | None


@dataclass(frozen=True, slots=True)
class Column:
    """One entry of a header.

    Args:
        key: Raw key of the member, or `ROW_KEY`.
        form: ``cell``: cells are JSON scalars or containers. ``text``: cells are strings between
            ``prefix`` and ``suffix``. ``same``: no cells, all rows hold ``prefix`` (a lexeme).
            ``made``: no cells, all rows hold the string that ``prefix`` makes of other columns.
            ``object``: ``members`` are further columns. ``list``: cells are lists of rows of
            ``members``.
        codes: Value text by code, for columns of the form ``cell`` with a dictionary.
    """

    key: str
    form: Literal["cell", "text", "same", "made", "object", "list"]
    members: tuple[Column, ...] = ()
    prefix: str = ""
    suffix: str = ""
    codes: tuple[tuple[str, str], ...] = ()


def write_key(key: str) -> str:
    """Return a raw key as it stands in a header."""
    if key == ROW_KEY:
        return _ROW_KEY_SHOWN
    return key if _PLAIN_KEY.match(key) else f'"{key}"'


def read_key(shown: str) -> str:
    """Return the raw key of a key that stands bare in a header."""
    return ROW_KEY if shown == _ROW_KEY_SHOWN else shown


def write_cell(lexeme: str, *, nested: bool, coded: bool = False) -> str:
    """Return a scalar's lexeme as a cell: strings lose their quotes where that is safe.

    Args:
        lexeme: The scalar.
        nested: The cell stands inside a list.
        coded: The column has a dictionary, so a bare code would be read as its value.

    >>> write_cell('"a b"', nested=False), write_cell('"1"', nested=False)
    ('a b', '"1"')
    """
    if lexeme[0] != '"':
        return lexeme
    text = lexeme[1:-1]
    if not (_BARE_NESTED if nested else _BARE).match(text):
        return lexeme
    return lexeme if coded and CODE.match(text) else text


def is_bare_rest(text: str, *, nested: bool) -> bool:
    """Say whether a string's remainder can stand bare in a ``text`` column."""
    return (_REST_NESTED if nested else _REST).match(text) is not None


def write_header_value(lexeme: str) -> str:
    """Return a scalar's lexeme, or a container's JSON, as it stands after ``=`` in a header."""
    if lexeme[0] != '"':
        return lexeme
    text = lexeme[1:-1]
    if not text or not _HEADER_TEXT.match(text) or not _BARE.match(text):
        return lexeme
    return text


def write_header(columns: tuple[Column, ...]) -> str:
    """Return the header line of the columns."""
    return ",".join([_write_column(column) for column in columns])


def _write_column(column: Column) -> str:
    key = write_key(column.key)
    if column.form == "object":
        return f"{key}{{{write_header(column.members)}}}"
    if column.form == "list":
        return f"{key}[{write_header(column.members)}]"
    if column.form == "same":
        return f"{key}={write_header_value(column.prefix)}"
    if column.form == "made":
        return f"{key}={column.prefix}"
    if column.form == "text":
        return f"{key}={column.prefix}*{column.suffix}"
    if column.codes:
        return f"{key}=({','.join([f'{code}={value}' for code, value in column.codes])})"
    return key


def cell_columns(columns: tuple[Column, ...]) -> int:
    """Return how many cells a row of these columns has."""
    return sum(
        0
        if column.form in ("same", "made")
        else cell_columns(column.members)
        if column.form == "object"
        else 1
        for column in columns
    )


def instead_mark(column: Column) -> str:
    """Return what the first cell of an object starts with where the object is something else.

    An object whose first cell is that of an inner object needs a mark of its own.
    """
    mark = "!!"
    first = next((c for c in column.members if cell_columns((c,))), None)
    while first is not None and first.form == "object":
        mark += "!"
        first = next((c for c in first.members if cell_columns((c,))), None)
    return mark


def fill(template: str, values: dict[str, str]) -> str:
    """Return the template with each ``{name}`` replaced by that column's value.

    >>> fill("https://x.example/{id}/*", {"id": "7"})
    'https://x.example/7/*'
    """
    return REFERENCE.sub(lambda found: values.get(found[1], found[0]), template)
