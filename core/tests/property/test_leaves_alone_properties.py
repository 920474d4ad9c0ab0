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
