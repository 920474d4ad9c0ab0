"""IntelligentContext: a conversation over its limit fits, and what must stay stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom import (
    CompressionConfig,
    Compressor,
    ContextLimitError,
    IntelligentContext,
    MemoryStore,
    Segment,
    ToolRule,
)
from headroom.conversation.budget import Importance, Observed, unresolved


def listing(n: int, lines: int = 60) -> str:
    rows = (f"module_{n}/part_{k}.py:{k * 7}: value = measure({k * 31 + n})" for k in range(lines))
    return "\n".join(rows)


LOOSE = "\n".join(
    f"{word.title()} has {n * n} of them." for n, word in enumerate("abcdefghijklmnopqrst")
)


def talk(results: int, lines: int = 60) -> list[Any]:
    messages: list[Any] = [
        {"role": "system", "content": "You must never touch the vendor folder."},
        {"role": "user", "content": "Find out where the measure goes wrong."},
    ]
    for n in range(results):
        arguments = json.dumps({"command": f"grep -rn measure module_{n}"})
        function = {"name": "bash", "arguments": arguments}
        call = {"id": f"c{n}", "type": "function", "function": function}
        messages += [
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": f"c{n}", "content": listing(n, lines)},
        ]
    return messages


def compressor(limit: int | None, **settings: Any) -> Compressor:
    config = CompressionConfig(context_limit=limit, **settings)
    return Compressor(config, store=MemoryStore())


def test_under_the_limit_nothing_changes() -> None:
    messages = talk(6)
    plain = compressor(None).compress(messages)
    assert compressor(plain.tokens_after).compress(messages).messages == plain.messages


def test_over_the_limit_older_results_step_down_and_newer_ones_stay() -> None:
    messages = talk(12)
    plain = compressor(None).compress(messages)
    one = compressor(int(plain.tokens_after * 0.5))
    result = one.compress(messages)
    assert result.tokens_after <= plain.tokens_after * 0.5
    assert result.messages[:3] == messages[:3]
    assert result.messages[-4:] == plain.messages[-4:]
    first = result.messages[3]["content"]
    assert first.startswith("[headroom ") and "\n" not in first
    assert "kept 0 of 60 lines; earlier result of bash grep -rn measure module_0" in first
    decision = next(d for d in result.decisions if d.index == 3)
    assert decision.reason == "older, one line to fit the context limit"
    assert one.retrieve(decision.handles[0]).text == messages[3]["content"]
    assert one.retrieve(decision.handles[0], lines="2").text == listing(0).split("\n")[1]


def test_what_does_not_fit_raises_or_passes() -> None:
    messages = talk(8)
    with pytest.raises(ContextLimitError, match=r"context_limit is 50$"):
        compressor(50).compress(messages)
    result = compressor(50, on_overflow="pass").compress(messages)
    assert result.tokens_after > 50
    assert f"over context_limit: {result.tokens_after} of 50 tokens" in result.decisions[-1].reason


def test_lossless_means_lossless_here_too() -> None:
    messages = talk(8)
    plain = compressor(None, fidelity="lossless").compress(messages)
    for settings in ({"fidelity": "lossless"}, {"retrieval": "none"}):
        result = compressor(200, on_overflow="pass", **settings).compress(messages)
        assert result.tokens_after == plain.tokens_after
        assert not result.handles


def segments(*, error_at: int, pinned_at: int, fixed: bool) -> list[Segment]:
    made = [Segment(text="Never delete files. Fix it.", role="user", index=0)]
    for n in range(10):
        is_error = n == error_at
        made.append(
            Segment(
                text=listing(n),
                role="tool",
                index=n + 1,
                tool_name="deploy" if is_error or (fixed and n == error_at + 1) else "bash",
                arguments={"n": n},
                is_error=is_error,
                pinned=n == pinned_at,
            )
        )
    return made


def test_errors_stay_until_the_same_tool_succeeded_and_pinned_texts_always() -> None:
    config = CompressionConfig(context_limit=2_000, on_overflow="pass", fidelity="balanced")
    broken = Compressor(config, store=MemoryStore()).rewrite(
        segments(error_at=1, pinned_at=3, fixed=False)
    )
    assert broken.rewrites[2] is None
    assert broken.rewrites[4] is None
    fixed = Compressor(config, store=MemoryStore()).rewrite(
        segments(error_at=1, pinned_at=3, fixed=True)
    )
    assert fixed.rewrites[2] is not None
    assert fixed.rewrites[4] is None


def test_rules_reach_into_fitting() -> None:
    messages = talk(12)
    off = compressor(1_000, on_overflow="pass", tools={"bash": ToolRule(off=True)})
    assert off.compress(messages).output is messages
    kept = compressor(1_500, on_overflow="pass", tools={"bash": ToolRule(keep=("part_59.py",))})
    result = kept.compress(messages)
    assert all("part_59.py" in m["content"] for m in result.messages if m["role"] == "tool")


def test_people_are_not_shortened_even_where_user_messages_carry_observations() -> None:
    said = "Please mind this. " * 40
    messages = [
        {"role": "user", "content": "Start."},
        {"role": "assistant", "content": "ls"},
        {"role": "user", "content": said},
        *(
            {"role": role, "content": text}
            for n in range(12)
            for role, text in (("assistant", f"grep {n}"), ("user", listing(n)))
        ),
    ]
    result = compressor(4_000, roles=("tool", "user"), on_overflow="pass").compress(messages)
    assert result.messages[2]["content"] == said
    assert result.messages[4]["content"].startswith("[headroom ")


def test_compressing_again_changes_nothing() -> None:
    messages = talk(12)
    one = compressor(2_500)
    once = one.compress(messages)
    assert once.messages != messages
    again = one.compress(once.messages)
    assert again.output is once.output


def test_a_growing_conversation_keeps_its_beginning_from_batch_to_batch() -> None:
    messages = talk(60, lines=30)
    limit = 6_000
    one = compressor(limit)
    before: list[Any] = []
    changed = 0
    grown = 0
    for end in range(2, len(messages), 2):
        result = one.compress(messages[:end])
        assert result.tokens_after <= limit
        changed += result.messages[: len(before)] != before
        before = result.messages
    grown = compressor(None).compress(messages).tokens_after
    # A batch frees two fifths of the limit at once.
    assert 1 <= changed <= grown / (0.4 * limit) + 1
    assert compressor(limit).compress(messages[:end]).messages == before


def observed(text: str, role: Any = "tool", **known: Any) -> Observed:
    given: dict[str, Any] = {
        "text": text,
        "role": role,
        "index": 0,
        "call": "",
        "arguments": "",
        "tool_name": "bash",
        "is_error": False,
        "handles": (),
        "tokens": 100,
        "lowest": 2,
    }
    return Observed(**{**given, **known})


def test_importance_counts_what_was_named_again_fetched_or_failed() -> None:
    shown = [
        observed("src/app/orders.py holds it"),
        observed("src/app/other.py does not"),
        observed("AssertionError: 1 != 2"),
        observed("I open src/app/orders.py now", role="assistant"),
        observed("", arguments="0123456789abcdef", tool_name="headroom_retrieve"),
    ]
    shown[1] = observed("src/app/other.py does not", handles=("0123456789abcdef",))
    assert Importance()(shown)[:3] == [1, 16, 4]


def test_an_error_is_resolved_by_the_next_success_of_its_tool() -> None:
    failed, other, fixed = observed("x", is_error=True), observed("y", tool_name="z"), observed("w")
    assert unresolved([failed, other]) == {0}
    assert unresolved([failed, other, fixed]) == frozenset()
    assert unresolved([fixed, failed]) == {1}


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"context_limit": 0}, ValueError),
        ({"context_limit": True}, TypeError),
        ({"context_limit": "8k"}, TypeError),
        ({"protect_recent": -1}, ValueError),
        ({"cache_minimum": -1}, ValueError),
        ({"on_overflow": "drop"}, ValueError),
        ({"align_cache": 1}, TypeError),
        ({"refer_back": None}, TypeError),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        CompressionConfig(**settings)
    with pytest.raises(ValueError, match="1 or more"):
        IntelligentContext(0)


def test_no_prompt_stays_under_the_cache_minimum_that_would_have_reached_it() -> None:
    messages = talk(6)
    plain = compressor(None)
    waiting = compressor(None, cache_minimum=1_024)
    for end in range(2, len(messages) + 1, 2):
        sent = waiting.compress(messages[:end])
        if sent.tokens_before >= 1_024:
            assert sent.tokens_after >= 1_024
        else:
            assert sent.output is not None and sent.tokens_after == sent.tokens_before
    last = waiting.compress(messages)
    assert plain.compress(messages).tokens_after < last.tokens_after < last.tokens_before
    assert waiting.compress(last.messages).output is last.messages


def test_without_references_every_text_is_treated_as_if_it_stood_alone() -> None:
    said = "Whatever stands here stands here only once, and nothing can be gained from it."
    messages = [
        {"role": "tool", "tool_call_id": str(n), "content": f"{said}\n{LOOSE}\n{n}"}
        for n in range(3)
    ]
    related = compressor(None, fidelity="lossless").compress(messages)
    assert "repeats what stands above" in related.decisions[1].reason
    alone = compressor(None, fidelity="lossless", refer_back=False).compress(messages)
    assert alone.output is messages
