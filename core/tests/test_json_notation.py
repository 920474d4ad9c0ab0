import json
from collections.abc import Sequence

import pytest

from headroom.errors import DecodingError
from headroom.notation.columns_read import read_rows
from headroom.notation.columns_write import write_keyed_table, write_table
from headroom.notation.json_document import find_json, read_document
from headroom.notation.json_style import Style, detect_style, render, style_of
from headroom.notation.json_tree import DEEPEST, Node, compact, depth_of, leaves_in, parse
from headroom.routing.json_kind import looks_like_json


def nodes(value: object) -> Node:
    root = parse(json.dumps(value))
    assert root is not None
    return root


def table(rows: Sequence[object]) -> tuple[str, list[str]]:
    found = write_table(nodes(rows), len)  # type: ignore[arg-type]
    assert found is not None
    assert list(read_rows(found.header, found.rows)) == nodes(rows)
    return found.header, found.rows


# The tree


def test_lexemes_stay_as_they_stand() -> None:
    assert parse('{"a":[1.0,1e400,-0,"\\u0061",""]}') == {
        "a": ["1.0", "1e400", "-0", '"\\u0061"', '""']
    }


@pytest.mark.parametrize("depth", [DEEPEST, DEEPEST + 1])
def test_documents_are_read_down_to_the_stated_depth(depth: int) -> None:
    root = parse("[" * depth + "]" * depth)
    assert (root is not None) == (depth <= DEEPEST)


def test_brackets_in_strings_do_not_count_as_depth() -> None:
    assert parse(json.dumps(["[" * 500, "{" * 500])) is not None


def test_leaves_are_scalars_and_empty_containers() -> None:
    assert leaves_in(nodes({"a": [1, {}, []], "b": {"c": "x"}})) == 4
    assert depth_of(nodes({"a": [[1]]})) == 3


# Tables


def test_members_of_objects_are_columns_of_their_own() -> None:
    header, rows = table([{"id": i, "user": {"name": f"u {i}", "n": i * i}} for i in range(3)])
    assert header == "id,user{name,n}"
    assert rows[2].startswith("2,")


def test_lists_of_objects_name_their_keys_once() -> None:
    hits = [{"line": 1, "text": "def f"}, {"line": 3, "text": "x = 1"}]
    rows = [{"path": path, "hits": hits[: 1 + i % 2]} for i, path in enumerate("abcd")]
    header, lines = table(rows)
    assert header == "path,hits[line,text]"
    assert lines[3] == "d,[1,def f;3,x = 1]"


def test_a_row_with_other_keys_is_printed_in_full() -> None:
    rows: list[object] = [{"id": i, "v": str(i) * 3} for i in range(9)]
    rows[4] = "maintenance"
    assert table(rows)[1][4] == '="maintenance"'


def test_absent_null_and_empty_differ() -> None:
    rows = [{"id": i, "v": "text", "w": 1} for i in range(8)]
    rows[1] = {"id": 1, "w": 1}
    rows[2]["v"] = None
    rows[3]["v"] = ""
    assert table(rows)[1][1:4] == ["1,", "2,null", '3,""']


def test_an_object_that_is_absent_differs_from_an_object_of_nothing() -> None:
    rows: list[object] = [{"id": i, "at": {"x": i, "y": 2 * i}} for i in range(12)]
    rows[3], rows[5], rows[7] = {"id": 3}, {"id": 5, "at": None}, {"id": 7, "at": {}}
    lines = table(rows)[1]
    assert (lines[3], lines[5], lines[7]) == ("3,!!,", "5,!!null,", "7,!!{},")


def test_long_values_that_are_repeated_get_a_code_in_the_header() -> None:
    names = ("payment gateway of the shop", "inventory service of the warehouse")
    header, rows = table([{"id": i, "service": names[i % 2]} for i in range(20)])
    assert header == f"id,service=(A={names[0]},B={names[1]})"
    assert rows[:2] == ["0,A", "1,B"]


def test_unique_texts_are_never_replaced_by_codes() -> None:
    header, rows = table(
        [{"id": i, "note": f"a rather long remark, number {i}"} for i in range(40)]
    )
    assert "(" not in header
    assert rows[7] == '7,"a rather long remark, number 7"'


def test_texts_that_look_like_numbers_stay_texts() -> None:
    header, rows = table([{"zip": f"0{i}1"} for i in range(5)] + [{"zip": "1.0"}])
    assert rows == ["001", "011", "021", "031", "041", '"1.0"']
    assert header == "zip"
    header, rows = table([{"zip": str(i)} for i in range(5)])
    assert (header, rows[3]) == ("zip=*", "3")


def test_names_stand_whole_and_only_long_beginnings_are_cut() -> None:
    header, rows = table([{"sku": f"SKU-{i:04}", "name": f"Article {i}"} for i in range(20)])
    assert (header, rows[7]) == ("sku,name", "SKU-0007,Article 7")
    header, rows = table([{"file": f"core/src/headroom/part{i}.py"} for i in range(20)])
    assert (header, rows[7]) == ("file=core/src/headroom/*", "part7.py")


def test_a_string_is_made_of_other_cells_where_most_of_it_stands_in_its_row() -> None:
    rows = [
        {"id": f"disk-{i}", "label": f"the big disk-{i}", "copy": f"disk-{i}"} for i in range(9)
    ]
    header, lines = table(rows)
    assert (header, lines[7]) == ("id,label,copy={id}", "disk-7,the big disk-7")


def test_objects_in_a_few_rows_are_columns_where_that_is_shorter() -> None:
    change = {"resource": "disk", "before": 1, "after": 2, "actor": "ann"}
    header, rows = table(
        [{"n": i, "change": {**change, "after": i}} for i in range(4)] + [{"n": 9}] * 6
    )
    assert header == "n,change{resource=disk,before=1,after,actor=ann}"
    assert (rows[3], rows[4]) == ("3,3", "9,!!")


def test_the_order_of_keys_is_kept_without_loss_and_minor_to_who_looks_for_something() -> None:
    rows = nodes([{"kind": "note", "line": i, "text": f"t{i}"} for i in range(4)])
    others = nodes([{"text": f"t{i}", "kind": "error", "line": i} for i in range(4)])
    assert isinstance(rows, list) and isinstance(others, list)
    assert write_table([*rows, *others], len) is None
    found = write_table([*rows, *others], len, exact=False)
    assert found is not None
    assert (found.header, found.rows[5]) == ("kind,line,text", "error,1,t1")


def test_a_key_that_needs_quotes_gets_them() -> None:
    header, _ = table([{"Beak Length (mm)": i, "a,b": -i} for i in range(3)])
    assert header == '"Beak Length (mm)","a,b"'


def test_an_object_of_objects_has_a_column_of_keys() -> None:
    root = nodes({f"node {c}": {"cpu": i} for i, c in enumerate("xyz")})
    assert isinstance(root, dict)
    found = write_keyed_table(root, len)
    assert found is not None
    assert (found.header, found.rows) == ("*,cpu", ["node x,0", "node y,1", "node z,2"])


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("a,b", "1"),
        ("a,b", "1,2,3"),
        ("a,b", '1,"x'),
        ("a,b", "!oops,1"),
        ("a[b]", "[1"),
        ("a[b]", "1"),
        ("a{b", "1"),
        ("a=(AAA=x)", "AAA"),
        ("a,a", "1,2"),
        ('"a', "1"),
        ("a]", "1"),
        ("a", "={}x"),
    ],
)
def test_a_broken_table_is_refused(header: str, line: str) -> None:
    with pytest.raises(DecodingError):
        list(read_rows(header, [line]))


# Layout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a":[1,2]}', "minified"),
        ('{"a": [1, 2]}\n', "spaced, newline at end"),
        ('{\n  "a": [\n    1\n  ]\n}', "indent 2"),
        ('{\n\t"a": [\n\t\t1\n\t]\n}', "indent tab"),
        ('{\n  "a": [1, 2],\n  "b": {\n    "c": 1\n  }\n}', "indent 2, flat arrays"),
        ('[\n  {"a":1, "b":2},\n  {"a":3, "b":4}\n]', "indent 2 to depth 1, tight keys"),
        ('{\r\n  "a": 1\r\n}\r\n', "indent 2, CRLF, newline at end"),
        ('{"a":[{"b":1},\n{"b":2}],"c":3}', "minified, rows of 1 on lines"),
        ('{\n "a": { "x": 1 },\n "b": {\n  "x": 1,\n  "y": 2\n }\n}', "indent 1, padded, inline 1"),
        # What psql prints of json_agg, and of EXPLAIN.
        ('[{"a":1}, \n {"a":2}]\n', 'minified, rows of 0 after " \\n ", newline at end'),
        ('[{"a":1}, \r\n {"a":2}]', 'minified, CRLF, rows of 0 after " \\n "'),
        (
            '[\n  {\n    "a": ["x"],\n    "b": [\n    ]\n  }\n]\n',
            "indent 2 to depth 2, empty on lines, newline at end",
        ),
        # What Jackson prints, and Elasticsearch.
        (
            '{\n  "a" : [ 1, 2 ],\n  "b" : [ {\n    "c" : [ ]\n  }, {\n    "c" : { }\n  } ]\n}',
            "indent 2, wide keys, lists hugged, empty spaced",
        ),
        ('{\n  "a" : [\n    1\n  ],\n  "b" : [ ]\n}', "indent 2, wide keys, empty spaced"),
        ('{\n  "a": "[ ]",\n  "b": []\n}', "indent 2"),
    ],
)
def test_a_layout_is_named_and_written_again(text: str, words: str) -> None:
    root = parse(text)
    assert root is not None
    style = detect_style(text, root)
    assert style is not None
    assert style.words() == words
    again = style_of(words)
    assert again is not None
    assert render(root, again) == text


def test_a_layout_of_its_own_has_no_name() -> None:
    text = '{"a" : 1,\n\n  "b":[1 , 2]}'
    root = parse(text)
    assert root is not None
    assert detect_style(text, root) is None
    assert style_of("as you like it") is None


def test_json_lines_of_one_row_each_are_lines() -> None:
    assert render(nodes([{"a": 1}, {"b": 2}]), Style(None, ":", ",", lines=True)) == (
        '{"a":1}\n{"b":2}'
    )


# Recognition


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', True),
        ("[]", True),
        ("[1, 2]", True),
        ('warning: x\n{"a": 1}\n', True),
        ("[INFO] done [1]", False),
        ("{% raw %}{}", False),
        ("[link](there) and [more]", False),
        ("plain text", False),
        ("", False),
        ("12:00:01 GET / {ok}", False),
    ],
)
def test_json_is_recognised_from_the_ends_of_a_text(text: str, expected: bool) -> None:
    assert looks_like_json(text) is expected


def test_json_far_below_other_lines_is_not_looked_for() -> None:
    assert find_json("line\n" * 50 + "{}") is None


def test_lines_above_the_json_are_kept_apart() -> None:
    document = read_document('npm warn a\nnpm warn b\n{"a": [1]}\n')
    assert document is not None
    assert (document.above, document.lines) == ("npm warn a\nnpm warn b\n", False)
    assert document.compact == compact({"a": ["1"]}) == '{"a":[1]}'
