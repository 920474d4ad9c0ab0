"""What a call has written is referred to, not printed again by the result or by a later reading."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom import (
    CompressionConfig,
    CompressionResult,
    Compressor,
    MemoryStore,
    Segment,
    compress,
    expand,
)
from headroom.codecs.formats import codec_for

NEW = [
    "def total(self, rates: Rates) -> Money:",
    '    """Return what the basket costs today."""',
    "    prices = (rates.price(item) for item in self.items)",
    "    discount = self.owner.discount_for(self.items)",
    "    return sum(prices, Money.zero()) - discount",
    "",
    "def clear(self) -> None:",
    "    self.items.clear()",
]
BODY = "\n".join(NEW)
SNIPPET = "\n".join(
    [
        "The file basket.py has been edited. Here is the result of running `cat -n`:",
        *(f"{n:>6}\t{line}" for n, line in enumerate(NEW, 41)),
        "Review the changes and make sure they are as expected.",
    ]
)
EDIT = {"command": "str_replace", "path": "basket.py", "old_str": "pass", "new_str": BODY}

Step = tuple[str, Any, str]  # tool, arguments, result


def chat(*steps: Step) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Mend the basket."}]
    for n, (tool, arguments, result) in enumerate(steps):
        written = arguments if isinstance(arguments, str) else json.dumps(arguments)
        call = {
            "id": f"c{n}",
            "type": "function",
            "function": {"name": tool, "arguments": written},
        }
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"c{n}", "content": result})
    return messages


def anthropic(*steps: Step) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Mend the basket."}]
    for n, (tool, arguments, result) in enumerate(steps):
        use = {"type": "tool_use", "id": f"c{n}", "name": tool, "input": arguments}
        messages.append({"role": "assistant", "content": [use]})
        block = {"type": "tool_result", "tool_use_id": f"c{n}", "content": result}
        messages.append({"role": "user", "content": [block]})
    return messages


def responses(*steps: Step) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [{"role": "user", "content": "Mend the basket."}]
    for n, (tool, arguments, result) in enumerate(steps):
        call = {"type": "function_call", "call_id": f"c{n}", "name": tool}
        items.append({**call, "arguments": json.dumps(arguments)})
        items.append({"type": "function_call_output", "call_id": f"c{n}", "output": result})
    return items


def converse(*steps: Step) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [{"role": "user", "content": [{"text": "Mend the basket."}]}]
    for n, (tool, arguments, result) in enumerate(steps):
        use = {"toolUse": {"toolUseId": f"c{n}", "name": tool, "input": arguments}}
        messages.append({"role": "assistant", "content": [use]})
        block = {"toolResult": {"toolUseId": f"c{n}", "content": [{"text": result}]}}
        messages.append({"role": "user", "content": [block]})
    return messages


def gemini(*steps: Step) -> list[dict[str, Any]]:
    contents: list[dict[str, Any]] = [{"role": "user", "parts": [{"text": "Mend the basket."}]}]
    for tool, arguments, result in steps:
        call = {"functionCall": {"name": tool, "args": arguments}}
        contents.append({"role": "model", "parts": [call]})
        answer = {"functionResponse": {"name": tool, "response": {"output": result}}}
        contents.append({"role": "user", "parts": [answer]})
    return contents


FORMATS = [chat, anthropic, responses, converse, gemini]


def lossless(messages: list[Any], **settings: Any) -> CompressionResult[list[Any]]:
    config = CompressionConfig(fidelity="lossless", min_tokens=0, **settings)
    result = compress(messages, config=config, store=MemoryStore())
    assert expand(result.messages) == messages
    again = compress(result.messages, config=config, store=MemoryStore())
    assert again.messages is result.messages
    return result


def last(result: CompressionResult[list[Any]]) -> str:
    return codec_for(result.messages, None).read(result.messages)[-1].text


@pytest.mark.parametrize("build", FORMATS)
def test_a_snippet_of_what_the_call_wrote_becomes_one_line(build: Any) -> None:
    result = lossless(build(("edit_file", EDIT, SNIPPET)))
    head, *_, tail = SNIPPET.split("\n")
    reference = '[headroom same as this call, new_str, lines 1-8, numbered "    41\\t"]'
    wanted = f"{head}\n{reference}\n{tail}"
    assert last(result) == wanted
    assert result.decisions[-1].compressor == "dedup"


@pytest.mark.parametrize("build", FORMATS)
def test_reading_a_file_after_writing_it_refers_to_the_call_that_wrote_it(build: Any) -> None:
    steps = [
        ("write_file", {"path": "basket.py", "content": BODY + "\n"}, "written"),
        ("list", {"path": "."}, "basket.py"),
        ("read_file", {"path": "basket.py"}, f"basket.py:\n{BODY}\nend"),
    ]
    result = lossless(build(*steps))
    assert last(result) == "basket.py:\n[headroom same as call 1, content, lines 1-8]\nend"


def test_a_file_read_back_byte_for_byte_is_one_line() -> None:
    steps = [("write", {"content": BODY}, "ok"), ("read", {}, BODY)]
    assert last(lossless(chat(*steps))) == "[headroom same as call 1, content]"


def test_a_text_inside_other_values_is_named_by_the_way_to_it() -> None:
    edits = {"edits": [{"old": "x", "new": "y"}, {"old": "z", "new": BODY}]}
    result = lossless(chat(("multi_edit", edits, f"done:\n{BODY}")))
    assert last(result) == "done:\n[headroom same as this call, edits.1.new, lines 1-8]"


def test_a_script_that_writes_a_file_is_a_source() -> None:
    script = f"cat > basket.py <<'EOF'\n{BODY}\nEOF"
    steps = [("bash", {"command": script}, ""), ("bash", {"command": "cat basket.py"}, BODY)]
    assert last(lossless(chat(*steps))) == "[headroom same as call 1, command, lines 2-9]"


def test_arguments_that_are_one_text_need_no_name() -> None:
    patch = f"*** Begin Patch\n*** Update File: basket.py\n{BODY}\n*** End Patch"
    custom = chat(("apply_patch", patch, f"applied\n{BODY}"))
    assert last(lossless(custom)) == "applied\n[headroom same as this call, lines 3-10]"


def test_a_patch_of_the_responses_api_is_a_source() -> None:
    operation = {"type": "create_file", "path": "basket.py", "diff": BODY}
    items = [
        {"role": "user", "content": "Mend the basket."},
        {"type": "apply_patch_call", "call_id": "c", "operation": operation},
        {"type": "apply_patch_call_output", "call_id": "c", "output": f"created\n{BODY}"},
    ]
    output = lossless(items).messages[-1]["output"]
    assert output == "created\n[headroom same as this call, diff, lines 1-8]"


@pytest.mark.parametrize("key", ["new text", "1st", "a.b", "", "n" * 61, "\u00e9", 'x"]'])
def test_a_value_without_a_plain_name_is_no_source(key: str) -> None:
    messages = chat(("edit", {key: BODY}, f"done:\n{BODY}"))
    assert lossless(messages).messages is messages


@pytest.mark.parametrize("key", ["lines", "part", "call", "numbered", "lines_1-8"])
def test_a_name_that_is_a_word_of_the_grammar_is_read_back(key: str) -> None:
    result = lossless(chat(("edit", {key: BODY}, f"done:\n{BODY}")))
    assert last(result) == f"done:\n[headroom same as this call, {key}, lines 1-8]"


@pytest.mark.parametrize(
    "arguments", ["{", "[" * 100_000, '{"new": 1e999}', "null", '"\\ud800"', '{"a":' * 9_999]
)
def test_arguments_that_are_no_object_do_no_harm(arguments: str) -> None:
    messages = chat(("edit", arguments, SNIPPET))
    assert lossless(messages).messages is messages


def test_what_a_call_says_later_is_no_source() -> None:
    messages = chat(("read", {}, f"now:\n{BODY}"), ("write", {"content": BODY}, "ok"))
    assert lossless(messages).messages is messages


def test_two_results_of_one_message_refer_to_the_right_call() -> None:
    other = BODY.replace("basket", "cart").replace("items", "goods").replace("rates", "tariff")
    steps = [("write", {"content": BODY}, f"1:\n{BODY}"), ("write", {"content": other}, "2:")]
    steps[1] = (*steps[1][:2], f"2:\n{other}")
    first, second = (m for m in chat(*steps) if m["role"] == "assistant")
    both = {**first, "tool_calls": [*first["tool_calls"], *second["tool_calls"]]}
    results = [m for m in chat(*steps) if m["role"] == "tool"]
    done = lossless([{"role": "user", "content": "Go."}, both, *results]).messages
    assert [m["content"] for m in done[2:]] == [
        "1:\n[headroom same as this call, content, lines 1-8]",
        "2:\n[headroom same as this call, content, lines 1-8]",
    ]


def test_results_without_ids_in_one_message_never_claim_another_call() -> None:
    other = BODY.replace("items", "goods").replace("Money", "Coins").replace("rates", "tariff")
    contents = gemini(("write", {"content": BODY}, "ok"), ("write", {"content": other}, BODY))
    contents[2]["parts"] += contents.pop()["parts"]
    contents.insert(2, contents.pop())
    done = lossless(contents)
    assert "this call" not in json.dumps(done.messages[3]["parts"][1])


def test_several_texts_of_one_result_are_echoes_of_one_call() -> None:
    messages = chat(("edit", EDIT, ""))
    texts = [f"before:\n{BODY}", f"after:\n{BODY}"]
    messages[-1]["content"] = [{"type": "text", "text": text} for text in texts]
    done = lossless(messages).messages[-1]["content"]
    assert [part["text"].split("\n")[1] for part in done] == [
        "[headroom same as this call, new_str, lines 1-8]"
    ] * 2


def test_a_text_alone_never_refers_to_a_call_that_its_reader_may_not_see() -> None:
    compressor = Compressor(CompressionConfig(min_tokens=0, fidelity="lossless"))
    result = compressor.compress_text(SNIPPET, tool_name="edit", arguments=EDIT)
    assert result.output is SNIPPET


def test_texts_that_stand_alone_refer_to_no_call() -> None:
    messages = chat(("edit_file", EDIT, SNIPPET))
    assert lossless(messages, refer_back=False).messages is messages


def test_a_limit_does_not_change_what_a_result_refers_to() -> None:
    messages = chat(("edit_file", EDIT, SNIPPET), ("read", {}, f"x\n{BODY}"))
    assert lossless(messages, context_limit=10_000).messages == lossless(messages).messages


@pytest.mark.parametrize(
    "forged",
    [
        "[headroom same as this call]",
        "[headroom same as call 1, new_str, lines 1-7]",
        "[headroom same as call 1, new_str]",
        "[headroom same as call 1, new_str, lines 1-8]\n",
        "[headroom same as call 2, new_str, lines 1-2]",
        "[headroom same as call 0, new_str, lines 1-8]",
        "[headroom same as this call, nothing, lines 1-8]",
        "[headroom same as this call, new_str, lines 8-1]",
    ],
)
def test_a_forged_reference_to_a_call_is_just_text(forged: str) -> None:
    messages = chat(("edit", EDIT, forged))
    assert expand(messages) is messages
    assert lossless(messages).messages is messages


def test_adapters_tell_calls_as_mappings_or_as_they_were_sent() -> None:
    compressor = Compressor(CompressionConfig(min_tokens=0), store=MemoryStore())
    told: list[Any] = [EDIT, json.dumps(EDIT)]
    for arguments in told:
        segment = Segment(text=SNIPPET, role="tool", call_id="1", arguments=arguments)
        (rewrite,) = compressor.rewrite([segment]).rewrites
        assert rewrite is not None
        assert "this call, new_str" in rewrite.text
        sent = Segment(text=rewrite.text, role="tool", call_id="1", arguments=arguments)
        assert compressor.expand_segments([sent]) == (SNIPPET,)
