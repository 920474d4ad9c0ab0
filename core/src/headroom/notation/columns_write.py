"""Write rows as a table: find the columns, hoist what rows share, print the cells."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from headroom.notation.columns import (
    HEADER_AFFIX,
    NAME,
    REFERENCE,
    ROW_KEY,
    Cell,
    Column,
    fill,
    instead_mark,
    is_bare_rest,
    write_cell,
    write_header,
    write_header_value,
)
from headroom.notation.json_tree import Node, compact, is_scalar_lexeme

Row = dict[str, Node]
Measure = Callable[[str], int]

# Rows whose keys stand in another order than the columns, or that are no objects, are written in
# plain JSON; with more of them than this share a table is no longer what the text is.
_MOST_EXCEPTIONS = 0.2

# With this share of objects among its values, a column's objects become columns; with fewer, but
# more than the second share, if that is shorter.
_MANY_OBJECTS = 0.6
_SOME_OBJECTS = 0.2

# A dictionary costs the reader a look-up per cell, so it must pay well (all in tokens).
_CODED_TOKENS = 24
_CODED_TIMES = 3
_CODED_DISTINCT = 40
_CODED_GAIN_SHARE = 0.3

# What all cells begin or end with is read in the header, apart from its cell: names and numbers
# stand whole, only text of at least so many characters is cut. A string made of other cells is
# left out if it is an address, or if this share of it stands in its row.
_SHORTEST_AFFIX = 16
_MADE_IN_ROW = 0.5

# Bounds: a table may have at most so many cells per value, columns, and columns that templates
# refer to.
_SPARSEST = 12
_MOST_COLUMNS = 2_000
_MOST_NAMED = 32


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as text.

    Args:
        header: The header line.
        rows: A line per row.
    """

    header: str
    rows: list[str]

    @property
    def length(self) -> int:
        """Characters of the whole table."""
        return len(self.header) + sum(map(len, self.rows)) + len(self.rows)


@dataclass(slots=True)
class _Part:
    """Columns with their cells: one list of cell texts per column that has cells."""

    columns: list[Column]
    cells: list[list[str]]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where columns stand: inside a list cell or not, and which columns a template may name."""

    nested: bool
    measure: Measure | None
    exact: bool
    named: dict[str, _Bare]
    path: str = ""


class _Bare:
    """The cells of a column without the quotes of strings, cut when asked for: copies are large."""

    def __init__(self, lexemes: Sequence[Cell]) -> None:
        self._lexemes = lexemes

    def __getitem__(self, row: int) -> str:
        lexeme = self._lexemes[row] or ""
        return lexeme[1:-1] if lexeme[:1] == '"' else lexeme


def write_keyed_table(rows: Row, measure: Measure | None, *, exact: bool = True) -> Table | None:
    """Return an object of objects as a table whose first column holds the keys; None if it is none.

    A value that does not fit the columns stands as ``="key":JSON``.
    """
    values = [value for value in rows.values() if isinstance(value, dict) and value]
    if len(values) < len(rows) * (1 - _MOST_EXCEPTIONS):
        return None
    keyed: list[Node] = [
        {ROW_KEY: f'"{key}"', **value} if isinstance(value, dict) and value else value
        for key, value in rows.items()
    ]
    table = write_table(keyed, measure, exact=exact)
    if table is None:
        return None
    lines = [
        f'="{key}":{compact(value)}' if line.startswith("=") else line
        for line, (key, value) in zip(table.rows, rows.items(), strict=True)
    ]
    return Table(table.header, lines)


def write_table(
    rows: Sequence[Node], measure: Measure | None, *, exact: bool = True
) -> Table | None:
    """Return rows (objects, a few exceptions allowed) as a table; None if they are none.

    Args:
        rows: The elements of an array, in order.
        measure: Counts the tokens of a short text, to see where a dictionary for a column's
            repeated long values pays; None: no dictionaries.
        exact: Use every form that saves, and none that loses the order of a row's keys. False,
            for a reader who looks for something: values stand whole, but for addresses and for
            long values that are repeated.
    """
    regular = [row for row in rows if isinstance(row, dict) and row]
    if len(regular) < max(2, len(rows) * (1 - _MOST_EXCEPTIONS)):
        return None
    keys = _ordered_keys(regular)
    if not keys:
        return None
    rank = {key: i for i, key in enumerate(keys)}
    # A reader who looks for something does not mind in which order the keys of a row stood.
    fits = [
        isinstance(row, dict) and bool(row) and (not exact or _in_order(row, rank)) for row in rows
    ]
    if sum(fits) < max(2, len(rows) * (1 - _MOST_EXCEPTIONS)):
        return None
    fitting = [row for row, fit in zip(rows, fits, strict=True) if fit and isinstance(row, dict)]
    frame = _Frame(False, measure, exact, {})
    part = _part(fitting, keys, frame)
    lines = _lines(part, len(fitting))
    header = write_header(tuple(part.columns))
    if all(fits):
        return Table(header, lines)
    own = iter(lines)
    return Table(
        header,
        [next(own) if fit else f"={compact(row)}" for row, fit in zip(rows, fits, strict=True)],
    )


def _lines(part: _Part, count: int) -> list[str]:
    if not part.cells:
        return [""] * count
    return [",".join(cells) for cells in zip(*part.cells, strict=True)]


def _ordered_keys(rows: Sequence[Row]) -> list[str]:
    """Return the keys of all rows in an order that most rows follow; [] if rows are too sparse."""
    shapes = list(dict.fromkeys(map(tuple, rows)))
    most = min(_MOST_COLUMNS, 4 * max(map(len, shapes)))
    order = list(shapes[0])
    known = set(order)
    for shape in shapes[1:]:
        if not known.issuperset(shape):
            order = _merged(order, known, shape)
            known.update(shape)
        if len(order) > most:
            return []
    return order if len(order) * len(rows) <= _SPARSEST * sum(map(len, rows)) else []


def _merged(order: list[str], known: set[str], shape: tuple[str, ...]) -> list[str]:
    """Return the order with the shape's new keys, each behind the known key that it follows."""
    behind: dict[str | None, list[str]] = {}
    last: str | None = None
    for key in shape:
        if key in known:
            last = key
        else:
            behind.setdefault(last, []).append(key)
    merged = behind.get(None, [])
    for key in order:
        merged.append(key)
        merged.extend(behind.get(key, ()))
    return merged


def _in_order(row: Row, rank: dict[str, int]) -> bool:
    last = -1
    for key in row:
        here = rank[key]
        if here < last:
            return False
        last = here
    return True


def _part(rows: Sequence[Row], keys: Iterable[str], frame: _Frame) -> _Part:
    part = _Part([], [])
    for key in keys:
        values: list[Node | None] = [row.get(key) for row in rows]
        column, cells = _column(key, values, frame)
        part.columns.append(column)
        part.cells.extend(cells)
    return part


def _column(key: str, values: list[Node | None], frame: _Frame) -> tuple[Column, list[list[str]]]:
    objects = sum([1 for v in values if isinstance(v, dict) and v])
    if objects >= _MANY_OBJECTS * len(values):
        found = _object_column(key, values, frame)
        if found is not None:
            return found
    lists = [v for v in values if isinstance(v, list) and v]
    if lists and all(isinstance(e, dict) and e for v in lists for e in v):
        found = _list_column(key, values, frame)
        if found is not None:
            return found
    plain = _scalar_column(key, values, frame)
    if objects >= max(2, _SOME_OBJECTS * len(values)):
        found = _object_column(key, values, frame)
        if found is not None and _size(found) < _size(plain):
            return found
    return plain


def _size(found: tuple[Column, list[list[str]]]) -> int:
    """Return the characters of a column: its part of the header, and its cells."""
    column, cells = found
    return len(write_header((column,))) + sum([len(cell) + 1 for part in cells for cell in part])


def _object_column(
    key: str, values: list[Node | None], frame: _Frame
) -> tuple[Column, list[list[str]]] | None:
    rows = [v for v in values if isinstance(v, dict) and v]
    keys = _ordered_keys(rows)
    if not keys:
        return None
    rank = {k: i for i, k in enumerate(keys)}
    if frame.exact and not all(_in_order(row, rank) for row in rows):
        return None
    whole = len(rows) == len(values)
    inner = replace(frame, path=f"{frame.path}{key}.", named=frame.named if whole else {})
    part = _part(rows, keys, inner)
    column = Column(key, "object", tuple(part.columns))
    if whole:
        return column, part.cells
    if not part.cells:
        return None
    return column, _with_gaps(values, part.cells, instead_mark(column))


def _with_gaps(values: list[Node | None], cells: list[list[str]], mark: str) -> list[list[str]]:
    """Spread the cells over all rows; a row without the object says so in its first cell."""
    own = iter(zip(*cells, strict=True))
    empty = ("",) * (len(cells) - 1)
    spread = [
        next(own)
        if isinstance(v, dict) and v
        else ((mark if v is None else f"{mark}{compact(v)}"), *empty)
        for v in values
    ]
    return [list(column) for column in zip(*spread, strict=True)]


def _list_column(
    key: str, values: list[Node | None], frame: _Frame
) -> tuple[Column, list[list[str]]] | None:
    rows = [e for v in values if isinstance(v, list) for e in v if isinstance(e, dict)]
    keys = _ordered_keys(rows)
    if not keys:
        return None
    rank = {k: i for i, k in enumerate(keys)}
    if frame.exact and not all(_in_order(row, rank) for row in rows):
        return None
    part = _part(rows, keys, _Frame(True, frame.measure, frame.exact, {}))
    if not part.cells:
        # Rows without cells could not be told apart: print the first column after all.
        first = next((i for i, c in enumerate(part.columns) if c.form == "same"), None)
        if first is None:
            return None
        same = part.columns[first]
        part.columns[first] = Column(same.key, "cell")
        part.cells = [[_scalar_text(same.prefix, nested=True)] * len(rows)]
    own = iter(_lines(part, len(rows)))
    texts = [_list_text(v, own) for v in values]
    return Column(key, "list", tuple(part.columns)), [texts]


def _list_text(value: Node | None, own: Iterable[str]) -> str:
    if value is None:
        return "~"
    if not isinstance(value, list):
        return f"!{compact(value)}"
    lines = iter(own)
    return f"[{';'.join([next(lines) for _ in value])}]"


def _scalar_text(lexeme: str, *, nested: bool, coded: bool = False) -> str:
    return write_cell(lexeme, nested=nested, coded=coded)


def _scalar_column(
    key: str, values: list[Node | None], frame: _Frame
) -> tuple[Column, list[list[str]]]:
    lexemes: list[Cell] = [v if isinstance(v, str) or v is None else compact(v) for v in values]
    distinct = dict.fromkeys(lexemes)
    if len(distinct) == 1 and lexemes[0] is not None:
        return Column(key, "same", prefix=lexemes[0]), []
    if None not in distinct:
        made = _template(lexemes, frame)
        if made is not None:
            return Column(key, "made", prefix=made), []
        _remember(key, lexemes, frame)
    texts = [v for v in distinct if v is not None and v[0] == '"']
    codes = _codes(lexemes, distinct, frame)
    if codes:
        return _coded_column(key, lexemes, codes, frame)
    if len(lexemes) > 2 and len(texts) > max(1, 0.7 * len(distinct)):
        found = _text_column(key, lexemes, texts, frame)
        if found is not None:
            return found
    absent = "~" if frame.nested else ""
    written = {v: absent if v is None else _scalar_text(v, nested=frame.nested) for v in distinct}
    return Column(key, "cell"), [[written[v] for v in lexemes]]


def _remember(key: str, lexemes: list[Cell], frame: _Frame) -> None:
    path = frame.path + key
    if len(frame.named) >= _MOST_NAMED or any(v is None or v[0] in "{[" for v in lexemes):
        return
    if all(NAME.match(name) for name in path.split(".")):
        frame.named[path] = _Bare(lexemes)


def _template(lexemes: list[Cell], frame: _Frame) -> str | None:
    """Return a template that makes every string of other columns of its row, if there is one."""
    first = lexemes[0]
    if not frame.named or first is None or first[0] != '"' or len(first) < 5:
        return None
    parts = _parts(first[1:-1], frame.named)
    if len(parts) == 1 or not all(HEADER_AFFIX.match(text) for text in parts[::2]):
        return None
    in_row = sum([len(frame.named[name][0]) for name in parts[1::2]])
    if "://" not in first and in_row < _MADE_IN_ROW * (len(first) - 2):
        return None
    template = "".join([f"{{{p}}}" if i % 2 else p for i, p in enumerate(parts)])
    if template.strip() != template or REFERENCE.findall(template) != parts[1::2]:
        return None
    columns = [(name, frame.named[name]) for name in dict.fromkeys(parts[1::2])]
    for i, lexeme in enumerate(lexemes):
        if lexeme != f'"{fill(template, {name: values[i] for name, values in columns})}"':
            return None
    return template


def _parts(text: str, named: dict[str, _Bare]) -> list[str]:
    """Split the text of the first row: text and names of columns that stand in it, in turn."""
    parts = [text]
    for name, values in sorted(named.items(), key=lambda item: -len(item[1][0])):
        value = values[0]
        if len(value) < 2:
            break
        for i in range(0, len(parts), 2):
            before, found, after = parts[i].partition(value)
            if found:
                parts[i : i + 1] = [before, name, after]
                break
    return parts


def _codes(lexemes: list[Cell], distinct: dict[Cell, None], frame: _Frame) -> list[tuple[str, str]]:
    """Return (lexeme, code) pairs if a dictionary for the column pays."""
    if frame.measure is None or len(lexemes) < 2 * _CODED_TIMES:
        return []
    if len(distinct) > max(4, len(lexemes) // 3) or len(distinct) > 10 * _CODED_DISTINCT:
        return []
    chosen: list[str] = []
    before = saved = 0
    for lexeme, times in Tally(lexemes).most_common(_CODED_DISTINCT):
        if lexeme is None or len(lexeme) < 8:
            continue
        size = frame.measure(write_cell(lexeme, nested=frame.nested))
        before += size * times
        if times < _CODED_TIMES or size < _CODED_TOKENS:
            continue
        gain = times * (size - 1) - size - 3
        if gain > 0:
            chosen.append(lexeme)
            saved += gain
    if saved < 20 or saved < _CODED_GAIN_SHARE * before:
        return []
    in_order = [v for v in distinct if v is not None and v in frozenset(chosen)]
    return [(v, _code(i)) for i, v in enumerate(in_order)]


def _code(index: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return letters[index] if index < 26 else letters[index // 26 - 1] + letters[index % 26]


def _coded_column(
    key: str, lexemes: list[Cell], codes: list[tuple[str, str]], frame: _Frame
) -> tuple[Column, list[list[str]]]:
    absent = "~" if frame.nested else ""
    by_lexeme: dict[Cell, str] = dict(codes)
    for lexeme in dict.fromkeys(lexemes):
        if lexeme is None:
            by_lexeme[lexeme] = absent
        elif lexeme not in by_lexeme:
            by_lexeme[lexeme] = _scalar_text(lexeme, nested=frame.nested, coded=True)
    shown = tuple((code, write_header_value(lexeme)) for lexeme, code in codes)
    return Column(key, "cell", codes=shown), [[by_lexeme[v] for v in lexemes]]


def _text_column(
    key: str, lexemes: list[Cell], texts: list[str], frame: _Frame
) -> tuple[Column, list[list[str]]] | None:
    prefix, suffix = _affixes([text[1:-1] for text in texts])
    if not frame.exact:
        # For a reader who looks for something, only addresses are cut.
        prefix, suffix = prefix if "://" in prefix else "", ""
    if not prefix and not suffix and not _look_like_numbers(texts):
        return None
    absent = "~" if frame.nested else ""
    start, end = 1 + len(prefix), -1 - len(suffix)
    written: dict[Cell, str] = {v: f"!{v}" for v in dict.fromkeys(lexemes)}
    written[None] = absent
    for lexeme in texts:
        rest = lexeme[start:end]
        bare = bool(rest) and is_bare_rest(rest, nested=frame.nested)
        written[lexeme] = rest if bare else f"!{lexeme}"
    if sum([1 for text in written.values() if text[:1] == "!"]) > 0.3 * len(texts):
        return None
    return Column(key, "text", prefix=prefix, suffix=suffix), [[written[v] for v in lexemes]]


def _look_like_numbers(texts: list[str]) -> bool:
    alike = sum([1 for text in texts if is_scalar_lexeme(text[1:-1])])
    return alike >= 0.5 * len(texts)


def _common_start(one: str, other: str) -> str:
    for i, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return one[:i]
    return min(one, other, key=len)


def _affixes(texts: list[str]) -> tuple[str, str]:
    low, high = min(texts), max(texts)
    prefix = _common_start(low, high)
    while prefix and prefix[-1].isalnum():
        prefix = prefix[:-1]
    # The beginning of a number or a date says little without its end.
    if len(prefix) < _SHORTEST_AFFIX or prefix[0].isdigit() or not HEADER_AFFIX.match(prefix):
        prefix = ""
    if prefix != prefix.lstrip():
        prefix = ""
    last = texts[0][-_SHORTEST_AFFIX:]
    if not all([text.endswith(last) for text in texts]):
        return prefix, ""
    ends = [text[len(prefix) :][::-1] for text in texts]
    suffix = _common_start(min(ends), max(ends))[::-1]
    while suffix and suffix[0].isalnum():
        suffix = suffix[1:]
    if len(suffix) < _SHORTEST_AFFIX or not HEADER_AFFIX.match(suffix) or suffix != suffix.rstrip():
        suffix = ""
    return prefix, suffix
