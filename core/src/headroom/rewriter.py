"""Conversations through the engine: earlier work remembered, originals stored before use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from headroom.conversation.questions import Questions
from headroom.conversation.shelf import IndexShelf
from headroom.conversation.transcript import Transcript
from headroom.engine import Engine, Job, Rendering, kept
from headroom.memo import RenderingMemo
from headroom.originals.markers import looks_ours, read_marker
from headroom.originals.store import Store
from headroom.results import Decision
from headroom.segments import Rewrite, Segment

# How the reasons begin that hold only as long as the store is as it is.
STORE_FAILED = "left as it was: the store raised"
OURS_ALREADY = "compressed already"


class Rewriter:
    """Rewrite the texts of conversations, and undo it; safe to share between threads.

    Args:
        engine: Decides; knows no store and no earlier call.
        store: Where originals go before their marker is used.
    """

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine = engine
        self._store = store
        self._memo = RenderingMemo()
        self._shelf = IndexShelf()

    def rewrite(
        self,
        segments: Sequence[Segment],
        *,
        query: str | None = None,
        kind: str | None = None,
        alone: bool = False,
        bypassed: bool = False,
    ) -> tuple[tuple[Rewrite | None, ...], tuple[Decision, ...]]:
        """Return rewrites and decisions, aligned with the segments.

        Args:
            segments: Every text of the conversation, in order.
            query: What matters, instead of the question that stands before each text.
            kind: Kind of content, to skip recognition.
            alone: The reader does not see the calls that the texts answer.
            bypassed: Leave every text as it is, and say so.
        """
        rewrites: list[Rewrite | None] = []
        decisions: list[Decision] = []
        questions = self._questions()
        shown = Transcript(self._shelf)
        for segment in segments:
            if not alone:
                shown.hear_call(segment)
            job = self._engine.job(segment, questions, query=query, kind=kind)
            done = self._bypass(job) if bypassed else self._stored(job, self._rendered(job, shown))
            decision = done.decision(segment.index, segment.tool_name)
            decisions.append(decision)
            rewrites.append(None if done.text is None else Rewrite(done.text, decision.handles))
            # An agent that keeps what we wrote as its history asks again with our text: what was
            # said is what that text stands for.
            questions.hear(segment, segment.text if done.original is None else done.original)
            visible = segment.text if done.text is None else done.text
            shown.add(segment, visible, call=job.call)
        shown.close()
        return tuple(rewrites), tuple(decisions)

    def expand(self, segments: Sequence[Segment]) -> tuple[str, ...]:
        """Undo every lossless form in the texts of a conversation.

        Args:
            segments: Every text of the conversation, in order, as the model received it.

        Returns:
            What each text stands for, aligned with ``segments``.
        """
        shown = Transcript(self._shelf)
        questions = self._questions()
        texts = []
        for segment in segments:
            shown.hear_call(segment)
            job = self._engine.job(segment, questions)
            text = self._engine.expand(job, shown) if looks_ours(job.text) else job.text
            texts.append(text)
            questions.hear(segment, text)
            shown.add(segment, job.text, call=job.call)
        shown.close()
        return tuple(texts)

    def lookup(self, handle: str) -> str | None:
        """Return the original under a handle of the configuration's namespace, or None."""
        return self._store.get(handle, namespace=self._engine.config.namespace)

    def _questions(self) -> Questions:
        return Questions(observed="user" in self._engine.config.roles)

    def _bypass(self, job: Job) -> Rendering:
        key = b"-" + job.digest()
        known = self._memo.get(key)
        if known is None:
            known = kept(self._engine.counter.count(job.text), "bypassed")
            self._memo.put(key, known)
        return known

    def _rendered(self, job: Job, shown: Transcript) -> Rendering:
        marker = read_marker(job.text) if job.permission.allowed else None
        if marker is None:
            return self._remembered(job, shown, may_be_ours=True)
        # Whether a marker is ours depends on the store: never remembered.
        try:
            original = self.lookup(marker.handle)
        except Exception as error:  # noqa: BLE001  # the store's: see `_stored`
            reason = f"{STORE_FAILED} {type(error).__name__}"
            return kept(self._engine.counter.count(job.text), reason)
        ours = None
        if original is not None and original != job.text:
            ours = self._ours(job, original, shown)
        return ours or self._remembered(job, shown)

    def _remembered(self, job: Job, shown: Transcript, *, may_be_ours: bool = False) -> Rendering:
        may_be_ours = may_be_ours and job.permission.allowed and looks_ours(job.text)
        key = b"%d" % may_be_ours + job.digest() + shown.digest
        known = self._memo.get(key)
        if known is None:
            readings = self._engine.readings(job.text, shown) if may_be_ours else ()
            ours = (self._ours(job, original, shown) for original in readings)
            known = next(filter(None, ours), None) or self._engine.render(job, shown)
            self._memo.put(key, known)
        return known

    def _ours(self, job: Job, original: str, shown: Transcript) -> Rendering | None:
        """Return the rendering that leaves our own text alone; None if the text is not ours."""
        again = self._remembered(replace(job, text=original), shown)
        if again.text != job.text:
            return None
        return replace(kept(again.tokens_after, OURS_ALREADY), original=original)

    def _stored(self, job: Job, rendering: Rendering) -> Rendering:
        """Return the rendering once its original is safe, else the text as it was."""
        namespace = self._engine.config.namespace
        try:
            for handle, original in rendering.originals(job.text):
                self._store.put(handle, original, namespace=namespace)
        except Exception as error:  # noqa: BLE001  # any store may be plugged in: promise 4
            reason = f"{STORE_FAILED} {type(error).__name__}"
            return kept(rendering.tokens_before, reason, rendering.kind)
        return rendering
