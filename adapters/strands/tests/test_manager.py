"""The conversation manager in whole agents: budget, overflow, pairs, state."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import QUESTION, ROWS, ScriptedModel, agent_of, results_in, text_of
from strands.types.exceptions import ContextWindowOverflowException

from headroom import Compressor, MemoryStore
from headroom_strands import HeadroomConversationManager


def tokens_of(agent: Any, manager: HeadroomConversationManager) -> int:
    count = manager.compressor.counter.count
    return sum(count(text_of(result)) for result in results_in(agent.messages))


def pairs_of(messages: list[Any]) -> tuple[list[str], list[str]]:
    blocks = [block for message in messages for block in message["content"]]
    calls = [b["toolUse"]["toolUseId"] for b in blocks if "toolUse" in b]
    return calls, [b["toolResult"]["toolUseId"] for b in blocks if "toolResult" in b]


def test_a_history_over_the_limit_is_brought_under_it_with_its_pairs() -> None:
    manager = HeadroomConversationManager(3_000)
    agent = agent_of(ScriptedModel(), conversation_manager=manager)
    for _ in range(4):
        agent(QUESTION)
    calls, results = pairs_of(agent.messages)
    assert len(calls) == 4 and calls == results
    assert tokens_of(agent, manager) <= 3_000
    assert len(agent.messages) == 16


def test_originals_come_back_by_their_handles() -> None:
    manager = HeadroomConversationManager(3_000)
    agent = agent_of(ScriptedModel(), conversation_manager=manager)
    agent(QUESTION)
    agent(QUESTION)
    first = text_of(results_in(agent.messages)[0])
    handle = next(word.strip(":];") for word in first.split() if len(word.strip(":];")) == 16)
    assert manager.compressor.retrieve(handle).text == ROWS


class Overflowing(ScriptedModel):
    """Refuses conversations of more than so many characters."""

    limit = 20_000

    def _answer(self, messages: Any, has_tools: bool) -> Any:
        if len(str(messages)) > self.limit:
            raise ContextWindowOverflowException("too long")
        return super()._answer(messages, has_tools)


def test_an_overflow_by_one_huge_result_is_recovered_from() -> None:
    agent = agent_of(Overflowing(), conversation_manager=HeadroomConversationManager())
    agent(QUESTION)
    assert len(text_of(results_in(agent.messages)[0])) < len(ROWS) / 2


def test_an_overflow_that_cannot_be_helped_is_raised() -> None:
    model = Overflowing()
    model.limit = 10
    agent = agent_of(model, conversation_manager=HeadroomConversationManager())
    with pytest.raises(ContextWindowOverflowException):
        agent(QUESTION)


def test_the_state_of_a_session_comes_back() -> None:
    manager = HeadroomConversationManager(3_000)
    other = HeadroomConversationManager(3_000)
    assert other.restore_from_session(manager.get_state()) is None
    assert other.get_state() == manager.get_state()


def test_a_limit_must_be_positive() -> None:
    with pytest.raises(ValueError, match="context_limit"):
        HeadroomConversationManager(0, compressor=Compressor(store=MemoryStore()))
