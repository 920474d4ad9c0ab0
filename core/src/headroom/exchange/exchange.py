"""A request to a provider, compressed, and the answers to it, with the model's retrievals answered.

An adapter that sees requests and answers as JSON runs this around each call, and does the IO::

    exchange = Exchanges(compressor).open(body, format="openai-chat")
    attempt = exchange.attempt()
    while (answer := attempt.take(send(attempt.body))) is None:
        pass
    return answer
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from headroom.adapting import without_tool
from headroom.codecs.formats import ANTHROPIC, CHAT, RESPONSES
from headroom.codecs.requests import shape_of
from headroom.compressor import Compressor
from headroom.exchange.anthropic import AnthropicDialect
from headroom.exchange.chat import ChatDialect
from headroom.exchange.dialect import Dialect, Json, offers_retrieval, with_tool
from headroom.exchange.responses import ResponsesDialect
from headroom.originals.loop import LoopStep, RetrievalLoop
from headroom.originals.tool import RetrievalTool
from headroom.results import CompressionResult

_DIALECTS: dict[str, Dialect] = {
    CHAT.name: ChatDialect(),
    ANTHROPIC.name: AnthropicDialect(),
    RESPONSES.name: ResponsesDialect(),
}


class Exchanges:
    """Opens exchanges with providers, all with one compressor.

    Args:
        compressor: Decides what is shortened. With ``retrieval="tool"`` a model that is given
            tools is given the retrieval tool as well.
    """

    def __init__(self, compressor: Compressor) -> None:
        self.compressor = compressor
        # Kept, because a compressor remembers what it has worked out.
        self._hintless = without_tool(compressor)

    def open(
        self, body: Mapping[str, Any], *, format: str | None = None, answers: bool = True
    ) -> Exchange:
        """Compress a request, and add the retrieval tool where its calls can be answered.

        The tool is offered with every request that has tools and leaves the choice to the model,
        whether or not something is left out of it: tools stand first in a prompt, and one that
        came later would cost the whole prompt cache.

        Args:
            body: A provider's request; it is not changed.
            format: Its wire format; by its shape when None.
            answers: Whether you will hand the answers to an `Attempt`. False: the tool is not
                offered, and no marker speaks of it unless the request itself has it.

        Raises:
            TypeError: If ``body`` is no mapping.
            UnknownFormatError: If ``format`` names no known format.
            ContextLimitError: If the conversation does not fit ``context_limit``.
        """
        if not isinstance(body, Mapping):
            raise TypeError(f"body must be a mapping, got {type(body).__name__}")
        if format is None:
            shape = shape_of(body)
            format = None if shape is None else shape.codec.name
        dialect = _DIALECTS.get(format or "")
        offers = answers and dialect is not None and self._offers(dialect, body)
        has_tool = offers or offers_retrieval(body.get("tools"))
        compressor = self.compressor if has_tool else self._hintless
        result = compressor.compress_request(body, format=format)
        if not offers or dialect is None:
            return Exchange(result, result.output, None, None)
        tool = RetrievalTool(compressor)
        sent = with_tool(result.output, tool.definition(dialect.tool_format))
        return Exchange(result, sent, dialect, tool)

    def _offers(self, dialect: Dialect, body: Json) -> bool:
        compressor = self.compressor
        return (
            compressor.config.retrieval == "tool"
            and not compressor.is_bypassed
            and dialect.can_offer(body)
        )


class Exchange:
    """One request, ready to be sent, as often as it takes.

    Made by `Exchanges.open`.

    Attributes:
        result: What compression did; ``result.output`` lacks the retrieval tool.
        body: What to send; the caller's own object where nothing changed.
        answers: True: the model was given the retrieval tool, and answers go through an `Attempt`.
    """

    def __init__(
        self,
        result: CompressionResult[Any],
        body: Any,
        dialect: Dialect | None,
        tool: RetrievalTool | None,
    ) -> None:
        self.result = result
        self.body = body
        self.answers = dialect is not None
        self._dialect = dialect
        self._tool = tool

    def attempt(self) -> Attempt:
        """Begin to send the request: once, or again from the start after a failure."""
        return Attempt(self.body, self._dialect, self._tool)


class Attempt:
    """The turns of one answer.

    Attributes:
        body: What to send next.
    """

    def __init__(self, body: Any, dialect: Dialect | None, tool: RetrievalTool | None) -> None:
        self.body = body
        self._dialect = dialect
        self._loop = None if tool is None else RetrievalLoop(tool)
        self._earlier: list[Json] = []

    @property
    def retrievals(self) -> int:
        """Calls of the retrieval tool that were answered so far."""
        return 0 if self._loop is None else self._loop.retrievals

    def take(self, answer: Any) -> Any:
        """Return what the caller gets; None: send `body`, and take the answer to that.

        Reads the store where there is something to answer.

        Args:
            answer: A whole answer of the provider, as parsed JSON.

        Returns:
            The same object where no retrieval was answered, nor any call dropped.
        """
        if self._dialect is None or not isinstance(answer, Mapping):
            return answer
        step = self._step(self._dialect, answer)
        if step.answers:
            every = frozenset(range(len(step.answers)))
            self._earlier.append(self._dialect.without(answer, every))
            return None
        if not self._earlier and not step.dropped:
            return answer
        last = self._dialect.without(answer, step.dropped)
        return self._dialect.joined([*self._earlier, last])

    def stream(self) -> StreamedExchange:
        """Return what the events of this attempt go through, those of all its turns."""
        return StreamedExchange(self, self._dialect)

    def _step(self, dialect: Dialect, answer: Json) -> LoopStep:
        calls = dialect.calls(answer)
        ours = frozenset(i for i, call in enumerate(calls) if call.is_retrieval)
        if not ours or self._loop is None:
            return LoopStep()
        if dialect.is_cut(answer):
            return LoopStep(dropped=ours)
        step = self._loop.step(calls)
        if step.answers:
            self.body = dialect.next_body(self.body, answer, step.answers)
        return step


class StreamedExchange:
    """The events of an answer that is streamed, retrievals held back.

    Made by `Attempt.stream`::

        stream = attempt.stream()
        while True:
            for event in send(attempt.body):
                yield from stream.take(event)
            rest = stream.end()
            if rest is not None:
                break
        yield from rest
    """

    def __init__(self, attempt: Attempt, dialect: Dialect | None) -> None:
        self._attempt = attempt
        self._dialect = dialect
        self._streamed = None if dialect is None else dialect.streamed()

    def take(self, event: Any) -> Iterable[Any]:
        """Return what the caller gets of an event, now.

        Args:
            event: One event, as parsed JSON; passed on as the same object where it need not change.
        """
        if self._streamed is None or not isinstance(event, Mapping):
            return (event,)
        return self._streamed.take(event)

    def end(self) -> Iterable[Any] | None:
        """Return the rest of the answer after a turn's last event; None: send the attempt's body.

        Reads the store where there is something to answer.
        """
        if self._streamed is None or self._dialect is None:
            return ()
        turn = self._streamed.turn
        if turn is not None and self._attempt._step(self._dialect, turn).answers:
            self._streamed.next_turn()
            return None
        return tuple(self._streamed.end())
