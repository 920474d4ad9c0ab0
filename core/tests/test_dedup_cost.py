"""What a long conversation costs, in units of work and not in seconds."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore, Segment
from headroom.codecs.formats import CHAT
from headroom.conversation.index import LineIndex
from headroom.conversation.lines import ChangedLines
from headroom.conversation.recall import recalled, restored
from headroom.conversation.shelf import IndexShelf
from headroom.conversation.transcript import Transcript
from headroom.originals.markers import Place


class CountingCounter:
    """Counts four characters as a token, and how many characters it was asked to count."""

    name = "characters"

    def __init__(self) -> None:
        self.characters = 0

    def count(self, text: str) -> int:
        self.characters += len(text)
        return (len(text) + 3) // 4


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the texts that were put into an index."""
    sizes: list[int] = []
    add = LineIndex.add

    def counted(self: LineIndex, place: Place, text: str, call: str) -> None:
        sizes.append(len(text))
        add(self, place, text, call)

    monkeypatch.setattr(LineIndex, "add", counted)
    return sizes


def growing(turns: int) -> list[dict[str, Any]]:
    """Return a conversation of an agent that reads parts of one file again and again."""
    file = [f"    row_{n} = table.lookup({n * 7919 % 1013}, default={n})" for n in range(400)]
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Find the wrong row."}]
    for turn in range(turns):
        first = turn * 37 % 380
        own = [f"turn {turn} printed value {turn * k % 997} at {k}" for k in range(12)]
        text = "\n".join([*own, *file[first : first + 20]])
        call: dict[str, Any] = {"id": f"c{turn}", "type": "function"}
        if turn % 5 == 4:
            # Every fifth turn the agent writes lines of its own, and the tool shows them.
            file[first : first + 20] = [f"{line}  # {turn}" for line in file[first : first + 20]]
            written = "\n".join(file[first : first + 20])
            text = f"Row {first} is now:\n{written}"
            call["function"] = {"name": "edit", "arguments": json.dumps({"new": written})}
        else:
            call["function"] = {"name": "read", "arguments": json.dumps({"row": first})}
        said = f"I look at row {first}."
        messages.append({"role": "assistant", "content": said, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"c{turn}", "content": text})
    return messages


CONFIG = CompressionConfig(min_tokens=20)


def by_messages(compressor: Compressor, messages: list[Any]) -> list[str]:
    return [message["content"] for message in compressor.compress(messages).messages]


def by_bytes(compressor: Compressor, messages: list[Any]) -> list[str]:
    body = json.dumps({"model": "gpt-4o", "messages": messages}).encode()
    sent = json.loads(compressor.compress_request(body).output)
    return [message["content"] for message in sent["messages"]]


def by_segments(compressor: Compressor, messages: list[Any]) -> list[str]:
    """Compress as adapters do."""
    segments = CHAT.read(messages)
    rewrites = compressor.rewrite(segments).rewrites
    return [s.text if r is None else r.text for s, r in zip(segments, rewrites, strict=True)]


Entry = Callable[[Compressor, list[Any]], list[str]]


@pytest.mark.parametrize(
    ("turns", "entry"),
    [
        (100, by_messages),
        (100, by_bytes),
        (100, by_segments),
        pytest.param(1_000, by_messages, marks=pytest.mark.slow),
    ],
)
def test_calls_over_a_growing_conversation_cost_about_as_much_as_one_over_its_final_form(
    turns: int, entry: Entry, indexed: list[int]
) -> None:
    messages = growing(turns)
    cold = CountingCounter()
    wanted = entry(Compressor(CONFIG, store=MemoryStore(), counter=cold), messages)
    indexed_cold = sum(indexed)
    indexed.clear()
    warm = CountingCounter()
    compressor = Compressor(CONFIG, store=MemoryStore(), counter=warm)
    for length in range(3, len(messages) + 1, 2):
        sent = entry(compressor, messages[:length])
    assert sent == wanted
    assert any("[headroom same as result" in text for text in wanted)
    assert any("[headroom same as this call" in text for text in wanted)
    assert warm.characters <= 3 * cold.characters
    assert sum(indexed) <= 3 * indexed_cold


def test_an_agent_that_keeps_what_it_was_given_costs_no_more(indexed: list[int]) -> None:
    messages = growing(100)
    cold = CountingCounter()
    wanted = Compressor(CONFIG, store=MemoryStore(), counter=cold).compress(messages).messages
    indexed_cold = sum(indexed)
    indexed.clear()
    warm = CountingCounter()
    compressor = Compressor(CONFIG, store=MemoryStore(), counter=warm)
    history: list[Any] = []
    for message in messages:
        history = compressor.compress([*history, message]).messages
    assert history == wanted
    assert warm.characters <= 3 * cold.characters
    assert sum(indexed) <= 3 * indexed_cold


def test_two_conversations_in_turn_do_not_start_over(indexed: list[int]) -> None:
    first, second = growing(100), growing(100)
    second[0] = {"role": "user", "content": "Something else."}
    Compressor(CONFIG, store=MemoryStore(), counter=CountingCounter()).compress(first)
    once = sum(indexed)
    indexed.clear()
    compressor = Compressor(CONFIG, store=MemoryStore(), counter=CountingCounter())
    for length in range(3, len(first) + 1, 2):
        compressor.compress(first[:length])
        compressor.compress(second[:length])
    assert sum(indexed) <= 2 * 3 * once


def test_threads_that_share_a_compressor_get_the_same_bytes() -> None:
    conversations = [growing(20) for _ in range(4)]
    for number, conversation in enumerate(conversations):
        conversation[0] = {"role": "user", "content": f"Question {number % 2}"}
    wanted = [Compressor(CONFIG, store=MemoryStore()).compress(c).messages for c in conversations]
    compressor = Compressor(CONFIG, store=MemoryStore())
    got: list[Any] = [None] * 4

    def work(number: int) -> None:
        for length in range(1, len(conversations[number]) + 1):
            got[number] = compressor.compress(conversations[number][:length]).messages

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == wanted


def test_the_shelf_forgets_the_least_recently_used_index() -> None:
    shelf = IndexShelf(max_characters=1_000)
    for name in (b"a", b"b", b"c"):
        index = LineIndex()
        index.add(Place("result", 1), name.decode() * 300, "")
        shelf.put(name, index)
    assert shelf.take([b"", b"a"])[1] == 0
    index, covered = shelf.take([b"", b"b", b"x"])
    assert (covered, index.same_as("b" * 300) is not None) == (1, True)
    assert shelf.take([b"", b"b"])[1] == 0


@pytest.mark.parametrize(
    "text",
    [
        "the same line again\n" * 200_000,
        "x" * 5_000_000,
        "\n" * 1_000_000,
        "}\n" * 500_000,
        "ab\n" + "\n" * 300_000,
        "ab\n\n\n\n" * 50_000,
        "".join(f"{n}\n" for n in range(300_000)),
        "".join(f"{n % 7} seven of them\n" for n in range(100_000)),
        " " * 1_000_000 + "12:",
    ],
    ids="equal line blank brackets tail islands numbers period spaces".split(),
)
def test_hostile_texts_take_linear_work(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    line = ChangedLines.line

    def counted(self: ChangedLines, shown: str, offset: int) -> str | None:
        nonlocal compared
        compared += 1
        return line(self, shown, offset)

    monkeypatch.setattr(ChangedLines, "line", counted)
    before = Transcript(IndexShelf())
    before.add(Segment(text=text, role="tool", call_id="1"), text, call="read")
    before.add(Segment(text=text, role="tool", call_id="2"), f"top\n{text}")
    counter = CountingCounter()
    again = f"{text}tail\n{text[: len(text) // 2]}"
    found = recalled(again, "read", before, counter)
    assert found is None or restored(found.text, before) == again
    assert compared <= 30 * (again.count("\n") + 1)
    assert counter.characters <= 6 * len(again)
