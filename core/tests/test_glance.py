"""What a glance remembers of requests, and what it does not take for granted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom.codecs.glance import Glance
from headroom.recent import RecentBytes

CHAT = "openai-chat"
PADDING = "The job on node seven failed again. " * 100
TOOLS = [
    {"type": "function", "function": {"name": f"tool_{n}", "parameters": {"role": {"type": "x"}}}}
    for n in range(50)
]


class Counting:
    """Says which texts are large, and keeps those it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> bool:
        self.asked.append(text)
        return len(text) > 100


def said(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def result(text: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": "c", "content": text}


def body(*messages: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"model": "m", "messages": messages, **more}).encode()


@pytest.mark.parametrize("more", [{}, {"system": PADDING, "tools": TOOLS}])
@pytest.mark.parametrize("indent", [None, 2])
def test_only_what_a_conversation_has_gained_is_looked_at(more: Any, indent: int | None) -> None:
    is_large = Counting()
    glance = Glance(is_large)
    messages = [said(PADDING), result("a"), said("and then?")]
    for new in "bcd":
        request = {"model": "m", "messages": messages, **more}
        assert not glance.may_hold_result(json.dumps(request, indent=indent).encode(), CHAT)
        messages += [result(new), said(f"and after {new}?")]
    assert is_large.asked == ["a", "b", "c"]


def test_other_endings_of_one_conversation_cost_their_endings() -> None:
    is_large = Counting()
    glance = Glance(is_large)
    for n in range(5):
        assert not glance.may_hold_result(body(said(PADDING), result("a"), said(str(n))), CHAT)
    assert is_large.asked == ["a"]


def test_messages_that_begin_with_their_content_are_known_again() -> None:
    is_large = Counting()
    glance = Glance(is_large)
    known = [{"content": PADDING, "role": "tool", "tool_call_id": "c"}]
    known.append({"content": "and then?", "role": "user"})
    glance.learn(body(*known), CHAT, "messages", known)
    more = {"content": "and after?", "role": "user"}
    for messages in (known, [*known, more], [known[0], more]):
        assert not glance.may_hold_result(body(*messages), CHAT)
    assert is_large.asked == []
    assert glance.may_hold_result(body(*known, known[0]), CHAT)


def test_a_large_result_behind_what_is_known_is_seen() -> None:
    glance = Glance(Counting())
    known = [said(PADDING), result("a"), said("and then?")]
    assert not glance.may_hold_result(body(*known), CHAT)
    assert glance.may_hold_result(body(*known, result(PADDING)), CHAT)
    assert glance.may_hold_result(body(*known[:2], result(PADDING)), CHAT)
    assert not glance.may_hold_result(body(*known, result("b")), CHAT)


def test_a_body_that_only_ends_like_a_known_one_is_read_whole() -> None:
    glance = Glance(Counting())
    ending = [said(PADDING), said("and then?")]
    # Of one length, so that every place behind the first message is the same.
    harmless = body(said(PADDING + " " * (len(body(result(""))) - len(body(said(""))))), *ending)
    harmful = body(result(PADDING), *ending)
    assert len(harmless) == len(harmful)
    assert not glance.may_hold_result(harmless, CHAT)
    assert glance.may_hold_result(harmful, CHAT)


def test_what_is_known_of_one_format_says_nothing_of_another() -> None:
    glance = Glance(Counting())
    block = {"type": "tool_result", "tool_use_id": "c", "content": PADDING}
    request = body(said(PADDING), {"role": "user", "content": [block]}, said("and then?"))
    assert not glance.may_hold_result(request, CHAT)
    assert glance.may_hold_result(request, "anthropic")
    assert glance.may_hold_result(request)


def test_other_tools_behind_the_same_conversation_are_looked_at() -> None:
    glance = Glance(Counting())
    messages = [said(PADDING), said("and then?")]
    assert not glance.may_hold_result(body(*messages, tools=TOOLS), CHAT)
    # Of a key that stands twice the last one counts.
    twice = body(*messages, tools=TOOLS)[:-1] + b", " + body(result(PADDING))[1:]
    assert glance.may_hold_result(twice, CHAT)


def test_what_nobody_asks_for_is_forgotten_first() -> None:
    recent: RecentBytes[int] = RecentBytes(size=10_000)
    for number in range(1, 100):
        recent[number] = bytes(1_000)
        assert recent.get(1) is not None
        assert recent.get(number) is not None
    held = sum(recent.get(number) is not None for number in range(1, 100))
    assert 8 <= held <= 20
