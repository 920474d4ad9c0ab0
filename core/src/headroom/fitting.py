"""Conversations that must fit: a context limit above, a provider's cache minimum below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from headroom.conversation.budget import IntelligentContext, Level, Observed, Plan
from headroom.conversation.budget_line import line_for
from headroom.conversation.shelf import IndexShelf
from headroom.conversation.transcript import Transcript
from headroom.engine import Engine, Job, Rendering, kept
from headroom.errors import ContextLimitError
from headroom.originals.store import Store
from headroom.results import Decision
from headroom.rewriter import OURS_ALREADY, Rewriter
from headroom.segments import Rewrite, Segment
from headroom.selection.failures import names_failing_test

# Kinds of user messages that people write as well as machines.
_PEOPLES_KINDS = ("-", "text", "prose", "markdown")

_TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True, slots=True)
class _Shown:
    """One text on its way: the job as given, the job of what it stands for, the outcome."""

    given: Job
    job: Job
    done: Rendering


class FittingRewriter(Rewriter):
    """Rewrite conversations as `Rewriter` does, within the limits of the configuration.

    Args:
        engine: Decides; knows no store and no earlier call.
        store: Where originals go before their marker is used.
        reserved: Tells how many tokens of the context something else takes.
    """

    def __init__(self, engine: Engine, store: Store, reserved: Callable[[], int]) -> None:
        super().__init__(engine, store)
        self._reserved = reserved

    def rewrite(
        self,
        segments: Sequence[Segment],
        *,
        query: str | None = None,
        kind: str | None = None,
        alone: bool = False,
        bypassed: bool = False,
    ) -> tuple[tuple[Rewrite | None, ...], tuple[Decision, ...]]:
        """Return rewrites and decisions, aligned with the segments; see `Rewriter.rewrite`.

        Raises:
            ContextLimitError: If the conversation does not fit and ``on_overflow`` is ``raise``.
        """
        config = self._engine.config
        is_free = config.context_limit is None and not config.cache_minimum
        if bypassed or (is_free and config.refer_back):
            return super().rewrite(segments, query=query, kind=kind, alone=alone, bypassed=bypassed)

        def show(levels: Mapping[int, Level], stop: Callable[[int, int], bool]) -> list[_Shown]:
            return self._shown(segments, levels, stop, query=query, kind=kind, alone=alone)

        if config.context_limit is None:
            plan, shown = Plan({}, 0, fits=True), show({}, _never)
        else:
            plan, shown = self._plan(segments, show, config.context_limit)
        if not plan.fits and config.on_overflow == "raise":
            raise ContextLimitError(
                f"the conversation takes {plan.tokens} tokens when all that may is shortened; "
                f"context_limit is {config.context_limit}"
            )
        decisions = [
            s.done.decision(segment.index, segment.tool_name)
            for s, segment in zip(shown, segments, strict=True)
        ]
        if not plan.fits and decisions:
            over = f"over context_limit: {plan.tokens} of {config.context_limit} tokens"
            decisions[-1] = replace(decisions[-1], reason=f"{decisions[-1].reason}; {over}")
        rewrites = [
            None if s.done.text is None else Rewrite(s.done.text, decision.handles)
            for s, decision in zip(shown, decisions, strict=True)
        ]
        return tuple(rewrites), tuple(decisions)

    def _plan(
        self,
        segments: Sequence[Segment],
        show: Callable[[Mapping[int, Level], Callable[[int, int], bool]], list[_Shown]],
        limit: int,
    ) -> tuple[Plan, list[_Shown]]:
        """Return what steps down, and the conversation as it is shown then."""
        config = self._engine.config
        room = max(1, limit - self._reserved())
        context = IntelligentContext(room, protect_recent=config.protect_recent)
        shown: list[_Shown] = []

        def observed(levels: Mapping[int, Level], start: int, most: int) -> list[Observed]:
            # What stands behind the next batch is not worked out before it.
            shown[:] = show(levels, lambda n, total: n > start and total > most)
            known = zip(shown, segments, strict=False)
            return [_observed(s, g, lowest(n)) for n, (s, g) in enumerate(known)]

        @cache
        def lowest(n: int) -> Level:
            return _lowest(shown[n].job, segments[n], shown[n].done)

        @cache
        def measure(n: int, level: Level) -> int | None:
            return self._measured(shown[n].job, level)

        return context.plan(len(segments), observed, measure), shown

    def _shown(
        self,
        segments: Sequence[Segment],
        levels: Mapping[int, Level],
        stop: Callable[[int, int], bool],
        *,
        query: str | None,
        kind: str | None,
        alone: bool,
    ) -> list[_Shown]:
        """Go through the conversation once, each text at its level.

        ``stop`` is asked behind each message, with the texts and the tokens so far.
        """
        questions = self._questions()
        before = Transcript(self._shelf)
        shown: list[_Shown] = []
        sent = 0
        refers_back = self._engine.config.refer_back
        for n, segment in enumerate(segments):
            if refers_back and not alone:
                before.hear_call(segment)
            given = self._engine.job(segment, questions, query=query, kind=kind)
            done = self._rendered(given, before)
            job = given if done.original is None else replace(given, text=done.original)
            if n in levels:
                done = self._stepped(given, job, done, levels[n], before)
            if done.text is not None and sent + done.tokens_after < self._minimum():
                done = kept(done.tokens_before, "the prompt is not long enough to be cached yet")
            done = self._stored(job, done)
            shown.append(_Shown(given, job, done))
            questions.hear(segment, job.text)
            visible = segment.text if done.text is None else done.text
            if refers_back:
                before.add(segment, visible, call=given.call)
            sent += done.tokens_after
            is_end = n + 1 == len(segments) or segments[n + 1].index != segment.index
            if is_end and stop(n + 1, sent):
                break
        before.close()
        return shown

    def _minimum(self) -> int:
        return self._engine.config.cache_minimum

    def _stepped(
        self, given: Job, job: Job, done: Rendering, level: Level, before: Transcript
    ) -> Rendering:
        """Return the rendering at a level; the one there is where that is no shorter."""
        lower = self._at(job, level, before)
        if lower.text is None or lower.tokens_after >= done.tokens_after:
            return done
        if lower.text == given.text:
            return replace(kept(lower.tokens_after, OURS_ALREADY), original=job.text)
        return replace(lower, tokens_before=done.tokens_before)

    def _at(self, job: Job, level: Level, before: Transcript) -> Rendering:
        """Return a text at a level; whoever asks knows what it took before."""
        if level is Level.OUTLINE:
            outline = self._remembered(_outlined(job), before)
            return replace(outline, reason=f"{outline.reason}, older, to fit the context limit")
        config = self._engine.config
        text, handle = line_for(
            job.text,
            tool_name=job.tool_name,
            arguments=job.arguments,
            namespace=config.namespace,
            callable_hint=config.retrieval == "tool",
        )
        count = self._engine.counter.count
        return Rendering(
            text,
            handle,
            "-",
            "intelligent-context",
            "selected",
            "older, one line to fit the context limit",
            0,
            count(text),
        )

    def _measured(self, job: Job, level: Level) -> int | None:
        at = self._at(job, level, Transcript(IndexShelf()))
        return None if at.text is None else at.tokens_after

    def _ours(self, job: Job, original: str, shown: Transcript) -> Rendering | None:
        ours = super()._ours(job, original, shown)
        if ours is not None or self._engine.config.context_limit is None:
            return ours
        whole = replace(job, text=original)
        for level in (Level.OUTLINE, Level.LINE):
            at = self._at(whole, level, shown)
            if at.text == job.text:
                return replace(kept(at.tokens_after, OURS_ALREADY), original=original)
        return None


def _never(texts: int, tokens: int) -> bool:
    return False


def _observed(shown: _Shown, segment: Segment, lowest: Level) -> Observed:
    job = shown.job
    return Observed(
        text=job.text,
        role=segment.role,
        index=segment.index,
        call=job.call,
        arguments=job.arguments,
        tool_name=segment.tool_name,
        is_error=segment.is_error,
        handles=shown.done.decision(0).handles,
        tokens=shown.done.tokens_after,
        lowest=lowest,
    )


def _outlined(job: Job) -> Job:
    """Return the job that keeps less of a text than the configuration asks for."""
    allowed = replace(job.permission, fidelity="aggressive", min_tokens=0, verbatim_below=0)
    return replace(job, permission=allowed)


def _lowest(job: Job, segment: Segment, done: Rendering) -> Level:
    allowed = job.permission
    is_lossless = not allowed.markers or allowed.fidelity == "lossless"
    if not allowed.allowed or is_lossless:
        return Level.FULL
    if segment.role != "tool" and done.kind in _PEOPLES_KINDS:
        return Level.FULL
    if any(word in job.text for word in allowed.keep) or _says_what_failed(job.text):
        return Level.OUTLINE
    return Level.LINE


def _says_what_failed(text: str) -> bool:
    return _TRACEBACK in text or any(names_failing_test(line) for line in text.split("\n"))
