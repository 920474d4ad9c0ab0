"""What is said at a glance is what comes out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom import Compressor, MemoryStore
from headroom_conformance import AnthropicConformance, OpenAIChatConformance
from headroom_conformance.strategies import configs, conversations


@pytest.mark.parametrize("suite", [OpenAIChatConformance(), AnthropicConformance()])
@given(data=st.data())
def test_what_is_left_alone_at_a_glance_comes_back_as_it_is(suite: Any, data: Any) -> None:
    conversation = data.draw(
        conversations(surrogates=True, errors=suite.carries_errors, system=suite.carries_system)
    )
    request = suite.build_request(suite.build_messages(conversation))
    body = json.dumps(request, ensure_ascii=data.draw(st.booleans())).encode(
        "utf-8", "backslashreplace"
    )
    compressor = Compressor(data.draw(configs()), store=MemoryStore())
    if compressor.leaves_alone(body, format=suite.format):
        assert compressor.compress_request(body, format=suite.format).output is body


@pytest.mark.parametrize("suite", [OpenAIChatConformance(), AnthropicConformance()])
@given(data=st.data())
def test_what_was_learnt_of_a_conversation_holds_for_what_it_becomes(suite: Any, data: Any) -> None:
    conversation = data.draw(
        conversations(errors=suite.carries_errors, system=suite.carries_system)
    )
    request = suite.build_request(suite.build_messages(conversation))
    config = data.draw(configs())
    learning = Compressor(config, store=MemoryStore())
    lengths = range(1, len(request["messages"]) + 1)
    for length in data.draw(st.lists(st.sampled_from(lengths), max_size=6)):
        messages = request["messages"][:length]
        if data.draw(st.booleans()):
            messages = [*messages, {"role": "user", "content": "Why?"}]
        body = json.dumps({**request, "messages": messages}).encode()
        fresh = Compressor(config, store=MemoryStore())
        if learning.leaves_alone(body, format=suite.format):
            assert fresh.compress_request(body, format=suite.format).output is body
        learning.compress_request(body, format=suite.format)
