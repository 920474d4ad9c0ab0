"""A whole Agno agent: several tools, a session, a retrieval, each way to run it."""

from __future__ import annotations

import asyncio
from typing import Any

from agent_scenario import TOOLS, Investigator, WholeAgent
from agno.agent import Agent
from agno.db.in_memory import InMemoryDb
from fetching import FetchingScript

from headroom_agno import HeadroomAgnoModel, HeadroomCompressionManager, HeadroomTools
from headroom_conformance import Probe


async def _last(parts: Any) -> Any:
    return [part async for part in parts][-1]


_ASK: dict[str, Any] = {
    "call": lambda agent, question: agent.run(question),
    "async": lambda agent, question: asyncio.run(agent.arun(question)),
    "stream": lambda agent, question: list(agent.run(question, stream=True, yield_run_output=True))[
        -1
    ],
    "async stream": lambda agent, question: asyncio.run(
        _last(agent.arun(question, stream=True, yield_run_output=True))
    ),
}


def remembering(model: Any, tools: Any = TOOLS, **about: Any) -> Agent:
    return Agent(
        model=model,
        tools=list(tools),
        db=InMemoryDb(),
        session_id="one",
        add_history_to_context=True,
        telemetry=False,
        **about,
    )


class TestAWrappedModel(WholeAgent):
    def agent(self, investigator: Investigator, compressor: Probe) -> Agent:
        model = FetchingScript(script=investigator)
        return remembering(HeadroomAgnoModel(model, compressor=compressor))

    def ask(self, agent: Agent, question: str, mode: str) -> str:
        return str(_ASK[mode](agent, question).content)

    def results(self, agent: Agent) -> list[str]:
        messages = agent.get_session_messages(session_id="one")
        return [str(message.content) for message in messages if message.role == "tool"]


class TestAManager(TestAWrappedModel):
    def agent(self, investigator: Investigator, compressor: Probe) -> Agent:
        return remembering(
            FetchingScript(script=investigator),
            (*TOOLS, HeadroomTools(compressor)),
            compression_manager=HeadroomCompressionManager(compressor=compressor),
        )
