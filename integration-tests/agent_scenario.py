"""One investigation, run as a whole agent in each framework: what its model must receive.

The tools print what real tools printed (see ``examples/recordings``). A framework's module brings
its agent and the ways to ask it; the tests are the same for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from recordings.conversation import load_facts, load_messages, recording

from headroom import CompressionConfig, MemoryStore
from headroom_conformance import Call, FailingProbe, Probe, Reply, Request

QUESTIONS = (
    str(load_messages()[1]["content"]),
    "Which releases of urllib3 and requests are installed, and which urllib3 does requests take?",
    "Anything else?",
)
# Stands in the log, among some hundred lines like it.
DETAIL = "2026-11-20T10:33:49.172Z INFO    shop.payments req=c84c8966 charge declined card=0002"
LOCKED = "the shop is locked by deploy 4711"

# Positions in the recorded conversation of what the tools below print.
_PRINTED = {"server.log": 3, "orders.json": 6, "tests.txt": 8, "packages.json": 15}
_MARKER = re.compile(r"\[headroom_retrieve ([0-9a-f]{16}): kept \d+ of 1162 lines")


def read_log() -> str:
    """Read the shop's log."""
    return recording("server.log")


def list_orders(limit: int) -> str:
    """List the newest orders as JSON.

    Args:
        limit: How many.
    """
    return recording("orders.json")


def run_tests() -> str:
    """Run the shop's tests."""
    return recording("tests.txt")


def list_packages() -> str:
    """List the installed packages as JSON."""
    return recording("packages.json")


def restart_shop() -> str:
    """Restart the shop."""
    raise RuntimeError(LOCKED)


TOOLS: tuple[Callable[..., str], ...] = (
    read_log,
    list_orders,
    run_tests,
    list_packages,
    restart_shop,
)


def seen_facts(texts: Sequence[str], *names: str) -> list[bool]:
    """Say of each fact in some recordings whether a model that was sent the texts can read it."""
    places = [_PRINTED[name] for name in names]
    facts = [fact for fact in load_facts() if fact.message in places]
    whole = "\n".join(texts).replace('": ', '":')
    return [all(text.replace('": ', '":') in whole for text in f.must_contain) for f in facts]


class Investigator:
    """What the model says, turn by turn, whatever framework it speaks through.

    It calls two tools at once, then one more, fetches a line that was left out of the log, calls a
    tool that fails, and answers; then it is asked two more questions.

    Attributes:
        requests: What reached the model, one for each turn.
        fetching: Which of them is the one after the retrieval; None: it never fetched.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.fetching: int | None = None
        self._turns = self._investigation()

    def reply(self, texts: Sequence[str], tools: Sequence[str]) -> Reply:
        """Take what reached the model, and say what it answers."""
        self.requests.append(Request(tuple(texts), tuple(tools)))
        return next(self._turns)

    def _investigation(self) -> Iterator[Reply]:
        both = (Call("log_1", "read_log", {}), Call("orders_1", "list_orders", {"limit": 90}))
        yield Reply("I read the log and the orders.", both)
        yield Reply("Now the tests.", (Call("tests_1", "run_tests", {}),))
        if marker := _MARKER.search("\n".join(self.requests[-1].texts)):
            self.fetching = len(self.requests)
            wanted = {"handle": marker[1], "pattern": "c84c8966"}
            yield Reply("I look it up.", (Call("fetch_1", "headroom_retrieve", wanted),))
        found = DETAIL in "\n".join(self.requests[-1].texts)
        yield Reply("I restart it.", (Call("restart_1", "restart_shop", {}),))
        yield Reply(f"Its pool is empty. The card was {'declined' if found else 'not found'}.")
        yield Reply("I list them.", (Call("packages_1", "list_packages", {}),))
        yield Reply("It is urllib3 2.5.0.")
        yield Reply("Nothing.")


class WholeAgent:
    """Fill in three methods, and inherit the tests of a whole agent.

    Attributes:
        modes: Names of the ways to ask the agent.
        keeps_originals: False: its history holds the short forms.
        runs_tools: True: the framework runs the retrieval tool, and shows it.
    """

    modes: ClassVar[tuple[str, ...]] = ("call", "async", "stream", "async stream")
    keeps_originals: ClassVar[bool] = True
    runs_tools: ClassVar[bool] = True

    def agent(self, investigator: Investigator, compressor: Probe) -> Any:
        """Return an agent with `TOOLS` whose model the investigator speaks through."""
        raise NotImplementedError

    def ask(self, agent: Any, question: str, mode: str) -> str:
        """Ask the agent, which remembers what it was asked before; return its last words."""
        raise NotImplementedError

    def results(self, agent: Any) -> list[str]:
        """Return the texts of all tool results in the agent's history, in order."""
        raise NotImplementedError

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "mode" in metafunc.fixturenames:
            metafunc.parametrize("mode", self.modes)

    def _run(
        self, mode: str, compressor: Probe | None = None, runs: int = 1
    ) -> tuple[Investigator, Any, list[str]]:
        investigator = Investigator()
        mine = self.compressor() if compressor is None else compressor
        agent = self.agent(investigator, mine)
        answers = [self.ask(agent, question, mode) for question in QUESTIONS[:runs]]
        return investigator, agent, answers

    def compressor(self) -> Probe:
        """Return a compressor with a store of its own, whose markers name the tool."""
        return Probe(CompressionConfig(retrieval="tool", on_overflow="pass"), store=MemoryStore())

    def test_the_model_reads_a_fraction_and_what_it_needs(self, mode: str) -> None:
        compressor = self.compressor()
        investigator, _, _ = self._run(mode, compressor)
        count = compressor.counter.count
        printed = [recording(n) for n in ("server.log", "orders.json", "tests.txt")]
        last = investigator.requests[-1].texts
        assert sum(map(count, last)) < 0.35 * sum(map(count, printed))
        assert all(seen_facts(last, "server.log", "orders.json", "tests.txt"))

    def test_a_line_that_was_left_out_is_fetched(self, mode: str) -> None:
        investigator, _, (answer,) = self._run(mode)
        assert investigator.fetching is not None
        before, after = investigator.requests[investigator.fetching - 1 :][:2]
        assert not any(DETAIL in text for text in before.texts)
        assert DETAIL in after.texts[-1]
        assert "The card was declined." in answer

    def test_what_the_agent_keeps(self, mode: str) -> None:
        _, agent, _ = self._run(mode)
        kept = self.results(agent)
        printed = [recording(n) for n in ("server.log", "orders.json", "tests.txt")]
        if self.keeps_originals:
            assert kept[:3] == printed
        else:
            assert all(len(k) < len(p) / 2 for k, p in zip(kept[:3], printed, strict=True))
        assert any(DETAIL in text for text in kept[3:]) == self.runs_tools

    def test_a_failing_tools_words_reach_the_model(self, mode: str) -> None:
        investigator, _, _ = self._run(mode)
        assert any(LOCKED in text for text in investigator.requests[-1].texts)

    def test_over_several_runs_each_request_starts_with_the_one_before(self, mode: str) -> None:
        investigator, _, answers = self._run(mode, runs=3)
        assert "2.5.0" in answers[1]
        assert all(seen_facts(investigator.requests[-1].texts, "packages.json"))
        follow_up = None if self.runs_tools else investigator.fetching
        requests = [r for n, r in enumerate(investigator.requests) if n != follow_up]
        assert len(requests) >= 7
        for one, other in pairwise(requests):
            assert other.texts[: len(one.texts)] == one.texts
            assert other.tools == one.tools

    def test_every_mode_sends_the_same(self) -> None:
        sent = [self._run(mode, runs=2)[0].requests for mode in self.modes]
        assert all(requests == sent[0] for requests in sent)

    def test_a_crashing_compressor_leaves_every_text_as_it_was(self, mode: str) -> None:
        failing = FailingProbe(CompressionConfig(retrieval="tool"))
        investigator, agent, _ = self._run(mode, failing)
        assert failing.calls >= 3
        assert investigator.fetching is None
        for name in ("server.log", "orders.json", "tests.txt"):
            assert recording(name) in investigator.requests[-1].texts
            assert recording(name) in self.results(agent)
