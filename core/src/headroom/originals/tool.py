"""The retrieval tool: what a model is told about it, and what it gets back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from headroom.counting.protocol import Counter
from headroom.errors import HeadroomError, SelectorError, StoreError, UnknownHandleError

TOOL_NAME = "headroom_retrieve"

# A whole original in an answer would cost more than leaving it out has saved.
DEFAULT_MAX_TOKENS = 500
_FEWEST_TOKENS = 50
_MOST_TOKENS = 20_000

ToolFormat = Literal["openai", "anthropic", "gemini", "converse", "responses"]

_DESCRIPTION = (
    "Text behind a [headroom] marker. One of: query; lines 10-20; rows 1-5 or a=b; path $.a[0]; "
    "regex pattern"
)
_SELECTORS = ("query", "lines", "rows", "path", "pattern")
_PARAMETERS = ("handle", *_SELECTORS, "cursor")

# Not inside a longer run of hex digits: a commit hash is no handle.
_HANDLE = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{16}(?![0-9A-Za-z])")


class Part(Protocol):
    """What a retrieval gives: the text is all that the tool passes on."""

    @property
    def text(self) -> str:
        """The part of the original."""
        ...


class Retriever(Protocol):
    """What the tool asks of a compressor."""

    @property
    def retrieve(self) -> Callable[..., Part]:
        """Return a part of an original: takes a handle and selectors.

        It may raise `UnknownHandleError`, `SelectorError` and `StoreError`.
        """
        ...


class RetrievalTool:
    """The tool with which a model fetches what was left out.

    Args:
        compressor: A `headroom.Compressor`, or anything else that retrieves.
        max_tokens: Cap of an answer in tokens; what is left over comes by cursor.
    """

    name = TOOL_NAME

    def __init__(self, compressor: Retriever, *, max_tokens: int = DEFAULT_MAX_TOKENS) -> None:
        if not _FEWEST_TOKENS <= max_tokens <= _MOST_TOKENS:
            raise ValueError(
                f"max_tokens must be from {_FEWEST_TOKENS} to {_MOST_TOKENS}, got {max_tokens}"
            )
        self._compressor = compressor
        self._max_tokens = max_tokens

    def definition(self, format: ToolFormat = "openai") -> dict[str, Any]:
        """Return the tool's definition in a provider's format, a fresh copy each time.

        The same bytes every time: it stands at the head of the prompt, where a changed byte costs
        the whole prompt cache.

        Raises:
            ValueError: If the format is unknown.
        """
        schema = _schema()
        if format == "openai":
            function = {"name": TOOL_NAME, "description": _DESCRIPTION, "parameters": schema}
            return {"type": "function", "function": function}
        if format == "responses":
            head = {"type": "function", "name": TOOL_NAME, "description": _DESCRIPTION}
            return {**head, "parameters": schema}
        if format == "anthropic":
            return {"name": TOOL_NAME, "description": _DESCRIPTION, "input_schema": schema}
        if format == "gemini":
            return {"name": TOOL_NAME, "description": _DESCRIPTION, "parameters": schema}
        if format == "converse":
            tool = {"name": TOOL_NAME, "description": _DESCRIPTION, "inputSchema": {"json": schema}}
            return {"toolSpec": tool}
        raise ValueError(f"unknown tool format {format!r}")

    def overhead_tokens(self, counter: Counter, format: ToolFormat = "openai") -> int:
        """Return what the definition costs in every request: its compact JSON in tokens."""
        compact = json.dumps(self.definition(format), ensure_ascii=False, separators=(",", ":"))
        return counter.count(compact)

    def call(self, arguments: str | Mapping[str, Any] | None) -> str:
        """Answer a call of the tool; whatever the arguments hold, the answer is a text.

        Args:
            arguments: The call's arguments, as the JSON text that the model wrote or as a mapping.
        """
        given = _read(arguments)
        handle = _handle(given)
        if handle is None:
            return (
                "[headroom_retrieve needs handle: the 16 hex digits in the marker of the text, "
                "and at most one of query, lines, rows, path, pattern]"
            )
        try:
            return self._compressor.retrieve(handle, **self._selectors(given)).text
        except UnknownHandleError:
            return (
                f"[no original is kept under {handle}; run the tool that produced the text again "
                "if you need it]"
            )
        except SelectorError as problem:
            return f"[{_one_line(problem)}]"
        except StoreError:
            return (
                f"[the original under {handle} cannot be read; run the tool that produced the "
                "text again if you need it]"
            )
        except HeadroomError as problem:
            return f"[{_one_line(problem)}]"

    def _selectors(self, given: Mapping[str, Any]) -> dict[str, Any]:
        chosen: dict[str, Any] = {}
        for name in (*_SELECTORS, "cursor"):
            value = given.get(name)
            if isinstance(value, (list, tuple)) and name in ("lines", "rows"):
                value = "-".join(str(part) for part in value[:2])
            if value is None or isinstance(value, bool) or str(value).strip() == "":
                continue
            chosen[name] = value if isinstance(value, str) else str(value)
        chosen["max_tokens"] = self._cap(given.get("max_tokens"))
        return chosen

    def _cap(self, asked: object) -> int:
        """Return the cap of this answer: a model may ask for less, not for more."""
        try:
            wanted = int(asked)  # type: ignore[call-overload]  # whatever a model wrote
        except (TypeError, ValueError, OverflowError):
            return self._max_tokens
        return max(_FEWEST_TOKENS, min(int(wanted), self._max_tokens))


def _schema() -> dict[str, Any]:
    properties = {name: {"type": "string"} for name in _PARAMETERS}
    return {"type": "object", "properties": properties, "required": ["handle"]}


def _read(arguments: str | Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Take arguments as they come: a mapping, JSON, JSON within JSON, or a bare handle."""
    value: object = arguments
    for _ in range(2):
        if not isinstance(value, str):
            break
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {"handle": value}
    if isinstance(value, Mapping):
        return {str(key): inner for key, inner in value.items()}
    return {"handle": value} if isinstance(value, (str, int)) else {}


def _handle(given: Mapping[str, Any]) -> str | None:
    """Return the handle, also out of a marker that was passed whole."""
    written = given.get("handle")
    if isinstance(written, int) and not isinstance(written, bool):
        # A handle of decimal digits only, which a model wrote as a number.
        written = str(written) if 10**15 <= written < 10**16 else ""
    if not isinstance(written, str):
        return None
    found = list(dict.fromkeys(_HANDLE.findall(written.lower())))
    return found[0] if len(found) == 1 else None


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())
