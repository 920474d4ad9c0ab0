"""The order of the steps for one text of a conversation. Pure: no IO, no state.

policy -> route -> refer to what was shown, encode, check -> select -> count -> decide. A text that
consists of several parts takes the way from routing on with each of them.

What comes out may be used only after the original that comes with it has been stored; that is the
edge's business (`headroom.api`).
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from headroom.compressors.interface import (
    Content,
    ContentCompressor,
    Encoding,
    Goal,
    Relevance,
    Selection,
)
from headroom.config import CompressionConfig, Fidelity
from headroom.conversation.calls import argument_text
from headroom.conversation.questions import Questions, clipped
from headroom.conversation.recall import recalled, restored
from headroom.conversation.shelf import IndexShelf
from headroom.conversation.transcript import Transcript
from headroom.counting.protocol import Counter
from headroom.errors import DecodingError
from headroom.originals.handles import handle_of, original_bytes
from headroom.originals.markers import (
    Legend,
    Marker,
    one_line,
    read_legend,
    write_legend,
    write_marker,
)
from headroom.originals.parts import Parted, read_parted, undone, with_parts
from headroom.policy import Permission, permission
from headroom.results import Action, Decision
from headroom.routing.parts import Part, find_parts
from headroom.routing.router import ContentRouter, Route
from headroom.segments import Segment
from headroom.selection.budgets import (
    SELECT_ABOVE_TOKENS,
    WORTH_SELECTING,
    takes_more,
    target_tokens,
)
from headroom.selection.relevance import is_asked

# A lossless form changes how a text looks; below this gain that is not worth a reader's while.
SMALLEST_GAIN_TOKENS = 20
SMALLEST_GAIN_SHARE = 0.05

# A part of a text with fewer tokens stays as it is: its marker would cost more than it saves.
FEWEST_PART_TOKENS = 120


# Few permissions are given to the many texts of a conversation.
_written = functools.lru_cache(maxsize=256)(repr)


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that the outcome for one text depends on, the texts before it aside.

    Where the text is a part of another, ``within`` is the whole: a question that another part
    answers is a question, and this part matters the less for it.
    """

    text: str
    permission: Permission
    question: str = ""
    arguments: str = ""
    tool_name: str | None = None
    is_error: bool = False
    kind: str | None = None
    within: str = ""

    @property
    def call(self) -> str:
        """What the text answers; "" if unknown."""
        return f"{self.tool_name or ''}\n{self.arguments}" if self.arguments else ""

    def digest(self) -> bytes:
        """Return 32 bytes that stand for every field."""
        words = (self.question, self.arguments, self.tool_name, self.is_error, self.kind)
        lengths = f"{len(self.within)} {len(self.text)}:"
        head = f"{_written(self.permission)} {words!r} {lengths}"
        digest = hashlib.sha256(head.encode())  # what is no character is escaped in it
        digest.update(original_bytes(self.within))
        digest.update(original_bytes(self.text))
        return digest.digest()


@dataclass(frozen=True, slots=True)
class Rendering:
    """The outcome for one text.

    Args:
        text: The new text; None: leave it as it is.
        handle: Under which the original must be stored before ``text`` is used; None where
            nothing was left out.
        original: What the text as it is stands for, where it is ours already.
        parts: Of a text that consists of several, each part as it was and what became of it.
    """

    text: str | None
    handle: str | None
    kind: str
    compressor: str
    action: Action
    reason: str
    tokens_before: int
    tokens_after: int
    original: str | None = None
    parts: tuple[tuple[str, Rendering], ...] = ()

    def originals(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each handle of the new text, and the original that it stands for.

        Args:
            text: The text as it was.
        """
        if self.handle is not None:
            yield self.handle, text
        for part, rendering in self.parts:
            yield from rendering.originals(part)

    def decision(self, index: int, tool_name: str | None = None) -> Decision:
        """Return the decision record for a text of the message at ``index``."""
        handles: tuple[str, ...] = ()
        if self.handle is not None or self.parts:
            handles = tuple(dict.fromkeys([handle for handle, _ in self.originals("")]))
        return Decision(
            index=index,
            kind=self.kind,
            compressor=self.compressor,
            action=self.action,
            reason=self.reason,
            tokens_before=self.tokens_before,
            tokens_after=self.tokens_after,
            handles=handles,
            tool_name=tool_name,
            parts=tuple(part.decision(index, tool_name) for _, part in self.parts),
        )


def kept(tokens: int, reason: str, kind: str = "-") -> Rendering:
    """Return the outcome that leaves a text of ``tokens`` tokens as it is."""
    return Rendering(None, None, kind, "", "kept", reason, tokens, tokens)


@dataclass(frozen=True, slots=True)
class Engine:
    """The steps, bound to one configuration."""

    config: CompressionConfig
    counter: Counter
    router: ContentRouter
    relevance: Relevance | None = None

    def job(
        self,
        segment: Segment,
        questions: Questions,
        *,
        query: str | None = None,
        kind: str | None = None,
    ) -> Job:
        """Turn a text into a job that knows what stands before it, and nothing else."""
        is_user = segment.role == "user"
        arguments = questions.said if is_user else clipped(argument_text(segment.arguments))
        is_task = questions.is_task(segment)
        return Job(
            text=segment.text,
            permission=permission(segment, self.config, first_user=is_task),
            question=questions.question if query is None else clipped(query),
            arguments=arguments,
            tool_name=segment.tool_name,
            is_error=segment.is_error,
            kind=kind,
        )

    def render(self, job: Job, before: Transcript) -> Rendering:
        """Decide on one text. Never raises for what a text or a compressor does.

        Args:
            job: The text.
            before: What the conversation has shown before it.
        """
        allowed = job.permission
        if not allowed.allowed:
            return kept(self.counter.count(job.text), allowed.reason)
        content = self._content(job)
        tokens = content.tokens
        if tokens < allowed.min_tokens:
            return kept(tokens, f"under {allowed.min_tokens} tokens")
        if tokens <= allowed.verbatim_below:
            return kept(tokens, "an error, kept verbatim")
        kind = "-"
        try:
            parted = self._compress_parts(content, job, before)
            if parted is not None:
                return parted
            route = self.router.route(content, kind=job.kind)
            kind = route.kind
            content = content.as_kind(kind)
            return self._compress(content, route, job, before)
        except Exception as error:  # noqa: BLE001  # the one fail-open edge: see promise 7
            return kept(tokens, f"left as it was: {type(error).__name__} in compression", kind)

    def expand(self, job: Job, before: Transcript) -> str:
        """Return what a lossless form stands for; any other text comes back as it is.

        Whatever policy would say: only the text and the texts before it count. What would not be
        written this way is not ours, however much it looks so.
        """
        parted = read_parted(job.text)
        if parted is not None:
            return self._expand_parts(job, parted)
        for original in self.readings(job.text, before):
            content = self._content(replace(job, text=original))
            try:
                route = self.router.route(content, kind=job.kind)
                content, compressor = content.as_kind(route.kind), route.compressor
                repeated = self._recall(content, job.call, before)
                encoded = None if compressor is None else self._encode(content, compressor)
                if encoded is not None and not self._is_exact(encoded, content):
                    encoded = None
            except Exception:  # noqa: BLE001  # then the compressor did not write this text either
                continue
            if any(form is not None and form.text == job.text for form in (repeated, encoded)):
                return original
        return job.text

    def decode(self, text: str) -> str | None:
        """Return what a lossless re-notation stands for, or None if the text is not one.

        Of a text that consists of several parts, those from which something was left out stay.
        """
        parted = read_parted(text)
        if parted is not None:
            return undone(parted, self.decode)
        found = read_legend(text)
        if found is None:
            return None
        legend, body = found
        compressor = self.router.decoder(legend.notation)
        if compressor is None:
            return None
        try:
            return compressor.decode(Encoding(legend.notation, legend.note, body))
        except DecodingError:
            return None

    def readings(self, text: str, before: Transcript) -> Iterator[str]:
        """Yield what the text stands for, as a re-notation and as one with references.

        A shape proves nothing: only what then renders to exactly this text is ours.
        """
        for original in (self.decode(text), restored(text, before)):
            if original is not None and original != text:
                yield original

    def _compress_parts(self, content: Content, job: Job, before: Transcript) -> Rendering | None:
        """Return the outcome for a text of several parts; None if it is one, or nothing is gained.

        Each part has its own compressor, marker and handle, so that rows or values of a part can
        be fetched back as if it had come alone, and a lossless one be expanded from the text
        alone. A line above all has the handle of the whole and says which lines stand for
        something else: what is ours is found again without guessing.
        """
        found = find_parts(job.text) if job.kind is None else []
        done = [(part, self._compress_part(part, job)) for part in found]
        if all(rendering.text is None for _, rendering in done):
            return None
        handle = handle_of(job.text, namespace=self.config.namespace)
        places = [(part.start, part.end, rendering.text) for part, rendering in done]
        parted = with_parts(job.text, places, handle, is_hinted=self.config.retrieval == "tool")
        is_lossless = parted.marker is None
        text = str(parted)
        tokens = self.counter.count(text)
        if tokens > content.tokens - _worth_while(content) or read_parted(text) != parted:
            return None
        if is_lossless and self.decode(text) != job.text:
            return None
        shortened = sum(new is not None for _, _, new in places)
        rendering = Rendering(
            text,
            None if is_lossless else handle,
            "mixed",
            "",
            "encoded" if is_lossless else "selected",
            f"{shortened} of {len(done)} parts shortened, each by its own compressor",
            content.tokens,
            tokens,
            parts=tuple((job.text[part.start : part.end], own) for part, own in done),
        )
        repeated = self._recall(content, job.call, before)
        return rendering if repeated is None else _smallest(rendering, repeated)

    def _compress_part(self, part: Part, job: Job) -> Rendering:
        arguments = f"{job.arguments}\n{part.said}" if job.arguments else part.said
        own = replace(job, text=job.text[part.start : part.end], arguments=clipped(arguments))
        own = replace(own, within=job.text)
        content = self._content(own)
        if content.tokens < FEWEST_PART_TOKENS:
            return kept(content.tokens, f"a part under {FEWEST_PART_TOKENS} tokens")
        kind = "-"
        try:
            route = self.router.route(content)
            kind = route.kind
            return self._compress(content.as_kind(kind), route, own, None)
        except Exception as error:  # noqa: BLE001  # as in `render`: the other parts are not to blame
            reason = f"left as it was: {type(error).__name__} in compression"
            return kept(content.tokens, reason, kind)

    def _expand_parts(self, job: Job, parted: Parted) -> str:
        """Undo the lossless forms in a text of several parts; none if one of them is not ours."""
        empty = Transcript(IndexShelf())

        def expanded(text: str) -> str | None:
            original = self.expand(replace(job, text=text), empty)
            return None if original == text else original

        return undone(parted, expanded) or job.text

    def _content(self, job: Job) -> Content:
        return Content(
            text=job.text,
            counter=self.counter,
            question=job.question,
            arguments=job.arguments,
            tool_name=job.tool_name,
            is_error=job.is_error,
            keep=job.permission.keep,
            relevance=self.relevance,
        )

    def _compress(
        self, content: Content, route: Route, job: Job, before: Transcript | None
    ) -> Rendering:
        compressor = route.compressor
        repeated = self._recall(content, job.call, before)
        if compressor is None:
            nothing = "no compressor for this kind of text"
            return repeated or kept(content.tokens, nothing, route.kind)
        fidelity = job.permission.fidelity
        untouched = kept(content.tokens, "nothing to gain", route.kind)
        small = (repeated or untouched).tokens_after
        selected = encoded = None
        if fidelity != "lossless" and small > SELECT_ABOVE_TOKENS[fidelity]:
            selected = self._select(content, compressor, fidelity, job.within or job.text)
        if selected is None or not _is_out_of_reach(content, selected, fidelity):
            encoded = self._encode(content, compressor)
        best = _smallest(untouched, repeated, encoded)
        # Decoding costs as much as encoding: only what would be used is decoded and compared.
        if best is encoded and not _is_preferred(selected, best, fidelity):
            content.forget()
            if not self._is_exact(best, content):
                best = _smallest(untouched, repeated)
        return selected if selected and _is_preferred(selected, best, fidelity) else best

    def _recall(self, content: Content, call: str, before: Transcript | None) -> Rendering | None:
        if before is None or any(word in content.text for word in content.keep):
            return None
        found = recalled(content.text, call, before, self.counter)
        if found is None or found.tokens > content.tokens - _worth_while(content):
            return None
        dedup = found.way == "dedup"
        how = "repeats what stands above" if dedup else "shown as changes to what stands above"
        return Rendering(
            found.text,
            None,
            content.kind,
            found.way,
            "encoded",
            how,
            content.tokens,
            found.tokens,
        )

    def _is_exact(self, encoded: Rendering, content: Content) -> bool:
        return encoded.text is not None and self.decode(encoded.text) == content.text

    def _encode(self, content: Content, compressor: ContentCompressor) -> Rendering | None:
        """Return the lossless form, not yet decoded and compared; see `_is_exact`."""
        encoding = compressor.encode(content)
        if encoding is None:
            return None
        legend = write_legend(Legend(encoding.notation, encoding.note))
        text = f"{legend}\n{encoding.body}"
        tokens = self.counter.count(text)
        if tokens > content.tokens - _worth_while(content):
            return None
        return self._rendering(content, text, None, compressor, "encoded", tokens)

    def _select(
        self,
        content: Content,
        compressor: ContentCompressor,
        fidelity: Literal["balanced", "aggressive"],
        within: str,
    ) -> Rendering | None:
        goal = Goal(
            fidelity=fidelity,
            target_tokens=target_tokens(content.tokens, fidelity),
            asked=is_asked(f"{content.question}\n{content.arguments}", within),
        )
        selection = compressor.select(content, goal)
        if selection is None or not 0 <= selection.kept < selection.total:
            return None
        handle = handle_of(content.text, namespace=self.config.namespace)
        text = self._marked(selection, handle)
        tokens = self.counter.count(text)
        if tokens >= content.tokens:
            return None
        return self._rendering(content, text, handle, compressor, "selected", tokens)

    def _marked(self, selection: Selection, handle: str) -> str:
        marker = Marker(
            handle, selection.unit, selection.kept, selection.total, one_line(selection.summary)
        )
        line = write_marker(marker, callable_hint=self.config.retrieval == "tool")
        return f"{line}\n{selection.body}" if selection.body else line

    def _rendering(
        self,
        content: Content,
        text: str,
        handle: str | None,
        compressor: ContentCompressor,
        action: Action,
        tokens: int,
    ) -> Rendering:
        how = "re-notated without loss" if handle is None else "parts left out"
        return Rendering(
            text, handle, content.kind, compressor.name, action, how, content.tokens, tokens
        )


def _smallest(untouched: Rendering, *forms: Rendering | None) -> Rendering:
    return min((untouched, *filter(None, forms)), key=lambda form: form.tokens_after)


def _is_preferred(selected: Rendering | None, best: Rendering, fidelity: Fidelity) -> bool:
    """Say whether a selection is so much smaller that it is worth what it leaves out."""
    if selected is None or fidelity == "lossless":
        return False
    is_small = best.tokens_after <= SELECT_ABOVE_TOKENS[fidelity]
    return not is_small and selected.tokens_after <= WORTH_SELECTING[fidelity] * best.tokens_after


def _is_out_of_reach(content: Content, selected: Rendering, fidelity: Fidelity) -> bool:
    """Say whether no lossless form can be as small as to be used instead of the selection."""
    if fidelity == "lossless":
        return False
    most = round(selected.tokens_after / WORTH_SELECTING[fidelity])
    return takes_more(content.text, most, content.counter.count)


def _worth_while(content: Content) -> float:
    """Return how many tokens a lossless form must save."""
    return max(SMALLEST_GAIN_TOKENS, SMALLEST_GAIN_SHARE * content.tokens)
