"""The demo does what its page says: every fact visible, over half of the tokens saved."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from investigate_a_failure import LOG, Report, investigate, show
from langchain_openai import ChatOpenAI
from langsmith import tracing_context
from loopback_server import loopback_server
from pydantic import SecretStr
from readme_table import README, table
from recordings.conversation import load_messages, load_tools, recording

from headroom import Compressor, MemoryStore
from headroom_langchain import HeadroomChatModel

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture(scope="module")
def report() -> Report:
    return investigate()


def test_the_bare_model_sends_the_conversation_as_it_was_recorded(report: Report) -> None:
    recorded = [m["content"] for m in load_messages()]
    assert [m["content"] for m in report.bare["messages"]] == recorded
    assert report.bare["tools"] == load_tools()


def test_the_wrapped_model_saves_well_over_half_of_the_tokens(report: Report) -> None:
    assert report.saved > 0.6


def test_the_conversation_is_of_a_real_size(report: Report) -> None:
    assert 40_000 < sum(report.tokens_bare) < 80_000


def test_no_message_grows(report: Report) -> None:
    pairs = zip(report.tokens_bare, report.tokens_wrapped, strict=True)
    assert all(wrapped <= bare for bare, wrapped in pairs)


def test_every_fact_that_the_investigation_needs_is_visible(report: Report) -> None:
    assert [(f.message, f.fact) for f in report.hidden] == []


def test_every_fact_stands_in_the_message_that_it_is_said_to_come_from(report: Report) -> None:
    assert len(report.facts) >= 12
    assert all(fact.is_visible_in(report.bare["messages"]) for fact in report.facts)


def as_sent(request: dict[str, Any]) -> str:
    """Return the request as it was on the wire, but for the text of its tool results."""
    messages = [{**m, "content": ""} if m["role"] == "tool" else m for m in request["messages"]]
    return json.dumps({**request, "messages": messages})


def test_nothing_but_the_text_of_tool_results_differs_on_the_wire(report: Report) -> None:
    assert as_sent(report.wrapped) == as_sent(report.bare)


def test_a_stream_sends_the_same_messages() -> None:
    with loopback_server("two words") as wire, httpx.Client(trust_env=False) as client:
        llm = ChatOpenAI(
            model="gpt-4o",
            base_url=wire.base_url,
            api_key=SecretStr("unused"),
            http_client=client,
        )
        wrapped = HeadroomChatModel(llm, compressor=Compressor(store=MemoryStore()))
        with tracing_context(enabled=False):
            plain = wrapped.invoke(load_messages())
            streamed = "".join(str(chunk.content) for chunk in wrapped.stream(load_messages()))
    assert (plain.content, streamed.strip()) == ("two words", "two words")
    first, second = wire.requests
    assert second["stream"] and first["messages"] == second["messages"]


def test_the_answer_says_what_was_saved(report: Report) -> None:
    saved = sum(report.tokens_bare) - sum(report.tokens_wrapped)
    assert report.answer.response_metadata["headroom"]["tokens_saved"] == saved


def test_the_retrieval_gives_back_lines_that_were_left_out(report: Report) -> None:
    original, sent = recording("server.log"), report.wrapped["messages"][LOG]["content"]
    recorded, back = set(original.split("\n")), report.retrieved.text.split("\n")
    assert [line for line in back if line in recorded and line not in sent]


@pytest.mark.parametrize(
    "script", ["investigate_a_failure.py", "compress_messages.py", "expand_lossless.py"]
)
def test_every_example_runs(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script)], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "tokens" in done.stdout


def test_the_report_can_be_shown(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    show(report)
    assert f"{report.saved:.1%} saved" in capsys.readouterr().out


def test_the_readme_shows_what_the_demo_measured(report: Report) -> None:
    assert table(report) in README.read_text(encoding="utf-8"), "run readme_table.py"
