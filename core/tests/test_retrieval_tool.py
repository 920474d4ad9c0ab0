"""The retrieval tool: definitions that never change, answers to whatever a model writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from headroom.counting.o200k import O200kCounter
from headroom.errors import SelectorError, StoreError, UnknownHandleError
from headroom.originals.retrieval import Retrieval, retrieve_part
from headroom.originals.tool import RetrievalTool, ToolFormat

HANDLE = "8a2a5c9b768827de"
LINES = "\n".join(f"line {n} of the build log" for n in range(1, 401))
FORMATS: tuple[ToolFormat, ...] = ("openai", "anthropic", "gemini", "converse", "responses")


@dataclass
class OneOriginal:
    """Retrieves from a single original, as a compressor would from its store."""

    original: str = LINES

    def retrieve(self, handle: str, **selectors: Any) -> Retrieval:
        if handle != HANDLE:
            raise UnknownHandleError(handle)
        return retrieve_part(self.original, counter=O200kCounter(), **selectors)


class Failing:
    """Raises the same error at every retrieval."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def retrieve(self, handle: str, **selectors: Any) -> Retrieval:
        raise self.error


def compact(definition: Mapping[str, Any]) -> str:
    return json.dumps(definition, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("form", FORMATS)
def test_a_definition_costs_at_most_120_tokens(form: ToolFormat) -> None:
    tool = RetrievalTool(OneOriginal())
    assert O200kCounter().count(compact(tool.definition(form))) <= 120
    assert tool.overhead_tokens(O200kCounter(), form) == O200kCounter().count(
        compact(tool.definition(form))
    )


@pytest.mark.parametrize("form", FORMATS)
def test_a_definition_is_a_fresh_copy_of_the_same_bytes(form: ToolFormat) -> None:
    tool = RetrievalTool(OneOriginal())
    first = tool.definition(form)
    before = compact(first)
    first.clear()
    assert compact(tool.definition(form)) == before
    assert compact(RetrievalTool(OneOriginal("other"), max_tokens=900).definition(form)) == before


def test_each_format_names_the_tool_where_its_provider_looks_for_it() -> None:
    tool = RetrievalTool(OneOriginal())
    assert tool.definition("openai")["function"]["name"] == "headroom_retrieve"
    assert tool.definition("responses")["name"] == "headroom_retrieve"
    assert tool.definition("anthropic")["input_schema"]["required"] == ["handle"]
    assert tool.definition("gemini")["parameters"]["type"] == "object"
    assert tool.definition("converse")["toolSpec"]["inputSchema"]["json"]["required"] == ["handle"]


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown tool format"):
        RetrievalTool(OneOriginal()).definition("cohere")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arguments",
    [
        {"handle": HANDLE, "lines": "7"},
        {"handle": HANDLE, "lines": 7},
        {"handle": HANDLE, "lines": [7, 7], "query": "", "rows": None},
        {"handle": HANDLE, "lines": "7", "unknown": {"a": 1}},
        {"handle": f"[headroom {HANDLE}: kept 3 of 400 lines]", "lines": "7"},
        {"handle": HANDLE.upper(), "lines": "7"},
        json.dumps({"handle": HANDLE, "lines": "7"}),
        json.dumps(json.dumps({"handle": HANDLE, "lines": "7"})),
    ],
)
def test_odd_but_plain_arguments_are_understood(arguments: str | Mapping[str, Any]) -> None:
    assert RetrievalTool(OneOriginal()).call(arguments) == "line 7 of the build log"


@pytest.mark.parametrize(
    "arguments",
    [
        None,
        "",
        "{",
        "[]",
        "null",
        "7",
        "true",
        {},
        {"handle": None},
        {"handle": ["x"]},
        {"handle": "abc"},
        {"handle": f"{HANDLE} {HANDLE[::-1]}"},
        "[" * 100_000,
    ],
)
def test_without_one_handle_the_answer_says_what_is_needed(arguments: Any) -> None:
    assert "needs handle" in RetrievalTool(OneOriginal()).call(arguments)


def test_a_bare_handle_gives_the_first_page_and_its_cursor_the_next() -> None:
    tool = RetrievalTool(OneOriginal())
    first = tool.call(HANDLE)
    assert first.startswith("[lines 1-")
    cursor = first.partition('cursor="')[2].partition('"')[0]
    second = tool.call({"handle": HANDLE, "cursor": cursor})
    assert second.split("\n")[1] == f"{cursor} of the build log"


@pytest.mark.parametrize("asked", [None, 100, "100", 10**9, -5, "many", float("inf"), [3]])
def test_no_answer_is_longer_than_the_cap(asked: Any) -> None:
    text = RetrievalTool(OneOriginal()).call({"handle": HANDLE, "max_tokens": asked})
    assert 0 < O200kCounter().count(text) <= 500


def test_a_model_may_ask_for_less() -> None:
    text = RetrievalTool(OneOriginal()).call({"handle": HANDLE, "max_tokens": 100})
    assert O200kCounter().count(text) <= 100


def test_an_unknown_handle_says_what_to_do_instead_and_the_same_again() -> None:
    tool = RetrievalTool(OneOriginal())
    first = tool.call({"handle": "0" * 16})
    assert "run the tool that produced the text again" in first
    assert "retry" not in first and "headroom_retrieve" not in first
    assert tool.call({"handle": "0" * 16}) == first


def test_a_store_that_cannot_be_read_does_not_raise() -> None:
    answer = RetrievalTool(Failing(StoreError("locked"))).call({"handle": HANDLE})
    assert "cannot be read" in answer


def test_a_selector_that_does_not_fit_is_answered_with_advice_on_one_line() -> None:
    answer = RetrievalTool(Failing(SelectorError("no\nsuch rows"))).call({"handle": HANDLE})
    assert answer == "[no such rows]"


def test_two_selectors_are_answered_with_advice() -> None:
    answer = RetrievalTool(OneOriginal()).call({"handle": HANDLE, "lines": "1", "query": "x"})
    assert "one selector at a time" in answer


def test_a_cap_out_of_bounds_is_an_error() -> None:
    with pytest.raises(ValueError, match="max_tokens"):
        RetrievalTool(OneOriginal(), max_tokens=10)
