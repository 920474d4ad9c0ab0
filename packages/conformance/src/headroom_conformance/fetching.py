"""A model that fetches what was left out, in no framework's form: it is told, and says, texts."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom import RetrievalTool
from headroom_conformance.conversation import Call, Conversation, Turn
from headroom_conformance.machine_texts import rows

# The one tool that the caller offers: the conversation calls it already.
OWN_TOOL = "list_jobs"
RETRIEVAL_TOOL = RetrievalTool.name
SAID = "I look it up."
FINAL = "That is the one."

# What the adapter's model must count for each of its turns.
TOKENS_READ = 50
TOKENS_WRITTEN = 4

# More turns than any adapter should let a model take that only ever asks.
PATIENCE = 12

_MARKER = re.compile(r"\[headroom_retrieve ([0-9a-f]{16}): ")


@dataclass(frozen=True, slots=True)
class Request:
    """What reached the model in one turn: every text in order, and the names of its tools."""

    texts: tuple[str, ...]
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model says in one turn: a text, and then its calls."""

    text: str
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller of the framework gets.

    Args:
        text: Every text of the answer; of a run, where the framework runs the tools, the last one.
        calls: Names of the calls that the caller sees: in the answer, or in the run's messages
            after those that it was given.
        tokens: Tokens read and written as the caller is told; None where it is not told.
    """

    text: str
    calls: tuple[str, ...] = ()
    tokens: int | None = None


class FetchingModel:
    """Decides what a scripted model of a framework says: it fetches a row that it cannot see.

    The adapter's own scripted model asks `reply` once in each of its turns, puts the reply into
    the framework's form, and counts `TOKENS_READ` and `TOKENS_WRITTEN` for it.

    Args:
        original: A JSON array of objects with names, of which the conversation holds the short
            form.
        also: A tool of the caller's that the model calls beside its first retrieval.
        rounds: How many turns in a row it asks.

    Attributes:
        requests: What reached the model, one for each turn.
        asked: The arguments of its retrievals.
    """

    def __init__(self, original: str, *, also: str = "", rounds: int = 1) -> None:
        self.requests: list[Request] = []
        self.asked: list[dict[str, object]] = []
        self.wanted = ""
        self._names = [str(row["name"]) for row in json.loads(original)]
        self._also = also
        self._rounds = rounds

    def reply(self, texts: Sequence[str], tools: Sequence[str]) -> Reply:
        """Say what the model answers.

        Args:
            texts: Every text that reached it, in order.
            tools: Names of the tools that it is offered.
        """
        self.requests.append(Request(tuple(texts), tuple(tools)))
        seen = "\n".join(texts)
        marker = _MARKER.search(seen)
        turn = len(self.requests)
        if marker is None or turn > min(self._rounds, PATIENCE):
            return Reply(FINAL)
        if not self.wanted:
            self.wanted = next(name for name in self._names if name not in seen)
        row = str(self._names.index(self.wanted) + 1)
        self.asked.append({"handle": marker[1], "rows": row})
        fetch = Call(f"fetch_{turn}", RETRIEVAL_TOOL, self.asked[-1])
        if self._also and turn == 1:
            return Reply(SAID, (Call("own_1", self._also, {"region": "us-east-2"}), fetch))
        return Reply(SAID, (fetch,))


def offered_conversation(seed: int) -> tuple[Conversation, str]:
    """Return a conversation whose last result can be shortened, and that result."""
    original = rows(seed, 150)
    call = Call("call_jobs", OWN_TOOL, {"region": "eu-west-1"})
    turns = (
        Turn("user", ("Which jobs are slow?",)),
        Turn("assistant", ("I list them.",), calls=(call,)),
        Turn("tool", (original,), answers=call.id),
    )
    return Conversation(turns), original
