"""Replay: traces of every form, measured and priced request by request."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from headroom.counting.default import default_counter
from headroom.economics import Pricing, Prompt
from headroom_evals.__main__ import STOPPED, main
from headroom_evals.replay import tables
from headroom_evals.replay.made import made_traces
from headroom_evals.replay.measured import Meter, Replayed, Sent, Turn, original, retrieval_cost
from headroom_evals.replay.process import ReplayProcess
from headroom_evals.replay.traces import NotATraceError, Request, Trace, read_traces, trace_of

PLAIN = Pricing(
    provider="anthropic",
    family="plain",
    input=1.0,
    output=5.0,
    cache_read=0.1,
    cache_write=1.25,
    minimum_prefix=10,
)
TALK: list[dict[str, Any]] = [
    {"role": "system", "content": "s"},
    {"role": "user", "content": "u", "timestamp": 7},
    {"role": "assistant", "content": "a"},
    {"role": "user", "content": "v"},
    {"role": "assistant", "content": "b"},
    {"role": "assistant", "content": "c"},
]


def lengths(trace: Trace) -> list[tuple[int, int]]:
    return [(len(r.messages), len(r.answer)) for r in trace.requests]


def written(folder: Path, name: str, value: Any) -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def lines_of(rows: list[Any]) -> str:
    return "\n".join(map(json.dumps, rows))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("list.json", TALK),
        ("history.traj", {"history": TALK, "info": {}}),
        ("messages.json", {"messages": TALK, "tools": []}),
        ("traj.json", {"traj": TALK}),
        ("lines.jsonl", lines_of(TALK)),
        ("records.jsonl", lines_of([{"uuid": "x", "message": m} for m in TALK])),
        ("requests.jsonl", lines_of([{"messages": TALK[:2]}, {"messages": TALK[:4]}])),
        (
            "contents.json",
            {
                "contents": [
                    {
                        "role": "model" if m["role"] == "assistant" else "user",
                        "parts": [{"text": "x"}],
                    }
                    for m in TALK
                ]
            },
        ),
        (
            "input.json",
            {
                "instructions": "s",
                "input": [
                    {"role": "user", "content": "s"},
                    {"role": "user", "content": "u"},
                    {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"},
                    {"type": "function_call_output", "call_id": "1", "output": "o"},
                    {"role": "assistant", "content": "b"},
                ],
            },
        ),
    ],
)
def test_conversations_are_read_however_they_were_kept(
    tmp_path: Path, name: str, value: Any
) -> None:
    (trace,) = read_traces(written(tmp_path, name, value))
    assert trace.name == name
    assert [length for length, _ in lengths(trace)] == [2, 4]
    assert "timestamp" not in str(trace) or name == "requests.jsonl"


def test_an_aider_history_is_read(tmp_path: Path) -> None:
    text = "> aider --model x\n\n#### what is this?  \n\nA game.\nTo play.\n\n> Commit 1\n"
    text += "#### thanks\n\nOk.\n"
    (trace,) = read_traces(written(tmp_path, "history.md", text))
    assert lengths(trace) == [(2, 1), (5, 1)]
    assert trace.requests[0].messages[1]["content"] == "what is this?"
    assert trace.requests[0].answer[0]["content"] == "A game.\nTo play."
    several = "".join(f"# aider chat started at {n}\n{text}" for n in range(3)) + "# aider chat"
    chats = list(read_traces(written(tmp_path, "several.md", several)))
    assert [t.name for t in chats] == ["several.md#1", "several.md#2", "several.md#3"]
    assert lengths(chats[0]) == lengths(trace)


def test_a_transcript_is_a_trace_for_each_question(tmp_path: Path) -> None:
    one = "Question: who?\nThought 1: look\nAction 1: Search[x]\nObservation 1: found\n"
    one += "Thought 2: y\nAction 2: Finish[y]\n"
    found = list(read_traces(written(tmp_path, "log.txt", f"BEGIN\n{one}\n{one}")))
    assert [trace.name for trace in found] == ["log.txt#1", "log.txt#2"]
    assert lengths(found[0]) == [(1, 1), (3, 1)]
    assert found[0].observes_in_user_messages


@pytest.mark.parametrize(
    "value", [{}, [], {"messages": []}, "no JSON", [{"role": "user"}], "{}\n{}"]
)
def test_what_holds_no_answer_is_no_trace(tmp_path: Path, value: Any) -> None:
    path = written(tmp_path, "x.json", value)
    with pytest.raises(NotATraceError, match=r"x\.json"):
        list(read_traces(path))
    assert list(read_traces(tmp_path)) == []


def test_agents_that_observe_in_user_messages_are_told_from_those_with_tools() -> None:
    assert trace_of("x", TALK).observes_in_user_messages
    result = {"role": "tool", "tool_call_id": "1", "content": "o"}
    assert not trace_of("x", [*TALK, result, TALK[2]]).observes_in_user_messages
    block = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1"}]}
    assert not trace_of("x", [*TALK, block, TALK[2]]).observes_in_user_messages


def test_a_request_is_measured_against_the_one_before_it() -> None:
    trace = Trace("t", "messages", (Request({}, (), ()),) * 4)
    first, longer = (
        Sent(("{}", '{"role":"user","content":"one"}')),
        '{"role":"user","content":"two"}',
    )
    sent = [first, Sent((*first.parts, longer)), Sent(("{}", longer)), Sent(("{}", longer))]
    turns = Meter(default_counter()).replayed(trace, "x", sent).turns
    assert [t.is_broken for t in turns] == [False, False, True, False]
    # A word and four tokens for the message around it.
    assert [(t.prompt.tokens, t.prompt.same) for t in turns] == [(5, 0), (10, 5), (5, 0), (5, 5)]
    assert turns[1].same_bytes == turns[0].bytes
    assert turns[2].same_bytes == len('{}{"role":"user","content":"')
    changed = Meter(default_counter()).replayed(trace, "x", sent, newest_changes=True)
    assert [t.is_broken for t in changed.turns] == [False, False, True, False]


def test_what_the_agent_read_is_told_from_what_was_said() -> None:
    assert trace_of("x", TALK).observations == (False, False, False, True)
    result = {"role": "tool", "tool_call_id": "1", "content": "one two"}
    trace = trace_of("x", [*TALK[:4], TALK[2], result, TALK[2]])
    assert trace.observations == (False,) * 5 + (True,)
    assert Meter(default_counter()).replayed(trace, "", original(trace)).observed == 2


def replayed(*prompts: Prompt, system: str = "ours") -> Replayed:
    turns = tuple(Turn(prompt, 0, 0, False) for prompt in prompts)
    return Replayed("t", system, turns)


def test_the_verdict_says_yes_no_and_by_how_much() -> None:
    # 1,000 tokens written, then read: $0.00125 + $0.0001.
    without = replayed(Prompt(1_000), Prompt(1_000, same=1_000), system="")
    half = replayed(Prompt(500), Prompt(500, same=500))
    assert tables.pays(without, half, PLAIN).startswith("yes: saves 50.0% of $0.0014")
    broken = replayed(Prompt(900), Prompt(900))
    assert tables.pays(without, broken, PLAIN) == "no: costs 66.7% more"
    assert tables.pays(without, without, PLAIN) == "no: makes no difference"
    failed = dataclasses.replace(half, turns=(), error="boom")
    (row,) = tables.verdicts([without], [failed], [PLAIN])
    assert row[-1] == "boom"


def test_a_retrieval_costs_a_call_a_read_and_its_part() -> None:
    # 80 x 5 + 1,000 x 0.1 + 500 x (1.25 + 1 x 0.1), per million.
    cost = retrieval_cost(replayed(Prompt(1_000), Prompt(1_000)), PLAIN)
    assert cost == pytest.approx((400 + 100 + 675) / 1e6)


def test_made_traces_are_the_same_every_time() -> None:
    assert made_traces() == made_traces()
    assert {t.name for t in made_traces()} >= {"investigation", "clock", "short-answers"}


def test_a_process_sends_what_the_compressor_writes() -> None:
    trace = next(t for t in made_traces() if t.name == "polling")
    with ReplayProcess("ours-lossless") as process:
        sent = process.replay(trace, {})
        assert process.replay(trace, {}, fresh=True) == sent
        assert process.replay(trace, {"no_such": 1}) == (
            "TypeError: CompressionConfig.__init__() got an unexpected keyword argument 'no_such'"
        )
    assert isinstance(sent, list)
    meter = Meter(default_counter())
    before, after = meter.replayed(trace, "", original(trace)), meter.replayed(trace, "x", sent)
    assert after.tokens < 0.7 * before.tokens
    assert after.broken == before.broken == 0


def test_the_command_answers_with_tables_and_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = next(t for t in made_traces() if t.name == "clock")
    bodies = [{**r.rest, "messages": list(r.messages)} for r in trace.requests]
    path = written(tmp_path, "mine.jsonl", lines_of(bodies))
    page, numbers = tmp_path / "page.md", tmp_path / "numbers.json"
    command = ["replay", str(path), "--system", "ours", "--turns", "--model", "claude-opus-5-5"]
    command += [
        "--set",
        "align_cache=true",
        "--fresh",
        "--markdown",
        str(page),
        "--json",
        str(numbers),
    ]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "yes: saves" in printed and "NOT THE SAME" not in printed
    assert str(tmp_path) not in page.read_text(encoding="utf-8")
    assert "## Trace by trace: ours" in page.read_text(encoding="utf-8")
    assert len(json.loads(numbers.read_text(encoding="utf-8"))) == 2


def test_wrong_arguments_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(tmp_path / "missing")]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert main(["replay", "--model", "no such model"]) == 2
    assert "no price is known" in capsys.readouterr().err
    for setting in ("align_cache", "align_cache=yes"):
        with pytest.raises(SystemExit):
            main(["replay", "--set", setting])
    capsys.readouterr()
    assert main(["replay", str(written(tmp_path, "x.json", "{}"))]) == 2
    assert "x.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", ["", "not JSON {", "null", "[]", '{"a": 1}', "[" * 200_000, "\xff\x00", "7\n8"]
)
def test_a_file_that_holds_no_conversation_is_named_and_nothing_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content.encode("latin-1"))
    assert main(["replay", str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("odd.json") and not printed.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "fidelity=7"], "fidelity must be one of"),
        (["--set", "colour=7"], "colour"),
        (["--json", "no-such-folder/x.json"], "no-such-folder"),
        (["--markdown", "."], "cannot be written"),
        (["--peer-python", "no-such-python"], "headroom-ai does not start"),
    ],
)
def test_what_cannot_work_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    path = written(tmp_path, "talk.json", TALK)
    assert main(["replay", str(path), "--system", "ours", *arguments]) == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_a_folder_without_conversations_is_not_replaced_by_made_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(tmp_path)]) == 2
    assert "holds no conversation" in capsys.readouterr().err


def test_an_interrupted_replay_ends_its_processes_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[ReplayProcess] = []

    def interrupted(self: ReplayProcess, *arguments: Any, **settings: Any) -> Any:
        started.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(ReplayProcess, "replay", interrupted)
    assert main(["replay", "--system", "ours"]) == STOPPED
    assert capsys.readouterr().err.splitlines()[-1] == "stopped"
    assert started[0].exit_status is not None
