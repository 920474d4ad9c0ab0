"""Teams, workflows, structured output and databases around a wrapped Agno model."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from agent_scenario import DETAIL, QUESTIONS, TOOLS, Investigator, seen_facts
from agno.agent import Agent
from agno.db.sqlite import SqliteDb
from agno.team import Team
from agno.workflow import Step, Workflow
from fetching import FetchingScript
from pydantic import BaseModel
from recordings.conversation import recording

from headroom import CompressionConfig, MemoryStore
from headroom_agno import HeadroomAgnoModel, HeadroomCompressionManager
from headroom_conformance import Call, Probe, Reply, Request

LOG = recording("server.log")


class Saying:
    """A model that says one thing after the other, and remembers what it read."""

    def __init__(self, *replies: Reply) -> None:
        self.requests: list[Request] = []
        self._replies = iter(replies)

    def reply(self, texts: Sequence[str], tools: Sequence[str]) -> Reply:
        self.requests.append(Request(tuple(texts), tuple(tools)))
        return next(self._replies)


class Cause(BaseModel):
    """Why it failed."""

    where: str
    line: int


def compressor() -> Probe:
    return Probe(CompressionConfig(retrieval="tool", on_overflow="pass"), store=MemoryStore())


def wrapped(script: Any) -> Any:
    return HeadroomAgnoModel(FetchingScript(script=script), compressor=compressor())


def member(investigator: Investigator, **about: Any) -> Agent:
    model = wrapped(investigator)
    return Agent(name="Finder", id="finder", model=model, tools=list(TOOLS), **about)


def leader() -> Saying:
    task = {"member_id": "finder", "task": QUESTIONS[0]}
    log = Call("log_0", "read_log", {})
    return Saying(
        Reply("I look myself.", (log,)),
        Reply("I ask the finder.", (Call("task_1", "delegate_task_to_member", task),)),
        Reply("The finder knows."),
    )


def check_member(investigator: Investigator) -> None:
    assert all(seen_facts(investigator.requests[-1].texts, "server.log", "tests.txt"))
    assert investigator.fetching is not None
    assert DETAIL in investigator.requests[investigator.fetching].texts[-1]


def test_a_team_and_its_member_read_less_each_with_a_model_of_its_own() -> None:
    script, investigator = leader(), Investigator()
    members: list[Any] = [member(investigator, telemetry=False)]
    team = Team(members=members, model=wrapped(script), tools=[TOOLS[0]], telemetry=False)
    answer = team.run(QUESTIONS[0])
    assert answer.content is not None and "The finder knows." in str(answer.content)
    check_member(investigator)
    last = script.requests[-1]
    assert "headroom_retrieve" in last.tools and "delegate_task_to_member" in last.tools
    assert LOG not in last.texts and sum(map(len, last.texts)) < len(LOG) / 3
    assert any("The card was declined." in text for text in last.texts)


def test_a_team_takes_the_compression_manager() -> None:
    script = Saying(Reply("I read it.", (Call("log_0", "read_log", {}),)), Reply("Read."))
    team = Team(
        members=[],
        model=FetchingScript(script=script),
        tools=[TOOLS[0]],
        compression_manager=HeadroomCompressionManager(),
        telemetry=False,
    )
    answer = team.run(QUESTIONS[0])
    (result,) = (m for m in answer.messages or () if m.role == "tool")
    assert result.content == LOG
    assert result.compressed_content == script.requests[-1].texts[-1]
    assert len(result.compressed_content) < len(LOG) / 3


@pytest.mark.parametrize("streams", [False, True])
def test_a_step_of_a_workflow_reads_less(streams: bool) -> None:
    investigator = Investigator()
    second = Saying(Reply("I pass it on."))
    writer = Agent(name="Writer", model=wrapped(second), telemetry=False)
    steps = [
        Step(name="find", agent=member(investigator, telemetry=False)),
        Step(name="write", agent=writer),
    ]
    workflow = Workflow(name="look", steps=steps, telemetry=False)
    if streams:
        list(workflow.run(QUESTIONS[0], stream=True))
    else:
        answer = workflow.run(QUESTIONS[0])
        assert "I pass it on." in str(answer.content)
    check_member(investigator)
    assert any("The card was declined." in text for text in second.requests[0].texts)


def test_structured_output_comes_back_parsed() -> None:
    text = '{"where": "shop/payments.py", "line": 115}'
    script = Saying(Reply("", (Call("log_0", "read_log", {}),)), Reply(text))
    agent = Agent(
        model=wrapped(script),
        tools=[TOOLS[0]],
        output_schema=Cause,
        use_json_mode=True,
        telemetry=False,
    )
    assert agent.run(QUESTIONS[0]).content == Cause(where="shop/payments.py", line=115)
    assert LOG not in script.requests[-1].texts


def test_a_database_keeps_the_originals_and_the_next_run_sends_the_same(tmp_path: Path) -> None:
    database = SqliteDb(db_file=str(tmp_path / "sessions.db"))
    investigator = Investigator()
    mine = member(
        investigator, db=database, session_id="s", add_history_to_context=True, telemetry=False
    )
    mine.run(QUESTIONS[0])
    mine.run(QUESTIONS[1])
    kept = [m.content for m in mine.get_session_messages(session_id="s") if m.role == "tool"]
    assert LOG in kept
    for one, other in zip(investigator.requests, investigator.requests[1:], strict=False):
        assert other.texts[: len(one.texts)] == one.texts
    database.db_engine.dispose()


def test_copies_and_pickles_of_a_wrapped_model_work_in_agents() -> None:
    model = wrapped(Saying(Reply("one"), Reply("two"), Reply("three")))
    for again in (copy.deepcopy(model), pickle.loads(pickle.dumps(wrapped(None)))):
        if again.script is None:
            again.script = Saying(Reply("four"))
        answer = Agent(model=again, telemetry=False).run("Hello?")
        assert answer.content in ("one", "four")
    copied: Any = Agent(model=model, telemetry=False).deep_copy()
    assert copied.model.compressor is model.compressor
