"""Conversations to replay when none is at hand: recorded outputs, put together by a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from headroom_evals.cases import Case, shipped_cases
from headroom_evals.replay.traces import Trace, trace_of

_SEED = 20261120

# Named one by one, so that a new input changes no trace.
_READ = (
    *("log/server.log", "json/orders.json", "search/grep.txt", "paths/find.txt", "test/pytest.txt"),
    *("csv/stock.csv", "table/pods.txt", "yaml/manifests.yaml", "diff/log-patch.diff"),
    *("log/gateway.log", "json/metrics.json", "markdown/express.md", "test/mypy.txt"),
)
_RULES = "Work step by step. Say what you found before you act. Never guess a value. " * 12


def made_traces() -> tuple[Trace, ...]:
    """Return the shipped traces: the same ones on every machine."""
    cases = {case.id: case for case in shipped_cases()}
    return (
        trace_of("investigation", _investigation([cases[name] for name in _READ])),
        trace_of("code-editing", _editing(cases, random.Random(_SEED + 1), 12)),
        trace_of("polling", _polling(random.Random(_SEED + 2), 10)),
        trace_of("clock", _clocked([cases[name] for name in _READ[:8]], random.Random(_SEED + 3))),
        trace_of("short-answers", _short(random.Random(_SEED + 4), 10)),
    )


def _call(n: int, tool: str, arguments: Any) -> dict[str, Any]:
    function = {"name": tool, "arguments": json.dumps(arguments)}
    call = {"id": f"call_{n}", "type": "function", "function": function}
    return {"role": "assistant", "content": f"Step {n}.", "tool_calls": [call]}


def _result(n: int, text: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": f"call_{n}", "content": text}


def _closed(messages: Sequence[Any]) -> list[Any]:
    return [*messages, {"role": "assistant", "content": "That is what I found."}]


def _started(question: str) -> list[Any]:
    return [{"role": "system", "content": _RULES}, {"role": "user", "content": question}]


def _investigation(cases: Sequence[Case]) -> list[Any]:
    """Read one recorded output after the other."""
    messages = _started("Something is wrong with the orders since this morning. Find out what.")
    for n, case in enumerate(cases, 1):
        messages += [_call(n, case.tool, case.arguments), _result(n, case.text)]
    return _closed(messages)


def _editing(cases: dict[str, Case], rng: random.Random, steps: int) -> list[Any]:
    """Open a file, change a line, look at a place, and open it again."""
    lines = cases["code/generate.txt"].text.split("\n")
    messages = _started("Make the generator take its seed from the command line.")
    for n in range(1, steps + 1):
        at = rng.randrange(len(lines) - 60) if n % 3 else 0
        shown = lines[at : at + 60] if n % 3 else lines
        text = "\n".join(f"{at + k + 1:>6}\t{line}" for k, line in enumerate(shown))
        arguments = {"path": "generate.py", **({"from": at + 1} if n % 3 else {})}
        messages += [_call(n, "read_file", arguments), _result(n, text)]
        changed = rng.randrange(len(lines))
        lines[changed] = f"{lines[changed]}  # step {n}"
    return _closed(messages)


def _polling(rng: random.Random, steps: int) -> list[Any]:
    """Ask for the same status until it has changed enough."""
    jobs = [[f"job-{n:03}", "nightly", f"host-{n % 17}", "pending"] for n in range(80)]
    messages = _started("Tell me when more than sixty jobs are done.")
    for n in range(1, steps + 1):
        for job in rng.sample(jobs, 7):
            job[3] = "done"
        table = "\n".join(["id,queue,host,state", *(",".join(job) for job in jobs)])
        messages += [_call(n, "job_status", {"queue": "nightly"}), _result(n, table)]
    return _closed(messages)


def _clocked(cases: Sequence[Case], rng: random.Random) -> list[Any]:
    """Send whole requests with a clock in the system prompt, and tools in no order."""
    messages = _investigation(cases)
    names = ("bash", "http_get", "read_file", "read_log", "run_tests")
    described = "What it does, and when to use it. " * 8
    tools = [
        {"type": "function", "function": {"name": name, "description": described}} for name in names
    ]
    requests = []
    for n, end in enumerate(range(2, len(messages), 2)):
        system = f"{_RULES}\nThe current time is 2026-11-20 13:{n:02}:{rng.randrange(60):02}."
        shuffled = rng.sample(tools, len(tools))
        said = [{"role": "system", "content": system}, *messages[1:end]]
        requests.append({"model": "gpt-5", "tools": shuffled, "messages": said})
    return requests


def _short(rng: random.Random, steps: int) -> list[Any]:
    """Call tools that answer in one line: nothing to gain, nothing to lose."""
    messages = _started("Book a table for four.")
    for n in range(1, steps + 1):
        messages += [_call(n, "look_up", {"n": n}), _result(n, f'{{"free": {rng.randrange(9)}}}')]
    return _closed(messages)
