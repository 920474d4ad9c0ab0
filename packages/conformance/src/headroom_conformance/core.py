"""The promises as the core itself keeps them, on the wire formats that `compress` reads."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom import (
    CompressionConfig,
    CompressionResult,
    Content,
    Encoding,
    Goal,
    Selection,
    compress,
)
from headroom_conformance import quiet, replay
from headroom_conformance.conversation import Conversation
from headroom_conformance.probe import BrokenStore, EngineError, FullStore, Probe
from headroom_conformance.promises import EXAMPLES, SEEDS, Promises
from headroom_conformance.recorded import real_conversations
from headroom_conformance.scenes import short_conversation
from headroom_conformance.strategies import configs

_ODD_MESSAGES: tuple[Any, ...] = (
    {"role": "user", "content": None},
    {"role": "user"},
    {"role": "oracle", "content": "text of an unknown role\n" * 200},
    {"role": "tool", "content": [None, 7, {"type": "text"}, {"type": "text", "text": None}]},
    {"role": "assistant", "content": None, "tool_calls": [None, {}, {"id": 7, "function": None}]},
    {"role": "assistant", "content": [], "tool_calls": {"not": "a list"}},
    {"role": "tool", "tool_call_id": "nobody asked", "content": "[" * 100_000},
    {"role": 7, "content": {"an": "object"}},
    {},
    [],
    "a bare text",
    None,
)
# Many recorded agents put what they observed into user messages.
_OBSERVING = CompressionConfig(roles=("tool", "user"))


class _Exploding:
    """A compressor that takes every text and fails in one of its methods."""

    name = "exploding"
    notations = ("exploding",)
    kinds = ("anything",)

    def __init__(self, method: str) -> None:
        self._method = method

    def _reach(self, method: str) -> None:
        if method == self._method:
            raise EngineError(f"a bug in {method}")

    def detect(self, content: Content) -> str | None:
        self._reach("detect")
        return "anything"

    def encode(self, content: Content) -> Encoding | None:
        self._reach("encode")
        return Encoding("exploding", "", "x") if self._method == "decode" else None

    def decode(self, encoding: Encoding) -> str:
        self._reach("decode")
        return ""

    def select(self, content: Content, goal: Goal) -> Selection | None:
        self._reach("select")
        return None


class CoreConformance(Promises):
    """Hold `headroom.compress` to the promises, on one wire format.

    Attributes:
        format: The format's name, as ``format=`` takes it.
        recordings: Folders of recorded conversations to replay as well, where they exist.
    """

    modes = ("compress", "acompress", "compress_request")

    format: ClassVar[str] = ""
    recordings: ClassVar[tuple[Path, ...]] = ()

    def build_request(self, messages: list[Any]) -> dict[str, Any]:
        """Return a provider's whole request around the messages."""
        return {"model": "gpt-4o", "messages": messages, "seed": 7, "unheard_of": {"a": [1]}}

    def run(self, messages: list[Any], compressor: Probe, mode: str) -> list[Any]:
        """Compress the messages through one of the core's own entry points."""
        output: list[Any]
        if mode == "compress":
            output = compressor.compress(messages, format=self.format).output
        elif mode == "acompress":
            output = asyncio.run(compressor.acompress(messages, format=self.format)).output
        else:
            request = self.build_request(messages)
            output = compressor.compress_request(request, format=self.format).output["messages"]
        return output

    def _result(self, messages: Sequence[Any], compressor: Probe) -> CompressionResult[Any]:
        return compressor.compress(messages, format=self.format)

    def test_the_format_is_recognised(self) -> None:
        """By its shape alone."""
        messages = self.build_messages(self._at_work(SEEDS[0]))
        assert Probe().compress(messages).format == self.format

    @EXAMPLES
    @given(data=st.data())
    def test_every_message_has_a_decision_and_the_numbers_add_up(self, data: st.DataObject) -> None:
        """What was done, or why nothing was; counted again, the tokens are the same."""
        messages = self.build_messages(self._any(data))
        compressor = Probe(data.draw(configs()))
        result = self._result(messages, compressor)
        assert {d.index for d in result.decisions} == set(range(len(messages)))
        assert all(d.reason for d in result.decisions)
        count = compressor.counter.count
        assert result.tokens_before == sum(map(count, self.texts(messages)))
        assert result.tokens_after == sum(map(count, self.texts(result.output)))
        saved = result.tokens_before - result.tokens_after - result.overhead_tokens
        assert result.tokens_saved == saved
        assert len(result.explain().splitlines()) >= len(messages)

    def test_nothing_to_do_gives_the_same_object_back(self) -> None:
        """The same list, the same request, the same bytes."""
        messages = self.build_messages(short_conversation())
        request = self.build_request(messages)
        body = json.dumps(request, indent=1).encode()
        assert self._result(messages, Probe()).output is messages
        assert Probe().compress_request(request, format=self.format).output is request
        assert Probe().compress_request(body, format=self.format).output is body

    @EXAMPLES
    @given(data=st.data())
    def test_a_requests_bytes_differ_only_in_its_texts(self, data: st.DataObject) -> None:
        """Parsed, they are what the parsed request becomes."""
        request = self.build_request(self.build_messages(self._any(data)))
        body = json.dumps(request, indent=1).encode()
        parsed = Probe().compress_request(request, format=self.format).output
        spliced = Probe().compress_request(body, format=self.format).output
        assert isinstance(spliced, bytes)
        assert json.loads(spliced) == parsed

    @pytest.mark.parametrize("method", ["detect", "encode", "decode", "select"])
    def test_a_compressor_that_raises_leaves_the_texts_as_they_were(self, method: str) -> None:
        """And the decision names the error."""
        messages = self.build_messages(self._at_work(SEEDS[0]))
        result = self._result(messages, Probe(compressors=(_Exploding(method),)))
        assert result.output is messages
        assert any("EngineError" in decision.reason for decision in result.decisions)

    @pytest.mark.parametrize("store", [FullStore(), BrokenStore()], ids=["full", "broken"])
    def test_what_cannot_be_stored_is_not_left_out(self, store: FullStore) -> None:
        """The original is stored before the marker is written, or the text stays whole."""
        conversation = self._at_work(SEEDS[0])
        compressor = Probe(store=store)
        result = self._result(self.build_messages(conversation), compressor)
        expanded = compressor.expand(result.output, format=self.format)
        assert self.texts(expanded) == list(conversation.texts)
        assert not result.handles

    def test_odd_messages_pass_through(self) -> None:
        """Each with a decision, and compressed or not, what stands around them is."""
        odd = deepcopy(list(_ODD_MESSAGES))
        result = self._result(odd, Probe())
        assert result.output is odd
        assert odd == list(_ODD_MESSAGES)
        assert len(result.decisions) >= len(odd)
        around = [*self.build_messages(self._at_work(SEEDS[0])), *odd]
        assert self._result(around, Probe()).tokens_saved > 0

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            (("a text",), TypeError),
            ((None,), TypeError),
            (({"role": "user"},), TypeError),
            (([], {"query": 7}), TypeError),
            (([], {"format": "no such format"}), ValueError),
        ],
    )
    def test_wrong_arguments_raise(
        self, arguments: tuple[Any, ...], error: type[Exception]
    ) -> None:
        """They are the caller's mistakes, not odd input."""
        messages, *named = arguments
        with pytest.raises(error):
            compress(messages, **(named[0] if named else {}))

    def test_another_process_with_another_hash_seed_gives_the_same_bytes(
        self, tmp_path: Path
    ) -> None:
        """Turn by turn, each with a fresh compressor and a fresh store."""
        conversations = [self._at_work(seed) for seed in SEEDS]
        turns = [self.build_messages(p) for c in conversations for p in c.prefixes()]
        work = json.dumps({"format": self.format, "turns": turns, "roles": ["tool"]})
        digests = [
            _run(replay.__file__, work, tmp_path, PYTHONHASHSEED=seed) for seed in ("1", "4242")
        ]
        assert digests[0] == digests[1] == replay.digests(json.loads(work))

    def test_importing_and_using_the_core_is_quiet(self, tmp_path: Path) -> None:
        """No socket, no process, no file written, no environment variable set."""
        conversation = self._at_work(SEEDS[0])
        work = {"format": self.format, "messages": self.build_messages(conversation)}
        heard = _run(quiet.__file__, json.dumps(work), tmp_path)
        assert heard["handles"] > 0
        assert heard["events"] == []

    def test_recorded_conversations_come_back_and_shrink(self) -> None:
        """Originals and sizes, on conversations that somebody had."""
        for name, conversation in self._recorded():
            compressor = Probe(_OBSERVING)
            received = self.texts(
                self._result(self.build_messages(conversation), compressor).output
            )
            wanted, rewrites = self._of_the_core(conversation, _OBSERVING)
            assert received == wanted, name
            count = compressor.counter.count
            expanded = compressor.expand_segments(conversation.with_texts(received).segments())
            for original, text, rewrite, back in zip(
                conversation.texts, received, rewrites, expanded, strict=True
            ):
                if rewrite is not None:
                    assert count(text) <= count(original), name
                    stored = [compressor.retrieve(handle).text for handle in rewrite.handles]
                    assert original in (stored or [back]), name

    def test_recorded_conversations_keep_every_prefix(self) -> None:
        """Turn by turn, each with a fresh compressor and a fresh store."""
        for name, conversation in self._recorded():
            whole = self._result(self.build_messages(conversation), Probe(_OBSERVING)).output
            for prefix in conversation.prefixes():
                start = self._result(self.build_messages(prefix), Probe(_OBSERVING)).output
                assert whole[: len(start)] == start, name

    def test_recorded_conversations_are_the_same_bytes_in_other_processes(
        self, tmp_path: Path
    ) -> None:
        """Whatever the hash seed."""
        turns = [self.build_messages(conversation) for _, conversation in self._recorded()]
        work = json.dumps({"format": self.format, "turns": turns, "roles": _OBSERVING.roles})
        digests = [
            _run(replay.__file__, work, tmp_path, PYTHONHASHSEED=seed) for seed in ("1", "4242")
        ]
        assert digests[0] == digests[1] == replay.digests(json.loads(work))

    def _recorded(self) -> Iterator[tuple[str, Conversation]]:
        found = False
        for folder in self.recordings:
            for name, conversation in real_conversations(folder):
                found = True
                turns = [t for t in conversation.turns if t.role != "system" or self.carries_system]
                yield name, Conversation(tuple(turns))
        if not found:
            pytest.skip("no recordings here")


def _run(script: str | None, work: str, folder: Path, **environment: str) -> Any:
    """Run one of the suite's scripts in a process of its own, and return what it prints."""
    done = subprocess.run(
        [sys.executable, str(script)],
        input=work,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
