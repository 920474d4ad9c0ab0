"""A whole Strands agent with the plugin, which needs Strands' own middleware."""

from __future__ import annotations

from agent_scenario import Investigator
from fetching import FetchingScript
from strands import Agent
from test_strands_agent import TestAWrappedModel as _WrappedModel
from test_strands_agent import agent_with, texts_of

from headroom_conformance import Probe
from headroom_strands import HeadroomPlugin


class TestThePlugin(_WrappedModel):
    runs_tools = True

    def agent(self, investigator: Investigator, compressor: Probe) -> Agent:
        model = FetchingScript(investigator, texts_of)
        return agent_with(model, plugins=[HeadroomPlugin(compressor=compressor)])
