"""Retrieval: an original comes back whole, or by lines, rows, path or pattern, verbatim."""

from __future__ import annotations

import json
import random

import pytest

from headroom.counting.o200k import O200kCounter
from headroom.errors import SelectorError
from headroom.originals.patterns import LinePattern
from headroom.originals.retrieval import Retrieval, retrieve_part

COUNTER = O200kCounter()
LINES = "\n".join(f"{n:04d} step {n % 7} done" for n in range(1, 1001))


def orders(count: int = 300) -> list[dict[str, object]]:
    """Seeded orders, one of them failed."""
    chance = random.Random(7)
    return [
        {
            "id": n,
            "status": "failed" if n == 177 else "shipped",
            "region": ("eu", "us", "ap")[n % 3],
            "latency": chance.randrange(20, 90) if n != 41 else 905,
            "customer": {"name": f"customer {chance.randrange(10_000)}"},
        }
        for n in range(1, count + 1)
    ]


PRETTY = json.dumps({"page": 1, "orders": orders()}, indent=2)
MINIFIED = json.dumps({"page": 1, "orders": orders()}, separators=(",", ":"))
JSON_LINES = "\n".join(json.dumps(order) for order in orders()) + "\n"
CSV = "id,status,latency,note\n" + "\n".join(
    f'{o["id"]},{o["status"]},{o["latency"]},"a, {o["region"]}"' for o in orders()
)


def part(original: str, **selectors: object) -> Retrieval:
    return retrieve_part(original, counter=COUNTER, **selectors)  # type: ignore[arg-type]


def without_header(text: str) -> str:
    return text.partition("\n")[2] if text.startswith("[") else text


def pages(original: str, **selectors: object) -> list[Retrieval]:
    found = [part(original, **selectors)]
    while found[-1].next_cursor is not None:
        found.append(part(original, cursor=found[-1].next_cursor, **selectors))
    return found


@pytest.mark.parametrize("original", ["", "\n", "a\r\nb\n\n", "\ud800 lone", PRETTY, "x" * 100_000])
def test_without_a_selector_the_original_comes_back_byte_for_byte(original: str) -> None:
    whole = part(original)
    assert whole.text == original
    assert whole.complete and whole.next_cursor is None
    assert whole.selected == whole.total == original.count("\n") + 1


@pytest.mark.parametrize(
    ("lines", "first", "last", "count"),
    [
        ("10-20", 10, 20, 11),
        ("998-", 998, 1000, 3),
        ("-20", 981, 1000, 20),
        ("7", 7, 7, 1),
        (7, 7, 7, 1),
        ((10, 20), 10, 20, 11),
        ("995-2000", 995, 1000, 6),
        ("0-2", 1, 2, 2),
        ("10:12", 10, 12, 3),
        ("10..12", 10, 12, 3),
    ],
)
def test_lines_are_counted_from_one_and_inclusive(
    lines: object, first: int, last: int, count: int
) -> None:
    found = part(LINES, lines=lines)
    texts = found.text.split("\n")
    assert (texts[0][:4], texts[-1][:4]) == (f"{first:04d}", f"{last:04d}")
    assert len(texts) == found.selected == count
    assert found.total == 1000 and found.complete


def test_several_ranges_come_in_order_and_each_line_once() -> None:
    found = part(LINES, lines="9-12,5,11-13")
    assert [line[:4] for line in found.text.split("\n")] == [
        f"{n:04d}" for n in (5, 9, 10, 11, 12, 13)
    ]


@pytest.mark.parametrize("lines", ["2000-3000", "20-10", (20, 10)])
def test_a_range_without_lines_states_the_total(lines: object) -> None:
    found = part(LINES, lines=lines)
    assert found.text == "[no lines selected; the original has 1000]"
    assert found.selected == 0


@pytest.mark.parametrize("lines", ["", "ten", "1-2-3", "1;2", "-"])
def test_what_is_no_range_is_an_error_with_advice(lines: str) -> None:
    with pytest.raises(SelectorError, match="write for example"):
        part(LINES, lines=lines)


def test_two_selectors_are_an_error() -> None:
    with pytest.raises(SelectorError, match="one selector at a time, not lines and query"):
        part(LINES, lines="1", query="x")


def test_a_limit_too_small_for_an_answer_is_an_error() -> None:
    with pytest.raises(SelectorError, match="at least 50"):
        part(LINES, max_tokens=10)


@pytest.mark.parametrize("original", [PRETTY, MINIFIED, JSON_LINES])
def test_rows_of_json_are_the_bytes_of_the_original(original: str) -> None:
    found = part(original, rows="177-178")
    assert found.text in original or all(x in original for x in found.text.split("\n"))
    assert found.total == 300 and found.selected == 2 and found.unit == "rows"
    assert '"failed"' in found.text.replace(" ", "") or '"failed"' in found.text


def test_rows_of_csv_come_with_the_line_that_names_the_columns() -> None:
    found = part(CSV, rows="177")
    assert found.text.split("\n")[0] == "id,status,latency,note"
    assert found.text.split("\n")[1].startswith("177,failed,")
    assert found.total == 300


def test_rows_of_an_object_of_objects_keep_their_keys() -> None:
    original = json.dumps({"data": {f"node-{n}": {"cpu": n} for n in range(50)}})
    assert part(original, rows="3").text == '"node-2": {"cpu": 2}'
    assert part(original, rows="key=node-7").text == '"node-7": {"cpu": 7}'


@pytest.mark.parametrize("original", [PRETTY, MINIFIED, JSON_LINES, CSV])
@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ("status=failed", [177]),
        ("latency>500", [41]),
        ("latency > 500 and status = shipped", [41]),
        ("status!=shipped", [177]),
        ("id>=299", [299, 300]),
        ("status~FAIL", [177]),
        ('status="failed" and id<100', []),
    ],
)
def test_rows_can_be_filtered(original: str, rows: str, ids: list[int]) -> None:
    found = part(original, rows=rows)
    assert found.selected == len(ids)
    for row in ids:
        assert str(row) in found.text


def test_a_filter_by_a_name_that_no_row_has_lists_the_columns() -> None:
    with pytest.raises(SelectorError, match=r"no row has 'state'; columns: id, status, region"):
        part(PRETTY, rows="state=failed")


def test_what_is_neither_range_nor_filter_is_an_error_with_advice() -> None:
    with pytest.raises(SelectorError, match="neither a range"):
        part(PRETTY, rows="the failed one")


def test_a_text_without_rows_says_what_to_use_instead() -> None:
    with pytest.raises(SelectorError, match=r"has no rows; use lines="):
        part(LINES, rows="1")


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("$.page", ["1"]),
        ("page", ["1"]),
        ("$.orders[176].status", ['"failed"']),
        ("orders.176.status", ['"failed"']),
        ("orders[-1].id", ["300"]),
        ("orders[0:3].id", ["1", "2", "3"]),
        ("orders[298:].id", ["299", "300"]),
        ('orders[0]["customer"]', None),
        ("orders[300:].id", []),
    ],
)
def test_a_path_gives_the_values_as_they_stand(path: str, texts: list[str] | None) -> None:
    found = part(PRETTY, path=path)
    if texts is None:
        assert found.text in PRETTY and found.text.startswith("{")
    elif texts:
        assert found.text.split("\n") == texts
    else:
        assert found.selected == 0


def test_a_star_gives_every_element() -> None:
    found = part(MINIFIED, path="$.orders[*].id")
    assert found.text.split("\n") == [str(n) for n in range(1, 301)]


def test_json_lines_are_addressed_as_one_array() -> None:
    assert part(JSON_LINES, path="[176].status").text == '"failed"'


def test_odd_keys_are_quoted_in_brackets() -> None:
    original = json.dumps({"a.b": {"c d": [1, {'é"': 2}]}, "": 3})
    assert part(original, path='["a.b"]["c d"][1]["\\u00e9\\""]').text == "2"
    assert part(original, path="['a.b']['c d'][0]").text == "1"


def test_numbers_come_back_as_they_were_written() -> None:
    original = '{"a": [1e400, 9007199254740993, -0.0, 1.10], "a2": "007"}'
    assert part(original, path="a[*]").text == "1e400\n9007199254740993\n-0.0\n1.10"


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("$.orders[0].state", "keys there: id, status, region, latency, customer"),
        ("$.orders[999]", "an array of 300"),
        ("$.page.x", "a single value"),
        ("$..id", "not understood"),
        ("orders[", "not understood"),
        ("orders[?(@.id>3)]", "not understood"),
    ],
)
def test_a_path_that_leads_nowhere_says_what_is_there(path: str, advice: str) -> None:
    with pytest.raises(SelectorError, match="path") as caught:
        part(PRETTY, path=path)
    assert advice in str(caught.value)


def test_a_path_into_something_else_than_json_is_an_error() -> None:
    with pytest.raises(SelectorError, match="not JSON"):
        part(LINES, path="$.a")


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [
        ("time(d )?out|refused", "connection timed out", True),
        (r"^\d{4} step [35] ", "0003 step 3 done", True),
        (r"^\d{4} step [35] ", "x0003 step 3 done", False),
        (r"\berr\b", "an err here", True),
        (r"\berr\b", "an error here", False),
        (r"\Berr\B", "xerrx", True),
        ("(?i)FATAL", "fatal: x", True),
        ("(a+)+$", "a" * 5_000 + "b", False),
        ("(x|x)*y", "x" * 5_000, False),
        ("a{2,3}b", "aab", True),
        ("^a{2,3}b", "ab", False),
        ("^(?:ab){2}$", "abab", True),
        ("(?P<n>a)b?", "a", True),
        ("^$", "", True),
        ("[^]x]z", "]z", False),
        ("é+", "caféé", True),
        ("a.c", "abc", True),
        ("C\\+\\+", "in C++ only", True),
        ("colou?r", "color", True),
        ("a*?b", "aab", True),
    ],
)
def test_a_pattern_means_what_it_means_in_python(pattern: str, line: str, found: bool) -> None:
    assert LinePattern(pattern).search(line) is found


@pytest.mark.parametrize(
    "pattern", [r"(a)\1", "(?=a)b", "(?<!a)b", "(", "[a", "a{9999}", "x" * 2_000, "(?s)a", "a**"]
)
def test_a_pattern_without_a_linear_form_is_refused(pattern: str) -> None:
    with pytest.raises(SelectorError, match="pattern"):
        LinePattern(pattern)


def test_a_pattern_gives_the_lines_it_occurs_in() -> None:
    found = part(LINES, pattern=r"^0[12]\d0 step [03]")
    assert [line[:4] for line in found.text.split("\n")] == [
        f"{n:04d}" for n in range(100, 300, 10) if n % 7 in (0, 3)
    ]


def test_of_one_long_line_a_pattern_gives_the_values() -> None:
    found = part(MINIFIED, pattern="failed")
    assert found.text == '"status":"failed"' and found.unit == "values"


def test_pages_are_the_whole_selection() -> None:
    found = pages(LINES, lines="100-900", max_tokens=300)
    assert len(found) > 10
    assert all(COUNTER.count(page.text) <= 300 for page in found)
    body = "\n".join(without_header(page.text) for page in found)
    assert body == "\n".join(LINES.split("\n")[99:900])
    assert [page.complete for page in found] == [False] * len(found)


def test_a_page_names_its_lines_and_the_next_cursor() -> None:
    found = part(LINES, max_tokens=300)
    assert found.next_cursor is not None
    header = found.text.partition("\n")[0]
    assert header == f'[lines 1-{found.selected} of 1000; next: cursor="{found.next_cursor}"]'


def test_every_page_of_a_table_names_its_columns() -> None:
    found = pages(CSV, rows="1-", max_tokens=200)
    assert all(page.text.split("\n")[1] == "id,status,latency,note" for page in found)
    assert sum(page.selected for page in found) == 300


def test_a_line_longer_than_a_page_is_cut_and_nothing_is_lost() -> None:
    line = " ".join(str(n) for n in range(2_000))
    found = pages(line, max_tokens=400)
    assert all(COUNTER.count(page.text) <= 400 for page in found)
    assert "".join(without_header(page.text) for page in found) == line


@pytest.mark.parametrize("cursor", ["line 5000", "row 3", "", "page 1", "line 3+999", "line x"])
def test_a_foreign_cursor_is_an_error(cursor: str) -> None:
    with pytest.raises(SelectorError, match="cursor"):
        part(LINES, max_tokens=300, cursor=cursor)


def test_what_fits_comes_without_a_word_of_ours() -> None:
    assert part(LINES, lines="1-3", max_tokens=500).text == "\n".join(LINES.split("\n")[:3])


def test_a_question_that_names_a_line_gets_that_line() -> None:
    assert "0177 step" in part(LINES, query="what happens at line 177?", max_tokens=100).text


def test_a_question_finds_the_identifier_it_names_with_its_neighbours() -> None:
    log = [f"2024-05-01 10:00:{n % 60:02d} INFO request {n} served" for n in range(2_000)]
    log[1234] = "2024-05-01 10:05:00 ERROR request a1b2-c3 failed"
    log[1235] = "    caused by: disk quota exceeded"
    found = part("\n".join(log), query="Why did a1b2-c3 fail?", max_tokens=150)
    assert log[1234] in found.text and log[1235] in found.text
    assert not found.complete and found.total == 2_000


@pytest.mark.parametrize("original", [PRETTY, MINIFIED, CSV])
def test_a_question_that_names_a_column_gets_its_extreme(original: str) -> None:
    found = part(original, query="Which order has the highest latency?", max_tokens=200)
    assert "905" in found.text


def test_the_odd_one_of_a_listing_stands_out_whatever_is_asked() -> None:
    listing = [f"src/shop/part_{n}.py:{n}: total" for n in range(400)]
    listing[250] = "src/shop/hotfix_7.py:9: total"
    found = part("\n".join(listing), query="Which one is unlike the others?", max_tokens=100)
    assert listing[250] in found.text


def test_a_question_for_how_many_gets_the_total() -> None:
    document = {"object": "list", "total": 2210, "data": orders(200)}
    found = part(json.dumps(document), query="How many orders are there in all?", max_tokens=120)
    assert '"total": 2210' in found.text


def test_the_extreme_of_a_series_stands_out() -> None:
    values = [[1_700_000_000 + 15 * n, 646.02 if n == 173 else 40 + n % 7] for n in range(400)]
    series = json.dumps({"metric": {"host": "web-1"}, "values": values})
    found = part(series, query="Was there a spike?", max_tokens=150)
    assert str(values[173]) in found.text


def test_a_record_answers_with_the_records_inside_it() -> None:
    results = [
        {"rule": f"R{n}", "message": f"{word} is not safe", "places": [{"at": {"line": 900 + n}}]}
        for n, word in enumerate(("eval", "exec", "pickle", "marshal", "tmpfile", "chmod") * 20)
    ]
    results[77]["message"] = "shell is not safe"
    found = part(json.dumps(results), query="Where is a shell used?", max_tokens=100)
    assert '"line": 977' in found.text


def test_a_long_value_leaves_room_for_others() -> None:
    prose = "Where eval is used, eval runs what eval is given. " * 60
    document = {
        "rule": {"help": prose, "id": "S307"},
        "results": [{"text": "an eval", "file": f"part_{n}.py", "line": n} for n in range(40)],
    }
    found = part(json.dumps(document), query="Where is eval used?", max_tokens=300)
    assert found.text.count("part_") >= 2


def test_a_line_comes_with_the_name_of_what_it_stands_in() -> None:
    manifests = "\n---\n".join(
        f"kind: Deployment\nmetadata:\n  labels:\n    tier: shop\n  name: shop-{n:02}\nspec:\n"
        f"  replicas: 2\n  containers:\n  - name: app\n    image: app:1\n    resources:\n"
        f"      memory: {'16Gi' if n == 14 else '256Mi'}"
        for n in range(40)
    )
    found = part(manifests, query="Which one asks for the most memory?", max_tokens=200)
    assert "name: shop-14" in found.text
    assert "memory: 16Gi" in found.text


def test_where_nothing_matches_the_answer_says_so_and_shows_the_head() -> None:
    found = part(LINES, query="zebra", max_tokens=150)
    assert found.text.startswith("[nothing matches the query; this stands out: lines 1-")
    assert "0001 step 1 done" in found.text


def test_a_scorer_of_the_callers_own_decides_what_is_near() -> None:
    def last_is_best(question: str, units: object) -> list[float]:
        assert isinstance(units, (list, tuple))
        return [100.0 if "0500" in unit else 0.0 for unit in units]

    found = retrieve_part(
        LINES, counter=COUNTER, relevance=last_is_best, query="anything", max_tokens=100
    )
    assert "0500 step" in found.text


PSQL = (
    " id  |  status  | amount \n-----+----------+--------\n"
    + "".join(
        f" {n} | {'refused' if n == 177 else 'paid':<8} | {n * 7 % 97:>6}\n"
        for n in range(100, 300)
    )
    + "(200 rows)\n"
)
PODS = "NAME      READY   AGE\n" + "".join(
    f"pod-{n}   1/{n % 2}     {n}d\n" for n in range(100, 180)
)


def test_rows_of_a_drawn_table_are_counted_without_its_rules() -> None:
    found = part(PSQL, rows="1-2")
    assert found.total == 200
    assert found.text.split("\n")[0] == " id  |  status  | amount "
    assert found.text.split("\n")[1] == " 100 | paid     |     21"


@pytest.mark.parametrize(
    ("original", "rows", "selected", "shown"),
    [
        (PSQL, "status=refused", 1, " 177 | refused  | "),
        (PSQL, "id>=298", 2, " 299 | paid     | "),
        (PODS, "NAME=pod-133", 1, "pod-133   1/1     133d"),
        (PODS, "ready=1/0 and name~15", 5, "pod-158   1/0     158d"),
    ],
)
def test_rows_of_a_drawn_table_can_be_filtered(
    original: str, rows: str, selected: int, shown: str
) -> None:
    found = part(original, rows=rows)
    assert found.selected == selected
    assert shown in found.text


def test_rows_without_names_have_numbered_columns() -> None:
    original = "".join(
        f"{n}\t2026-03-01\t{'late' if n == 140 else 'paid'}\n" for n in range(100, 180)
    )
    found = part(original, rows="c3=late")
    assert found.total == 80
    assert found.text == "140\t2026-03-01\tlate"


def test_a_query_finds_the_row_of_a_drawn_table() -> None:
    found = part(PSQL, query="Which order was refused?", max_tokens=200)
    assert " 177 | refused  | " in found.text
    assert found.unit == "rows"
