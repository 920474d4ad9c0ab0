# /// script
# requires-python = ">=3.11"
# dependencies = ["headroom-langchain", "langchain-openai>=1.0", "httpx", "langsmith", "pydantic"]
# ///
"""An agent looks into a failure, and its model reads a fraction of the tokens.

A real ``ChatOpenAI`` sends a real conversation over HTTP to a small server on loopback, once bare
and once wrapped in one line. The server records what arrives; everything below is read from there.
The tool outputs were recorded by running real tools: see ``recordings/RECORDED.md``.

Usage: python examples/investigate_a_failure.py
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill, indent
from typing import Any

import httpx
from langchain_core.messages import AIMessage
from langchain_openai import ChatOpenAI
from langsmith import tracing_context
from loopback_server import loopback_server
from pydantic import SecretStr
from recordings.conversation import Fact, load_facts, load_messages, load_tools

from headroom import Compressor, Decision, MemoryStore, Retrieval
from headroom_langchain import HeadroomChatModel

ANSWER = (
    "Declined cards (402) and busy answers (503) raise before the body is read, so their "
    "connection never goes back to the pool of eight; urllib3 2.5.0 does what it says. Giving it "
    "back unread let the next answer begin with the old body. Call drain_conn() and then "
    "release_conn() in both branches, before raising."
)
LOG, QUESTION = 3, "which cards were declined, and when"


@dataclass(frozen=True, slots=True)
class Report:
    """What the server received, bare and wrapped, and what one retrieval gave back."""

    bare: dict[str, Any]
    wrapped: dict[str, Any]
    tokens_bare: tuple[int, ...]
    tokens_wrapped: tuple[int, ...]
    decisions: tuple[Decision, ...]
    facts: tuple[Fact, ...]
    hidden: tuple[Fact, ...]
    answer: AIMessage
    handle: str
    retrieved: Retrieval

    @property
    def saved(self) -> float:
        """Share of the tokens that did not have to be sent, as a fraction."""
        return 1 - sum(self.tokens_wrapped) / sum(self.tokens_bare)


def investigate() -> Report:
    """Send the conversation both ways, then fetch one detail that was left out."""
    messages, tools = load_messages(), load_tools()
    compressor = Compressor(store=MemoryStore())
    # The client looks at no proxy and no trace goes out: nothing leaves this machine.
    with (
        loopback_server(ANSWER) as wire,
        httpx.Client(trust_env=False) as client,
        tracing_context(enabled=False),
    ):
        llm = ChatOpenAI(
            model="gpt-4o", base_url=wire.base_url, api_key=SecretStr("unused"), http_client=client
        )
        llm.bind_tools(tools).invoke(messages)

        wrapped = HeadroomChatModel(llm, compressor=compressor)  # the one line
        answer = wrapped.bind_tools(tools).invoke(messages)
    bare_request, wrapped_request = wire.requests
    count = compressor.counter.count
    # The same messages give the same bytes, so this says what the wrapped model did.
    decisions = compressor.compress(messages).decisions
    (handle,) = next(d.handles for d in decisions if d.index == LOG)
    facts = load_facts()
    return Report(
        bare=bare_request,
        wrapped=wrapped_request,
        tokens_bare=tuple(count(m["content"] or "") for m in bare_request["messages"]),
        tokens_wrapped=tuple(count(m["content"] or "") for m in wrapped_request["messages"]),
        decisions=decisions,
        facts=tuple(facts),
        hidden=tuple(f for f in facts if not f.is_visible_in(wrapped_request["messages"])),
        answer=answer,
        handle=handle,
        retrieved=compressor.retrieve(handle, query=QUESTION, max_tokens=400),
    )


def show(report: Report) -> None:
    """Print what was done with each message, the totals on the wire, and the retrieval."""
    print("message  from          kind     before    after  what was done")
    for index, message in enumerate(report.bare["messages"]):
        decision = next(d for d in report.decisions if d.index == index)
        done = f"{decision.action} by {decision.compressor}" if decision.compressor else "kept"
        before, after = report.tokens_bare[index], report.tokens_wrapped[index]
        sender = decision.tool_name or message["role"]
        row = f"{index:7}  {sender:12}  {decision.kind:6}  {before:7,}  {after:7,}"
        print(f"{row}  {done}: {decision.reason}")
    before, after = sum(report.tokens_bare), sum(report.tokens_wrapped)
    noted = report.answer.response_metadata["headroom"]
    shown = len(report.facts) - len(report.hidden)
    print(f"  total{before:32,}  {after:7,}  {report.saved:.1%} saved, as the server received it")
    print(f"\nThe answer's response_metadata says: {noted['tokens_saved']:,} tokens saved.")
    print(f"Facts that the investigation needs: {shown} of {len(report.facts)} visible.")
    for fact in report.hidden:
        print(f"  not visible in message {fact.message}: {fact.fact}")
    found = report.retrieved
    print(f"\nLeft out of message {LOG}, and fetched back by its handle:")
    print(f"retrieve({report.handle!r}, query={QUESTION!r})")
    print(f"  {found.selected} of {found.total} {found.unit}:")
    print(indent("\n".join(line[:110] for line in found.text.splitlines()), "  | "))
    print("\nThe model's answer:\n" + fill(str(report.answer.content), 100))


if __name__ == "__main__":
    show(investigate())
