"""CacheAligner: what breaks the prefix cache of a provider, what that costs, and how to mend it.

A provider reuses the longest beginning of a request that it has seen before. A clock in the
system prompt, or tools in another order, change that beginning at every turn, and everything
behind it is paid in full again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headroom.codecs.access import is_items, text_field
from headroom.codecs.edits import Edit, edited
from headroom.codecs.protocol import Path
from headroom.codecs.requests import shape_of
from headroom.conversation.aligner_breakpoints import breakpoints, cache_key
from headroom.conversation.aligner_note import Moved, moved_facts, note_at_end, written_note
from headroom.conversation.aligner_parts import Parts, appended, parts_of, value_at
from headroom.conversation.aligner_tools import canonical_tools
from headroom.conversation.beside import BESIDE_THE_MESSAGES
from headroom.counting.default import default_counter
from headroom.counting.protocol import Counter
from headroom.economics import PRICES, Pricing, pricing_for
from headroom.results import Decision

# A report is for a person to read.
_MOST_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class Aligned:
    """A request made stable.

    Args:
        edits: What to change, in order; empty when it is stable already.
        decisions: One for each change, and one for each fact that could not be moved.
    """

    edits: tuple[Edit, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class CacheFinding:
    """Something that changes from request to request before the newest message.

    Args:
        path: Where it stands: keys and positions from the request inwards.
        kind: ``time``, ``id``, ``count``, ``path``; ``order`` for tools or keys of a schema that
            do not stand in canonical order.
        text: The fact, verbatim; for ``order`` the names as they stand.
        tokens_behind: Tokens of the request from here on: a change costs all of them.
    """

    path: Path
    kind: str
    text: str
    tokens_behind: int


@dataclass(frozen=True, slots=True)
class CacheReport:
    """What breaks the prefix cache of one request.

    Args:
        findings: In the order in which the provider reads; the first fifty facts.
        tokens: Tokens of the request's JSON.
        tokens_lost: Tokens before the newest message that are paid as new at every turn because
            of the first finding.
        usd_lost: What that costs at every turn, in US dollars; None for a model without a price.
        pricing: The prices that were used.
    """

    findings: tuple[CacheFinding, ...]
    tokens: int
    tokens_lost: int
    usd_lost: float | None
    pricing: Pricing | None

    def explain(self) -> str:
        """Return a line for each finding, and what all of them cost."""
        if not self.findings:
            return "nothing found that changes from request to request"
        lines = [
            f"{'.'.join(map(str, f.path))}: {f.kind} {f.text!r}: {f.tokens_behind} tokens behind it"
            for f in self.findings
        ]
        cost = "" if self.usd_lost is None or self.pricing is None else self._cost()
        return "\n".join([*lines, f"{self.tokens_lost} tokens are new at every turn{cost}"])

    def _cost(self) -> str:
        family, day = (self.pricing.family, self.pricing.as_of) if self.pricing else ("", "")
        return f": ${self.usd_lost:.6f} more than from the cache ({family}, {day})"


class CacheAligner:
    r"""Find what breaks a prefix cache, and make requests stable.

    Pure: the same request gives the same answer, and the request is never changed in place.
    `CompressionConfig(align_cache=True)` has `Compressor` do the same to what it compresses.

    Args:
        counter: Counts tokens; exact o200k when None.
        prices: What models charge; your own rows first.

    >>> clock = {"role": "system", "content": "It is now 13:44."}
    >>> body = {"messages": [clock, {"role": "user", "content": "Hi"}]}
    >>> for message in CacheAligner().align(body)["messages"]:
    ...     print(repr(message["content"]))
    'It is now [time 1, said at the end].'
    'Hi\n\n[headroom now: time 1 = 13:44]'
    """

    def __init__(
        self, *, counter: Counter | None = None, prices: Sequence[Pricing] = PRICES
    ) -> None:
        self._counter = counter or default_counter()
        self._prices = tuple(prices)

    def analyse(self, body: Any, *, previous: Any = None, format: str | None = None) -> CacheReport:
        """Say what in a request changes from turn to turn, and what that costs.

        Args:
            body: A request as a mapping.
            previous: The request of the turn before; only what differs from it is then found.
                Without it the report says what is likely to change, and an order that is not
                canonical is mentioned, but not priced.
            format: Names the wire format where the shape leaves a doubt.

        Raises:
            UnknownFormatError: If ``format`` names no known format.
        """
        shape = shape_of(body, format)
        if shape is None:
            return CacheReport((), 0, 0, None, None)
        parts = parts_of(body, shape.codec.name, shape.key)
        sections = _in_reading_order(body, parts)
        tokens = [(path, self._counter.count(_json(value))) for path, value in sections]
        total = sum(count for _, count in tokens)
        findings = self._found(body, parts, tokens)
        if previous is not None:
            findings = [f for f in findings if _differs(body, previous, f)]
        priced = [f for f in findings if previous is not None or f.kind != "order"]
        newest = tokens[-1][1] if tokens else 0
        lost = max(0, priced[0].tokens_behind - newest) if priced else 0
        pricing = pricing_for(shape.model, self._prices)
        usd = None
        if pricing is not None:
            is_cached = lost >= pricing.minimum_prefix
            usd = lost * (pricing.cache_write - pricing.cache_read) / 1e6 if is_cached else 0.0
        return CacheReport(tuple(findings), total, lost, usd, pricing)

    def align(self, body: Any, *, format: str | None = None) -> Any:
        """Return a request with a stable prefix; the same object if it has one.

        Args:
            body: A request as a mapping.
            format: Names the wire format where the shape leaves a doubt.

        Raises:
            UnknownFormatError: If ``format`` names no known format.
        """
        shape = shape_of(body, format)
        if shape is None:
            return body
        taken, note = note_of(body, shape.codec.name, shape.key)
        bare = edited(body, taken)
        aligned = align(bare, shape.codec.name, shape.key, shape.model, self._counter, note=note)
        stable = edited(bare, aligned.edits)
        return body if stable == body and _json(stable) == _json(body) else stable

    def _found(
        self, body: Any, parts: Parts, tokens: Sequence[tuple[Path, int]]
    ) -> list[CacheFinding]:
        findings: list[CacheFinding] = []
        tools = () if parts.tools is None else value_at(body, parts.tools)
        if parts.tools is not None and canonical_tools(tools) is not None:
            names = ", ".join(filter(None, map(_tool_name, tools)))
            findings.append(CacheFinding(parts.tools, "order", names, sum(n for _, n in tokens)))
        _, moved = moved_facts(parts.texts)
        for fact in moved[:_MOST_FINDINGS]:
            behind = 0
            for n, (path, _) in enumerate(tokens):
                if fact.path[: len(path)] == path:
                    behind = sum(count for _, count in tokens[n:])
                    behind -= self._counter.count(_before(parts, fact, path))
                    break
            findings.append(CacheFinding(fact.path, fact.kind, fact.fact, max(0, behind)))
        return findings


def _differs(body: Any, previous: Any, finding: CacheFinding) -> bool:
    one, other = value_at(body, finding.path), value_at(previous, finding.path)
    return _json(one) != _json(other)


def align(  # noqa: PLR0913  # what the outcome depends on
    body: Any,
    format: str,
    key: str,
    model: str | None,
    counter: Counter,
    *,
    note: str | None = None,
    whole: bool = True,
) -> Aligned:
    """Return what makes a request's prefix stable.

    Args:
        body: The request, without an earlier note.
        format: Name of its wire format.
        key: Top-level key that holds the messages.
        model: Name of the model, as far as known.
        counter: Counts tokens.
        note: The note of an earlier pass, which stays.
        whole: False: only the messages can be changed; there is no request around them.
    """
    parts = parts_of(body, format, key)
    decisions: list[Decision] = []
    edits = _ordered(body, parts, decisions)
    body = edited(body, edits)
    parts = parts_of(body, format, key)
    changed, moved = moved_facts(parts.texts)
    said = " ".join(filter(None, [note, written_note(moved) if moved else None])) or None
    end = None if said is None else appended(body, parts, said)
    if said is not None and end is None:
        decisions += [_decision(parts, m, "the newest message has no room for it") for m in moved]
        said, changed, moved = None, {}, []
    texts = [Edit(path, text) for path, text in changed.items()]
    body = edited(body, texts)
    parts = parts_of(body, format, key)
    marks = cache_key(body, parts, model) if whole else []
    if end is not None:
        body = edited(body, [end])
        texts.append(end)
    placed = breakpoints(body, parts, model, said) if whole else []
    decisions += [_decision(parts, m, f"{m.kind} moved to the end: {m.name}") for m in moved]
    if moved:
        decisions.append(_note_decision(parts, changed, moved, counter))
    decisions += [_marked(mark, parts) for mark in (*marks, *placed)]
    return Aligned((*edits, *texts, *marks, *placed), tuple(decisions))


def note_of(body: Any, format: str, key: str) -> tuple[list[Edit], str | None]:
    """Return the edit that takes away the note that an earlier pass left, and the note."""
    parts = parts_of(body, format, key)
    if parts.newest is None:
        return [], None
    at: Path = (*parts.messages, parts.newest)
    for name in ("parts", "output", "content"):
        content = value_at(body, (*at, name))
        if isinstance(content, str):
            note = note_at_end(content)
            if note is None:
                return [], None
            return [Edit((*at, name), content[: -len(note)].removesuffix("\n\n"))], note
        if is_items(content) and content:
            text = text_field(content[-1], "text")
            if text is not None and note_at_end(text) == text:
                return [Edit((*at, name), list(content[:-1]))], text
    return [], None


def _ordered(body: Any, parts: Parts, decisions: list[Decision]) -> list[Edit]:
    if parts.tools is None:
        return []
    ordered = canonical_tools(value_at(body, parts.tools))
    if ordered is None:
        return []
    decisions.append(_aligned(BESIDE_THE_MESSAGES, "tools", "tools and schema keys in order"))
    return [Edit(parts.tools, ordered)]


def _decision(parts: Parts, moved: Moved, reason: str) -> Decision:
    done = "moved to the end" in reason
    index = _message_of(moved.path, parts)
    return _aligned(index, moved.kind, reason) if done else _kept(index, moved.kind, reason)


def _note_decision(
    parts: Parts, changed: Mapping[Path, str], moved: Sequence[Moved], counter: Counter
) -> Decision:
    """Say by how many tokens the request grew: names and note against the facts that went."""
    named = sum(
        counter.count(f"[{m.name}, said at the end]") - counter.count(m.fact) for m in moved
    )
    tokens = max(0, counter.count(written_note(moved)) + named)
    index = BESIDE_THE_MESSAGES if parts.newest is None else parts.newest
    texts = f"{len(moved)} of {len(changed)} texts" if len(changed) > 1 else f"{len(moved)}"
    return _aligned(index, "note", f"says what was moved: {texts}", tokens)


def _marked(edit: Edit, parts: Parts) -> Decision:
    what = "cache key" if edit.path == ("prompt_cache_key",) else "cache breakpoint"
    return _aligned(_message_of(edit.path, parts), what, f"set at {'.'.join(map(str, edit.path))}")


def _aligned(index: int, kind: str, reason: str, tokens: int = 0) -> Decision:
    return Decision(index, kind, "cache-aligner", "aligned", reason, 0, tokens)


def _kept(index: int, kind: str, reason: str) -> Decision:
    return Decision(index, kind, "", "kept", reason, 0, 0)


def _message_of(path: Path, parts: Parts) -> int:
    depth = len(parts.messages)
    inside = path[:depth] == parts.messages and len(path) > depth
    return int(path[depth]) if inside else BESIDE_THE_MESSAGES


def _in_reading_order(body: Any, parts: Parts) -> list[tuple[Path, Any]]:
    """Return the sections of a request in the order in which providers read them."""
    sections: list[tuple[Path, Any]] = []
    if parts.tools is not None:
        sections.append((parts.tools, value_at(body, parts.tools)))
    for name in ("system", "systemInstruction", "system_instruction", "instructions"):
        if isinstance(body, Mapping) and body.get(name) is not None:
            sections.append(((name,), body[name]))
    messages = value_at(body, parts.messages)
    return sections + [((*parts.messages, n), message) for n, message in enumerate(messages)]


def _before(parts: Parts, fact: Moved, section: Path) -> str:
    """Return the texts of a section that stand before a fact."""
    said: list[str] = []
    for path, text in parts.texts:
        if path == fact.path:
            return "".join([*said, text[: text.find(fact.fact)]])
        if path[: len(section)] == section:
            said.append(text)
    return ""


def _tool_name(tool: Any) -> str | None:
    for inside in (tool, *(value_at(tool, (k,)) for k in ("function", "toolSpec"))):
        name = text_field(inside, "name")
        if name is not None:
            return name
    return None


def _json(value: Any) -> str:
    return json.dumps(value, default=repr, ensure_ascii=False)
