"""Amazon Bedrock Converse messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headroom.codecs.access import field, is_items, text_field
from headroom.codecs.blocks import UNKNOWN_CALL, Call, call_of, plain, results, role_of
from headroom.codecs.protocol import Path
from headroom.codecs.splice import with_texts
from headroom.segments import Segment

_ONLY_HERE = ("toolUse", "toolResult", "reasoningContent", "cachePoint", "guardContent")


class ConverseCodec:
    """Texts of Converse messages: ``text`` blocks and the texts of ``toolResult``."""

    name = "bedrock-converse"

    def recognises(self, messages: Sequence[Any]) -> bool:
        """Say whether a block that only this format has stands among the messages' blocks."""
        return any(_is_converse(block) for message in messages for block in _blocks(message))

    def read(self, messages: Sequence[Any]) -> list[Segment]:
        """Return every text, tool results with the call that they answer."""
        calls: dict[str, Call] = {}
        segments: list[Segment] = []
        for index, message in enumerate(messages):
            role = role_of(message)
            if role is None:
                continue
            for position, block in enumerate(_blocks(message)):
                at: Path = (index, "content", position)
                use, result = field(block, "toolUse"), field(block, "toolResult")
                if use is not None:
                    call_id = text_field(use, "toolUseId") or ""
                    calls[call_id] = call_of(field(use, "name"), field(use, "input"))
                elif result is not None:
                    segments.extend(_result(result, index, (*at, "toolResult"), calls))
                else:
                    segments.extend(plain(_texts([block], at[:-1], position), role, index))
        return segments

    def write(self, messages: Sequence[Any], texts: Mapping[Path, str]) -> Any:
        """Put new texts back, sharing everything else."""
        return with_texts(messages, texts)


def _is_converse(block: Any) -> bool:
    if field(block, "type") is not None:
        return False
    return field(block, *_ONLY_HERE) is not None or text_field(block, "text") is not None


def _blocks(message: Any) -> Sequence[Any]:
    content = field(message, "content")
    return content if is_items(content) else ()


def _texts(blocks: Sequence[Any], at: Path, first: int = 0) -> Iterator[tuple[Path, str]]:
    # A block is a union with one member set; only a lone "text" is a text.
    for position, block in enumerate(blocks, first):
        text = text_field(block, "text")
        if text is not None:
            yield (*at, position, "text"), text


def _result(result: Any, index: int, at: Path, calls: Mapping[str, Call]) -> Iterator[Segment]:
    call_id = text_field(result, "toolUseId")
    return results(
        _texts(_blocks(result), (*at, "content")),
        index,
        calls.get(call_id or "", UNKNOWN_CALL),
        call_id=call_id,
        is_error=field(result, "status") == "error",
    )
