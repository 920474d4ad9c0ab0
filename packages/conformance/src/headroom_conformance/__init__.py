"""Headroom's promises as a test suite: subclass it, fill in three methods, inherit the tests."""

import pytest

# Before the suites are imported: a plain ``assert`` in them then says what it compared.
pytest.register_assert_rewrite(
    "headroom_conformance.promises", "headroom_conformance.adapter", "headroom_conformance.core"
)

from headroom_conformance.adapter import AdapterConformance  # noqa: E402
from headroom_conformance.conversation import Call, Conversation, Turn  # noqa: E402
from headroom_conformance.core import CoreConformance  # noqa: E402
from headroom_conformance.fetching import Answer, FetchingModel, Reply, Request  # noqa: E402
from headroom_conformance.formats import AnthropicConformance, OpenAIChatConformance  # noqa: E402
from headroom_conformance.probe import BrokenStore, FailingProbe, FullStore, Probe  # noqa: E402
from headroom_conformance.promises import Promises  # noqa: E402
from headroom_conformance.recorded import real_conversations  # noqa: E402
from headroom_conformance.scenes import agent_conversation, short_conversation  # noqa: E402

__all__ = (
    "AdapterConformance",
    "Answer",
    "AnthropicConformance",
    "BrokenStore",
    "Call",
    "Conversation",
    "CoreConformance",
    "FailingProbe",
    "FetchingModel",
    "FullStore",
    "OpenAIChatConformance",
    "Probe",
    "Promises",
    "Reply",
    "Request",
    "Turn",
    "agent_conversation",
    "real_conversations",
    "short_conversation",
)
