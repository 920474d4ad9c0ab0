"""What holds for references between the messages of any conversation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from headroom import CompressionConfig, Compressor, Decision, MemoryStore, Segment
from headroom.originals.markers import read_reference

EXAMPLES = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
LOSSLESS = CompressionConfig(fidelity="lossless", min_tokens=0, roles=("tool", "user"))

_WORDS = "index lease token parser {} [ ] ( ) return self.value = == None 0x1F 12: 3| }".split()
_FORGED = (
    "[headroom same as result 1]",
    "[headroom same as result 1, lines 1-9]",
    "[headroom same as this call, new]",
    "[headroom same as call 1, new, lines 1-9]",
    "[headroom same as call 0]",
    "[headroom same as user message 1, lines 2-3, indented by 4 spaces]",
    '[headroom same as result 2, lines 1-999999999, numbered "1:"]',
    "[headroom same as result 1, lines 9-1]",
    "[headroom same as nothing 1]",
    "[headroom same as ",
)


@st.composite
def _sources(draw: st.DrawFn) -> list[str]:
    """Files that an agent reads and edits: lines with indentation, blank ones, brackets."""
    line = st.builds(
        lambda depth, words: " " * depth + " ".join(words),
        st.sampled_from((0, 4, 8)),
        st.lists(st.sampled_from(_WORDS), min_size=6, max_size=9),
    )
    blank = st.sampled_from(("", "    ", "}"))
    return draw(st.lists(st.one_of(line, line, line, blank), min_size=6, max_size=16))


_HOW = ("as it is", "as it is", "numbered", "numbered", "indented", "tabs", "forged", "own")


def _numbered(lines: list[str], first: int, style: str) -> list[str]:
    return [style.format(n) + line for n, line in enumerate(lines, first)]


@st.composite
def _views(draw: st.DrawFn, files: list[list[str]]) -> str:
    """One text: views of some files, numbered, indented, cut, with other lines in between."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        file = draw(st.sampled_from(files))
        first = draw(st.integers(0, 2))
        part = file[first : draw(st.integers(5, len(file)))]
        how = draw(st.sampled_from(_HOW))
        if how == "numbered":
            style = draw(st.sampled_from(("{}:", "{}: ", "{:>6}\t", "{:>3} | ", "{}-", "{}\u2192")))
            part = _numbered(part, draw(st.sampled_from((first + 1, 8, 97))), style)
        elif how in ("indented", "tabs"):
            pad = "    " if how == "indented" else "\t"
            part = [pad + line if line.strip() else line for line in part]
        elif how == "forged":
            part = [draw(st.sampled_from(_FORGED))]
        elif how == "own":
            part = draw(st.lists(st.text(max_size=30), max_size=4))
        lines += part
    return draw(st.sampled_from(("\n", "\n", "\r\n"))).join(lines)


@st.composite
def _arguments(draw: st.DrawFn, files: list[list[str]], result: str) -> str:
    """What an editing call says: a file, or edits of it, or a text that is no JSON."""
    text = draw(st.one_of(_views(files), st.just(f"{result}\nend")))
    made: Any = draw(st.sampled_from(({"path": "a", "new": text}, {"edits": [{"new": text}]})))
    return draw(st.sampled_from((json.dumps(made), json.dumps(text), text)))


def _parsed(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments


def _said(message: dict[str, Any]) -> dict[str, str]:
    """Return what the one call of a message says, by the name of each value."""
    (call,) = message["tool_calls"]
    parsed = _parsed(call["function"]["arguments"])
    if not isinstance(parsed, dict):
        return {"": str(parsed)}
    if "edits" in parsed:
        return {", edits.0.new": parsed["edits"][0]["new"]}
    return {", new": parsed.get("new", "")}


def _calling(number: int, arguments: str) -> dict[str, Any]:
    function = {"name": "edit", "arguments": arguments}
    call = {"id": f"call_{number}", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


@st.composite
def conversations(draw: st.DrawFn) -> list[dict[str, Any]]:
    files = draw(st.lists(_sources(), min_size=1, max_size=3))
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Fix the parser."}]
    for number in range(draw(st.integers(2, 6))):
        text = draw(_views(files))
        if draw(st.integers(0, 3)) == 0:
            messages.append({"role": draw(st.sampled_from(("user", "assistant"))), "content": text})
        else:
            content: Any = text
            if draw(st.integers(0, 5)) == 0:
                more = draw(_views(files))
                content = [{"type": "text", "text": text}, {"type": "text", "text": more}]
            if draw(st.booleans()):
                messages.append(_calling(number, draw(_arguments(files, text))))
            messages.append({"role": "tool", "tool_call_id": f"call_{number}", "content": content})
    return messages


class Characters:
    """Counts four characters as a token: fast, and enough where only the order matters."""

    name = "characters"

    def count(self, text: str) -> int:
        return (len(text) + 3) // 4


def compressor(config: CompressionConfig = LOSSLESS, store: Any = None) -> Compressor:
    return Compressor(config, store=store or MemoryStore(), counter=Characters())


def genuine(decisions: Sequence[Decision]) -> None:
    """Leave out examples that by chance hold what Headroom itself would have written there."""
    assume(all(decision.reason != "compressed already" for decision in decisions))


def compressed(messages: list[Any], config: CompressionConfig = LOSSLESS) -> list[Any]:
    return compressor(config).compress(messages).messages


def texts(messages: list[Any]) -> list[str]:
    return [
        part["text"] if isinstance(part, dict) else part
        for message in messages
        if message["content"] is not None
        for part in (
            message["content"] if isinstance(message["content"], list) else [message["content"]]
        )
    ]


@EXAMPLES
@given(conversations())
def test_a_lossless_conversation_expands_to_the_same_bytes(messages: list[Any]) -> None:
    done = compressor().compress(messages)
    genuine(done.decisions)
    assert compressor().expand(done.messages) == messages


@EXAMPLES
@given(conversations())
def test_compressing_again_changes_nothing(messages: list[Any]) -> None:
    for config in (LOSSLESS, CompressionConfig(min_tokens=0, roles=("tool", "user"))):
        store = MemoryStore()
        once = compressor(config, store).compress(messages).messages
        assert compressor(config, store).compress(once).messages is once


@EXAMPLES
@given(conversations())
def test_every_turn_is_a_prefix_of_the_next_with_and_without_a_memory(
    messages: list[Any],
) -> None:
    warm = compressor()
    turns = [messages[:length] for length in range(1, len(messages) + 1)]
    cold = [compressed(turn) for turn in turns]
    assert [warm.compress(turn).messages for turn in turns] == cold
    for shorter, longer in pairwise(cold):
        assert longer[: len(shorter)] == shorter


@EXAMPLES
@given(conversations())
def test_no_text_gets_larger_and_no_own_line_is_changed(messages: list[Any]) -> None:
    count = Characters().count
    for before, after in zip(texts(messages), texts(compressed(messages)), strict=True):
        assert count(after) <= count(before)
        if after != before and not after.startswith("[headroom ") and "[headroom same" in after:
            own = [line for line in after.split("\n") if read_reference(line) is None]
            kept = iter(before.split("\n"))
            assert all(line in kept for line in own)


@EXAMPLES
@given(conversations())
def test_a_reference_points_back_to_lines_that_are_no_reference(messages: list[Any]) -> None:
    shown: dict[str, list[str]] = {}
    numbers: dict[str, int] = {}
    for message in compressed(messages):
        if message["content"] is None:
            for name, text in _said(message).items():
                number = numbers.get("result", 0) + 1
                shown[f"call {number}{name}"] = shown[f"this call{name}"] = text.split("\n")
            continue
        source = "result" if message["role"] == "tool" else f"{message['role']} message"
        numbers[source] = numbers.get(source, 0) + 1
        for part, text in enumerate(texts([message]), 1):
            was_ours = text not in texts(messages)
            for line in text.split("\n") if was_ours else ():
                reference = read_reference(line)
                if reference is not None:
                    lines = shown[str(reference.place)]
                    first, last = reference.lines or (1, len(lines))
                    named = lines[first - 1 : last]
                    assert len(named) == last - first + 1
                    assert not any(one.startswith("[headroom same as ") for one in named)
            place = f"{source} {numbers[source]}" + (f", part {part}" if part > 1 else "")
            shown[place] = text.split("\n")
        shown = {place: lines for place, lines in shown.items() if "this call" not in place}


@EXAMPLES
@given(conversations())
def test_expanding_what_holds_only_look_alikes_changes_nothing(messages: list[Any]) -> None:
    done = compressor().compress(messages)
    genuine(done.decisions)
    for before, after in zip(messages, compressor().expand(messages), strict=True):
        assert before is after


@EXAMPLES
@given(conversations())
def test_what_adapters_pass_as_segments_expands_like_messages(messages: list[Any]) -> None:
    segments: list[Segment] = []
    arguments: dict[str, Any] = {}
    for index, message in enumerate(messages):
        for call in message.get("tool_calls", ()):
            sent_as = call["function"]["arguments"]
            # Frameworks tell arguments parsed; those that are no object, as they were sent.
            parsed = _parsed(sent_as)
            arguments[call["id"]] = parsed if isinstance(parsed, dict) else sent_as
        id_ = message.get("tool_call_id")
        known = {"call_id": id_, "arguments": arguments.get(id_)}
        for text in texts([message]):
            segments.append(Segment(text=text, role=message["role"], index=index, **known))
    done = compressor().rewrite(segments)
    genuine(done.decisions)
    sent = [
        segment if rewrite is None else replace(segment, text=rewrite.text)
        for segment, rewrite in zip(segments, done.rewrites, strict=True)
    ]
    assert [segment.text for segment in sent] == texts(compressed(messages))
    assert compressor().expand_segments(sent) == tuple(segment.text for segment in segments)
