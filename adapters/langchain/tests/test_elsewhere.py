"""Headroom where no model can be wrapped: documents, chains, graphs and stored histories."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from langchain_core.chat_history import BaseChatMessageHistory
from langchain_core.documents import Document
from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from observed import CONVERSATION, ROWS
from scripted import ScriptedChat

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom_langchain import (
    HeadroomChatMessageHistory,
    HeadroomDocumentCompressor,
    HeadroomNode,
    HeadroomRunnable,
)

PAGE = " ".join(
    f"The mill number {n} at the {kind} river was built in {1700 + n} by a family of {kind} makers."
    for n, kind in enumerate(("upper", "lower", "old", "new", "long", "dark", "cold", "far") * 12)
)


class Stored(BaseChatMessageHistory):
    """A history in a list."""

    def __init__(self) -> None:
        self.messages: list[BaseMessage] = []

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        self.messages = [*self.messages, *messages]

    def clear(self) -> None:
        self.messages = []


def is_short(messages: list[BaseMessage]) -> bool:
    return len(str(messages[2].content)) < len(ROWS) / 4 and messages[:2] == CONVERSATION[:2]


def test_documents_keep_their_place_and_metadata() -> None:
    short = Document("A mill.", metadata={"page": 1}, id="a")
    long = Document(PAGE, metadata={"page": 2}, id="b")
    kept, shortened = HeadroomDocumentCompressor().compress_documents(
        [short, long], "When was mill number 42 built?"
    )
    assert kept is short
    assert (shortened.id, shortened.metadata) == ("b", {"page": 2})
    assert "mill number 42 at the old river was built in 1742" in shortened.page_content
    assert len(shortened.page_content) < len(PAGE) / 2
    assert long.page_content == PAGE


async def test_a_step_of_a_chain_shortens_what_the_prompt_gives() -> None:
    model = ScriptedChat()
    prompt = ChatPromptTemplate.from_messages([MessagesPlaceholder("history")])
    chain = prompt | HeadroomRunnable() | model
    chain.invoke({"history": CONVERSATION})
    await chain.ainvoke({"history": CONVERSATION})
    assert all(is_short(seen) for seen in model.seen)
    assert "headroom_retrieve" not in str(model.seen[0][2].content)


def test_a_step_of_a_chain_says_what_it_cannot_take() -> None:
    with pytest.raises(TypeError, match="got str"):
        HeadroomRunnable().invoke("hello")


def test_a_node_leaves_the_state_as_it_was() -> None:
    state = {"messages": list(CONVERSATION)}
    assert is_short(HeadroomNode()(state)["llm_input_messages"])
    assert state == {"messages": CONVERSATION}


async def test_a_history_is_stored_whole_and_read_short() -> None:
    stored = Stored()
    history = HeadroomChatMessageHistory(stored)
    history.add_messages(CONVERSATION)
    assert is_short(history.messages)
    assert is_short(await history.aget_messages())
    assert stored.messages == CONVERSATION
    await history.aadd_messages([HumanMessage("And?")])
    assert len(stored.messages) == len(CONVERSATION) + 1
    await history.aclear()
    history.clear()
    assert history.messages == []


def test_each_takes_a_compressor_or_a_configuration() -> None:
    compressor = Compressor(store=MemoryStore())
    makers = (HeadroomDocumentCompressor, HeadroomRunnable, HeadroomNode)
    assert all(make(compressor=compressor).compressor is compressor for make in makers)
    config = CompressionConfig(fidelity="lossless")
    assert all(make(config=config).compressor.config is config for make in makers)
    with pytest.raises(ValueError, match="not both"):
        HeadroomNode(compressor=compressor, config=config)
