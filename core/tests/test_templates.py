from __future__ import annotations

import re

import pytest

from headroom.compressors.interface import Content, Encoding
from headroom.compressors.log import LogCompressor
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.notation.templates import encode_templates
from headroom.notation.templates_decoding import decode_templates
from headroom.notation.templates_grammar import Notes, read_note, write_note

COUNTER = O200kCounter()
LOG = LogCompressor()

SSH = [
    f"Jun 14 15:{16 + i // 7:02}:{i % 60:02} combo sshd(pam_unix)[{19939 + i // 2}]: "
    f"authentication failure; logname= uid=0 tty=NODEVssh rhost=218.188.{i % 3}.{i // 4} "
    for i in range(60)
]


def encoded(text: str) -> tuple[Notes, str]:
    found = encode_templates(text)
    assert found is not None
    assert decode_templates(found[0], found[1]) == text
    return found


def test_a_template_shows_its_first_line_with_its_own_values() -> None:
    notes, body = encoded("\n".join(SSH))
    opening, closing = notes.marks
    shown = next(line for line in body.split("\n") if line.startswith("1|"))
    bare = shown.partition("=")[2].replace(opening, "").replace(closing, "")
    assert bare == SSH[0][len("Jun 14 15:16:00 ") :]


def test_every_value_of_every_line_stands_literally_or_under_a_name() -> None:
    body = encoded("\n".join(SSH))[1]
    for line in SSH:
        for value in re.findall(r"\d+", line.partition("combo")[2]):
            assert value in body


def test_a_line_without_a_partner_keeps_its_words_together() -> None:
    lone = "Jun 14 15:20:00 combo kernel: Out of Memory: Killed process 1234 (java)."
    body = encoded("\n".join([*SSH[:30], lone, *SSH[30:]]))[1]
    assert "combo kernel: Out of Memory: Killed process 1234 (java)." in body or (
        "kernel: Out of Memory: Killed process 1234 (java)." in body
    )


def test_equal_lines_in_a_row_become_a_count() -> None:
    text = "\n".join(["start 1", *["waiting for the database"] * 50, "start 2"])
    notes, body = encoded(text)
    assert notes.repeats
    assert "*48" in body.split("\n")
    assert body.count("waiting for the database") == 1


def test_a_value_equal_to_another_of_its_line_is_written_once() -> None:
    lines = [f"node R{i}-M{i % 4}-N{i * 7} sent to R{i}-M{i % 4}-N{i * 7} ok" for i in range(20)]
    notes, body = encoded("\n".join(lines))
    assert notes.copies
    assert body.count("R13-M1-N91") == 1


def test_a_padded_column_is_written_without_its_padding() -> None:
    lines = [f"pid {n:6} done" for n in (7, 42, 12345, 99, 5, 123456, 8, 77)]
    body = encoded("\n".join(lines))[1]
    assert "|42" in body.split("\n")


def test_a_cell_that_breaks_its_column_s_alignment_stands_as_it_is() -> None:
    lines = [f"pid {n} done" for n in ("    7", "   42", "12345", "99", "     5", "  123", "8")]
    body = encoded("\n".join(lines))[1]
    assert "|'99" in body.split("\n")


def test_a_column_of_nested_values_keeps_every_character() -> None:
    encoded("\n".join(f"took {'1' * i}2 s" for i in range(1, 9)))


def test_a_long_value_shared_by_templates_is_named_where_it_first_stands() -> None:
    host = "ec2-52-80-34-196.cn-north-1.compute.amazonaws.com.cn"
    lines = []
    for i in range(24):
        name = host if i % 2 else f"10.0.0.{i}"
        lines += [f"open a{i} from {name}", f"failed b{i} at {name} now", f"close {name} after {i}"]
    notes, body = encoded("\n".join(lines))
    assert notes.sign
    assert body.count(host) < 8


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "one line",
        "no values here\nat all\nin these lines",
        "a 1\nb 2\nc 3",
    ],
)
def test_a_text_without_templates_is_left_alone(text: str) -> None:
    assert LOG.encode(Content(text, COUNTER)) is None


def test_line_ends_are_given_back_as_they_were() -> None:
    plain = "\n".join(SSH)
    for text in (plain, plain + "\n", plain.replace("\n", "\r\n"), plain + "\r\n", plain + "\r"):
        encoded(text)
    mixed = plain.replace("\n", "\r\n", 5)
    assert not encoded(mixed)[0].crlf
    assert encoded(plain.replace("\n", "\r\n"))[0].crlf


def test_carriage_returns_of_a_progress_bar_are_given_back() -> None:
    bars = "\r".join(f"\x1b[32mfetching model {p:3}%\x1b[0m of 210 MB" for p in range(101))
    for end in ("\n", "\r\n"):
        text = end.join(["start", bars, *SSH[:9], bars, "done"])
        notes, body = encoded(text)
        assert notes.returns
        assert COUNTER.count(body) < 0.4 * COUNTER.count(text)


def test_the_note_is_one_line_that_reads_back() -> None:
    for crlf in (True, False):
        for headed in (True, False):
            notes = Notes(12, crlf, headed, "<>", "^", copies=True, repeats=True)
            read = read_note(write_note(notes))
            assert read is not None
            assert (read.lines, read.crlf, read.headed) == (12, crlf, headed)
            assert (read.marks, read.sign) == ("<>", "^")


BASE = "template N, values in <> vary; x"


@pytest.mark.parametrize(
    ("note", "body"),
    [
        ("not a note", ""),
        (f"2 lines; N=text: {BASE}", "one"),
        (f"1 lines; N=text: {BASE}", "one\ntwo"),
        (f"1 lines; N=text: {BASE}", "1|"),
        (f"1 lines; N=text: {BASE}", "|"),
        (f"1 lines; N=text: {BASE}", "*1"),
        (f"3 lines; N=text: {BASE}", "a\n*9"),
        (f"1 lines; N=text: {BASE}", "1|a=b"),
        (f"1 lines; N=text: {BASE}", "1=open <5"),
        (f"1 lines; N=text: {BASE}", "1=copy <=1>"),
        (f"1 lines; N=text: {BASE}", "1=copy <=x>"),
        (f"2 lines; N=text: {BASE}", "1=a <5>\n|1|2"),
        (f"1 lines; H=common start of lines; N|a=text: {BASE}", "1=a"),
        (f"1 lines; H=common start of lines; N|a=text: {BASE}", "H=<5> \n|1|2=a"),
        (f"2 lines; N=text: {BASE}; ^1 stands for the value named ^1", "1=a <5>\n|^2"),
        (f"2 lines; N=text: {BASE}; ^1 stands for the value named ^1", "1=a <5>\n|b^c"),
    ],
)
def test_what_is_not_well_formed_raises_a_decoding_error(note: str, body: str) -> None:
    with pytest.raises(DecodingError):
        LOG.decode(Encoding("templates", note, body))


def test_a_few_bytes_cannot_ask_for_a_text_without_end() -> None:
    note = f"999999999 lines; N=text: {BASE}"
    with pytest.raises(DecodingError, match="too long"):
        LOG.decode(Encoding("templates", note, "x" * 100_000 + "\n*999999998"))


def test_a_log_with_no_stand_in_left_is_left_alone() -> None:
    text = "\x00\x01\x02\x03\x1a\ue000\uf8ff\n" + "\n".join(SSH)
    assert LOG.encode(Content(text, COUNTER)) is None


def test_when_every_pair_of_marks_occurs_the_rest_still_becomes_templates() -> None:
    odd = "<> {} [] () \u00ab\u00bb \u2039\u203a \u27e8\u27e9 ^~@$%!&"
    plain = [f"request {i} took {i * 3} ms on worker {i % 4}" for i in range(40)]
    notes, body = encoded("\n".join([odd, *plain]))
    assert notes.sign == ""
    assert len(body) < 0.6 * len("\n".join(plain))
