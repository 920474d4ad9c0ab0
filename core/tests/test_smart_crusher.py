import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.smart_crusher import SmartCrusher
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.notation.json_body_read import read_body
from headroom.notation.json_tree import Node, parse

CRUSHER = SmartCrusher()
COUNTER = O200kCounter()
REAL_DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "open"


def content(text: str, question: str = "", **more: object) -> Content:
    return Content(text, COUNTER, question=question, **more)  # type: ignore[arg-type]


def round_trip(text: str) -> str:
    encoding = CRUSHER.encode(content(text))
    assert encoding is not None
    return CRUSHER.decode(encoding)


def orders(count: int = 300) -> list[dict[str, object]]:
    made = random.Random(7)
    return [
        {
            "id": 1000 + i,
            "status": made.choice(["paid", "paid", "shipped"]),
            "customer": {"name": made.choice(["Ann", "Bob", "Cy"]), "vip": False},
            "total": round(made.uniform(10, 99), 2),
            "placed": f"2026-01-{1 + i % 28:02d}T10:{i % 60:02d}:00Z",
        }
        for i in range(count)
    ]


def selected(
    text: str, question: str, *, target: int = 300, asked: bool = True, **more: object
) -> Selection:
    found = CRUSHER.select(content(text, question, **more), Goal("balanced", target, asked))
    assert found is not None
    return found


def kept_rows(body: str) -> list[Node]:
    lines = [line for line in body.split("\n") if not line.endswith(" rows omitted]")]
    rows = read_body("\n".join(lines))
    assert isinstance(rows, list)
    return rows


# The lossless form


def test_rows_become_a_table_whose_header_says_once_what_all_rows_share() -> None:
    rows = [{"id": i, "region": "us-east-1", "name": f"web-{i * i}"} for i in range(40)]
    encoding = CRUSHER.encode(content(json.dumps(rows, indent=2)))
    assert encoding is not None
    assert encoding.body.splitlines()[:4] == ["[", "id,region=us-east-1,name", "0,web-0", "1,web-1"]
    assert encoding.note.startswith("indent 2; ")


def test_a_table_stands_where_its_array_stood() -> None:
    text = json.dumps({"total": 120, "items": orders(50), "next": None})
    encoding = CRUSHER.encode(content(text))
    assert encoding is not None
    assert encoding.body.startswith('{"total":120,"items":[\nid,')
    assert encoding.body.endswith('\n],"next":null}')


def test_an_object_of_objects_becomes_a_table_keyed_by_its_members() -> None:
    prices = {f"model-{i}": {"input": i / 8, "mode": "chat", "limit": 8192} for i in range(30)}
    text = json.dumps(prices, indent=4)
    encoding = CRUSHER.encode(content(text))
    assert encoding is not None
    assert encoding.body.splitlines()[:2] == ["{", "*,input,mode=chat,limit=8192"]
    assert CRUSHER.decode(encoding) == text


def test_a_column_made_of_other_columns_is_printed_once() -> None:
    rows = [{"login": f"u{i}x", "url": f"https://api.example/users/u{i}x/repos"} for i in range(30)]
    encoding = CRUSHER.encode(content(json.dumps(rows)))
    assert encoding is not None
    assert "url=https://api.example/users/{login}/repos" in encoding.body


def test_a_repeated_object_is_printed_once_and_referred_to() -> None:
    user = {"login": "octocat", "id": 583231, "type": "User", "site_admin": False, "bio": "x" * 60}
    text = json.dumps({"author": user, "sender": user, "owner": {"user": user}}, indent=2)
    encoding = CRUSHER.encode(content(text))
    assert encoding is not None
    assert encoding.body.count("octocat") == 1
    assert CRUSHER.decode(encoding) == text


@pytest.mark.parametrize(
    "odd",
    [
        'null', '""', "true", "1", "1.0", "1e400", "9007199254740993", "-0.0", '"007"', '"1"',
        '"true"', '"null"', '"a,b"', '"a\\nb"', '"\\"q\\""', '"~"', '"!"', '"="', '"*1"', '"&1"',
        '"$1"', '"[x]"', '"{id}"', '" x "', '"\\ud83d\\ude00"', '"\U0001f600"', '"\\ud800"', "{}",
        "[]", '[1,"a",null]', '{"a":{"b":[]}}', '"]"', '"}"', '"A"',
    ],
)  # fmt: skip
def test_a_value_of_any_type_comes_back_as_it_was(odd: str) -> None:
    rows = [f'{{"id":{i},"value":"plain {i}","other":{i % 3}}}' for i in range(60)]
    rows[30] = f'{{"id":30,"value":{odd},"other":{odd}}}'
    rows[31] = '{"id":31}'
    rows[32] = f'{{"other":{odd},"id":32}}'
    rows[33] = odd
    text = f"[{','.join(rows)}]"
    assert round_trip(text) == text


@pytest.mark.parametrize(
    "layout",
    [
        {"separators": (",", ":")},
        {},
        {"indent": 2},
        {"indent": 4},
        {"indent": "\t"},
        {"indent": 2, "separators": (",", ":")},
        {"ensure_ascii": False},
    ],
)
@pytest.mark.parametrize("end", ["", "\n"])
def test_the_layout_comes_back_as_it_was(layout: dict[str, object], end: str) -> None:
    text = json.dumps([*orders(40), {"id": "é\u2028😀", "tags": []}], **layout) + end  # type: ignore[arg-type]
    assert round_trip(text) == text


def test_other_escapes_come_back_as_they_were() -> None:
    text = json.dumps(orders(40)).replace("Ann", "A\\/n\\u003cn").replace("Bob", "B\\u00E9\\u0062")
    assert round_trip(text) == text


def test_objects_on_one_line_in_an_indented_text_come_back_as_they_were() -> None:
    text = json.dumps({"a": [{"k": 1, "n": "x" * 50}] * 9, "b": {"c": 1, "d": 2}}, indent=2)
    mixed = text.replace('{\n    "c": 1,\n    "d": 2\n  }', '{ "c": 1, "d": 2 }')
    assert mixed != text
    assert round_trip(mixed) == mixed


def test_rows_on_lines_of_their_own_come_back_as_they_were() -> None:
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in orders(30))
    geojson = f'{{"type":"FeatureCollection","features":[{rows}],"bbox":[1,2]}}'
    assert round_trip(geojson) == geojson
    listed = f"[\n{rows}\n]\n"
    assert round_trip(listed) == listed


def test_carriage_returns_come_back_as_they_were() -> None:
    text = json.dumps(orders(30), indent=2).replace("\n", "\r\n")
    assert round_trip(text) == text


def test_json_lines_are_one_table() -> None:
    text = "".join(json.dumps(row) + "\n" for row in orders(50))
    assert CRUSHER.detect(content(text)) == "jsonl"
    assert round_trip(text) == text


def test_warnings_above_the_document_stay() -> None:
    text = "npm warn Unknown user config\n" + json.dumps(orders(30), indent=2) + "\n"
    encoding = CRUSHER.encode(content(text))
    assert encoding is not None
    assert encoding.body.startswith("npm warn Unknown user config\n[\n")
    assert CRUSHER.decode(encoding) == text


def test_what_psql_prints_comes_back_as_it_was() -> None:
    rows = json.dumps(orders(30), separators=(",", ":")).replace("},{", "}, \n {")
    assert round_trip(rows) == rows


@pytest.mark.parametrize(
    "text",
    [
        '{"a":  1,\n\n"b":[1 ,2]}' + " " * 200,
        json.dumps([{"a": 1, "b": [1, 2, 3]}] * 30, indent=3).replace("\n   ", "\n "),
    ],
)
def test_a_layout_that_cannot_be_written_again_is_left_alone(text: str) -> None:
    assert CRUSHER.encode(content(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[INFO] started [1]",
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": 01}',
        '{"a": 1,}',
        "[1, 2",
        "{'a': 1}",
        '{"a": "\x01"}',
        "\ufeff" + '{"a": 1}',
        '{"a": 1} {"b": 2}',
        '{"a": 1}\nnot json\n{"b": 2}',
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '"just a string"',
        "42",
    ],
)
def test_a_text_that_is_no_plain_json_is_not_claimed(text: str) -> None:
    asked = content(text, "anything")
    assert CRUSHER.detect(asked) is None
    assert CRUSHER.encode(asked) is None
    assert CRUSHER.select(asked, Goal("balanced", 100, True)) is None


def test_a_form_that_saves_too_little_is_not_worth_it() -> None:
    assert CRUSHER.encode(content('{"a":1,"b":[1,2,3],"c":"a short document"}')) is None


@pytest.mark.parametrize(
    "encoding",
    [
        Encoding("table", "minified", "[]"),
        Encoding("json", "no such layout", "[]"),
        Encoding("json", "minified", "[1,2"),
        Encoding("json", "minified", "[\na,b\n1\n]"),
        Encoding("json", "minified", "[\na,a\n1,2\n]"),
        Encoding("json", "minified", "*1"),
        Encoding("json", "minified", '["$1x"]' + "&1"),
        Encoding("json", "lines of minified", "{}"),
        Encoding("json", "minified, below 9 lines", "[]"),
        Encoding("json", "minified", "[" * 5_000),
        Encoding("json", "indent 2, inline 1-99999999", "[]"),
        Encoding("json", "minified", "&1[1]" + "".join(f",&{i}[*{i - 1}]" for i in range(2, 9))),
    ],
)
def test_a_broken_encoding_is_refused(encoding: Encoding) -> None:
    with pytest.raises(DecodingError):
        CRUSHER.decode(encoding)


def test_references_to_references_cannot_grow_without_bound() -> None:
    parts = ["&1[1,1,1,1,1,1,1,1,1,1]"]
    parts += [f"&{i}[{','.join([f'*{i - 1}'] * 10)}]" for i in range(2, 12)]
    with pytest.raises(DecodingError):
        CRUSHER.decode(Encoding("json", "minified", f"[{','.join(parts)}]"))


# What stays of rows


def test_kept_and_omitted_rows_add_up_and_kept_rows_are_the_originals_in_order() -> None:
    text = json.dumps(orders())
    found = selected(text, "Which order failed?")
    original = parse(text)
    assert isinstance(original, list)
    rows = kept_rows(found.body)
    assert found.unit == "rows"
    assert (found.kept, found.total) == (len(rows), 300)
    assert f"[{300 - len(rows)} rows omitted]" in found.body
    places = [original.index(row) for row in rows]
    assert places == sorted(places)


def test_first_and_last_row_stay() -> None:
    text = json.dumps(orders())
    rows = kept_rows(selected(text, "Which orders are shipped?").body)
    original = parse(text)
    assert isinstance(original, list)
    assert (rows[0], rows[-1]) == (original[0], original[-1])


@pytest.mark.parametrize("wanted", [1001, 1177, 1298])
def test_the_row_that_the_question_names_stays(wanted: int) -> None:
    body = selected(json.dumps(orders()), f"What is the total of order {wanted}?").body
    assert any(line.startswith(f"{wanted},") for line in body.split("\n"))


def test_the_row_that_the_arguments_name_stays() -> None:
    found = selected(json.dumps(orders()), "What is its status?", arguments="1234")
    assert any(line.startswith("1234,") for line in found.body.split("\n"))


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"total": -44871.55}, "-44871.55"),
        ({"status": "chargeback"}, "chargeback"),
        ({"status": "payment failed: card declined"}, "payment failed: card declined"),
        ({"customer": {"name": "Zoltan", "vip": True}}, "Zoltan"),
        ({"note": "handle with care"}, "handle with care"),
        ({"placed": "2019-05-05T05:05:05Z"}, "2019-05-05T05:05:05Z"),
        ({"status": None}, "null"),
    ],
)
def test_a_row_out_of_line_stays(change: dict[str, object], shown: str) -> None:
    rows = orders()
    rows[171].update(change)
    body = selected(
        json.dumps(rows), "Do you see anything odd in these orders paid in January?"
    ).body
    assert shown in body
    assert any(line.startswith("1171,") for line in body.split("\n"))


def test_the_extreme_that_is_asked_for_stays_where_there_is_hardly_room() -> None:
    rows = [
        {
            "mag": 6.4 if i == 77 else round(1 + i % 13 / 10, 1),
            "place": f"{i} km off a town",
            "note": "x" * 90,
        }
        for i in range(300)
    ]
    found = selected(
        json.dumps(rows), "Where was the strongest earthquake, what magnitude?", target=150
    )
    assert "6.4,77 km off a town" in found.body


def test_a_question_whose_words_do_not_occur_gets_an_overview() -> None:
    found = selected(json.dumps(orders()), "Who was overcharged?", target=200)
    assert 2 < found.kept < 100


def test_a_short_document_without_a_word_of_the_question_is_read_whole() -> None:
    document = {"spec": {f"key{i}": f"value {i}" for i in range(200)}, "id": "a7"}
    asked = content(json.dumps(document), "Why was nobody informed?")
    assert CRUSHER.select(asked, Goal("balanced", 300, True)) is None
    assert CRUSHER.select(asked, Goal("aggressive", 60, True)) is not None


def test_a_text_worded_unlike_all_others_stays() -> None:
    rows = [
        {"seq": i, "text": f"Issue #{i}: rate limit not working for tenant {i}"} for i in range(200)
    ]
    rows[121]["text"] = "Data loss: compaction deletes segments still referenced"
    body = selected(json.dumps(rows), "Which issues should we look at first?").body
    assert "Data loss: compaction deletes segments" in body


def test_a_row_with_a_kept_substring_stays() -> None:
    found = selected(json.dumps(orders()), "Which orders are shipped?", keep=("10:41:00Z",))
    assert found.body.count("10:41:00Z") == 5


def test_a_named_row_brings_the_row_that_it_refers_to() -> None:
    letters = "ABCDEFGHIJKLMN"
    schema = {
        "operations": {f"Get{n}": {"input": f"Get{n}Input", "http": "POST"} for n in letters},
        "shapes": {f"Get{n}Input": {"required": [f"{n}Id", f"{n}Token"]} for n in letters},
    }
    body = selected(json.dumps(schema, indent=1), "What does GetK need?", target=40).body
    assert '"KId","KToken"' in body


def test_the_callers_relevance_replaces_the_bundled_one() -> None:
    def likes_late_rows(question: str, texts: Sequence[str]) -> list[float]:
        return [1.0 if i in (211, 212) else 0.0 for i, _ in enumerate(texts)]

    found = selected(json.dumps(orders()), "Which orders are paid?", relevance=likes_late_rows)
    lines = found.body.split("\n")
    assert all(any(line.startswith(f"{i},") for line in lines) for i in (1211, 1212))


def test_a_shortened_array_never_stands_beside_an_unexplained_total() -> None:
    text = json.dumps({"total": 300, "items": orders(), "page": 1})
    found = selected(text, "Which order failed?")
    assert f"[{300 - found.kept} rows omitted]\n]" in found.body
    assert '"total":300' in found.body


def test_each_shortened_array_states_its_own_gap() -> None:
    text = json.dumps({"open": orders(150), "closed": orders(90)})
    found = selected(text, "Which order failed?")
    gaps = [int(line[1:].split()[0]) for line in found.body.split("\n") if "rows omitted" in line]
    assert len(gaps) == 2
    assert sum(gaps) == found.total - found.kept


def test_what_was_left_out_is_profiled() -> None:
    found = selected(json.dumps(orders()), "Which status do most orders have?")
    rows = kept_rows(found.body)
    paid = sum(row["status"] == "paid" for row in orders())
    shown = sum(isinstance(row, dict) and row["status"] == '"paid"' for row in rows)
    assert f"status: {paid - shown} paid" in found.summary


def test_a_column_with_one_value_or_none_is_not_profiled() -> None:
    rows = [row | ({"currency": "EUR"} if i % 2 else {}) for i, row in enumerate(orders())]
    assert "currency" not in selected(json.dumps(rows), "Which status do most orders have?").summary


def test_a_list_of_equal_events_does_not_become_nothing() -> None:
    rows = [{"level": "INFO", "message": "heartbeat ok", "n": i} for i in range(400)]
    found = selected(json.dumps(rows), "What happened in the heartbeat log?", target=60)
    assert found.kept >= 2
    assert "heartbeat ok" in found.body


def test_a_long_text_keeps_a_preview_around_what_was_asked() -> None:
    rows = orders(60)
    words = " ".join(f"word{i}" for i in range(400))
    rows[20]["note"] = f"{words} the parcel was lost in Rotterdam {words}"
    body = selected(json.dumps(rows), "What happened in Rotterdam?").body
    assert "lost in Rotterdam" in body
    assert "word1 word2" in body
    assert "characters omitted]" in body


def test_with_nobody_asking_records_stay_and_aggressively_one_of_each_kind() -> None:
    rows = orders(200)
    rows[77]["status"] = "refunded by hand"
    text = json.dumps(rows)
    assert CRUSHER.select(content(text), Goal("balanced", 300, False)) is None
    found = CRUSHER.select(content(text), Goal("aggressive", 60, False))
    assert found is not None
    kept = kept_rows(found.body)
    shapes = {(row["status"], row["customer"]["name"]) for row in rows}  # type: ignore[index]
    shown = {
        (row["status"][1:-1], row["customer"]["name"][1:-1])  # type: ignore[index,call-overload]
        for row in kept
        if isinstance(row, dict)
    }
    assert shown == shapes


def test_with_nobody_asking_rows_that_do_not_repeat_are_left_alone() -> None:
    words = random.Random(3)
    rows = [
        {"text": " ".join(words.choice("abcdefghijklmnop") * 4 for _ in range(9))}
        for _ in range(80)
    ]
    assert CRUSHER.select(content(json.dumps(rows)), Goal("balanced", 100, False)) is None


def test_with_nobody_asking_rows_go_only_where_nearly_all_repeat() -> None:
    events = [
        {"id": i, "state": "done", "word": "".join(chr(97 + i // k % 26) for k in (1, 26))}
        for i in range(100)
    ]
    assert CRUSHER.select(content(json.dumps(events)), Goal("balanced", 100, False)) is None
    same = [{**event, "word": "done"} for event in events]
    found = selected(json.dumps(same), "", asked=False, target=100)
    assert found.kept <= 6


def test_with_nobody_asking_links_that_lengthen_their_objects_own_are_left_out_and_named() -> None:
    def user(name: str) -> dict[str, object]:
        url = f"https://api.example/users/{name}"
        return {
            "login": name,
            "url": url,
            "html_url": f"https://example/{name}",
            "repos_url": f"{url}/repos",
            "gists_url": f"{url}/gists{{/id}}",
            "orgs_url": f"{url}/orgs",
        }

    event = {"action": "closed", "sender": user("ann"), "issue": {"n": 7, "user": user("bob")}}
    found = selected(json.dumps(event, indent=2), "", asked=False)
    assert (found.kept, found.total) == (8, 14)
    assert found.summary.startswith("omitted: 2 repos_url, 2 gists_url, 2 orgs_url")
    assert '"html_url":"https://example/bob"' in found.body
    assert "/repos" not in found.body


def test_with_nobody_asking_a_lock_file_is_a_table_without_digests() -> None:
    packages = {
        f"node_modules/part-{i}": {
            "version": f"{i}.0.1",
            "integrity": f"sha512-{i:086d}==",
            "license": ("MIT", "ISC", "BSD")[i % 3],
        }
        for i in range(40)
    }
    text = json.dumps({"name": "shop", "packages": packages}, indent=2)
    found = selected(text, "", asked=False)
    assert found.total - found.kept == 40
    assert found.summary.startswith("omitted: 40 integrity")
    assert "*,version,license" in found.body
    assert "node_modules/part-7,7.0.1,ISC" in found.body


def test_with_nobody_asking_a_shortened_list_still_says_so() -> None:
    links = [{"_links": {"self": f"https://api.example/{i}"}} for i in range(9)]
    document = {"links": [{"id": 1}, *links], "text": "something to read " * 20}
    found = selected(json.dumps(document), "", asked=False)
    assert "[9 items omitted]" in found.body


def test_a_named_value_deep_in_a_document_stays() -> None:
    url = "https://api.example/repos/a/b"
    side = {f"{k}_url": f"{url}/{k}" for k in ("issues", "pulls", "keys", "hooks", "tags", "refs")}
    document = {
        "action": "closed",
        "pull_request": {
            "number": 7,
            "merge_commit_sha": "c4295bd74fb0",
            "head": {"sha": "ec26c3e57ca3", **side},
            **side,
        },
        "repository": {"name": "b", "owner": {"login": "a", **side}, **side},
        "sender": {"login": "a", "id": 3, **side},
    }
    found = selected(json.dumps(document, indent=2), "What is pull_request.head.sha?", target=60)
    assert found.unit == "values"
    assert '"head":{"sha":"ec26c3e57ca3"' in found.body
    assert found.total == 2 + 1 + 1 + 6 * 5 + 2 + 2
    assert found.body.count("_url") < 12


def report(findings: int = 3, prose: int = 40) -> dict[str, object]:
    """A report of findings, each a record, beside rules that are explained at length."""
    rules = [f"Rule {c} speaks of eval and of much else. " * prose for c in "abcdefg"[:findings]]
    return {
        "schema": "https://schema.example/report.json",
        "results": [
            {
                "rule": f"S30{i}",
                "message": f"Use of {word} is not safe",
                "places": [{"file": "cli.py", "region": {"line": 1000 + 31 * i, "column": 13}}],
            }
            for i, word in enumerate(("eval", "exec", "pickle")[:findings])
        ],
        "driver": {"name": "checker", "help": {"first": rules[0], "second": rules[1]}},
    }


def test_what_a_record_says_stays_together_with_where_it_says_it() -> None:
    found = selected(json.dumps(report(), indent=2), "Is eval used somewhere?", target=90)
    assert found.unit == "values"
    assert '"message":"Use of eval is not safe"' in found.body
    assert '"line":1000' in found.body
    assert "speaks of eval and of much else" not in found.body


def test_of_equal_texts_the_first_stays() -> None:
    text = "Use of a possibly insecure function; consider another"
    document = {
        "result": {"message": text, "line": 1031},
        "rules": {"short": text, "full": text, "help": text, "id": "S307"},
        "rest": {f"key{i}": "value" for i in range(30)},
    }
    found = selected(json.dumps(document), "What function is insecure?", target=40)
    assert found.body.count(text) == 1


def test_what_stands_around_rows_is_chosen_from_where_it_is_large() -> None:
    document = {
        "kind": "Node",
        "labels": {f"label-{i}": f"value of label {i}" for i in range(80)},
        "info": {"kernel": "5.10.0", "osImage": "Buildroot"},
        "images": [
            {"image": f"registry.example/app-{i}:1.{i}", "size": i * 1000} for i in range(99)
        ],
    }
    text = json.dumps(document, indent=1)
    found = selected(text, "What is info.kernel of this node?", target=200)
    assert '"kernel":"5.10.0"' in found.body
    assert found.body.count("value of label") < 20
    assert "rows omitted]" in found.body
    assert (found.unit, found.total) == ("values", 1 + 80 + 2 + 2 * 99)
    again = selected(text, "What is label-63 of this node?", target=200)
    assert '"label-63":"value of label 63"' in again.body


def test_the_same_input_gives_the_same_output() -> None:
    text = json.dumps(orders())
    goal = Goal("balanced", 300, True)
    first = CRUSHER.select(content(text, "Which order failed?"), goal)
    assert first == CRUSHER.select(content(text, "Which order failed?"), goal)


# Size


def test_two_hundred_thousand_rows_are_read() -> None:
    text = json.dumps([{"id": i, "v": i % 7} for i in range(200_000)], separators=(",", ":"))
    encoding = CRUSHER.encode(content(text))
    assert encoding is not None
    assert CRUSHER.decode(encoding) == text


@pytest.mark.skipif(not REAL_DATA.exists(), reason="the real data is not here")
@pytest.mark.parametrize("folder", ["json", "k8s", "traces/bfcl"])
def test_real_documents_come_back_byte_for_byte(folder: str) -> None:
    coded = 0
    for path in sorted((REAL_DATA / folder).rglob("*")):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "surrogateescape")
            encoding = CRUSHER.encode(content(text))
            if encoding is not None:
                coded += 1
                assert CRUSHER.decode(encoding) == text, path.name
    assert folder != "json" or coded > 60


@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_marker_shows_values_in_ascii_whatever_the_documents_escapes(ascii_only: bool) -> None:
    cities = ["Gda\u0144sk", "Malm\u00f6 [south]", "\ud800"]
    rows = [{"id": i, "city": cities[i % 3], "note": f"row {i} of many"} for i in range(300)]
    text = json.dumps(rows, ensure_ascii=ascii_only)
    if not ascii_only:
        text = text.replace("\ud800", "Kiel")
    marker = selected(text, "What is row 17?").summary
    assert r"Gda\u0144sk" in marker
    assert r"Malm\xf6 (south)" in marker
    assert marker.isascii()
