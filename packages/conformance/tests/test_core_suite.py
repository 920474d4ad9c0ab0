"""The core's suite notices a core that is loud, and one whose output depends on the process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from headroom import Compressor
from headroom_conformance import OpenAIChatConformance, quiet

LOUD = """
import os, socket, subprocess, sys
from pathlib import Path
socket.socket().close()
subprocess.run([sys.executable, "-c", ""])
Path("left.txt").write_text("a trace")
os.environ["HEADROOM_WAS_HERE"] = "1"

class MemoryStore: pass

class Compressor:
    def __init__(self, store): pass
    def compress(self, messages, format): return self
    handles = ()
"""


def test_a_core_that_is_loud_is_heard(tmp_path: Path) -> None:
    (tmp_path / "headroom.py").write_text(LOUD)
    done = subprocess.run(
        [sys.executable, str(quiet.__file__)],
        input='{"messages": [], "format": ""}',
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        timeout=60,
        check=True,
    )
    heard = json.loads(done.stdout)["events"]
    for event in ("socket.__new__", "subprocess.Popen", "open ('left.txt'", "os.putenv"):
        assert any(one.startswith(event) for one in heard), event


def test_output_that_depends_on_the_process_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    honest = Compressor.compress

    def compress(self: Compressor, messages: list[Any], **arguments: Any) -> Any:
        return honest(self, [*messages, {"role": "user", "content": "this process"}], **arguments)

    suite = OpenAIChatConformance()
    suite.test_another_process_with_another_hash_seed_gives_the_same_bytes(tmp_path)
    monkeypatch.setattr(Compressor, "compress", compress)
    with pytest.raises(AssertionError):
        suite.test_another_process_with_another_hash_seed_gives_the_same_bytes(tmp_path)


def test_without_recordings_the_tests_that_need_them_are_skipped() -> None:
    with pytest.raises(pytest.skip.Exception):
        OpenAIChatConformance().test_recorded_conversations_keep_every_prefix()


def test_recordings_are_replayed(tmp_path: Path) -> None:
    messages = OpenAIChatConformance().build_messages(OpenAIChatConformance()._at_work(1))
    (tmp_path / "one.json").write_text(json.dumps(messages))
    suite = type("Recorded", (OpenAIChatConformance,), {"recordings": (tmp_path,)})()
    suite.test_recorded_conversations_come_back_and_shrink()
    suite.test_recorded_conversations_keep_every_prefix()
    suite.test_recorded_conversations_are_the_same_bytes_in_other_processes(tmp_path)
