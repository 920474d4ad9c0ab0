"""Texts that consist of several: where they are taken apart, and that nothing gets lost by it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore, UnknownHandleError
from headroom.counting.o200k import O200kCounter
from headroom.notation.parts import read_parts, write_parts
from headroom.originals.parts import read_parted
from headroom.routing.parts import find_parts

counter = O200kCounter()
LOSSLESS = CompressionConfig(fidelity="lossless")


def _orders(count: int = 300) -> str:
    rows = [
        {
            "id": n,
            "customer": f"c-{n % 17}",
            "status": "failed" if n == 177 else "paid",
            "sum": n * 7,
        }
        for n in range(1, count + 1)
    ]
    return json.dumps(rows, indent=2)


def _log(count: int = 400) -> str:
    return "\n".join(
        f"2026-03-01T10:{n // 60:02}:{n % 60:02}Z INFO  worker-{n % 4} did job {n * 31} in {n} ms"
        for n in range(count)
    )


def _page(count: int = 80) -> str:
    text = "".join(
        f"<p class='text'>Sentence {n} of a page on harbours.</p>\n" for n in range(count)
    )
    return f"<!DOCTYPE html>\n<html><head><script>x</script></head><body>{text}</body></html>"


TRANSCRIPT = (
    f"$ cat orders.json\n{_orders()}\n$ cat worker.log\n{_log()}\n"
    f"$ curl -s shop.example\n{_page()}\n"
)


def _said(text: str) -> list[str]:
    return [part.said for part in find_parts(text)]


def test_a_transcript_gives_a_decision_for_each_command() -> None:
    result = Compressor(store=MemoryStore()).compress_text(TRANSCRIPT, query="Which order failed?")
    (decision,) = result.decisions
    assert decision.kind == "mixed"
    assert [part.kind for part in decision.parts] == ["json", "log", "html"]
    assert all(part.tokens_after < part.tokens_before for part in decision.parts)
    assert result.tokens_after < 0.2 * result.tokens_before
    for line in ("$ cat orders.json", "$ cat worker.log", "$ curl -s shop.example", "177"):
        assert line in result.text
    table = result.explain().split("\n")
    assert [line.split()[0] for line in table[1:5]] == ["0", "0.1", "0.2", "0.3"]


def test_the_whole_and_each_part_have_handles_of_their_own() -> None:
    compressor = Compressor(store=MemoryStore())
    result = compressor.compress_text(TRANSCRIPT, query="Which order failed?")
    whole, *parts = result.handles
    assert result.text.startswith(f"[headroom {whole}: kept 0 of 3 parts; lines ")
    assert compressor.retrieve(whole).text == TRANSCRIPT
    assert [compressor.retrieve(handle).text for handle in parts] == [_orders(), _log(), _page()]
    assert '"failed"' in compressor.retrieve(parts[0], rows="status=failed").text


def test_without_loss_everything_comes_back_from_the_text_alone() -> None:
    compressor = Compressor(LOSSLESS, store=MemoryStore())
    result = compressor.compress_text(TRANSCRIPT)
    assert [part.action for part in result.decisions[0].parts] == ["encoded", "encoded", "kept"]
    assert result.handles == ()
    assert Compressor(store=MemoryStore()).expand(result.text) == TRANSCRIPT


def test_a_lossless_part_expands_beside_one_that_was_shortened() -> None:
    text = f"$ cat a.json\n{_orders(12)}\n$ cat worker.log\n{_log()}\n"
    compressor = Compressor(store=MemoryStore())
    result = compressor.compress_text(text, query="Which job took 377 ms?")
    assert [part.action for part in result.decisions[0].parts] == ["encoded", "selected"]
    expanded = compressor.expand(result.text)
    assert _orders(12) in expanded
    assert result.handles[1] in expanded
    assert compressor.expand(expanded) is expanded


@pytest.mark.parametrize("fidelity", ["lossless", "balanced", "aggressive"])
def test_what_was_written_is_left_alone(fidelity: str) -> None:
    config = CompressionConfig(fidelity=fidelity)  # type: ignore[arg-type]
    compressor = Compressor(config, store=MemoryStore())
    once = compressor.compress_text(TRANSCRIPT, query="Which order failed?")
    again = compressor.compress_text(once.text, query="Which order failed?")
    assert again.text is once.text
    assert again.decisions[0].reason == "compressed already"


def test_a_part_that_somebody_else_shortened_is_somebody_elses_text() -> None:
    theirs = Compressor(store=MemoryStore()).compress_text(TRANSCRIPT).text
    ours = Compressor(store=MemoryStore())
    result = ours.compress_text(theirs)
    assert result.decisions[0].reason != "compressed already"
    for handle in result.handles:
        assert ours.retrieve(handle).text in theirs


def test_no_part_is_shown_before_all_originals_are_stored() -> None:
    class Full(MemoryStore):
        puts = 0

        def put(self, handle: str, original: str, *, namespace: str = "") -> None:
            self.puts += 1
            if self.puts == 3:
                raise OSError("disk full")
            super().put(handle, original, namespace=namespace)

    result = Compressor(store=Full()).compress_text(TRANSCRIPT)
    assert result.text is TRANSCRIPT
    assert "the store raised OSError" in result.decisions[0].reason


def test_messages_come_back_through_a_fresh_compressor() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "bash", "arguments": "{}"}}
    messages: list[Mapping[str, object]] = [
        {"role": "user", "content": "Carry on."},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "a", "content": TRANSCRIPT},
    ]
    sent = Compressor(LOSSLESS, store=MemoryStore()).compress(messages).messages
    assert sent[-1]["content"] != TRANSCRIPT
    assert Compressor(store=MemoryStore()).expand(sent) == messages


def test_a_raising_part_does_not_cost_the_others() -> None:
    class Broken:
        name = "broken"
        kinds = ("broken",)
        notations = ()

        def detect(self, content: object) -> str | None:
            return "broken" if str(getattr(content, "text", "")).startswith("20") else None

        def encode(self, content: object) -> None:
            raise RuntimeError

        def decode(self, encoding: object) -> str:
            raise RuntimeError

        def select(self, content: object, goal: object) -> None:
            raise RuntimeError

    compressor = Compressor(store=MemoryStore(), compressors=[Broken()])  # type: ignore[list-item]
    parts = compressor.compress_text(TRANSCRIPT).decisions[0].parts
    assert parts[1].action == "kept"
    assert "RuntimeError" in parts[1].reason
    assert "kept" not in (parts[0].action, parts[2].action)


def test_an_unknown_part_of_a_known_whole_is_not_invented() -> None:
    compressor = Compressor(store=MemoryStore())
    compressor.compress_text(TRANSCRIPT)
    with pytest.raises(UnknownHandleError):
        compressor.retrieve("0123456789abcdef")


LONG = "\n".join(f"word {n} and another word" for n in range(20))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"$ ls\n{LONG}\n$ cat x\n{LONG}", ["ls", "cat x"]),
        (f"ann@box:~/shop$ ls\n{LONG}\nann@box:~/shop$ cat x\n{LONG}", ["ls", "cat x"]),
        (f"==> a.log <==\n{LONG}\n\n==> b.log <==\n{LONG}", ["a.log", "b.log"]),
        (f"Exit code: 0\nOutput:\n{LONG}", [""]),
        (f"<returncode>0</returncode>\n<output>\n{LONG}\n</output>", [""]),
        (f'<file path="a.py">\n{LONG}\n</file>\n<file path="b.py">\n{LONG}\n</file>', None),
        (f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{LONG}", [""]),
        (f"HTTP/1.1 302 Found\nLocation: /x\n\nHTTP/1.1 200 OK\nA: b\n\n{LONG}", [""]),
        (f"Here it is:\n\n```json\n{LONG}\n```\n", ["json"]),
        (f"Here it is:\n\n```\n{LONG}\n```\n{LONG}\n```sql\n{LONG}\n```\n", ["", "", "sql"]),
        (f"status: 200\n{_page(3)}", [""]),
    ],
)
def test_borders_that_are_sure_are_found(text: str, said: list[str] | None) -> None:
    assert _said(text) == (['path="a.py"', 'path="b.py"'] if said is None else said)


@pytest.mark.parametrize(
    "text",
    [
        "",
        LONG,
        _page(),
        _orders(),
        f"Run\n\n```sh\nmake\n```\n\n{LONG}\n{LONG}",
        f"{LONG}\n$ ls\n{LONG}",
        f"name: build\noutput:\n  path: a\n{LONG}\n{LONG}",
        "$ ls\n" * 300,
        "```\n" * 300,
    ],
)
def test_one_text_is_one_text(text: str) -> None:
    assert find_parts(text) == []


def test_parts_are_whole_lines_in_order() -> None:
    at = 0
    for part in find_parts(TRANSCRIPT):
        assert at <= part.start < part.end
        assert TRANSCRIPT[part.start - 1] == "\n"
        assert TRANSCRIPT[part.end] == "\n"
        at = part.end


@pytest.mark.parametrize(
    "note",
    [
        "lines 1-2 is compressed, the others as they were",
        "lines 2-1 are compressed, the others as they were",
        "lines 0-1 are compressed, the others as they were",
        "lines 1-9 are compressed, the others as they were",
        "lines 1-2, 2-3 are compressed, the others as they were",
        "",
    ],
)
def test_a_note_that_does_not_fit_is_no_note(note: str) -> None:
    assert read_parts(note, "a\nb\nc") is None


@pytest.mark.parametrize(
    "text",
    ["$ x\n" + "a@b c\n" * 200_000, "```\n" * 300_000, "Output:\n" + "a:\n" * 300_000],
)
def test_a_text_full_of_what_may_be_borders_counts_as_one(text: str) -> None:
    assert find_parts(text) == []


def test_pieces_come_back_as_they_were_written() -> None:
    pieces = [("x\n", False), ("a\nb", True), ("\n", False), ("c", True), ("\n\ny\n", False)]
    assert read_parts(*write_parts(pieces)) == pieces
    assert read_parted("[headroom 0123456789abcdef: kept 1 of 2 lines]\nx") is None
