"""The interface that every compressor implements, bundled or your own."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

from headroom.counting.protocol import Counter

# (question, units) -> one score per unit, higher is nearer. Must be deterministic.
Relevance = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True)
class Content:
    """A text to compress, and everything a compressor may base its choices on.

    Args:
        text: The text, exactly as it stands in the message.
        counter: Counts tokens; candidates are compared by this and nothing else.
        kind: Kind of content, as the router named it.
        question: What was asked before this text appeared, or the explicit ``query=``; "" if
            nothing was.
        arguments: The call's own arguments as text ("" if unknown): a path, a pattern, a command.
        tool_name: Name of the tool that produced the text, where known.
        is_error: True when the protocol flags the text as an error.
        keep: Substrings; a unit that contains one of them must stay visible.
        relevance: Scores units against a question.
        scratch: What a compressor worked out about this text in one step and needs in the next
            (a parse, say), under keys that start with the compressor's name.
    """

    text: str
    counter: Counter
    kind: str = ""
    question: str = ""
    arguments: str = ""
    tool_name: str | None = None
    is_error: bool = False
    keep: tuple[str, ...] = ()
    relevance: Relevance | None = None
    scratch: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def lines(self) -> list[str]:
        r"""The text split at ``\n`` only, so that ``"\n".join(lines)`` is the text again."""
        return self.text.split("\n")

    def as_kind(self, kind: str) -> Content:
        """Return the same content under its kind, sharing everything computed so far."""
        same = copy.copy(self)
        object.__setattr__(same, "kind", kind)
        return same

    def forget(self) -> None:
        """Give the memory of everything worked out about the text back, but for its tokens."""
        self.scratch.clear()
        vars(self).pop("lines", None)

    @cached_property
    def tokens(self) -> int:
        """Tokens of the whole text."""
        return self.counter.count(self.text)


@dataclass(frozen=True, slots=True)
class Encoding:
    r"""A lossless re-notation of a whole text.

    The engine prints it as ``[headroom NOTATION: NOTE]`` and the body below.

    Args:
        notation: Name of the notation: 2 to 15 lower-case letters or hyphens. It finds the
            compressor that decodes.
        note: A single line: what a reader must know, and what the decoder needs beyond the body.
        body: Everything below the legend.
    """

    notation: str
    note: str
    body: str


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a text: whole units, unchanged and in order, and an exact count of the rest.

    The engine prints it as a marker with the handle of the whole original, and the body below.

    Args:
        unit: What was counted, a plural noun in lower-case letters: ``lines``, ``rows``, ``hits``.
        kept: Units that stand in the body.
        total: Units of the original; ``total - kept`` were left out.
        body: The kept units verbatim (gaps may stand between them) or in a lossless re-notation.
        summary: A single line of our own words: a profile of what was left out, and what a reader
            must know to read the body. "" if there is nothing to say.
    """

    unit: str
    kept: int
    total: int
    body: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """How far a selection should go.

    Args:
        fidelity: ``balanced`` or ``aggressive``.
        target_tokens: Size to aim for, in tokens. Not a cap: what must stay, stays.
        asked: True when the question or the arguments share a content word with the text. When
            False, nobody can tell what matters: drop only what repeats.
    """

    fidelity: Literal["balanced", "aggressive"]
    target_tokens: int
    asked: bool


class ContentCompressor(Protocol):
    """One kind of content: lossless re-notation, and selection with exact omissions.

    Everything is a pure function of the arguments: no clock, no randomness, no state between
    calls, work linear in the text. A compressor may raise on odd input; the engine then leaves
    the text as it was and says so.
    """

    @property
    def name(self) -> str:
        """Short name for decisions, lower-case ASCII."""
        ...

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of content that this compressor serves."""
        ...

    @property
    def notations(self) -> tuple[str, ...]:
        """Notations that `decode` understands; () for a compressor without a lossless form."""
        ...

    def detect(self, content: Content) -> str | None:
        """Return the kind, one of `kinds`, if the text is plainly of it; else None.

        Called for every text that no earlier compressor claimed: answer from a bounded sample.
        """
        ...

    def encode(self, content: Content) -> Encoding | None:
        """Return the smallest lossless re-notation, or None if there is none worth it.

        The engine decodes it and compares every byte before use.
        """
        ...

    def decode(self, encoding: Encoding) -> str:
        """Undo `encode`, byte for byte.

        Raises:
            DecodingError: If the encoding is not well-formed. Never another error, whatever the
                body holds, and in time linear in the body and the decoded text.
        """
        ...

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return a part of the text, or None if nothing should be left out."""
        ...
