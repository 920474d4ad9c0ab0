"""What a replayed trace sent, kept and cost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headroom import Counter
from headroom.economics import Bill, Pricing, Prompt, request_bill
from headroom_evals.replay.traces import Trace

# What providers add to a message for its role and its end, in tokens.
_MESSAGE_TOKENS = 4

# Marks that say what to cache; no provider counts them as part of a prompt.
_MARKS = ("cache_control", "prompt_cache_breakpoint", "prompt_cache_key")

# One retrieval: the call that the model writes, and the part that it gets, in tokens.
CALL_TOKENS, PART_TOKENS = 80, 500


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it was sent: the parts of it as JSON texts, in the order of the prompt."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One request, measured.

    Args:
        prompt: Its tokens, and how many of them the request before it began with.
        bytes: Its size.
        same_bytes: How many of its first bytes the request before it began with.
        is_broken: Whether the request before it is not what it begins with.
    """

    prompt: Prompt
    bytes: int
    same_bytes: int
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Replayed:
    """A trace as one system sent it.

    Args:
        trace: The trace's name.
        system: The system; "" for the trace as it was.
        turns: Its requests.
        error: What went wrong, or None.
        observed: Tokens of what the agent read, as the last request shows it.
    """

    trace: str
    system: str
    turns: tuple[Turn, ...]
    error: str | None = None
    observed: int = 0

    @property
    def tokens(self) -> int:
        """Tokens of all prompts together."""
        return sum(turn.prompt.tokens for turn in self.turns)

    @property
    def broken(self) -> int:
        """Requests that do not begin with the request before them."""
        return sum(turn.is_broken for turn in self.turns)

    def bill(self, pricing: Pricing) -> Bill:
        """Price all requests, each within the cache's lifetime after the one before."""
        total = Bill()
        for turn in self.turns:
            total += request_bill(turn.prompt, pricing)
        return total


class Meter:
    """Measure requests; counts each part once.

    Args:
        counter: Counts tokens.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._known: dict[str, int] = {}

    def replayed(
        self, trace: Trace, system: str, sent: Sequence[Sent], *, newest_changes: bool = False
    ) -> Replayed:
        """Measure every request of a trace as a system sent it.

        Args:
            trace: The trace.
            system: The system's name.
            sent: What it sent, request by request.
            newest_changes: The end of each newest message belongs to that request alone: that it
                changes breaks nothing.
        """
        turns: list[Turn] = []
        before: Sent | None = None
        for request, now in zip(trace.requests, sent, strict=True):
            answer = sum(self.tokens(_unmarked(dict(m))) for m in request.answer)
            turns.append(self._turn(before, now, answer, newest_changes=newest_changes))
            before = now
        last = sent[-1].parts[1:] if sent else ()
        read = sum(
            self.part_tokens(part) - _MESSAGE_TOKENS
            for part, is_read in zip(last, trace.observations, strict=False)
            if is_read
        )
        return Replayed(trace.name, system, tuple(turns), observed=read)

    def _turn(self, before: Sent | None, now: Sent, answer: int, *, newest_changes: bool) -> Turn:
        tokens = sum(self.part_tokens(part) for part in now.parts)
        earlier = () if before is None else before.parts
        equal = 0
        while equal < min(len(earlier), len(now.parts)) and earlier[equal] == now.parts[equal]:
            equal += 1
        same = sum(self.part_tokens(part) for part in now.parts[:equal])
        same_bytes = sum(len(part.encode()) for part in now.parts[:equal])
        if equal < min(len(earlier), len(now.parts)):
            same_bytes += _common(earlier[equal], now.parts[equal])
        return Turn(
            Prompt(tokens, same, answer),
            sum(len(part.encode()) for part in now.parts),
            same_bytes,
            equal < len(earlier) - newest_changes,
        )

    def part_tokens(self, part: str) -> int:
        """Return the tokens of a part of a request, given as JSON."""
        known = self._known.get(part)
        if known is None:
            known = self._known[part] = self.tokens(json.loads(part))
        return known

    def tokens(self, value: Any) -> int:
        """Return the tokens of a message: its texts, and what a provider adds to them.

        Anything else of a request, tools above all, counts as the JSON it is.
        """
        if not isinstance(value, Mapping):
            return 0
        if "role" not in value and "type" not in value and "parts" not in value:
            known = {k: value[k] for k in value if k in _PROMPT_KEYS}
            return self._counter.count(json.dumps(known, ensure_ascii=False)) if known else 0
        return _MESSAGE_TOKENS + sum(self._counter.count(text) for text in _texts(value))


_PROMPT_KEYS = ("tools", "system", "toolConfig", "systemInstruction", "instructions")
_NOT_SAID = ("role", "type", "id", "tool_call_id", "tool_use_id", "toolUseId", "call_id", "status")


def sent_as(rest: Any, messages: Iterable[Any]) -> Sent:
    """Return a request's parts: what is not a message first, as providers read it."""
    return Sent(tuple(_json(_unmarked(value)) for value in (rest, *messages)))


def original(trace: Trace) -> list[Sent]:
    """Return a trace's requests as they were."""
    known: dict[int, str] = {}

    def written(value: Any) -> str:
        if id(value) not in known:
            known[id(value)] = _json(_unmarked(value))
        return known[id(value)]

    return [Sent(tuple(written(v) for v in (r.rest, *r.messages))) for r in trace.requests]


def retrieval_cost(replayed: Replayed, pricing: Pricing) -> float:
    """Return what one retrieval in the middle of a trace costs, in US dollars.

    The model writes the call, the prompt is read once more, and the part stays until the end.
    """
    turns = replayed.turns
    if not turns:
        return 0.0
    mean = replayed.tokens / len(turns)
    later = len(turns) / 2
    part = PART_TOKENS * (pricing.cache_write + later * pricing.cache_read)
    return (CALL_TOKENS * pricing.output + mean * pricing.cache_read + part) / 1e6


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _unmarked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _unmarked(v) for k, v in value.items() if k not in _MARKS}
    if isinstance(value, (list, tuple)):
        return [_unmarked(v) for v in value if not (isinstance(v, dict) and "cachePoint" in v)]
    return value


def _texts(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            yield here
        elif isinstance(here, Mapping):
            stack.extend(v for k, v in here.items() if k not in _NOT_SAID)
        elif isinstance(here, (list, tuple)):
            stack.extend(here)
        elif here is not None and not isinstance(here, bool):
            yield str(here)


def _common(one: str, other: str) -> int:
    a, b = one.encode(), other.encode()
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[:middle] == b[:middle] else (low, middle - 1)
    return low
