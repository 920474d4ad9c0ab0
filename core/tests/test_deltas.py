"""What was read before, and has changed since, is shown as what changed."""

from __future__ import annotations

import json
from typing import Any

from headroom import CompressionConfig, CompressionResult, compress, expand

JOBS = [
    f"job-{n:03} {'nightly' if n % 3 else 'hourly'} on host-{n * 7 % 23} running" for n in range(60)
]


def polls(*results: str, arguments: str = '{"path": "jobs"}') -> list[dict[str, Any]]:
    """Return a conversation in which a tool was called again and again."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Wait until the jobs are done."}]
    for number, text in enumerate(results):
        function = {"name": "status", "arguments": arguments}
        call = {"id": f"call_{number}", "type": "function", "function": function}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"call_{number}", "content": text})
    return messages


def lossless(messages: list[Any]) -> CompressionResult[list[Any]]:
    result = compress(messages, config=CompressionConfig(fidelity="lossless"))
    assert expand(result.messages) == messages
    return result


def failed(lines: list[str]) -> list[str]:
    """Return a later state: some lines changed, so near each other that few passages are left."""
    return [line[:-7] + "failed" if n % 8 == 2 else line for n, line in enumerate(lines)]


def test_a_result_read_again_is_shown_as_what_changed() -> None:
    again = failed(JOBS)
    result = lossless(polls("\n".join(JOBS), "\n".join(again)))
    assert result.messages[-1]["content"].split("\n")[:4] == [
        "[headroom changed since result 1; old lines not shown]",
        "@@ -3 +3 @@",
        "+job-002 nightly on host-14 failed",
        "@@ -11 +11 @@",
    ]
    assert result.decisions[-1].compressor == "delta"
    assert result.decisions[-1].reason == "shown as changes to what stands above"


def test_an_unchanged_result_is_one_line() -> None:
    result = lossless(polls("\n".join(JOBS), "\n".join(JOBS)))
    assert result.messages[-1]["content"] == "[headroom same as result 1]"


def test_the_base_is_the_newest_result_that_stands_there_in_full() -> None:
    second = failed(JOBS)
    other = [line.replace("job", "task").replace("on host", "at node") for line in JOBS]
    third = failed(other)
    texts = ["\n".join(lines) for lines in (JOBS, second, other, third)]
    heads = [m["content"].split("\n")[0] for m in lossless(polls(*texts)).messages[2::2]]
    assert heads[1] == "[headroom changed since result 1; old lines not shown]"
    assert heads[3] == "[headroom changed since result 3; old lines not shown]"


def test_another_call_is_no_base() -> None:
    again = failed(JOBS)
    messages = polls("\n".join(JOBS))
    more = polls("\n".join(again), arguments=json.dumps({"path": "others"}))[1:]
    more[0]["tool_calls"][0]["id"] = more[1]["tool_call_id"] = "call_9"
    assert lossless([*messages, *more]).decisions[-1].compressor != "delta"


def test_a_compressed_history_with_changes_is_left_alone() -> None:
    again = failed(JOBS)
    once = lossless(polls("\n".join(JOBS), "\n".join(again)))
    config = CompressionConfig(fidelity="lossless")
    twice = compress(once.messages, config=config)
    assert twice.messages is once.messages
    assert twice.decisions[-1].reason == "compressed already"


def test_every_turn_of_a_polling_agent_is_a_prefix_of_the_next() -> None:
    states = [
        [line[:-7] + "done" if m % 7 < n else line for m, line in enumerate(JOBS)] for n in range(5)
    ]
    messages = polls(*["\n".join(state) for state in states])
    whole = lossless(messages).messages
    for length in range(1, len(messages)):
        assert lossless(messages[:length]).messages == whole[:length]
