"""OpenAI Responses items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headroom.codecs.access import field, is_items, text_field
from headroom.codecs.blocks import UNKNOWN_CALL, Call, call_of, plain, results, role_of, texts_of
from headroom.codecs.protocol import Path
from headroom.codecs.splice import with_texts
from headroom.segments import Segment

_TEXT_TYPES = ("input_text", "output_text", "text")

# Outputs that the caller's own side produced. What the provider's side ran (mcp_call,
# web_search_call, code_interpreter_call …) is its own record and stays as it is.
_OUTPUTS = (
    "function_call_output",
    "custom_tool_call_output",
    "local_shell_call_output",
    "shell_call_output",
    "apply_patch_call_output",
)
_CALLS = tuple(kind.removesuffix("_output") for kind in _OUTPUTS)


class ResponsesCodec:
    """Texts of Responses items: messages, and the outputs of the caller's tools."""

    name = "openai-responses"

    def recognises(self, messages: Sequence[Any]) -> bool:
        """Say whether an item of a type that only this format has stands among the items."""
        return any(
            field(item, "type") in (*_OUTPUTS, *_CALLS, "reasoning", "item_reference")
            or (field(item, "type") == "message" and text_field(item, "role") is not None)
            for item in messages
        )

    def read(self, messages: Sequence[Any]) -> list[Segment]:
        """Return every text, tool outputs with the call that they answer."""
        calls: dict[str, Call] = {}
        segments: list[Segment] = []
        for index, item in enumerate(messages):
            kind = field(item, "type")
            if kind in _CALLS:
                call_id = text_field(item, "call_id") or ""
                calls[call_id] = call_of(
                    field(item, "name") or str(kind).removesuffix("_call"),
                    field(item, "arguments", "input", "action", "operation"),
                )
            elif kind in _OUTPUTS:
                id_ = text_field(item, "call_id")
                call = calls.get(id_ or "", UNKNOWN_CALL)
                segments.extend(results(_output(item, index), index, call, call_id=id_))
            elif kind in (None, "message") and (role := role_of(item)) is not None:
                texts = texts_of(field(item, "content"), (index, "content"), _TEXT_TYPES)
                segments.extend(plain(texts, role, index))
        return segments

    def write(self, messages: Sequence[Any], texts: Mapping[Path, str]) -> Any:
        """Put new texts back, sharing everything else."""
        return with_texts(messages, texts)


def _output(item: Any, index: int) -> Iterator[tuple[Path, str]]:
    output = field(item, "output")
    at: Path = (index, "output")
    yield from texts_of(output, at, _TEXT_TYPES)
    if field(item, "type") == "shell_call_output" and is_items(output):
        for position, chunk in enumerate(output):
            for stream in ("stdout", "stderr"):
                text = text_field(chunk, stream)
                if text:
                    yield (*at, position, stream), text
