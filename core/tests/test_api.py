import asyncio
import copy
import json
import pickle
import subprocess
import sys
import warnings
from typing import Any

import pytest

import headroom
from headroom import (
    CompressionConfig,
    Compressor,
    LedgerEntry,
    MemoryStore,
    UnknownHandleError,
    acompress,
    compress,
    expand,
    retrieve,
)

from conversations import HalvesCompressor, chat, varied_text  # isort: skip


def compressor(**arguments: Any) -> Compressor:
    arguments.setdefault("store", MemoryStore())
    return Compressor(compressors=(HalvesCompressor(),), **arguments)


def test_every_public_name_exists_and_is_listed_once() -> None:
    assert len(set(headroom.__all__)) == len(headroom.__all__)
    assert all(hasattr(headroom, name) for name in headroom.__all__)


@pytest.mark.parametrize("messages", [None, "text", {"role": "user"}, 3, iter([])])
def test_messages_of_a_wrong_type_are_refused(messages: Any) -> None:
    with pytest.raises(TypeError, match="messages must be a list or a tuple"):
        compress(messages)


def test_other_wrong_types_are_refused() -> None:
    with pytest.raises(TypeError, match="config must be a CompressionConfig"):
        Compressor({"fidelity": "lossless"})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="query must be a str"):
        compress([], query=3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="text must be a str"):
        Compressor().compress_text(b"bytes")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expand takes a str, or a list or tuple of messages"):
        expand(None)  # type: ignore[call-overload]


def test_a_single_text_can_be_compressed_with_its_kind_given() -> None:
    text = "Prose is not recognised.\n" + varied_text()
    assert compressor().compress_text(text).decisions[0].kind != "halves"
    result = compressor().compress_text(text, kind="halves", query="value")
    assert result.decisions[0].action == "selected"
    with pytest.raises(ValueError, match="no compressor serves kind 'morse'"):
        compressor().compress_text(text, kind="morse")


def test_the_numbers_of_a_result_agree() -> None:
    result = compressor().compress(chat(varied_text()), model="gpt-4o")
    assert result.tokens_before == sum(d.tokens_before for d in result.decisions)
    assert result.tokens_after == sum(d.tokens_after for d in result.decisions)
    assert result.tokens_saved == result.tokens_before - result.tokens_after
    assert result.savings == result.tokens_saved / result.tokens_before
    assert result.counter_name == "o200k_base"
    assert result.output is result.messages is result.request


def test_explain_is_a_table_with_a_line_per_decision() -> None:
    result = compressor().compress(chat(varied_text()), model="claude-opus-5")
    lines = result.explain().split("\n")
    assert len(lines) == 3 + len(result.decisions)
    assert "selected by halves" in lines[3]
    assert result.handles[0] in lines[3]
    assert "o200k_base reference tokens" in lines[-2]
    assert "list prices of claude-opus-5" in lines[-1]


def test_the_module_functions_share_one_store() -> None:
    with pytest.raises(UnknownHandleError):
        retrieve("0123456789abcdef")
    with pytest.raises(UnknownHandleError):
        retrieve("not a handle")
    store = MemoryStore()
    store.put("0123456789abcdef", "kept")
    assert retrieve("0123456789abcdef", store=store).text == "kept"


def test_async_gives_the_same_bytes() -> None:
    c = compressor()
    messages = chat(varied_text())
    assert asyncio.run(c.acompress(messages)).messages == c.compress(messages).messages
    assert asyncio.run(acompress(messages)).messages == compress(messages).messages
    [handle] = c.compress(messages).handles
    assert asyncio.run(c.aretrieve(handle)).text == varied_text()


def test_a_ledger_gets_numbers_by_kind_and_tool_and_no_text() -> None:
    entries: list[LedgerEntry] = []
    c = compressor(on_result=entries.append)
    result = c.compress(chat(varied_text(), tool="grep"), model="gpt-4o")
    [entry] = entries
    assert (entry.event, entry.model, entry.format) == ("compress", "gpt-4o", "openai-chat")
    assert [(line.kind, line.tool_name) for line in entry.lines] == [("-", ""), ("halves", "grep")]
    assert entry.tokens_saved == result.tokens_saved
    assert "holds value" not in repr(entry)


def test_a_ledger_is_debited_for_what_is_fetched_back() -> None:
    entries: list[LedgerEntry] = []
    c = compressor(on_result=entries.append)
    [handle] = c.compress(chat(varied_text())).handles
    answer = c.retrieve(handle, lines="1-10")
    assert entries[-1].event == "retrieve"
    assert entries[-1].tokens_saved == -c.counter.count(answer.text)


def test_a_ledger_that_raises_costs_nobody_a_request() -> None:
    def fail(entry: LedgerEntry) -> None:
        raise OSError(28, "disk full")

    with pytest.warns(RuntimeWarning, match="on_result raised OSError"):
        assert compressor(on_result=fail).compress(chat(varied_text())).handles


def test_text_seen_before_gives_the_same_result() -> None:
    c = compressor()
    assert c.compress(chat(varied_text())).messages == c.compress(chat(varied_text())).messages


def test_a_compressor_can_be_pickled_and_copied() -> None:
    c = Compressor(CompressionConfig(fidelity="lossless"))
    assert pickle.loads(pickle.dumps(c)).config == c.config
    assert copy.deepcopy(c) is c


def test_text_that_cannot_be_encoded_passes_through() -> None:
    messages = chat("lone \ud800 surrogate " * 200)
    assert compress(messages).messages is messages


def in_a_fresh_process(code: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


def test_importing_loads_neither_the_tokenizer_nor_asyncio() -> None:
    heavy = in_a_fresh_process(
        "import sys, json; before = set(sys.modules); import headroom\n"
        "heavy = {'tiktoken', 'regex', 'requests', 'asyncio', 'socket', 'ssl'}\n"
        "print(json.dumps(sorted(heavy & (set(sys.modules) - before))))"
    )
    assert heavy == []


def test_importing_and_compressing_opens_no_socket_file_or_process() -> None:
    events = in_a_fresh_process(
        "import sys, json, warnings\n"
        "import headroom\n"
        "from headroom.counting.default import default_counter\n"
        "default_counter().count('warm the imports up')\n"
        "seen = []\n"
        "watched = ('socket.', 'subprocess.', 'os.system', 'os.fork', 'os.exec', 'open')\n"
        "sys.addaudithook(lambda e, a: seen.append(e) if e.startswith(watched) else None)\n"
        "call = {'id': '1', 'type': 'function', 'function': {'name': 'r', 'arguments': '{}'}}\n"
        "rows = json.dumps([{'id': n, 'state': 'ok', 'value': n * 7} for n in range(400)])\n"
        "log = chr(10).join(f'2026-01-01 10:00:{n % 60:02d} INFO step {n}' for n in range(400))\n"
        "for text in (rows, log):\n"
        "    messages = [{'role': 'user', 'content': 'value 21?'},\n"
        "                {'role': 'assistant', 'content': None, 'tool_calls': [call]},\n"
        "                {'role': 'tool', 'tool_call_id': '1', 'content': text}]\n"
        "    result = headroom.compress(messages)\n"
        "    [headroom.retrieve(h) for h in result.handles]\n"
        "print(json.dumps(sorted(set(seen))))"
    )
    assert events == []


def test_no_warning_is_raised_on_import() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert in_a_fresh_process("import headroom; print(1)") == 1


def test_another_configuration_shares_the_store_and_the_bypass() -> None:
    compressor = Compressor(store=MemoryStore())
    other = compressor.with_config(CompressionConfig(retrieval="tool"))
    assert (other.store, other.counter) == (compressor.store, compressor.counter)
    assert (other.config.retrieval, compressor.config.retrieval) == ("tool", "handle")
    with compressor.bypass():
        decision = other.compress_text("a b c").decisions[0]
    assert decision.reason == "bypassed"
