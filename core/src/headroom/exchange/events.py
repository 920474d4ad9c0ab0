"""Server-sent events as bytes: the stream of an answer, retrievals held back.

The format is the one of https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from headroom.exchange.exchange import StreamedExchange

_EVENT_END = re.compile(rb"\r\n\r\n|\n\n|\r\r|\n\r\n")
_LINE_END = re.compile(r"\r\n|\n|\r")
# The longest end of an event but for its last byte may stand in the bytes that came before.
_OVERLAP = 3


class EventStream:
    """The bytes of a streamed answer, through all its turns; what need not change stays as it is.

    Args:
        exchange: What the events go through.
    """

    def __init__(self, exchange: StreamedExchange) -> None:
        self._exchange = exchange
        self._pending = bytearray()
        self._searched = 0
        self._last_words: list[bytes] = []
        self._names_events = False

    def feed(self, data: bytes) -> bytes:
        """Take bytes of the current turn as they arrive; return those for the caller, now."""
        self._pending += data
        return b"".join(self._shown(self._whole_events()))

    def end(self) -> tuple[bytes, bool]:
        """Return the last bytes for the caller of a turn, and whether the answer ends with them.

        Where it does not, another turn follows: send the attempt's body. Reads the store where
        there is something to answer.
        """
        left = bytes(self._pending)
        self._pending.clear()
        self._searched = 0
        shown = b"".join(self._shown([left] if left else []))
        rest = self._exchange.end()
        if rest is None:
            self._last_words.clear()
            return shown, False
        return shown + b"".join([*map(self._written, rest), *self._last_words]), True

    def _whole_events(self) -> Iterator[bytes]:
        start = 0
        for end in _EVENT_END.finditer(self._pending, self._searched):
            yield bytes(self._pending[start : end.end()])
            start = end.end()
        del self._pending[:start]
        self._searched = max(0, len(self._pending) - _OVERLAP)

    def _shown(self, events: Iterable[bytes]) -> Iterator[bytes]:
        for raw in events:
            name, data = _fields(raw)
            self._names_events = self._names_events or name is not None
            if data is None:
                yield raw
                continue
            event = _parsed(data)
            if event is None:
                # Such as OpenAI's [DONE]: said once, at the very end.
                self._last_words.append(raw)
                continue
            for shown in self._exchange.take(event):
                yield raw if shown is event else self._written(shown)

    def _written(self, event: Any) -> bytes:
        kind = event.get("type") if self._names_events else None
        name = f"event: {kind}\n" if isinstance(kind, str) else ""
        return f"{name}data: {json.dumps(event, separators=(',', ':'))}\n\n".encode()


def _fields(raw: bytes) -> tuple[str | None, str | None]:
    """Return an event's name and its data; None for what it does not have."""
    name: str | None = None
    data: list[str] = []
    for line in _LINE_END.split(raw.decode("utf-8", "replace")):
        field, _, value = line.partition(":")
        if field == "data":
            data.append(value.removeprefix(" "))
        elif field == "event":
            name = value.removeprefix(" ")
    return name, "\n".join(data) if data else None


def _parsed(data: str) -> Mapping[str, Any] | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, Mapping) else None
