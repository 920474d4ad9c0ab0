"""What holds for everything that compresses a conversation: the core's formats and each adapter."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom import CompressionConfig, Rewrite
from headroom_conformance.conversation import Conversation, Turn
from headroom_conformance.machine_texts import LOOK_ALIKES, log, rows
from headroom_conformance.probe import Probe
from headroom_conformance.scenes import agent_conversation, short_conversation
from headroom_conformance.sealed import Sealed
from headroom_conformance.strategies import configs, conversations

# The same examples in every run: a suite that fails now and then is soon ignored. The executor
# differs because one test runs for every subclass.
EXAMPLES = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=[
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
SEEDS = (1, 2, 3)


class Promises(Sealed):
    """Fill in three methods, say what the format can carry, and inherit the tests.

    Attributes:
        modes: Names of the ways to send a conversation; each is passed to `run`.
        carries_system: False: the format has no place for a system message.
        carries_errors: False: the format does not flag results as errors.
        carries_surrogates: False: the framework refuses lone surrogates.
        shares_objects: False: the framework copies every message that it sends.
    """

    modes: ClassVar[tuple[str, ...]] = ("sync",)
    carries_system: ClassVar[bool] = True
    carries_errors: ClassVar[bool] = True
    carries_surrogates: ClassVar[bool] = True
    shares_objects: ClassVar[bool] = True

    # To fill in.

    def build_messages(self, conversation: Conversation) -> list[Any]:
        """Return the conversation as the framework's own messages.

        Deterministic; and rich: ids, metadata, images, cache marks, whatever messages can hold
        beside texts, because the suite checks that all of it arrives.
        """
        raise NotImplementedError

    def texts(self, messages: Sequence[Any]) -> list[str]:
        """Return every text of the messages in order: those of `Conversation.texts`."""
        raise NotImplementedError

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        """Send the messages through the framework, and return those that the model received.

        Args:
            messages: What `build_messages` returned.
            compressor: What the adapter must use.
            mode: One of `modes`.
        """
        raise NotImplementedError

    def snapshot(self, messages: list[Any]) -> Any:
        """Return a copy that is equal to a later one exactly when nothing was modified.

        Override for messages that have no useful ``==``.
        """
        return deepcopy(messages)

    # What the tests share.

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test that takes a mode once for each."""
        if "mode" in metafunc.fixturenames:
            metafunc.parametrize("mode", self.modes)

    def _any(self, data: st.DataObject) -> Conversation:
        return data.draw(
            conversations(
                surrogates=self.carries_surrogates,
                errors=self.carries_errors,
                system=self.carries_system,
            )
        )

    def _at_work(self, seed: int) -> Conversation:
        return agent_conversation(seed, system=self.carries_system)

    def _with_result(self, text: str, tool: str | None = None) -> Conversation:
        """Return a conversation of which one result is ``text``."""
        short = short_conversation()
        asked, called, answered = short.turns
        if tool is not None:
            call = type(called.calls[0])(called.calls[0].id, tool, {"handle": "0" * 16})
            called = Turn("assistant", called.texts, calls=(call,))
        return Conversation((asked, called, Turn("tool", (text,), answers=answered.answers)))

    def _sent(self, conversation: Conversation, compressor: Probe, mode: str | None = None) -> Any:
        messages = self.build_messages(conversation)
        return self.run(messages, compressor, self.modes[0] if mode is None else mode)

    def _of_the_core(
        self, conversation: Conversation, config: CompressionConfig | None = None
    ) -> tuple[list[str], tuple[Rewrite | None, ...]]:
        segments = conversation.segments()
        rewrites = Probe(config).rewrite(segments).rewrites
        texts = [
            segment.text if rewrite is None else rewrite.text
            for segment, rewrite in zip(segments, rewrites, strict=True)
        ]
        return texts, rewrites

    def _check_originals(
        self, conversation: Conversation, received: list[str], compressor: Probe
    ) -> None:
        rewrites = self._of_the_core(conversation, compressor.config)[1]
        expanded = compressor.expand_segments(conversation.with_texts(received).segments())
        for original, text, rewrite, back in zip(
            conversation.texts, received, rewrites, expanded, strict=True
        ):
            if rewrite is None:
                assert text == original
            elif rewrite.handles:
                assert original in [compressor.retrieve(h).text for h in rewrite.handles]
                assert all(handle in text for handle in rewrite.handles)
            else:
                assert back == original

    # The promises.

    def test_a_conversation_reaches_the_model_shortened(self, mode: str) -> None:
        """The hook ran, and the engine did its work: most of what tools print is noise."""
        for seed in SEEDS:
            conversation = self._at_work(seed)
            compressor = Probe()
            received = self.texts(self._sent(conversation, compressor, mode))
            count = compressor.counter.count
            before, after = sum(map(count, conversation.texts)), sum(map(count, received))
            assert after < 0.9 * before, "nothing to speak of was saved: did the hook run?"

    @EXAMPLES
    @given(data=st.data())
    def test_the_model_receives_what_the_core_wrote(self, data: st.DataObject) -> None:
        """All policy lives in the core: every entry point gives the same texts."""
        conversation, config = self._any(data), data.draw(configs())
        received = self.texts(self._sent(conversation, Probe(config)))
        assert received == self._of_the_core(conversation, config)[0]

    def test_every_mode_sends_the_same(self) -> None:
        """Sync, async, streaming: one behaviour."""
        for seed in SEEDS:
            conversation = self._at_work(seed)
            sent = [self.snapshot(self._sent(conversation, Probe(), mode)) for mode in self.modes]
            assert all(one == sent[0] for one in sent)

    @EXAMPLES
    @given(data=st.data())
    def test_nothing_but_texts_differs(self, data: st.DataObject) -> None:
        """Ids, order, roles, calls, metadata and foreign blocks arrive as they were."""
        conversation = self._any(data)
        sent = self._sent(conversation, Probe())
        rebuilt = self.build_messages(conversation.with_texts(self.texts(sent)))
        assert self.snapshot(sent) == self.snapshot(rebuilt)

    @EXAMPLES
    @given(data=st.data())
    def test_the_callers_messages_are_not_modified(self, data: st.DataObject) -> None:
        """Neither the messages nor anything in them, nor the list that holds them."""
        messages = self.build_messages(self._any(data))
        objects, before = list(messages), self.snapshot(messages)
        self.run(messages, Probe(), self.modes[0])
        assert self.snapshot(messages) == before
        assert all(one is other for one, other in zip(messages, objects, strict=True))

    @EXAMPLES
    @given(data=st.data())
    def test_a_message_that_was_not_shortened_is_the_same_object(self, data: st.DataObject) -> None:
        """Untouched is untouched; a framework that copies gets an equal one."""
        messages = self.build_messages(self._any(data))
        before = self.texts(messages)
        sent = self.run(messages, Probe(), self.modes[0])
        for one, other in zip(messages, sent, strict=True):
            if self.texts([one]) == self.texts([other]):
                same = self.snapshot([one]) == self.snapshot([other])
                assert one is other if self.shares_objects else same
        assert len(self.texts(sent)) == len(before)

    def test_nothing_to_do_leaves_every_message_as_it_was(self, mode: str) -> None:
        """A conversation of short texts passes through."""
        messages = self.build_messages(short_conversation())
        sent = self.run(messages, Probe(), mode)
        assert self.snapshot(sent) == self.snapshot(messages)
        if self.shares_objects:
            assert all(one is other for one, other in zip(sent, messages, strict=True))

    @EXAMPLES
    @given(data=st.data())
    def test_a_longer_conversation_starts_with_the_same_messages(self, data: st.DataObject) -> None:
        """Causal: a provider's prompt cache keeps hitting, whoever sends the next turn."""
        conversation = self._any(data)
        whole = self.snapshot(self._sent(conversation, Probe()))
        for prefix in conversation.prefixes():
            start = self.snapshot(self._sent(prefix, Probe()))
            assert whole[: len(start)] == start

    @EXAMPLES
    @given(data=st.data())
    def test_what_was_compressed_is_not_compressed_again(self, data: st.DataObject) -> None:
        """An agent that keeps what was sent as its history sends the same bytes again."""
        conversation, compressor = self._any(data), Probe()
        once = self._sent(conversation, compressor)
        twice = self.run(list(once), compressor, self.modes[0])
        assert self.snapshot(twice) == self.snapshot(once)

    @EXAMPLES
    @given(data=st.data())
    def test_no_text_gets_larger(self, data: st.DataObject) -> None:
        """Counted in the compressor's own tokens, markers included."""
        conversation, compressor = self._any(data), Probe(data.draw(configs()))
        received = self.texts(self._sent(conversation, compressor))
        count = compressor.counter.count
        for given_text, received_text in zip(conversation.texts, received, strict=True):
            assert count(received_text) <= count(given_text)

    @EXAMPLES
    @given(data=st.data())
    def test_every_original_comes_back_byte_for_byte(self, data: st.DataObject) -> None:
        """From the handle in its marker, or from the messages where nothing was left out."""
        conversation, compressor = self._any(data), Probe(data.draw(configs()))
        received = self.texts(self._sent(conversation, compressor))
        self._check_originals(conversation, received, compressor)

    @EXAMPLES
    @given(data=st.data())
    def test_two_in_a_row_stay_reversible_step_by_step(self, data: st.DataObject) -> None:
        """A gateway may compress what an agent compressed already; each gives its own back."""
        conversation, first, second = self._any(data), Probe(), Probe(data.draw(configs()))
        once = self._sent(conversation, first)
        between = conversation.with_texts(self.texts(once))
        twice = self.texts(self.run(list(once), second, self.modes[0]))
        self._check_originals(between, twice, second)
        self._check_originals(conversation, list(between.texts), first)

    def test_text_that_looks_like_a_marker_is_left_alone(self, mode: str) -> None:
        """It is the user's, whatever it says."""
        for look_alike in LOOK_ALIKES:
            conversation = self._with_result(look_alike)
            received = self.texts(self._sent(conversation, Probe(), mode))
            assert received == list(conversation.texts)

    def test_text_that_looks_like_a_marker_switches_nothing_off(self) -> None:
        """What stands below it is compressed like any other text, and comes back."""
        compressor = Probe()
        honest = self._with_result(rows(5))
        marked = self.texts(self._sent(honest, compressor))[-1]
        # A marker whose handle the store knows, above a text that is not its rendering.
        for forged in (*LOOK_ALIKES, marked.partition("\n")[0]):
            text = f"{forged}\n{log(7, 200)}"
            conversation = self._with_result(text)
            received = self.texts(self._sent(conversation, compressor))[-1]
            wanted, rewrites = self._of_the_core(conversation)
            assert received == wanted[-1]
            handles = rewrites[-1].handles if rewrites[-1] is not None else ()
            assert received == text or [compressor.retrieve(h).text for h in handles] == [text]

    def test_what_was_retrieved_is_never_compressed(self, mode: str) -> None:
        """Whatever a gateway put before the retrieval tool's name."""
        for tool in ("headroom_retrieve", "mcp__headroom__headroom_retrieve"):
            conversation = self._with_result(rows(11), tool)
            received = self.texts(self._sent(conversation, Probe(), mode))
            assert received == list(conversation.texts)
