"""Blobs: what is cut, what is said of it, and what is no blob."""

from __future__ import annotations

import base64
import hashlib
import random
from itertools import pairwise

import pytest

from headroom.compressors.blobs import BlobCompressor
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.routing.blob_kind import find_blobs, looks_like_blob

COUNTER = O200kCounter()
RNG = random.Random(11)
BYTES = RNG.randbytes(6_000)
BASE64 = base64.b64encode(BYTES).decode()
HEX = BYTES[:1_500].hex()
NUMBERS = ", ".join(f"{RNG.uniform(-1, 1):.6f}" for _ in range(400))
CODE = "".join(
    f"function f{i}(a,b){{if(a>b){{return g{i}(a-b)}}var c=a*{i};return c;}}" for i in range(90)
)


def wrapped(data: str, width: int = 76) -> str:
    """Return data in lines, as `base64` prints it."""
    return "\n".join(data[i : i + width] for i in range(0, len(data), width)) + "\n"


def dump(data: bytes) -> str:
    """Return bytes as `xxd` prints them."""
    rows = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        pairs = " ".join(row[i : i + 2].hex() for i in range(0, 16, 2))
        shown = "".join(chr(c) if 32 <= c < 127 else "." for c in row)
        rows.append(f"{at:08x}: {pairs}  {shown}\n")
    return "".join(rows)


BLOBS = {
    "base64": (BASE64, "base64", 6_000),
    "base64 in lines": (wrapped(BASE64), "base64", 6_000),
    "a picture": (base64.b64encode(b"\x89PNG\r\n\x1a\n" + BYTES).decode(), "base64 PNG", 6_008),
    "a data URI": (f"data:image/webp;base64,{BASE64}", "base64 image/webp", 6_000),
    "hex": (HEX, "hex", 1_500),
    "a hex dump": (dump(BYTES[:2_000]), "hex dump", None),
    "a certificate": (
        f"-----BEGIN CERTIFICATE-----\n{wrapped(BASE64, 64)}-----END CERTIFICATE-----\n",
        "PEM certificate",
        6_000,
    ),
    "an embedding": (f"vector = [{NUMBERS}]", "numbers", None),
    "minified code": (CODE, "minified code", None),
}


def select(text: str, question: str = "", keep: tuple[str, ...] = ()) -> Selection:
    """Return what stays of a text."""
    content = Content(text=text, counter=COUNTER, kind="blob", question=question, keep=keep)
    selection = BlobCompressor().select(content, Goal("balanced", 250, asked=bool(question)))
    assert selection is not None
    return selection


@pytest.mark.parametrize("what", BLOBS)
def test_a_blob_is_recognised_and_named(what: str) -> None:
    text, kind, size = BLOBS[what]
    assert looks_like_blob(text)
    assert [(blob.kind, blob.decoded) for blob in find_blobs(text)] == [(kind, size)]


@pytest.mark.parametrize("what", BLOBS)
def test_a_blob_shrinks_to_its_beginning_kind_and_digest(what: str) -> None:
    text, kind, _ = BLOBS[what]
    (blob,) = find_blobs(text)
    body = select(text).body
    digest = hashlib.sha256(text[blob.start : blob.end].encode()).hexdigest()[:12]
    assert f" characters omitted: {kind}," in body or f" {kind}, sha256" in body
    assert f"sha256 {digest}]" in body
    assert body.startswith(text[: blob.start + 60])
    assert COUNTER.count(body) < 0.2 * COUNTER.count(text)


@pytest.mark.parametrize("what", BLOBS)
def test_lines_around_a_blob_stay_and_characters_are_counted(what: str) -> None:
    blob = BLOBS[what][0].rstrip("\n")
    text = f"before: it\n{blob}\nafter: that\n"
    selection = select(text)
    assert selection.unit == "characters"
    assert selection.total == len(text)
    assert selection.body.startswith("before: it\n")
    assert selection.body.endswith("after: that\n")
    at = selection.body.index("...[")
    omitted = int(selection.body[at + 4 :].split()[0])
    assert selection.kept == selection.total - omitted


def test_what_a_question_names_in_code_stays_with_its_surroundings() -> None:
    body = select(CODE, "What does f57 return?").body
    assert "function f57(a,b){if(a>b){return g57(a-b)}" in body


def test_what_a_question_names_in_data_stays_with_its_surroundings() -> None:
    word = BASE64[4_000:4_020]
    assert BASE64[3_990:4_030] in select(BASE64, f"Where is {word} from?").body


def test_what_is_to_be_kept_stays() -> None:
    assert HEX[1_000:1_040] in select(HEX, keep=(HEX[1_010:1_030],)).body


def test_equal_texts_give_equal_selections() -> None:
    assert select(CODE, "f12") == select(CODE, "f12")


def test_a_blob_without_loss_does_not_exist() -> None:
    assert BlobCompressor().encode(Content(text=BASE64, counter=COUNTER)) is None
    with pytest.raises(DecodingError):
        BlobCompressor().decode(Encoding("blob", "", BASE64))


def test_a_text_without_blobs_has_no_selection() -> None:
    content = Content(text="no blob here " * 200, counter=COUNTER)
    assert BlobCompressor().select(content, Goal("balanced", 100, asked=False)) is None


def test_a_small_blob_stays() -> None:
    assert find_blobs(f"token: {BASE64[:250]}\n") == []


def test_a_text_with_little_of_a_blob_is_left_to_others() -> None:
    text = "A line of plain words that somebody reads.\n" * 400 + BASE64[:600]
    assert not looks_like_blob(text)


NO_BLOBS = {
    "prose": "It was a long line of prose without any break, and it went on and on. " * 60,
    "TSV": "".join(f"{i}\t{i * i}\t{i % 7}\t{i / 3:.4f}\n" for i in range(300)),
    "CSV": "".join(f"{i},{i * i},{i % 7},name-{i}\n" for i in range(300)),
    "numbers in columns": "".join(f"{i:06} {i * 7:06} {i % 97:06} {i:06}\n" for i in range(300)),
    "JSON on a line": "["
    + ",".join(f'{{"id":{i},"name":"n{i}","ok":true}}' for i in range(200))
    + "]",
    "records of Python": "; ".join(f"{{'id': {i}, 'name': 'n{i}'}}" for i in range(200)),
    "SQL": "INSERT INTO t VALUES "
    + ",".join(f"({i},'name {i}','a@b.c')" for i in range(200))
    + ";",
    "HTML": "<div>" + "".join(f'<p class="a">word {i}</p>' for i in range(200)) + "</div>",
    "a path": "/" + "/".join(f"folder-of-many-words-{i}" for i in range(60)),
    "a rule": "-" * 3_000,
    "one letter": "x" * 3_000,
    "source code": "\n".join(
        f"    value_{i} = compute(value_{i - 1}, limit={i})" for i in range(200)
    ),
    "hashes": "".join(f"{hashlib.sha256(str(i).encode()).hexdigest()}  f{i}\n" for i in range(60)),
    "Chinese": "\u8fd9\u662f\u4e00\u4e2a\u5f88\u957f\u7684\u53e5\u5b50" * 200,
    "CSS": "\n".join(f".a{i} {{ color: #0{i % 10}f; margin: {i}px; }}" for i in range(200)),
}


@pytest.mark.parametrize("what", NO_BLOBS)
def test_what_somebody_reads_is_no_blob(what: str) -> None:
    assert find_blobs(NO_BLOBS[what]) == []


@pytest.mark.parametrize(
    "text",
    [
        "[" * 300_000,
        "[1" * 200_000,
        "ab:" * 300_000,
        "-----BEGIN X-----\n" * 20_000,
        "A" * 2_000_000,
        ("Ab3" * 130 + " ") * 1_000,
        "[1, " * 100_000,
        "{;}" * 200_000,
    ],
    ids=["brackets", "opened", "colons", "begins", "letters", "short runs", "lists", "braces"],
)
def test_hostile_texts_are_read_to_the_end(text: str) -> None:
    found = find_blobs(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
