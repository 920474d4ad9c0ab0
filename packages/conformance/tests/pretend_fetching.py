"""The pretend framework with tools: adapters that answer retrievals, and the faults they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pretend import Message, PretendAdapter, PretendConformance

from headroom import Compressor, LoopStep, RetrievalLoop, RetrievalTool, ToolCall
from headroom_conformance import Answer, Call, FetchingModel, Probe
from headroom_conformance.fetching import OWN_TOOL, TOKENS_READ, TOKENS_WRITTEN

Turn = Callable[[list[Message], Sequence[str]], Message]


class Answering(PretendAdapter):
    """A good adapter: retrievals are answered inside the call. Each of the others has one fault."""

    most_rounds = 4

    def __init__(self, compressor: Compressor) -> None:
        super().__init__(compressor)
        self.compressor = compressor

    def ask(self, turn: Turn, messages: list[Message], tools: Sequence[str]) -> Message:
        sent = self(messages)
        loop = RetrievalLoop(self.tool(), most_rounds=self.most_rounds)
        turns: list[Message] = []
        while True:
            turns.append(turn(sent, self.offered(tools)))
            calls = turns[-1].calls
            step = self.step(loop, [ToolCall(call.name, call.arguments) for call in calls])
            if not step.answers:
                return self.joined(turns, self.kept(calls, step))
            results = [
                Message("tool", [text], answers=call.id)
                for call, text in zip(calls, step.answers, strict=True)
            ]
            sent = [*sent, turns[-1], *results]

    def tool(self) -> RetrievalTool:
        return RetrievalTool(self.compressor)

    def offered(self, tools: Sequence[str]) -> Sequence[str]:
        return (*tools, RetrievalTool.name)

    def step(self, loop: RetrievalLoop, calls: list[ToolCall]) -> LoopStep:
        return loop.step(calls)

    def kept(self, calls: list[Call], step: LoopStep) -> list[Call]:
        return [call for place, call in enumerate(calls) if place not in step.dropped]

    def joined(self, turns: list[Message], calls: list[Call]) -> Message:
        parts = [part for turn in turns for part in turn.parts]
        tokens = sum(turn.extras["tokens"] for turn in turns)
        return replace(turns[-1], parts=parts, calls=calls, extras={"tokens": tokens})


class OfferingNothing(Answering):
    def offered(self, tools: Sequence[str]) -> Sequence[str]:
        return tools


class FetchingElsewhere(Answering):
    def tool(self) -> RetrievalTool:
        return RetrievalTool(Probe(self.compressor.config))


class HandingOn(Answering):
    def step(self, loop: RetrievalLoop, calls: list[ToolCall]) -> LoopStep:
        return LoopStep()


class CountingTheLastTurn(Answering):
    def joined(self, turns: list[Message], calls: list[Call]) -> Message:
        return replace(super().joined(turns, calls), extras=turns[-1].extras)


class DroppingEveryCall(Answering):
    def kept(self, calls: list[Call], step: LoopStep) -> list[Call]:
        return []


class NeverEnding(Answering):
    most_rounds = 10**6


class AnsweringConformance(PretendConformance):
    adapter = Answering
    answers_retrieval = True

    def run_retrieving(
        self, messages: list[Message], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        def turn(sent: list[Message], tools: Sequence[str]) -> Message:
            reply = model.reply(self.texts(sent), tools)
            tokens = {"tokens": TOKENS_READ + TOKENS_WRITTEN}
            return Message("assistant", [reply.text], calls=list(reply.calls), extras=tokens)

        adapter: Any = type(self).adapter(compressor)
        answer = adapter.ask(turn, messages, (OWN_TOOL,))
        names = tuple(call.name for call in answer.calls)
        return Answer(" ".join(answer.parts), names, answer.extras["tokens"])


class TellingNothing(AnsweringConformance):
    def run_retrieving(self, *arguments: Any) -> Answer:
        return replace(super().run_retrieving(*arguments), tokens=None)


class SayingLessInStreams(AnsweringConformance):
    def run_retrieving(
        self, messages: list[Message], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        answer = super().run_retrieving(messages, compressor, mode, model)
        return replace(answer, text=answer.text[-20:]) if mode == "stream" else answer


class RunningConformance(PretendConformance):
    """A framework that runs the tools itself, and shows its caller what it ran."""

    adapter = Answering
    answers_retrieval = True
    runs_tools = True

    def run_retrieving(
        self, messages: list[Message], compressor: Probe, mode: str, model: FetchingModel
    ) -> Answer:
        adapter: Any = type(self).adapter(compressor)
        run = list(messages)
        made: list[str] = []
        while True:
            sent = adapter(run)
            reply = model.reply(self.texts(sent), adapter.offered((OWN_TOOL,)))
            if not reply.calls:
                turns = len(model.requests)
                return Answer(reply.text, tuple(made), turns * (TOKENS_READ + TOKENS_WRITTEN))
            run.append(Message("assistant", [reply.text], calls=list(reply.calls)))
            for call in reply.calls:
                made.append(call.name)
                answer = adapter.tool().call(call.arguments) if call.name != OWN_TOOL else "none"
                run.append(Message("tool", [answer], answers=call.id))
