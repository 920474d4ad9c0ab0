"""The patch: put in place once, taken back exactly."""

from __future__ import annotations

import functools
from typing import Any

import litellm
import pytest
from conversations import CHAT, ROWS
from event_loop import EventLoop
from upstream import Upstream

from headroom_conformance import Probe
from headroom_litellm import install

OPENAI = "openai/gpt-4o"


def _ask(upstream: Upstream) -> str:
    litellm.completion(model=OPENAI, messages=CHAT, api_base=upstream.url, api_key="k")
    content: str = upstream.requests[-1]["messages"][2]["content"]
    return content


def test_uninstalling_restores_the_function_itself(upstream: Upstream) -> None:
    original = litellm.completion
    installation = install()
    assert litellm.completion is not original
    assert len(_ask(upstream)) < len(ROWS) / 2
    installation.uninstall()
    installation.uninstall()
    assert litellm.completion is original
    assert _ask(upstream) == ROWS


def test_it_is_taken_back_when_its_block_fails() -> None:
    original = litellm.completion
    with pytest.raises(KeyError), install():
        raise KeyError
    assert litellm.completion is original


def test_a_second_one_is_refused_until_the_first_is_gone() -> None:
    with install(), pytest.raises(RuntimeError, match="installed already"):
        install()
    with install() as installation:
        assert installation.compressor.config.retrieval == "tool"


def test_somebody_elses_patch_stays_and_ours_behind_it_does_nothing_any_more(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(litellm, "completion", litellm.completion)
    installation = install()
    ours = litellm.completion

    @functools.wraps(ours)
    def theirs(*args: Any, **kwargs: Any) -> Any:
        return ours(*args, **kwargs)

    litellm.completion = theirs
    installation.uninstall()
    assert litellm.completion is theirs
    assert _ask(upstream) == ROWS


def test_asynchronous_calls_pass_through_the_patch(upstream: Upstream, loop: EventLoop) -> None:
    compressor = Probe()
    with install(compressor=compressor):
        loop.run(
            litellm.acompletion(model=OPENAI, messages=CHAT, api_base=upstream.url, api_key="k")
        )
    assert compressor.calls == 0
