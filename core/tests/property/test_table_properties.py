"""What holds for every table, however it is drawn and whatever its cells hold."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from itertools import product
from typing import Literal

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from headroom.compressors.interface import Content, Encoding, Goal
from headroom.compressors.tables import TableCompressor
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.notation.delimited import DELIMITERS
from headroom.notation.delimited_body import read_tables, write_tables
from headroom.notation.delimited_tables import TableText, read_delimited
from headroom.notation.grid_read import read_grids

Quoting = Literal[0, 1, 2]
TABLES = TableCompressor()
COUNTER = O200kCounter()

HOSTILE = [
    "",
    " ",
    "a",
    "Running",
    "kube-system",
    "2024-05-01",
    "2024-05-02",
    "10.5",
    "-3",
    "007",
    "~",
    "~x",
    "=",
    "=a",
    "#",
    "#table rows=2 comma",
    "#---+---",
    '"',
    '""',
    'say "hi"',
    "a,b",
    "a;b",
    "a|b",
    "a\tb",
    "trailing ",
    " leading",
    "\u6771\u4eac",
    "\u00e9",
    "\U0001f600",
    "\ud800",
    "*",
    "(",
    ")",
    "a=b",
    "{}",
    "{0}",
    "%s",
    "x" * 60,
    "[headroom tables: x]",
    "\\",
    "null",
    "---",
    "+",
    "None",
]
BROKEN = [*HOSTILE, "two\nlines", "carriage\rreturn", "both\r\n"]

cells = st.sampled_from(HOSTILE) | st.text(
    st.characters(blacklist_characters="\n\r", blacklist_categories=()), max_size=8
)
broken_cells = st.sampled_from(BROKEN) | cells
names = st.lists(
    st.sampled_from(["id", "name", "state", "AGE", "Size", "a b", "x~", "y=1", 'q"', "*", ""])
    | cells,
    min_size=1,
    max_size=5,
)


@st.composite
def matrices(
    draw: st.DrawFn, cell: st.SearchStrategy[str] = cells
) -> tuple[list[str], list[list[str]]]:
    """Draw names and rows, with columns that repeat, are constant, or count up."""
    head = draw(names)
    count = draw(st.integers(0, 14))
    columns = []
    for _ in head:
        kind = draw(st.sampled_from(["any", "few", "same", "dates", "prefix"]))
        if kind == "any":
            column = draw(st.lists(cell, min_size=count, max_size=count))
        elif kind == "few":
            pool = draw(st.lists(cell, min_size=1, max_size=3))
            column = [pool[i % len(pool)] for i in range(count)]
        elif kind == "same":
            column = [draw(cell)] * count
        elif kind == "dates":
            column = [f"2024-05-{1 + i:02}" for i in range(count)]
        else:
            column = [f"pod/{i}-{draw(cell)}.txt" for i in range(count)]
        columns.append(column)
    return head, [list(row) for row in zip(*columns, strict=True)]


def encoded(found: TableText, stay: Sequence[Sequence[int]] | None = None) -> str:
    """Return the body of a text, with nothing checked."""
    rows = [()] * len(found.tables) if stay is None else stay
    return "\n".join(write_tables(found, COUNTER.count, rows))


def as_csv(
    head: list[str], rows: list[list[str]], delimiter: str, quoting: Quoting, end: str
) -> str:
    # The csv module writes NUL from Python 3.11 on.
    assume(sys.version_info >= (3, 11) or not any("\0" in c for row in [head, *rows] for c in row))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([head, *rows])
    return out.getvalue()


@given(
    matrices(broken_cells),
    st.sampled_from(sorted(DELIMITERS.values())),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
    st.data(),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_delimited_table_comes_back_byte_for_byte(
    table: tuple[list[str], list[list[str]]],
    delimiter: str,
    quoting: Quoting,
    end: str,
    data: st.DataObject,
) -> None:
    text = as_csv(*table, delimiter, quoting, end)
    found = read_delimited(text, 0, delimiter)
    body = encoded(found)
    assert "\n".join(read_tables(body)) == text
    stay = [data.draw(st.sets(st.integers(0, 20)))]
    assert "\n".join(read_tables(encoded(found, [sorted(stay[0])]))) == text


@given(st.lists(st.text(st.sampled_from('ab1,;"~=#*()\t |-+\r\n'), max_size=30), max_size=12))
@settings(max_examples=200, deadline=None)
@example(["a,b", '"x', 'y",z', "1,2"])
@example(["a,b", '"x', "1,2", "=1"])
def test_ragged_and_sloppy_lines_come_back_byte_for_byte(lines: list[str]) -> None:
    text = "\n".join(lines)
    for delimiter, headed in product(DELIMITERS.values(), (True, False)):
        found = read_delimited(text, 0, delimiter, headed=headed)
        assert "\n".join(read_tables(encoded(found))) == text
    assert "\n".join(read_tables(encoded(read_grids(text.split("\n"))))) == text


def drawn(head: list[str], rows: list[list[str]], style: str, rights: Sequence[bool]) -> str:
    """Draw a table as tools do."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def pad(row: list[str], gap: str) -> str:
        padded = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, rights, strict=False)
        ]
        return gap.join(padded)

    if style == "psql":
        rule = "-" + "-+-".join(["-" * width for width in widths]) + "-"
        lines = [
            f" {pad(head, ' | ')} ",
            rule,
            *[f" {pad(row, ' | ')}".rstrip(" ") for row in rows],
        ]
        lines.append(f"({len(rows)} rows)")
    elif style == "box":
        rule = "+-" + "-+-".join(["-" * width for width in widths]) + "-+"
        lines = [rule, f"| {pad(head, ' | ')} |", rule]
        lines += [*[f"| {pad(row, ' | ')} |" for row in rows], rule]
    elif style == "markdown":
        lines = [f"| {' | '.join(head)} |", "|" + "|".join([" --- " for _ in head]) + "|"]
        lines += [f"| {' | '.join(row)} |" for row in rows]
    elif style == "records":
        width = max(map(len, head))
        lines = []
        for i, row in enumerate(rows, 1):
            lines.append(f"-[ RECORD {i} ]".ljust(30, "-"))
            lines += [f"{n.ljust(width)} | {c}" for n, c in zip(head, row, strict=True)]
    elif style == "columns":
        rule = "  ".join(["-" * width for width in widths])
        lines = [pad(head, "  "), rule, *[pad(row, "  ") for row in rows]]
    else:
        lines = [pad(head, "   ").rstrip(" "), *[pad(row, "   ").rstrip(" ") for row in rows]]
    return "\n".join(lines)


@given(
    matrices(),
    st.sampled_from(["psql", "box", "markdown", "columns", "kubectl", "records"]),
    st.lists(st.booleans(), min_size=5, max_size=5),
    st.sampled_from(["", "\n", "\r\n", "\n\nDone: =1\n#table\n"]),
    st.sampled_from(["", "$ run it\n", "=\n\n"]),
)
@settings(max_examples=250, deadline=None)
def test_a_drawn_table_comes_back_byte_for_byte(
    table: tuple[list[str], list[list[str]]], style: str, rights: list[bool], end: str, above: str
) -> None:
    once = drawn(*table, style, rights)
    for text in (above + once + end, f"{once}\n\n{once}{end}", once.replace("\n", "\r\n")):
        assert "\n".join(read_tables(encoded(read_grids(text.split("\n"))))) == text


@given(
    st.lists(
        st.tuples(*[st.sampled_from(("ii", "libc6:amd64", "2.36-9", "all", "x y", "7"))] * 4),
        min_size=6,
        max_size=14,
    ),
    st.lists(st.sampled_from(("", "$ dpkg -l", "a  b", "| Status", "-----")), max_size=2),
)
@settings(max_examples=150, deadline=None)
def test_rows_in_columns_without_names_come_back_byte_for_byte(
    rows: list[tuple[str, ...]], above: list[str]
) -> None:
    lines = [f"{a:<12}  {b:<14}  {c:<9}  {d}" for a, b, c, d in rows]
    text = "\n".join([*above, *lines, ""])
    found = read_grids(text.split("\n"))
    assert "\n".join(read_tables(encoded(found))) == text


@given(st.text(st.sampled_from('ab,=~#"*();\n w1 table'), max_size=60), st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_decoding_anything_raises_only_decoding_errors(tail: str, rows: int) -> None:
    words = (
        'records="a" gap="b" length=9',
        "comma",
        'grid gap=" " w=2,2',
        'grid gap=" "',
        "tab crlf quotes=all",
        "grid w=0",
        "x",
    )
    for how in words:
        for body in (f"#table rows={rows} {how}\n{tail}", f"#table {tail}\na,b\n{tail}"):
            try:
                TABLES.decode(Encoding("tables", "", body))
            except DecodingError:
                continue


@given(matrices(), st.sampled_from(["psql", "box", "kubectl", "csv"]), st.booleans(), cells)
@settings(max_examples=150, deadline=None)
def test_kept_rows_stand_verbatim_in_order_and_counts_add_up(
    table: tuple[list[str], list[list[str]]], style: str, asked: bool, keep: str
) -> None:
    head, rows = table
    if style == "csv":
        text = as_csv(head, rows * 4, ",", csv.QUOTE_MINIMAL, "\n")
    else:
        text = drawn(head, rows * 4, style, [False] * 5)
    kept = (keep,) if keep.strip() else ()
    content = Content(text, COUNTER, question="Which name is Running or highest?", keep=kept)
    selection = TABLES.select(content, Goal("balanced", 60, asked))
    if selection is None:
        return
    assert selection.unit == "rows"
    assert 0 <= selection.kept < selection.total
    lines = iter(text.split("\n"))
    body = selection.body.split("\n")
    assert all(line in lines for line in body)
    assert len(text.split("\n")) - len(body) >= selection.total - selection.kept
    shown = iter(body)
    for line in text.split("\n"):
        if any(word in line for word in kept):
            assert asked is False or line in shown
