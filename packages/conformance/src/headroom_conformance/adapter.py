"""The suite that an adapter to a framework subclasses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom import CompressionConfig, RetrievalTool, Segment
from headroom_conformance.fetching import (
    FINAL,
    OWN_TOOL,
    PATIENCE,
    RETRIEVAL_TOOL,
    SAID,
    TOKENS_READ,
    TOKENS_WRITTEN,
    Answer,
    FetchingModel,
    offered_conversation,
)
from headroom_conformance.probe import FailingProbe, Probe
from headroom_conformance.promises import EXAMPLES, SEEDS, Promises

_WITH_TOOL = CompressionConfig(retrieval="tool")
_DECLARED = "declares that it answers no retrieval"


class AdapterConformance(Promises):
    """Hold an adapter to the promises, on the framework itself.

    Fill in `build_messages`, `texts` and `run`; list in `modes` every way in which the framework
    calls a model (``("invoke", "ainvoke", "stream", "astream")``). ``run`` must drive the real
    framework with the adapter in place and a model that remembers what it received: a suite over
    the adapter's own functions proves nothing about hooks that are never called.

    An adapter that gives the model ``headroom_retrieve`` says so and fills in `run_retrieving`.
    One that does not is held to the other half of the bargain: its markers never name the tool.

    Attributes:
        answers_retrieval: True: the model is given the retrieval tool, and its calls are answered
            without the caller's help.
        runs_tools: True: the framework runs that tool as it runs any other, and its caller sees
            the calls; False: the adapter answers inside the call, and the caller sees none.
        retrieving_modes: Those of `modes` in which a model is given tools; empty: all.
    """

    answers_retrieval: ClassVar[bool] = False
    runs_tools: ClassVar[bool] = False
    retrieving_modes: ClassVar[tuple[str, ...]] = ()

    def run_retrieving(
        self, messages: list[Any], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        """Send the messages with one tool of the caller's, and return what the caller gets.

        Args:
            messages: What `build_messages` returned.
            compressor: What the adapter must use.
            mode: One of `retrieving_modes`.
            model: Says what the framework's scripted model answers, turn by turn: pass it
                `texts` of what that received, and the names of the tools that it was offered.
                The caller's tool is `headroom_conformance.fetching.OWN_TOOL`.
        """
        raise NotImplementedError("answers_retrieval is True: fill in run_retrieving")

    def test_the_core_is_asked_exactly_once_per_model_call(self, mode: str) -> None:
        """Not at all: an inert hook. Twice: nested hooks, and twice the time."""
        compressor = Probe()
        for calls in range(1, 4):
            self._sent(self._at_work(calls), compressor, mode)
            assert compressor.calls == calls

    @EXAMPLES
    @given(data=st.data())
    def test_the_core_is_told_all_that_is_known_about_each_text(self, data: st.DataObject) -> None:
        """Roles, tool names, arguments, call ids and error flags steer what is kept."""
        conversation, compressor = self._any(data), Probe()
        self._sent(conversation, compressor)
        told = [_known(segment) for segment in compressor.segments]
        assert told == [_known(segment) for segment in conversation.segments()]

    def test_a_failing_engine_lets_the_original_request_through(self, mode: str) -> None:
        """The user's call succeeds, and the model receives what it would have without us."""
        for seed in SEEDS:
            messages = self.build_messages(self._at_work(seed))
            compressor = FailingProbe()
            sent = self.run(messages, compressor, mode)
            assert compressor.calls > 0
            assert self.snapshot(sent) == self.snapshot(messages)

    def test_a_bypassed_compressor_leaves_everything_as_it_was(self, mode: str) -> None:
        """In the thread or task that asked for it, wherever the work is done."""
        messages = self.build_messages(self._at_work(SEEDS[0]))
        compressor = Probe()
        with compressor.bypass():
            sent = self.run(messages, compressor, mode)
        assert self.snapshot(sent) == self.snapshot(messages)

    # Retrieval: answered, or not offered.

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test that takes a mode once for each."""
        super().pytest_generate_tests(metafunc)
        if "retrieving_mode" in metafunc.fixturenames:
            nobody = [pytest.param("", marks=pytest.mark.skip(reason=_DECLARED))]
            modes = self._retrieving_modes() if self.answers_retrieval else nobody
            metafunc.parametrize("retrieving_mode", modes)

    def _retrieving_modes(self) -> tuple[str, ...]:
        return self.retrieving_modes or self.modes

    def _fetched(self, mode: str, **about: Any) -> tuple[Answer, FetchingModel]:
        conversation, original = offered_conversation(SEEDS[0])
        model = FetchingModel(original, **about)
        messages = self.build_messages(conversation)
        return self.run_retrieving(messages, Probe(_WITH_TOOL), mode, model), model

    def test_a_marker_names_the_tool_only_where_it_is_answered(self) -> None:
        """A hint at a tool that nobody answers costs a turn, and ends in an error."""
        if self.answers_retrieval:
            for mode in self._retrieving_modes():
                first = self._fetched(mode)[1].requests[0]
                assert first.tools.count(RETRIEVAL_TOOL) == 1
                assert OWN_TOOL in first.tools
            return
        conversation, _ = offered_conversation(SEEDS[0])
        for mode in self.modes:
            received = self.texts(self._sent(conversation, Probe(_WITH_TOOL), mode))
            assert received != list(conversation.texts), "nothing was shortened"
            assert not any(RETRIEVAL_TOOL in text for text in received)

    def test_what_the_model_fetches_is_the_original_byte_for_byte(
        self, retrieving_mode: str
    ) -> None:
        """Its next request is the one before, its own turn, and the rows that it asked for."""
        _, model = self._fetched(retrieving_mode)
        core = Probe(_WITH_TOOL)
        core.rewrite(offered_conversation(SEEDS[0])[0].segments())
        first, second = model.requests
        wanted = RetrievalTool(core).call(model.asked[0])
        assert model.wanted in wanted
        assert not any(model.wanted in text for text in first.texts)
        assert second.texts[: len(first.texts)] == first.texts
        assert second.texts[len(first.texts) :] == (SAID, wanted)
        assert second.tools == first.tools

    def test_the_caller_gets_one_answer(self, retrieving_mode: str) -> None:
        """With all that was said, and without a call that it could not run."""
        answer, _ = self._fetched(retrieving_mode)
        assert FINAL in answer.text
        if self.runs_tools:
            assert answer.calls == (RETRIEVAL_TOOL,)
        else:
            assert answer.calls == ()
            assert SAID in answer.text

    def test_what_all_turns_used_is_added_up(self) -> None:
        """Who pays for two turns is told of two, in every mode that tells anything."""
        if not self.answers_retrieval:
            pytest.skip(_DECLARED)
        told = [self._fetched(mode)[0].tokens for mode in self._retrieving_modes()]
        assert set(told) <= {None, 2 * (TOKENS_READ + TOKENS_WRITTEN)}
        assert any(tokens is not None for tokens in told)

    def test_beside_a_retrieval_the_callers_own_call_is_the_callers(
        self, retrieving_mode: str
    ) -> None:
        """The retrieval is taken out: a provider wants the results of all calls of a turn."""
        answer, model = self._fetched(retrieving_mode, also=OWN_TOOL)
        if self.runs_tools:
            assert sorted(answer.calls) == sorted((OWN_TOOL, RETRIEVAL_TOOL))
            assert any(model.wanted in text for text in model.requests[1].texts)
        else:
            assert answer.calls == (OWN_TOOL,)
            assert len(model.requests) == 1

    def test_a_model_that_asks_again_and_again_comes_to_an_end(self, retrieving_mode: str) -> None:
        """Each turn reads the whole conversation; where the framework runs tools, it decides."""
        rounds = 3 if self.runs_tools else PATIENCE
        answer, model = self._fetched(retrieving_mode, rounds=rounds)
        if self.runs_tools:
            assert len(model.requests) == rounds + 1
        else:
            assert 2 < len(model.requests) < PATIENCE
            assert answer.calls == ()

    def test_every_mode_answers_retrievals_alike(self) -> None:
        """Sync, async, streaming: the same requests, and the same answer."""
        if not self.answers_retrieval:
            pytest.skip(_DECLARED)
        seen = [self._fetched(mode) for mode in self._retrieving_modes()]
        assert all(model.requests == seen[0][1].requests for _, model in seen)
        assert all((a.text, a.calls) == (seen[0][0].text, seen[0][0].calls) for a, _ in seen)


def _known(segment: Segment) -> tuple[Any, ...]:
    arguments = segment.arguments
    if isinstance(arguments, str):
        arguments = json.loads(arguments)
    if isinstance(arguments, Mapping):
        arguments = dict(arguments)
    return (
        segment.text,
        segment.role,
        segment.tool_name,
        arguments,
        segment.call_id,
        segment.is_error,
    )
