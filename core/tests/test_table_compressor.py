"""Tables through the compressor: what is saved, what stays, what is said of the rest."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from headroom import CompressionConfig, Compressor
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.compressors.tables import TableCompressor
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError

FIXTURES = Path(__file__).parent / "fixtures" / "tables"
counter = O200kCounter()
compressor = TableCompressor()

# The largest share of tokens that the lossless form of each recording may keep.
RATIOS = {
    "dpkg.txt": 0.81,
    "ps.txt": 0.60,
    "psql.txt": 0.55,
    "psql_border.txt": 0.68,
    "psql_expanded.txt": 0.45,
    "psql_settings.txt": 0.83,
    "sqlite_box.txt": 0.51,
    "sqlite_column.txt": 0.61,
    "sqlite_csv.txt": 0.65,
    "sqlite_markdown.txt": 0.52,
    "sqlite_table.txt": 0.52,
    "sqlite_tabs.txt": 0.67,
}


def recorded(file: str, question: str = "") -> Content:
    text = (FIXTURES / file).read_bytes().decode("utf-8")
    return Content(text, counter, question=question)


def chosen(content: Content, tokens: int = 500, *, asked: bool = True) -> Selection:
    selection = compressor.select(content, Goal("balanced", tokens, asked))
    assert selection is not None
    return selection


def pods(count: int) -> str:
    """Return what ``kubectl get pods`` prints: columns three spaces apart."""
    rows = [("NAME", "READY", "STATUS", "RESTARTS", "AGE")]
    rng = random.Random(7)
    for i in range(count):
        bad = i == count // 2
        rows.append(
            (
                f"{rng.choice(['cart', 'search', 'checkout'])}-{rng.getrandbits(36):09x}-{i}",
                "0/1" if bad else "1/1",
                "CrashLoopBackOff" if bad else "Running",
                "417 (2m ago)" if bad else str(rng.randrange(3)),
                f"{rng.randrange(1, 90)}d",
            )
        )
    widths = [max(map(len, column)) + 3 for column in zip(*rows, strict=True)]
    lines = ["".join([c.ljust(w) for c, w in zip(row, widths, strict=True)]) for row in rows]
    return "".join(f"{line.rstrip(' ')}\n" for line in lines)


@pytest.mark.parametrize(("file", "ratio"), RATIOS.items())
def test_recordings_are_recognised_and_shrink_without_loss(file: str, ratio: float) -> None:
    text = recorded(file).text
    lines = text.rstrip().split("\n")
    # A row is asked for, so that the others may be cut as short as they go.
    content = Content(text, counter, question=lines[len(lines) // 2])
    assert compressor.detect(content) in ("csv", "table")
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == content.text
    assert counter.count(encoding.note) + counter.count(encoding.body) <= ratio * content.tokens


@pytest.mark.parametrize("file", ["psql.txt", "sqlite_box.txt", "sqlite_csv.txt", "ps.txt"])
def test_line_breaks_come_back_whichever_they_are(file: str) -> None:
    text = recorded(file).text.replace("\r\n", "\n").rstrip("\n")
    for again in (text, f"{text}\n", f"{text}\n\n", text.replace("\n", "\r\n")):
        encoding = compressor.encode(Content(again, counter))
        assert encoding is not None
        assert compressor.decode(encoding) == again


def test_a_small_table_is_left_alone() -> None:
    assert compressor.encode(Content("a,b\n1,2\n3,4\n5,6\n7,8\n", counter)) is None
    assert compressor.select(Content("a,b\n1,2\n3,4\n", counter), Goal("balanced", 5, True)) is None


def test_prose_around_tables_stays_and_is_not_counted() -> None:
    content = recorded("psql.txt", "what is the state of svc-tpayme-1?")
    text = f"$ psql -c 'select *'\n\n{content.text}Time: 3.1 ms\n"
    selection = chosen(replace(content, text=text))
    assert selection.total == 160
    assert selection.body.startswith("$ psql -c 'select *'\n\n id  |      name ")
    assert "(160 rows)" in selection.body
    assert selection.body.endswith("Time: 3.1 ms\n")


@pytest.mark.parametrize(
    "file", ["psql.txt", "sqlite_box.txt", "sqlite_csv.txt", "sqlite_tabs.txt"]
)
def test_every_shown_line_is_one_of_the_original_in_order(file: str) -> None:
    content = recorded(file, "Which service has the highest cpu?")
    selection = chosen(content)
    lines = iter(content.text.split("\n"))
    assert all(line in lines for line in selection.body.split("\n"))
    assert 0 < selection.kept < selection.total == 160
    shown = [line for line in selection.body.split("\n") if "svc-" in line]
    assert len(shown) == selection.kept


def test_a_row_that_the_question_names_by_its_key_stays() -> None:
    for number in (17, 83, 141):
        text = recorded("sqlite_csv.txt").text
        row = next(line for line in text.split("\n") if line.startswith(f"{number},"))
        key = row.split(",")[1]
        assert row in chosen(recorded("sqlite_csv.txt", f"What is the cpu of {key}?"), 200).body
        assert (
            row
            in chosen(recorded("sqlite_csv.txt", f"What is the state for id = {number}?"), 200).body
        )


@pytest.mark.parametrize(("word", "number"), [("highest", "99.7"), ("lowest", "0.4")])
def test_the_extreme_that_is_asked_for_stays_with_its_key(word: str, number: str) -> None:
    rows = [line.split(",") for line in recorded("sqlite_csv.txt").text.split("\n")[1:-1]]
    values = [float(row[4]) for row in rows]
    best = rows[values.index(max(values) if word == "highest" else min(values))]
    selection = chosen(recorded("sqlite_csv.txt", f'Which row has the {word} "cpu"?'), 200)
    assert ",".join(best[:5]) in selection.body
    assert best[4] in selection.summary


def test_ties_of_an_extreme_stay_together() -> None:
    text = "key,score\n" + "".join(
        f"k{i},{90 if i in (40, 70, 99) else i % 50}\n" for i in range(200)
    )
    body = chosen(Content(text, counter, question="Which key has the highest score?"), 60).body
    assert all(f"k{i},90\n" in f"{body}\n" for i in (40, 70, 99))


def test_failing_rows_stay_whatever_is_asked_of_the_table() -> None:
    body = chosen(Content(pods(300), counter, question="Which pods are not Running?"), 400).body
    assert "CrashLoopBackOff" in body
    assert (
        "failed"
        in chosen(recorded("psql.txt", "Are the services in region eu-west-2 fine?"), 700).body
    )


def test_rows_with_a_wished_word_stay() -> None:
    content = replace(
        recorded("sqlite_csv.txt", "highest cpu?"), keep=("svc-lingca-77", ",2024-06-0")
    )
    body = chosen(content, 50).body
    assert all(line in body for line in content.text.split("\n") if ",2024-06-0" in line)


def test_the_summary_counts_the_whole_table_exactly() -> None:
    rows = [f"{i},{'up' if i % 4 else 'down'},{i}.5" for i in range(101)]
    text = "id,state,load\n" + "\n".join(rows) + "\n"
    question = "How many are down, and what is the total load?"
    summary = chosen(Content(text, counter, question=question)).summary
    assert "75 up, 26 down" in summary
    assert "load: 0.5 to 100.5, median 50.5, sum 5100.5 over 101" in summary


def test_a_value_that_many_rows_have_is_counted_when_it_is_asked_for() -> None:
    summary = chosen(recorded("psql.txt", "How many services are degraded?")).summary
    assert "14 degraded" in summary
    text = "id,code\n" + "".join(
        f"{i},{'c-7' if i % 50 == 3 else f'c-{i % 5}'}\n" for i in range(400)
    )
    summary = chosen(Content(text, counter, question="How many rows have c-7?")).summary
    assert "code: 8 c-7 (asked)" in summary


def test_without_a_question_only_equal_rows_go() -> None:
    rows = "".join(f"{i},ok\n" for i in range(50))
    assert compressor.select(Content(f"n,s\n{rows}", counter), Goal("balanced", 50, False)) is None
    selection = chosen(Content("n,s\n" + rows + "7,ok\n" * 30 + "8,ok\n", counter), asked=False)
    assert (selection.kept, selection.total) == (52, 81)


def test_several_tables_share_the_target_and_are_counted_together() -> None:
    text = pods(60) + "\n" + pods(40)
    selection = chosen(Content(text, counter, question="Which pod has the most restarts?"))
    assert selection.total == 100
    assert selection.body.count("NAME ") == 2
    assert "over the 60 rows of one table" in selection.summary


def test_a_named_row_stands_whole_in_the_lossless_form() -> None:
    content = recorded("sqlite_csv.txt", "What is the note for svc-tpayme-1?")
    encoding = compressor.encode(content)
    assert encoding is not None
    assert "\n=1,svc-tpayme-1,running,eu-west-2,91.9,2024-03-02,ok\n" in encoding.body
    assert compressor.decode(encoding) == content.text


def hourly(count: int) -> str:
    """Return sales by country and hour, one day after the other."""
    rows = [
        f"{country},2026-03-{1 + i // 24:02} {i % 24:02}:00:00,{i * 37 % 101}"
        for country in ("DE", "FR", "SE")
        for i in range(count)
    ]
    return "\n".join(["country,hour,sold", *rows])


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What was sold in FR in the hour from 15:00?", "FR,2026-03-01 15:00:00,50"),
        ("What was sold in SE at 2026-03-02 04:00?", "SE,2026-03-02 04:00:00,26"),
    ],
)
def test_a_time_in_the_question_names_the_rows_of_that_time(question: str, row: str) -> None:
    assert row in chosen(Content(hourly(40), counter, question=question)).body.split("\n")


def test_rows_whose_name_begins_with_the_one_asked_for_stand_whole() -> None:
    lines = pods(160).split("\n")
    name = next(line.split()[0] for line in lines[90:] if line.startswith("cart"))
    asked = Content("\n".join(lines), counter, question=f"How old is {name.rpartition('-')[0]}?")
    encoding = compressor.encode(asked)
    assert encoding is not None
    assert f"={next(line for line in lines if name in line)}" in encoding.body.split("\n")


@pytest.mark.parametrize(
    ("word", "number"), [("last", 120), ("newest", 120), ("first", 1), ("oldest", 1)]
)
def test_the_first_and_the_last_stand_whole_when_they_are_asked_for(word: str, number: int) -> None:
    rows = [f"{i},Customer {i},2021-{1 + i // 28:02}-{1 + i % 28:02}" for i in range(1, 121)]
    text = "\n".join(["id,name,since", *rows])
    encoding = compressor.encode(Content(text, counter, question=f"Who came {word}?"))
    assert encoding is not None
    assert f"={rows[number - 1]}" in encoding.body.split("\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_without_names_above_them_are_numbered_by_column_and_come_back(end: str) -> None:
    rows = [f"{i}\t2026-03-01 10:{i % 60:02}:00\tpaid\t{i}.5" for i in range(200)]
    content = Content(end.join([*rows, ""]), counter, question="What did 177 cost?")
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == content.text
    selection = chosen(content)
    assert selection.total == 200
    assert {rows[0], rows[177], rows[199]} <= set(selection.body.splitlines())
    assert "c1: 0 to 199" in selection.summary


def test_a_table_goes_through_the_whole_of_the_library() -> None:
    text = recorded("psql.txt").text
    rendered = Compressor(CompressionConfig(fidelity="lossless")).compress_text(text)
    assert rendered.text.startswith("[headroom tables: ")
    assert Compressor().expand(rendered.text) == text


def test_records_stay_whole() -> None:
    content = recorded("psql_expanded.txt", "What is the cpu of svc-tsearc-2?")
    selection = chosen(content, 300)
    assert selection.total == 80
    records = selection.body.split("-[ RECORD ")[1:]
    assert len(records) == selection.kept
    assert all(f"-[ RECORD {record.rstrip(chr(10))}" in content.text for record in records)
    assert any("svc-tsearc-2\n" in record for record in records)


def test_records_of_mysql_come_back() -> None:
    stars = "*" * 27
    text = "".join(f"{stars} {i}. row {stars}\n  id: {i}\nname: svc-{i}\n" for i in range(1, 30))
    content = Content(f"{text}29 rows in set (0.00 sec)\n", counter)
    assert compressor.detect(content) == "table"
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == content.text
    assert counter.count(encoding.body) < 0.42 * content.tokens


def test_cells_that_take_two_columns_a_character_come_back() -> None:
    cities = ["\u6771\u4eac", "Berlin", "\u5317\u4eac\u5e02", "M\u00fcnchen", "e\u0301vry"]
    text = " id | city   \n----+--------\n"
    for i in range(60):
        city = cities[i % 5]
        text += f" {i:2} | {city}\n"
    boxed = "+--------+----+\n| city   | n  |\n+--------+----+\n"
    for i, width in enumerate([4, 6, 6, 7, 4] * 12):
        boxed += f"| {cities[i % 5]}{' ' * (6 - width)} | {i:2} |\n"
    for drawn in (text, boxed + "+--------+----+\n"):
        encoding = compressor.encode(Content(drawn, counter))
        assert encoding is not None
        assert compressor.decode(encoding) == drawn
        assert encoding.body.count("\n=") <= 24


@pytest.mark.parametrize(
    "body",
    [
        "#table ",
        "#table rows=1 comma",
        "#table rows=9 comma\na,b\n1,2",
        "#table rows=1 comma\na,b\n1,2,3",
        "#table rows=1 comma\na=(x\n1",
        "#table rows=1 comma\na~=(x=y)\n1",
        "#table rows=1 comma\na~\n~1",
        '#table rows=1 comma\na\n"1',
        "#table rows=1 comma rows=1\na\n1",
        '#table rows=1 grid gap=" " w=1,2,3\na,b\n1,2',
        '#table rows=1 grid gap=" " w=9999,9999\na,b\n1,2',
        "#table rows=1 grid gaps=1,1 w=1,1\na,b\n1,2",
        "#table rows=1 comma lines=2\na,b\n=1",
        "#table rows=1 comma\na,b\n#-+-",
        '#table rows=1 records="a"\n\n1',
        '#table rows=1 records="a" length=9999\na,b\n1,2',
        '#table rows=1 grid gap=" | " w=1,1\na,b\n#-',
    ],
)
def test_a_body_that_is_not_well_formed_is_refused(body: str) -> None:
    with pytest.raises(DecodingError):
        compressor.decode(Encoding("tables", "", body))


def test_another_notation_is_refused() -> None:
    with pytest.raises(DecodingError):
        compressor.decode(Encoding("json", "", ""))


def stock(rows: int) -> str:
    """Return a CSV file whose cells all share a beginning or are one of a few words."""
    places = ["Malm\u00f6", "Ghent", "Gda\u0144sk"]
    lines = [
        f"SKU-{i:04},Article {i},{places[i % 3]},10.42.{i % 7}.{i % 251},{i * 37 % 101},1/1"
        for i in range(rows)
    ]
    return "sku,name,warehouse,address,on_hand,ready\n" + "\n".join(lines) + "\n"


def test_values_stand_whole_where_any_row_may_be_looked_up() -> None:
    content = Content(stock(80), counter)
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == content.text
    assert "SKU-0041,Article 41,Gda\u0144sk,10.42.6.41,2" in encoding.body


def test_an_address_is_never_cut_in_two() -> None:
    content = Content(stock(80), counter, question="What is the address of SKU-0007?")
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == content.text
    assert "10.42.6.41," in encoding.body and "10.42.0.7," in encoding.body


def test_the_two_columns_that_tell_rows_apart_stand_whole() -> None:
    rows = [
        f"{land},2026-03-{day:02} 0{hour}:00:00,{day * 10 + hour + len(land)}.50"
        for land in ("DE", "FRA", "SE")
        for day in range(1, 9)
        for hour in range(9)
    ]
    text = "country,hour,sum,unit\n" + "".join(f"{row},EUR per month and head\n" for row in rows)
    encoding = compressor.encode(Content(text, counter))
    assert encoding is not None
    assert compressor.decode(encoding) == text
    assert "FRA,2026-03-07 04:00:00,77.50" in encoding.body


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("Which one is the largest?", ""),
        ("Was an order refused?", "select * from orders"),
        ("Where is SKU-00?", ""),
    ],
)
def test_a_question_that_names_no_cell_still_asks(question: str, arguments: str) -> None:
    text = "".join(f"{i},{i * 7919 % 1013},{'cdef'[i % 4]}\n" for i in range(200, 600))
    text = f"id,amount,class\n{text}601,1,SKU-00-beef\n"
    content = Content(text, counter, question=question, arguments=arguments)
    selection = compressor.select(content, Goal("balanced", 300, False))
    assert selection is not None
    assert selection.kept < 60
    assert "1012," in selection.body


@pytest.mark.parametrize("said", ["Go ahead.", "Good, and what is next?", "Have a look, go on."])
def test_a_remark_asks_nothing_of_a_table(said: str) -> None:
    text = "id,state,note\n" + "".join(f"{i},next,write-ahead log is good\n" for i in range(99))
    content = Content(text, counter, question=said)
    assert compressor.select(content, Goal("balanced", 100, True)) is None


def test_the_day_and_the_hour_of_a_question_name_one_moment() -> None:
    rows = [f"{d},2026-03-{d:02} {h:02}:00:00,{d * h}" for d in range(1, 28) for h in range(24)]
    content = Content(
        "shop,hour,sold\n" + "\n".join(rows) + "\n",
        counter,
        question="What was sold at 2026-03-11 04:00?",
    )
    selection = compressor.select(content, Goal("balanced", 200, True))
    assert selection is not None
    assert "11,2026-03-11 04:00:00,44" in selection.body
    assert selection.body.count("2026-03-11") < 5


def test_the_most_of_a_date_is_not_what_a_question_for_the_most_asks() -> None:
    rows = [f"2026-03-{d:02},{d * 7919 % 1013},{d * 31 % 97}" for d in range(1, 29)] * 4
    content = Content("day,sold,back\n" + "\n".join(rows) + "\n2026-03-05,99999,4\n", counter)
    content = Content(content.text, counter, question="On which day was most sold?")
    encoding = compressor.encode(content)
    assert encoding is not None
    assert "=2026-03-05,99999,4" in encoding.body


def test_rows_between_bars_have_no_names_where_the_first_holds_numbers_like_the_others() -> None:
    rows = [f"import time: {i * 37 % 91:5} | {i * 31 % 977:6} |   lib.m{i}" for i in range(120)]
    rows[60] = "import time:    12 |   4321 |       lib"
    text = "\n".join(rows) + "\n"
    content = Content(text, counter, question="How long does importing lib take?")
    assert compressor.detect(content) == "csv"
    selection = compressor.select(content, Goal("balanced", 200, True))
    assert selection is not None
    assert rows[60] in selection.body
    assert selection.total == len(rows)
    assert "c2: 0 to 4321" in selection.summary


def test_a_few_empty_cells_do_not_keep_the_others_from_sharing_a_beginning() -> None:
    rows = [f"lib/m{i}.py,sha256={i * 7919:08x}{i * 104729:08x},{i}" for i in range(90)]
    rows[40] = "lib/record,,"
    text = "\n".join(rows) + "\n"
    encoding = compressor.encode(Content(text, counter))
    assert encoding is not None
    assert "=sha256=*" in encoding.body.split("\n")[1] or '="sha256="*' in encoding.body
    assert compressor.decode(encoding) == text


def test_the_most_is_looked_for_among_numbers_where_the_question_names_a_word() -> None:
    rows = [f"Town {i},{i * 7919 % 1013},{'north' if i % 2 else 'south'}" for i in range(300)]
    rows[150] = "Someplace,98765,north"
    text = "town,people,part\n" + "\n".join(rows) + "\n"
    content = Content(text, counter, question="Which town is the largest?")
    selection = compressor.select(content, Goal("aggressive", 120, True))
    assert selection is not None
    assert rows[150] in selection.body.split("\n")


def test_rows_in_columns_without_names_are_all_counted_and_none_is_a_header() -> None:
    names = ["acl", "aom3", "apt", "archive13", "zstd1"]
    lines = [
        f"ii  {f'lib{names[i % 5]}-{i}':<22}  {f'{i % 9}.{i % 7}+b{i % 3}':<12}  amd64   part C+"
        for i in range(60)
    ]
    lines[3] = f"ii  {'libxs-perl':<22}  {'0.04-8+b1':<12}  all     tool to find"
    text = "\n".join(lines) + "\n"
    content = Content(text, counter, question="Which version of libapt-42 is installed?")
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == text
    selection = compressor.select(content, Goal("balanced", 150, True))
    assert selection is not None
    assert selection.total == 60
    assert lines[42] in selection.body.split("\n")


def processes(count: int) -> list[str]:
    """Return what ``ps aux`` prints: a cell that is too wide takes from the gaps behind it."""
    lines = ["USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"]
    for i in range(count):
        sizes = f"{i * 13:6} {i * 7:5} ?        S "
        if i % 25 == 4:
            sizes = f"{150000 + i:6} {110000 + i:5} ?       S "
        share = f"{i % 40 / 10:4.1f}  0.1"
        lines.append(f"root     {i + 2:5} {share} {sizes}   10:{i % 60:02}   0:00 [kworker/{i}]")
    return lines


def test_a_few_rows_askew_do_not_end_a_table_or_hide_its_columns() -> None:
    lines = processes(100)
    lines[50] = lines[50].replace("[kworker/49]", "[kthreadd]")
    text = "\n".join(lines) + "\n"
    content = Content(text, counter, question="Since when does [kthreadd] run?")
    assert compressor.detect(content) == "table"
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == text
    assert f"={lines[50]}" in encoding.body.split("\n")
    selection = compressor.select(content, Goal("balanced", 200, True))
    assert selection is not None
    assert selection.total == 100
    assert lines[50] in selection.body.split("\n")


def test_cells_may_widen_far_below_the_first_rows() -> None:
    lines = ["USER       PID    VSZ   RSS COMMAND"]
    for i in range(600):
        size = i * 1601 if i > 150 else 0
        lines.append(f"root     {i + 2:5} {size:6} {size // 17:5} [kworker/{i}]")
    text = "\n".join(lines) + "\n"
    content = Content(text, counter, question="How large is [kworker/577]?")
    encoding = compressor.encode(content)
    assert encoding is not None
    assert compressor.decode(encoding) == text
    selection = compressor.select(content, Goal("balanced", 200, True))
    assert selection is not None
    assert selection.total == 600
    assert lines[578] in selection.body.split("\n")
