"""Gemini contents, as on the wire (camelCase) and as in google-genai (snake_case)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headroom.codecs.access import field, is_items, name_of, text_field
from headroom.codecs.blocks import Call, call_of, plain, results, role_of
from headroom.codecs.protocol import Path
from headroom.codecs.splice import with_texts
from headroom.segments import Segment

_CALL = ("functionCall", "function_call")
_RESPONSE = ("functionResponse", "function_response")
_SIGNATURE = ("thoughtSignature", "thought_signature")


class GeminiCodec:
    """Texts of Gemini contents: ``text`` parts and the strings of function responses."""

    name = "gemini"

    def recognises(self, messages: Sequence[Any]) -> bool:
        """Say whether a content with ``parts`` stands among the contents."""
        return any(is_items(field(content, "parts")) for content in messages)

    def read(self, messages: Sequence[Any]) -> list[Segment]:
        """Return every text, function responses with the call that they answer."""
        calls: dict[str, Call] = {}
        segments: list[Segment] = []
        for index, content in enumerate(messages):
            parts = field(content, "parts")
            if not is_items(parts):
                continue
            # A content without a role is the user's.
            role = role_of(content) or "user"
            for position, part in enumerate(parts):
                at: Path = (index, "parts", position)
                call, response = field(part, *_CALL), field(part, *_RESPONSE)
                if call is not None:
                    known = call_of(field(call, "name"), field(call, "args"))
                    calls[text_field(call, "id") or known.name or ""] = known
                elif response is not None:
                    here = (*at, name_of(part, *_RESPONSE))
                    segments.extend(_result(response, index, here, calls))
                elif _is_plain_text(part):
                    texts = [((*at, "text"), str(field(part, "text")))]
                    segments.extend(plain(texts, role, index))
        return segments

    def write(self, messages: Sequence[Any], texts: Mapping[Path, str]) -> Any:
        """Put new texts back, sharing everything else."""
        return with_texts(messages, texts)


def _is_plain_text(part: Any) -> bool:
    # Thoughts and signed parts are the model's own record and must come back as they were.
    return (
        text_field(part, "text") is not None
        and not field(part, "thought")
        and not field(part, *_SIGNATURE)
    )


def _result(response: Any, index: int, at: Path, calls: Mapping[str, Call]) -> Iterator[Segment]:
    name = text_field(response, "name")
    call_id = text_field(response, "id")
    call = calls.get(call_id or name or "") or call_of(name, None)
    body = field(response, "response")
    strings: list[tuple[Path, str]] = []
    if isinstance(body, Mapping):
        strings = [((*at, "response", k), v) for k, v in body.items() if isinstance(v, str)]
    return results(
        strings,
        index,
        call,
        call_id=call_id,
        is_error=isinstance(body, Mapping) and set(body) == {"error"},
    )
