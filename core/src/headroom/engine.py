"""The order of the steps for one text, and over a conversation. Pure: no IO, no state.

read -> policy -> (ours already?) -> route -> encode and check -> select -> count -> decide.

What comes out may be used only after the original that comes with it has been stored; that is the
edge's business (`headroom.api`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from headroom.compressors.interface import (
    Content,
    ContentCompressor,
    Encoding,
    Goal,
    Relevance,
    Selection,
)
from headroom.config import CompressionConfig
from headroom.counting.protocol import Counter
from headroom.errors import DecodingError
from headroom.originals.handles import handle_of, original_bytes
from headroom.originals.markers import (
    PREFIX,
    Legend,
    Marker,
    one_line,
    read_legend,
    read_marker,
    write_legend,
    write_marker,
)
from headroom.policy import Permission, permission
from headroom.results import Action, Decision
from headroom.routing.router import ContentRouter, Route
from headroom.segments import Segment
from headroom.selection.budgets import (
    SELECT_ABOVE_TOKENS,
    WORTH_SELECTING,
    holds_more_words,
    target_tokens,
)
from headroom.selection.relevance import is_asked

# A lossless form changes how a text looks; below this gain that is not worth a reader's while.
SMALLEST_GAIN_TOKENS = 20
SMALLEST_GAIN_SHARE = 0.05

# The question steers which parts stay; beyond its beginning and its end, a task description of
# many pages adds words that match everything.
_QUESTION_CHARACTERS = 2_000

Lookup = Callable[[str], "str | None"]


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that the outcome for one text depends on, the store aside."""

    text: str
    permission: Permission
    question: str = ""
    arguments: str = ""
    tool_name: str | None = None
    is_error: bool = False
    kind: str | None = None

    def digest(self) -> bytes:
        """Return 32 bytes that stand for every field."""
        fields = (
            repr(self.permission),
            self.question,
            self.arguments,
            repr((self.tool_name, self.is_error, self.kind)),
            self.text,
        )
        digest = hashlib.sha256()
        for value in fields:
            data = original_bytes(value)
            digest.update(b"%d:" % len(data))
            digest.update(data)
        return digest.digest()


@dataclass(frozen=True, slots=True)
class Rendering:
    """The outcome for one text.

    Args:
        text: The new text; None: leave it as it is.
        handle: Under which the original must be stored before ``text`` is used; None where
            nothing was left out.
    """

    text: str | None
    handle: str | None
    kind: str
    compressor: str
    action: Action
    reason: str
    tokens_before: int
    tokens_after: int

    def decision(self, index: int, tool_name: str | None = None) -> Decision:
        """Return the decision record for a text of the message at ``index``."""
        return Decision(
            index=index,
            kind=self.kind,
            compressor=self.compressor,
            action=self.action,
            reason=self.reason,
            tokens_before=self.tokens_before,
            tokens_after=self.tokens_after,
            handles=() if self.handle is None else (self.handle,),
            tool_name=tool_name,
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

    def jobs(
        self, segments: Sequence[Segment], *, query: str | None = None, kind: str | None = None
    ) -> Iterator[Job]:
        """Turn a conversation's texts into jobs, each knowing only what stands before it.

        The question of a text is the newest user text before it, unless ``query`` is given. Where
        user messages carry observations (``roles`` names ``user``), long ones are taken for such,
        not for questions, and the call that they answer is the assistant's text before them.
        """
        observed = "user" in self.config.roles
        question = said = ""
        first_user: int | None = None
        for segment in segments:
            is_user = segment.role == "user"
            if is_user and first_user is None:
                first_user = segment.index
            is_task = is_user and segment.index == first_user
            arguments = said if is_user else _argument_text(segment.arguments)
            yield Job(
                text=segment.text,
                permission=permission(segment, self.config, first_user=is_task),
                question=_clipped(query if query is not None else question),
                arguments=_clipped(arguments),
                tool_name=segment.tool_name,
                is_error=segment.is_error,
                kind=kind,
            )
            if is_user and (is_task or not observed or len(segment.text) <= _QUESTION_CHARACTERS):
                question = segment.text
            elif segment.role == "assistant":
                said = segment.text

    def render(self, job: Job, lookup: Lookup) -> Rendering:
        """Decide on one text. Never raises for what a text or a compressor does."""
        if not job.permission.allowed:
            return kept(self.counter.count(job.text), job.permission.reason)
        if job.text.startswith(PREFIX) and self._is_ours(job, lookup):
            return kept(self.counter.count(job.text), "compressed already")
        return self._render(job)

    def decode(self, text: str) -> str | None:
        """Return what a lossless re-notation stands for, or None if the text is not one."""
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

    def _is_ours(self, job: Job, lookup: Lookup) -> bool:
        # A shape proves nothing: only what the store knows, or what decodes, and then renders to
        # exactly this text, is ours.
        marker = read_marker(job.text)
        original = lookup(marker.handle) if marker is not None else self.decode(job.text)
        if original is None or original == job.text:
            return False
        again = Job(
            original,
            job.permission,
            job.question,
            job.arguments,
            job.tool_name,
            job.is_error,
            job.kind,
        )
        return self._render(again).text == job.text

    def _render(self, job: Job) -> Rendering:
        allowed = job.permission
        content = Content(
            text=job.text,
            counter=self.counter,
            question=job.question,
            arguments=job.arguments,
            tool_name=job.tool_name,
            is_error=job.is_error,
            keep=allowed.keep,
            relevance=self.relevance,
        )
        tokens = content.tokens
        if tokens < allowed.min_tokens:
            return kept(tokens, f"under {allowed.min_tokens} tokens")
        if tokens <= allowed.verbatim_below:
            return kept(tokens, "an error, kept verbatim")
        kind = "-"
        try:
            route = self.router.route(content, kind=job.kind)
            kind = route.kind
            return self._compress(content.as_kind(kind), route, allowed)
        except Exception as error:  # noqa: BLE001  # the one fail-open edge: see promise 7
            return kept(tokens, f"left as it was: {type(error).__name__} in compression", kind)

    def _compress(self, content: Content, route: Route, allowed: Permission) -> Rendering:
        compressor = route.compressor
        if compressor is None:
            return kept(content.tokens, "no compressor for this kind of text", route.kind)
        fidelity = allowed.fidelity
        if fidelity == "lossless" or content.tokens <= SELECT_ABOVE_TOKENS[fidelity]:
            encoded = self._encode(content, compressor)
            return encoded or kept(content.tokens, "nothing to gain", route.kind)
        selected = self._select(content, compressor, fidelity)
        worth = WORTH_SELECTING[fidelity]
        if selected and holds_more_words(content.text, round(selected.tokens_after / worth)):
            return selected
        encoded = self._encode(content, compressor)
        best = encoded or kept(content.tokens, "nothing to gain", route.kind)
        is_small = best.tokens_after <= SELECT_ABOVE_TOKENS[fidelity]
        if selected is None or is_small or selected.tokens_after > worth * best.tokens_after:
            return best
        return selected

    def _encode(self, content: Content, compressor: ContentCompressor) -> Rendering | None:
        encoding = compressor.encode(content)
        if encoding is None:
            return None
        legend = write_legend(Legend(encoding.notation, encoding.note))
        text = f"{legend}\n{encoding.body}"
        tokens = self.counter.count(text)
        gain = max(SMALLEST_GAIN_TOKENS, SMALLEST_GAIN_SHARE * content.tokens)
        if tokens > content.tokens - gain or self.decode(text) != content.text:
            return None
        return self._rendering(content, text, None, compressor, "encoded", tokens)

    def _select(
        self,
        content: Content,
        compressor: ContentCompressor,
        fidelity: Literal["balanced", "aggressive"],
    ) -> Rendering | None:
        goal = Goal(
            fidelity=fidelity,
            target_tokens=target_tokens(content.tokens, fidelity),
            asked=is_asked(f"{content.question}\n{content.arguments}", content.text),
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


def _clipped(question: str) -> str:
    if len(question) <= _QUESTION_CHARACTERS:
        return question
    half = _QUESTION_CHARACTERS // 2
    return f"{question[:half]}\n{question[-half:]}"


def _argument_text(arguments: str | Mapping[str, object] | None) -> str:
    """Return the values of a call's arguments, a line each."""
    if arguments is None:
        return ""
    value: object = arguments
    if isinstance(arguments, str):
        try:
            value = json.loads(arguments)
        except (ValueError, RecursionError):
            return arguments
    return "\n".join(_leaves(value))


def _leaves(value: object) -> Iterator[str]:
    # A stack of our own: arguments may be nested deeper than Python's.
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, Mapping):
            stack.extend(reversed(list(here.values())))
        elif isinstance(here, (list, tuple)):
            stack.extend(reversed(here))
        elif here is not None and not isinstance(here, bool):
            yield str(here)
