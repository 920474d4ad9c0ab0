# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-langchain", "langchain>=1.1", "langchain-core>=1.2"]
# ///
"""A LangChain agent whose model reads a fraction of a tool's result, and fetches one row of it.

Runs offline with a model that follows a script. With ``OPENAI_API_KEY`` set, and langchain-openai
installed, it asks a real one.

Usage: python examples/langchain_agent.py
"""

from __future__ import annotations

import json
import os
import re
from typing import Any

from langchain.agents import create_agent
from langchain.chat_models import init_chat_model
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool

from headroom_langchain import HeadroomMiddleware

STATES = ("done", "done", "done", "queued")


@tool
def list_jobs(region: str) -> str:
    """List all jobs of a region as JSON."""
    jobs = [
        {
            "job": n,
            "state": STATES[n % 4],
            "host": f"node-{n * 37 % 97:02}",
            "seconds": n * 53 % 600,
        }
        for n in range(1, 401)
    ]
    jobs[240] |= {"state": "failed", "error": f"disk full in {region}"}
    return json.dumps(jobs, indent=2)


class Scripted(BaseChatModel):
    """Stands in for a model: lists the jobs, fetches row 17, answers."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        """Take the tools and go on: the script knows which it calls."""
        return self.bind(**kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        results = [m for m in messages if isinstance(m, ToolMessage)]
        if not results:
            answer = _calling("list_jobs", {"region": "eu-west-1"})
        elif len(results) == 1:
            (handle,) = re.findall(r"\[headroom_retrieve (\w+):", results[0].text)
            answer = _calling("headroom_retrieve", {"handle": handle, "rows": "17"})
        else:
            answer = AIMessage(f"Job 241 failed: the disk is full. Job 17:\n{results[1].text}")
        return ChatResult(generations=[ChatGeneration(message=answer)])


def _calling(name: str, arguments: dict[str, str]) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": f"call_{name}"}])


def main() -> None:
    """Ask the agent, then show what its model read."""
    real = bool(os.environ.get("OPENAI_API_KEY"))
    model = init_chat_model("openai:gpt-4o-mini") if real else Scripted()
    agent = create_agent(model, tools=[list_jobs], middleware=[HeadroomMiddleware()])

    question = "Which job in eu-west-1 failed, and how long did job 17 take?"
    state = agent.invoke({"messages": [{"role": "user", "content": question}]})

    for message in state["messages"]:
        if isinstance(message, AIMessage):
            saved = message.response_metadata["headroom"]
            print(f"the model read {saved['tokens_after']:,} of {saved['tokens_before']:,} tokens")
    print(state["messages"][-1].text)


if __name__ == "__main__":
    main()
