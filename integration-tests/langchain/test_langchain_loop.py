"""A whole agent that is a loop of one's own around a wrapped model that was given tools."""

from __future__ import annotations

import asyncio
from typing import Any

from agent_scenario import TOOLS, Investigator, WholeAgent
from fetching import FetchingChat
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import StructuredTool, ToolException

from headroom_conformance import Probe
from headroom_langchain import HeadroomChatModel


def tools() -> list[StructuredTool]:
    """Return the tools, which tell the model of their failures as LangChain's tools do."""

    def telling(function: Any) -> Any:
        def run(**arguments: Any) -> str:
            try:
                return str(function(**arguments))
            except RuntimeError as error:
                raise ToolException(str(error)) from error

        return run

    return [
        StructuredTool.from_function(
            telling(function),
            name=function.__name__,
            description=function.__doc__,
            args_schema={
                "type": "object",
                "properties": {"limit": {"type": "integer"}} if "limit" in names else {},
            },
            handle_tool_error=True,
        )
        for function in TOOLS
        for names in [function.__code__.co_varnames]
    ]


def texts_of(messages: list[BaseMessage]) -> list[str]:
    return [str(message.text) for message in messages]


class Loop:
    """Calls the model, runs what it calls, and calls it again."""

    def __init__(self, model: Any) -> None:
        self.tools = {tool.name: tool for tool in tools()}
        self.model = model.bind_tools(list(self.tools.values()))
        self.messages: list[BaseMessage] = []

    def run(self, question: str, call: Any) -> str:
        self.messages.append(HumanMessage(question))
        while True:
            answer: AIMessage = call(self.model, list(self.messages))
            self.messages.append(answer)
            if not answer.tool_calls:
                return str(answer.text)
            for tool_call in answer.tool_calls:
                self.messages.append(self.tools[tool_call["name"]].invoke(tool_call))


def total(chunks: list[Any]) -> AIMessage:
    whole: AIMessage = chunks[0] + chunks[1:]
    return whole


async def _astream(model: Any, messages: list[BaseMessage]) -> AIMessage:
    return total([chunk async for chunk in model.astream(messages)])


_CALLS: dict[str, Any] = {
    "call": lambda model, messages: model.invoke(messages),
    "async": lambda model, messages: asyncio.run(model.ainvoke(messages)),
    "stream": lambda model, messages: total(list(model.stream(messages))),
    "async stream": lambda model, messages: asyncio.run(_astream(model, messages)),
}


class TestAWrappedModel(WholeAgent):
    runs_tools = False

    def agent(self, investigator: Investigator, compressor: Probe) -> Loop:
        chat = FetchingChat(script=investigator, read=texts_of)
        return Loop(HeadroomChatModel(chat, compressor=compressor))

    def ask(self, agent: Loop, question: str, mode: str) -> str:
        return agent.run(question, _CALLS[mode])

    def results(self, agent: Loop) -> list[str]:
        return [str(m.text) for m in agent.messages if isinstance(m, ToolMessage)]
