"""A conversation in no framework's form: what a suite builds messages from and compares with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from headroom import Segment

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call of an assistant's turn; the arguments are JSON values."""

    id: str
    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message.

    Args:
        role: Who speaks; ``tool`` for the result of a call.
        texts: Its texts, in order.
        calls: Calls that an assistant makes.
        answers: For a tool's turn: the id of the call that it answers.
        is_error: For a tool's turn: the protocol's error flag.
        as_blocks: True: the content is a list of blocks, one for each text, in every format
            that has such; False: there is one text, and it is the content.
    """

    role: Role
    texts: tuple[str, ...]
    calls: tuple[Call, ...] = ()
    answers: str | None = None
    is_error: bool = False
    as_blocks: bool = False

    def __post_init__(self) -> None:
        if not self.as_blocks and len(self.texts) != 1:
            raise ValueError("several texts, or none, need blocks")
        if (self.role == "tool") != (self.answers is not None):
            raise ValueError("a tool's turn, and no other, answers a call")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in order; every tool's turn answers a call that was made before it."""

    turns: tuple[Turn, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of every turn, in order."""
        return tuple(text for turn in self.turns for text in turn.texts)

    def call(self, call_id: str) -> Call:
        """Return a call by its id."""
        return next(c for turn in self.turns for c in turn.calls if c.id == call_id)

    def with_texts(self, texts: Sequence[str]) -> Conversation:
        """Return the same conversation with other texts in the same places."""
        given = iter(texts)
        turns = tuple(
            replace(turn, texts=tuple(next(given) for _ in turn.texts)) for turn in self.turns
        )
        if next(given, None) is not None:
            raise ValueError("more texts than places")
        return Conversation(turns)

    def segments(self) -> list[Segment]:
        """Return what the core should be told: every text and what is known about it."""
        segments: list[Segment] = []
        for index, turn in enumerate(self.turns):
            call = None if turn.answers is None else self.call(turn.answers)
            segments.extend(
                Segment(
                    text=text,
                    role=turn.role,
                    index=index,
                    tool_name=None if call is None else call.name,
                    arguments=None if call is None else call.arguments,
                    call_id=turn.answers,
                    is_error=turn.is_error,
                )
                for text in turn.texts
            )
        return segments

    def prefixes(self) -> Iterator[Conversation]:
        """Yield the conversation as it stood before each of the model's own turns, and whole.

        Never cut between two results that answer calls of one turn: no model is asked there.
        """
        for position, turn in enumerate(self.turns):
            if turn.role == "assistant" and position:
                yield Conversation(self.turns[:position])
        yield self
