"""OpenAI chat completions messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headroom.codecs.access import field, is_items, text_field
from headroom.codecs.blocks import (
    Call,
    call_of,
    plain,
    results,
    role_of,
    texts_of,
)
from headroom.codecs.protocol import Path
from headroom.codecs.splice import with_texts
from headroom.segments import Segment


class ChatCodec:
    """Texts of OpenAI chat messages: ``content`` strings and ``text`` parts."""

    name = "openai-chat"

    def recognises(self, messages: Sequence[Any]) -> bool:
        """Say whether a tool message or a ``tool_calls`` list stands among the messages."""
        return any(
            text_field(m, "role") in ("tool", "function") or bool(field(m, "tool_calls"))
            for m in messages
        )

    def read(self, messages: Sequence[Any]) -> list[Segment]:
        """Return every text, tool results with the call that they answer."""
        calls: dict[str, Call] = {}
        segments: list[Segment] = []
        for index, message in enumerate(messages):
            role = role_of(message)
            if role is None:
                continue
            calls.update(_calls(message))
            texts = texts_of(field(message, "content"), (index, "content"))
            if role != "tool":
                segments.extend(plain(texts, role, index))
                continue
            call_id = text_field(message, "tool_call_id")
            call = calls.get(call_id or "") or call_of(field(message, "name"), None)
            segments.extend(results(texts, index, call, call_id=call_id))
        return segments

    def write(self, messages: Sequence[Any], texts: Mapping[Path, str]) -> Any:
        """Put new texts back, sharing everything else."""
        return with_texts(messages, texts)


def _calls(message: Any) -> Iterator[tuple[str, Call]]:
    calls = field(message, "tool_calls")
    if not is_items(calls):
        return
    for call in calls:
        call_id = text_field(call, "id")
        # Custom tools put their input under "custom".
        function = field(call, "function") or field(call, "custom")
        if call_id is not None and function is not None:
            yield call_id, call_of(field(function, "name"), field(function, "arguments", "input"))
