"""LiteLLM's answers as JSON and back, over the turns in which a model retrieves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

from litellm.types.utils import ModelResponse, ModelResponseStream

from headroom import Attempt
from headroom_litellm.compression import with_body

# Of the first turn alone: LiteLLM logs each call once, under its own name.
_ONE_CALL = ("litellm_call_id", "litellm_logging_obj")


class Turns:
    """The turns of one answer.

    Args:
        arguments: Of the first call.
        attempt: Decides when the answer is whole.
    """

    def __init__(self, arguments: dict[str, Any], attempt: Attempt) -> None:
        self.arguments = arguments
        """Of the next call."""
        self._attempt = attempt

    @property
    def is_streamed(self) -> bool:
        """True where the answers are streams."""
        return bool(self.arguments.get("stream"))

    def take(self, answer: Any) -> Any:
        """Return the answer for the caller; None: send the next call, and take its answer.

        The same object where there was nothing to answer or to hide.
        """
        if not isinstance(answer, ModelResponse):
            return answer
        given = _as_json(answer)
        final = self._attempt.take(given)
        if final is None:
            self._go_on()
            return None
        return answer if final is given else _alike(ModelResponse(**final), answer)

    def stream(self) -> StreamedTurns:
        """Return what the chunks of all turns go through."""
        streamed = self._attempt.stream()
        return StreamedTurns(streamed.take, streamed.end, self._go_on)

    def _go_on(self) -> None:
        again = {k: v for k, v in self.arguments.items() if k not in _ONE_CALL}
        self.arguments = with_body(again, self._attempt.body)


class StreamedTurns:
    """The chunks of one answer, as LiteLLM's own objects.

    Args:
        take: Says what is shown of an event.
        end: Says what is shown after a turn's last event; None: another turn follows.
        go_on: Called where another turn follows.
    """

    def __init__(
        self,
        take: Callable[[Any], Any],
        end: Callable[[], Any],
        go_on: Callable[[], None],
    ) -> None:
        self._take, self._end, self._go_on = take, end, go_on
        self._last: Any = None

    def take(self, chunk: Any) -> list[Any]:
        """Return what the caller gets of a chunk: the same object where it need not change."""
        if not isinstance(chunk, ModelResponseStream):
            return [chunk]
        self._last = chunk
        event = _as_json(chunk)
        shown = self._take(event)
        return [chunk if part is event else self._chunk(part) for part in shown]

    def end(self) -> list[Any] | None:
        """Return the last chunks; None: another turn follows."""
        rest = self._end()
        if rest is None:
            self._go_on()
            return None
        return [self._chunk(part) for part in rest]

    def _chunk(self, event: Mapping[str, Any]) -> Any:
        return _alike(ModelResponseStream(**event), self._last)


class Stream:
    """What ``completion(stream=True)`` returns: LiteLLM's stream, over all turns of an answer.

    Whatever is asked of it beside iteration, the stream of the current turn answers.
    """

    def __init__(self, first: Any, turns: Turns, turn: Callable[[], Any]) -> None:
        self._stream = first
        self._shown = self._chunks(turns.stream(), turn)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._shown)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _chunks(self, turns: StreamedTurns, turn: Callable[[], Any]) -> Iterator[Any]:
        while True:
            for chunk in self._stream:
                yield from turns.take(chunk)
            rest = turns.end()
            if rest is not None:
                yield from rest
                return
            self._stream = turn()


class AsyncStream:
    """What ``acompletion(stream=True)`` returns; see `Stream`."""

    def __init__(self, first: Any, turns: Turns, turn: Callable[[], Awaitable[Any]]) -> None:
        self._stream = first
        self._shown = self._chunks(turns.stream(), turn)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        return await anext(self._shown)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    async def _chunks(
        self, turns: StreamedTurns, turn: Callable[[], Awaitable[Any]]
    ) -> AsyncIterator[Any]:
        while True:
            async for chunk in self._stream:
                for shown in turns.take(chunk):
                    yield shown
            rest = await asyncio.to_thread(turns.end)
            if rest is not None:
                for shown in rest:
                    yield shown
                return
            self._stream = await turn()


def _as_json(answer: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = answer.model_dump()
    return dumped


def _alike(new: Any, old: Any) -> Any:
    """Give an answer that was put together what LiteLLM keeps beside answers."""
    new._hidden_params = old._hidden_params
    return new
