"""Traces: recorded conversations in whatever form they were kept, as the requests they were.

Read are: lists of messages; objects that hold one (``messages``, ``history``, ``traj``, ``input``,
``contents``), which may be whole requests; lines of JSON, each a request, a message, or a record
that holds a message; aider's chat histories; transcripts of "Thought, Action, Observation".
Messages may have any wire format that Headroom reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

Message = Mapping[str, Any]
Body = Mapping[str, Any]

_MESSAGE_KEYS = ("messages", "input", "contents", "history", "traj")
_SUFFIXES = (".json", ".jsonl", ".traj", ".md", ".txt")

# Fields of messages that providers know; agents keep notes of their own beside them.
_FIELDS = {
    *("role", "content", "name", "type", "parts", "status", "id", "call_id"),
    *("tool_calls", "tool_call_id", "arguments", "output", "input", "action", "is_error"),
}
_MODEL_ROLES = ("assistant", "model")
_MODEL_TYPES = ("function_call", "custom_tool_call", "reasoning", "local_shell_call", "shell_call")
_KNOWN_ROLES = (*_MODEL_ROLES, "system", "developer", "user", "tool", "function")

_ACTION = re.compile(r"^(Thought|Action|Observation) \d+:", re.MULTILINE)


class NotATraceError(ValueError):
    """The file holds no conversation with an answer of a model in it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was made.

    Args:
        rest: The body without its messages: tools, system prompt, parameters.
        messages: What was sent.
        answer: What the model answered, as far as the trace tells.
    """

    rest: Body
    messages: tuple[Message, ...]
    answer: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """One conversation, as the requests it was.

    Args:
        name: Where it comes from.
        key: Top-level key that holds the messages of a request.
        requests: In order.
    """

    name: str
    key: str
    requests: tuple[Request, ...]

    @property
    def observes_in_user_messages(self) -> bool:
        """Say whether the agent's user messages carry what its tools returned."""
        last = self.requests[-1].messages
        return not any(_is_result(message) for message in last)

    @property
    def observations(self) -> tuple[bool, ...]:
        """Say for each message of the last request whether it is what the agent read.

        Those are the results of tools, or, where there are none, what follows the model's first
        answer and is not its own.
        """
        last = self.requests[-1].messages
        if not self.observes_in_user_messages:
            return tuple(_is_result(message) for message in last)
        answered = next((n for n, m in enumerate(last) if _is_model(m)), len(last))
        return tuple(n > answered and not _is_model(m) for n, m in enumerate(last))


def read_traces(path: Path) -> Iterator[Trace]:
    """Read the traces of a file, or of every file in a folder.

    Raises:
        NotATraceError: If a file that was named holds none.
    """
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.suffix in _SUFFIXES and p.is_file()):
            try:
                yield from _of_file(file, str(file.relative_to(path).as_posix()))
            except NotATraceError:
                continue
        return
    yield from _of_file(path, path.name)


def unread_files(path: Path) -> list[str]:
    """Return the files of a folder in which no conversation was found."""
    found = []
    for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else ():
        try:
            list(_of_file(file, file.name))
        except NotATraceError:
            found.append(file.relative_to(path).as_posix())
    return found


def trace_of(name: str, value: Any) -> Trace:
    """Return the trace that a parsed value holds: messages, a request, or a list of requests.

    Raises:
        NotATraceError: If it holds none.
    """
    if isinstance(value, list) and value and all(_request_key(v) for v in value):
        return _of_requests(name, value)
    key = _request_key(value)
    if key is not None:
        rest = {k: v for k, v in value.items() if k in ("tools", "system", "model", "toolConfig")}
        rest |= {k: v for k, v in value.items() if k in ("systemInstruction", "instructions")}
        wire = key if key in ("input", "contents") else "messages"
        return _of_messages(name, wire, rest, value[key])
    if isinstance(value, list) and any(_is_message(m) for m in value):
        is_contents = any("parts" in m for m in value if isinstance(m, Mapping))
        is_items = any(m.get("type") == "function_call" for m in value if isinstance(m, Mapping))
        wire = "contents" if is_contents else "input" if is_items else "messages"
        return _of_messages(name, wire, {}, value)
    raise NotATraceError(f"{name} holds no conversation")


def _of_file(path: Path, name: str) -> Iterator[Trace]:
    text = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix == ".md":
        yield from _histories(name, text)
        return
    if path.suffix == ".txt":
        yield from _transcripts(name, text)
        return
    yield trace_of(name, _parsed(text, name))


def _parsed(text: str, name: str) -> Any:
    # Deeper than Python's stack is not what any provider reads.
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise NotATraceError(f"{name} is neither JSON nor lines of JSON") from error
    if rows and all(_request_key(row) for row in rows):
        return rows
    inside = [r["message"] if isinstance(r, dict) and "message" in r else r for r in rows]
    return [row for row in inside if _is_message(row)]


def _request_key(value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return None
    for key in _MESSAGE_KEYS:
        messages = value.get(key)
        if isinstance(messages, list) and any(_is_message(m) for m in messages):
            return key
    return None


def _is_message(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    kind = str(value.get("type"))
    return value.get("role") in _KNOWN_ROLES or kind in _MODEL_TYPES or kind.endswith("_output")


def _is_model(message: Message) -> bool:
    return message.get("role") in _MODEL_ROLES or message.get("type") in _MODEL_TYPES


def _is_result(message: Message) -> bool:
    if message.get("role") in ("tool", "function") or "output" in message:
        return True
    inside = message.get("content") or message.get("parts")
    kinds = ("tool_result", "toolResult", "functionResponse", "function_response")
    return isinstance(inside, list) and any(
        isinstance(block, Mapping) and (block.get("type") in kinds or set(kinds) & set(block))
        for block in inside
    )


def _plain(message: Any) -> Message:
    """Return a message as a provider gets it."""
    kept = {k: v for k, v in message.items() if k in _FIELDS and v is not None}
    ids = message.get("tool_call_ids")
    if isinstance(ids, list) and ids and "tool_call_id" not in kept:
        kept["tool_call_id"] = ids[0]
    if "tool_calls" in kept:
        kept.setdefault("content", None)
    return kept


def _of_messages(name: str, key: str, rest: Body, messages: Sequence[Any]) -> Trace:
    plain = [_plain(m) for m in messages if _is_message(m)]
    requests: list[Request] = []
    end = 0
    while end < len(plain):
        start = end
        while start < len(plain) and not _is_model(plain[start]):
            start += 1
        end = start
        while end < len(plain) and _is_model(plain[end]):
            end += 1
        if start < end and start:
            requests.append(Request(rest, tuple(plain[:start]), tuple(plain[start:end])))
    if not requests:
        raise NotATraceError(f"{name} holds no answer of a model")
    return Trace(name, key, tuple(requests))


def _of_requests(name: str, bodies: Sequence[Body]) -> Trace:
    """Take recorded requests for what they are; an answer is what the next one repeats of it."""
    key = _request_key(bodies[0]) or "messages"
    requests: list[Request] = []
    for n, body in enumerate(bodies):
        rest = {k: v for k, v in body.items() if k != key}
        messages = tuple(body.get(key) or ())
        later = bodies[n + 1].get(key) or () if n + 1 < len(bodies) else ()
        answer = tuple(m for m in later[len(messages) :][:1] if _is_model(m))
        requests.append(Request(rest, messages, answer))
    return Trace(name, key, tuple(requests))


def _histories(name: str, text: str) -> Iterator[Trace]:
    """Yield a trace for each chat of an aider history in which a model answers."""
    parts = re.split(r"^(?=# aider chat started at )", text, flags=re.MULTILINE)
    found = []
    for part in parts:
        try:
            found.append(_of_messages(name, "messages", {}, list(_aider(part))))
        except NotATraceError:
            continue
    if not found:
        raise NotATraceError(f"{name} holds no conversation")
    alone = len(found) == 1
    yield from (t if alone else replace(t, name=f"{name}#{n}") for n, t in enumerate(found, 1))


def _aider(text: str) -> Iterator[Message]:
    """Yield the messages of an aider chat: ``####`` a person, ``>`` tools, else the model."""
    said: list[str] = []
    role = ""
    for line in text.splitlines():
        if line.startswith("####"):
            speaker, words = "user", line[4:].strip()
        elif line.startswith(">"):
            speaker, words = "tools", line[1:].strip()
        elif role and line.strip():
            speaker, words = "assistant", line
        else:
            speaker, words = role, line
        if speaker != role:
            yield from _aider_message(role, said)
            role, said = speaker, []
        said.append(words)
    yield from _aider_message(role, said)


def _aider_message(role: str, said: Sequence[str]) -> Iterator[Message]:
    words = "\n".join(said).strip()
    if role and words:
        yield {"role": "assistant" if role == "assistant" else "user", "content": words}


def _transcripts(name: str, text: str) -> Iterator[Trace]:
    """Yield a trace for each question of a "Thought, Action, Observation" transcript."""
    found = 0
    for part in re.split(r"^(?=Question: )", text, flags=re.MULTILINE)[1:]:
        starts = [m.start() for m in _ACTION.finditer(part)]
        if not starts:
            continue
        messages: list[dict[str, str]] = [{"role": "user", "content": part[: starts[0]].strip()}]
        for start, end in zip(starts, [*starts[1:], len(part)], strict=True):
            said = part[start:end].strip()
            role = "user" if said.startswith("Observation") else "assistant"
            if messages[-1]["role"] == role:
                messages[-1] = {"role": role, "content": f"{messages[-1]['content']}\n{said}"}
            else:
                messages.append({"role": role, "content": said})
        if any(m["role"] == "assistant" for m in messages):
            found += 1
            yield _of_messages(f"{name}#{found}", "messages", {}, messages)
    if not found:
        raise NotATraceError(f"{name} holds no conversation")
