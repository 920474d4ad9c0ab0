"""The conversations that suites use: neutral, seeded, recorded, drawn."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from headroom_conformance import Call, Conversation, Turn, agent_conversation, real_conversations
from headroom_conformance.machine_texts import KINDS
from headroom_conformance.strategies import conversations, odd_conversations

CONVERSATION = Conversation(
    (
        Turn("user", ("Which?",)),
        Turn("assistant", ("I look.",), calls=(Call("c1", "read", {"path": "a"}),)),
        Turn("tool", ("one", "two"), answers="c1", is_error=True, as_blocks=True),
        Turn("assistant", ("This one.",)),
    )
)


def test_a_segment_says_what_is_known_about_its_text() -> None:
    segment = CONVERSATION.segments()[3]
    assert (segment.text, segment.role, segment.index) == ("two", "tool", 2)
    assert (segment.tool_name, segment.arguments, segment.call_id) == ("read", {"path": "a"}, "c1")
    assert segment.is_error


def test_other_texts_take_the_same_places() -> None:
    texts = [text.upper() for text in CONVERSATION.texts]
    other = CONVERSATION.with_texts(texts)
    assert other.texts == tuple(texts)
    assert other.with_texts(CONVERSATION.texts) == CONVERSATION
    with pytest.raises(ValueError, match="more texts"):
        CONVERSATION.with_texts([*texts, "one more"])


def test_prefixes_end_where_the_model_is_asked() -> None:
    assert [len(prefix.turns) for prefix in CONVERSATION.prefixes()] == [1, 3, 4]


@pytest.mark.parametrize(
    "turn",
    [
        {"role": "user", "texts": ("a", "b")},
        {"role": "tool", "texts": ("a",)},
        {"role": "user", "texts": ("a",), "answers": "c1"},
    ],
)
def test_a_turn_that_cannot_be_is_refused(turn: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"block|answers"):
        Turn(**turn)  # type: ignore[arg-type]


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(conversations())
def test_every_result_answers_a_call_that_was_made_before(conversation: Conversation) -> None:
    made: set[str] = set()
    for turn in conversation.turns:
        assert turn.answers is None or turn.answers in made
        made.update(call.id for call in turn.calls)
    assert len(conversation.segments()) == len(conversation.texts)


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(odd_conversations(surrogates=False, errors=False, system=False))
def test_what_a_format_cannot_carry_does_not_occur(conversation: Conversation) -> None:
    assert all(text.encode() is not None for text in conversation.texts)
    assert not any(turn.is_error or turn.role == "system" for turn in conversation.turns)


def test_a_seed_gives_one_conversation_and_another_seed_another() -> None:
    assert agent_conversation(7) == agent_conversation(7)
    assert agent_conversation(7) != agent_conversation(8)
    assert agent_conversation(7, system=False).turns[0].role == "user"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_text_grows_with_its_size(kind: str) -> None:
    assert len(KINDS[kind](1, 0)) < len(KINDS[kind](1, 20)) < len(KINDS[kind](1, 200))
    assert KINDS[kind](1, 20) != KINDS[kind](2, 20)


def test_recorded_conversations_are_found_wherever_messages_stand(tmp_path: Path) -> None:
    calls = [
        {"id": "c1", "function": {"name": "read", "arguments": '{"path": "a"}'}},
        {"id": "c2", "function": {"name": "bash", "arguments": "not JSON"}},
    ]
    messages = [
        {"role": "user", "content": "Which?"},
        {"role": "assistant", "content": None, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "one"}]},
        {"role": "tool", "tool_call_id": "nobody's", "content": "two"},
        {"role": "oracle", "content": "passed over"},
        {"role": "user", "content": {"recording": "log.txt"}},
    ]
    (tmp_path / "deep").mkdir()
    (tmp_path / "log.txt").write_bytes(b"one\r\ntwo")
    (tmp_path / "deep" / "log.txt").write_bytes(b"three")
    (tmp_path / "a.json").write_text(json.dumps(messages))
    (tmp_path / "deep" / "b.traj").write_text(json.dumps({"history": messages}))
    (tmp_path / "c.json").write_text("not JSON")
    (tmp_path / "d.json").write_text('{"messages": 7}')
    (tmp_path / "e.txt").write_text(json.dumps(messages))
    found = dict(real_conversations(tmp_path))
    assert list(found) == ["a.json", "deep/b.traj"]
    asked, called, answered, stray, read = found["a.json"].turns
    assert read.texts == ("one\r\ntwo",)
    assert found["deep/b.traj"].turns[-1].texts == ("three",)
    assert (asked.texts, called.texts) == (("Which?",), ())
    assert [call.arguments for call in called.calls] == [{"path": "a"}, {"input": "not JSON"}]
    assert (answered.role, answered.texts, answered.answers) == ("tool", ("one",), "c1")
    assert (stray.role, stray.texts) == ("user", ("two",))
