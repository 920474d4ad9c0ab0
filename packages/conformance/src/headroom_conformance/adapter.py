"""The suite that an adapter to a framework subclasses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from headroom import Segment
from headroom_conformance.probe import FailingProbe, Probe
from headroom_conformance.promises import EXAMPLES, SEEDS, Promises


class AdapterConformance(Promises):
    """Hold an adapter to the promises, on the framework itself.

    Fill in `build_messages`, `texts` and `run`; list in `modes` every way in which the framework
    calls a model (``("invoke", "ainvoke", "stream", "astream")``). ``run`` must drive the real
    framework with the adapter in place and a model that remembers what it received: a suite over
    the adapter's own functions proves nothing about hooks that are never called.
    """

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
