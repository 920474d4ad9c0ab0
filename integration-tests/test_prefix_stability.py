"""A conversation that grows never changes what was sent before: prompt caches keep hitting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from real_inputs import Messages, conversation_in, name_of, open_files
from recordings.conversation import load_messages

from headroom import compress

REPLAY = Path(__file__).resolve().parent / "replay.py"


def replayed(messages: Messages, folder: Path) -> list[list[list[str]]]:
    """Replay in two processes with different hash seeds; the digests of both."""
    conversation = folder / "conversation.json"
    conversation.write_text(json.dumps(messages), encoding="utf-8")
    processes = [
        subprocess.Popen(
            [sys.executable, str(REPLAY), str(conversation)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        for seed in ("1", "4294967295")
    ]
    answers = [process.communicate(timeout=600)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    return [json.loads(answer) for answer in answers]


def check_prefixes(messages: Messages, folder: Path) -> None:
    first, second = replayed(messages, folder)
    assert first == second
    assert len(first[-1]) == len(messages)
    for shorter, longer in pairwise(first):
        assert longer[: len(shorter)] == shorter


def test_every_turn_of_the_demo_is_a_prefix_of_the_next(tmp_path: Path) -> None:
    messages = load_messages()
    assert compress(messages).messages != messages
    check_prefixes(messages, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("trace", open_files("traces"), ids=name_of)
def test_every_turn_of_a_recorded_agent_is_a_prefix_of_the_next(
    trace: Path, tmp_path: Path
) -> None:
    check_prefixes(conversation_in(trace), tmp_path)
