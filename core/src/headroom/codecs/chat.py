"""OpenAI chat completions messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headroom.codecs.blocks import role_of, texts_of
from headroom.codecs.protocol import Path
from headroom.codecs.splice import with_texts
from headroom.segments import Segment


class ChatCodec:
    """Texts of OpenAI chat messages: ``content`` strings and ``text`` parts."""

    name = "openai-chat"

    def recognises(self, messages: Sequence[Any]) -> bool:
        """Say whether a tool message or a ``tool_calls`` list stands among the messages."""
        return any(
            isinstance(m, Mapping)
            and (m.get("role") in ("tool", "function") or m.get("tool_calls"))
            for m in messages
        )

    def read(self, messages: Sequence[Any]) -> list[Segment]:
        """Return every text, tool results with the call that they answer."""
        calls: dict[str, tuple[str | None, str | Mapping[str, object] | None]] = {}
        segments: list[Segment] = []
        for index, message in enumerate(messages):
            role = role_of(message)
            if role is None:
                continue
            calls.update(_calls(message))
            id_ = message.get("tool_call_id")
            call_id = id_ if isinstance(id_, str) else None
            name, arguments = calls.get(call_id or "", (None, None))
            if name is None and role == "tool" and isinstance(message.get("name"), str):
                name = message["name"]
            segments.extend(
                Segment(
                    text=text,
                    role=role,
                    index=index,
                    tool_name=name if role == "tool" else None,
                    arguments=arguments if role == "tool" else None,
                    call_id=call_id,
                    location=path,
                )
                for path, text in texts_of(message.get("content"), (index, "content"))
            )
        return segments

    def write(self, messages: Sequence[Any], texts: Mapping[Path, str]) -> Any:
        """Put new texts back, sharing everything else."""
        return with_texts(messages, texts)


def _calls(
    message: Mapping[str, Any],
) -> Iterator[tuple[str, tuple[str | None, str | Mapping[str, object] | None]]]:
    calls = message.get("tool_calls")
    if not isinstance(calls, (list, tuple)):
        return
    for call in calls:
        if not isinstance(call, Mapping) or not isinstance(call.get("id"), str):
            continue
        # Custom tools put their input under "custom".
        function = call.get("function") or call.get("custom")
        if isinstance(function, Mapping):
            name, arguments = function.get("name"), function.get("arguments", function.get("input"))
            yield (
                call["id"],
                (
                    name if isinstance(name, str) else None,
                    arguments if isinstance(arguments, (str, Mapping)) else None,
                ),
            )
