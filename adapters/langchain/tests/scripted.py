"""A chat model that runs offline, answers by a script, and remembers what reached it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    ToolMessage,
)
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.utils import count_tokens_approximately
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field


class ScriptedChat(BaseChatModel):
    """Answers as a provider's model would: calls the tools it is given, fills in schemas."""

    model_name: str = "scripted-1"
    temperature: float | None = None
    max_tokens: int | None = None
    stop: list[str] | None = None
    streaming: bool = False
    seen: list[list[BaseMessage]] = Field(default_factory=list, exclude=True, repr=False)

    @property
    def _llm_type(self) -> str:
        return "scripted-chat"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name, "temperature": self.temperature}

    def _combine_llm_outputs(self, llm_outputs: list[dict[str, Any] | None], /) -> dict[str, Any]:
        return {"calls": len(llm_outputs), "model_name": self.model_name}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        schemas = [convert_to_openai_tool(tool) for tool in tools]
        if tool_choice is not None:
            kwargs["tool_choice"] = tool_choice
        return self.bind(tools=schemas, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        answer = self._answer(messages, **kwargs)
        output = {"token_usage": answer.usage_metadata, "stopped_by": stop}
        return ChatResult(generations=[ChatGeneration(message=answer)], llm_output=output)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._generate(messages, stop=stop, **kwargs)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield from _chunks(self._answer(messages, **kwargs))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in _chunks(self._answer(messages, **kwargs)):
            yield chunk

    def _answer(self, messages: list[BaseMessage], **kwargs: Any) -> AIMessage:
        self.seen.append(list(messages))
        read = count_tokens_approximately(messages)
        about: dict[str, Any] = {
            "usage_metadata": UsageMetadata(
                input_tokens=read, output_tokens=5, total_tokens=read + 5
            ),
            "response_metadata": {
                "model_name": kwargs.get("model", self.model_name),
                "model_provider": "scripted",
            },
        }
        tools = [tool["function"] for tool in kwargs.get("tools", ())]
        choice = kwargs.get("tool_choice")
        if not tools or (choice is None and any(isinstance(m, ToolMessage) for m in messages)):
            return AIMessage("hello from the script", **about)
        tool = next((t for t in tools if t["name"] == choice), tools[0])
        question = next((m.text for m in reversed(messages) if isinstance(m, HumanMessage)), "")
        arguments = _filled(tool.get("parameters", {"type": "object"}), str(question))
        call = {"name": tool["name"], "args": arguments, "id": f"call_{len(self.seen)}"}
        return AIMessage("", tool_calls=[call], **about)


class FailingChat(ScriptedChat):
    """Fails every call, after having noted what reached it."""

    def _answer(self, messages: list[BaseMessage], **kwargs: Any) -> AIMessage:
        super()._answer(messages, **kwargs)
        raise ConnectionError("the provider is down")


class SilentChat(ScriptedChat):
    """Cannot stream, and takes no run manager: both are optional in LangChain."""

    _stream = BaseChatModel._stream
    _astream = BaseChatModel._astream

    def _generate(  # type: ignore[override]  # LangChain lets the run manager be left out
        self, messages: list[BaseMessage], stop: list[str] | None = None, **kwargs: Any
    ) -> ChatResult:
        return super()._generate(messages, stop=stop, **kwargs)

    async def _agenerate(  # type: ignore[override]
        self, messages: list[BaseMessage], stop: list[str] | None = None, **kwargs: Any
    ) -> ChatResult:
        return super()._generate(messages, stop=stop, **kwargs)


class NativeEventsChat(ScriptedChat):
    """Speaks the event protocol of langchain-core 1.4 itself, without chunks in between."""

    def _stream_chat_model_events(
        self, messages: list[BaseMessage], stop: list[str] | None = None, **kwargs: Any
    ) -> Iterator[dict[str, Any]]:
        kwargs.pop("run_manager", None)
        yield from _native_events(self._answer(messages, **kwargs))

    async def _astream_chat_model_events(
        self, messages: list[BaseMessage], stop: list[str] | None = None, **kwargs: Any
    ) -> AsyncIterator[dict[str, Any]]:
        for event in self._stream_chat_model_events(messages, stop, **kwargs):
            yield event


def _native_events(answer: AIMessage) -> Iterator[dict[str, Any]]:
    text = f"native: {answer.content}"
    yield {"event": "message-start", "role": "ai", "id": "native-1"}
    yield {"event": "content-block-start", "index": 0, "content": {"type": "text", "text": ""}}
    yield {
        "event": "content-block-delta",
        "index": 0,
        "delta": {"type": "text-delta", "text": text},
    }
    yield {"event": "content-block-finish", "index": 0, "content": {"type": "text", "text": text}}
    yield {"event": "message-finish", "metadata": {"model_provider": "scripted"}}


def _chunks(answer: AIMessage) -> Iterator[ChatGenerationChunk]:
    for index, call in enumerate(answer.tool_calls):
        text = json.dumps(call["args"])
        half = len(text) // 2
        first = {"name": call["name"], "args": text[:half], "id": call["id"], "index": index}
        rest = {"name": None, "args": text[half:], "id": None, "index": index}
        for part in (first, rest):
            yield ChatGenerationChunk(message=AIMessageChunk("", tool_call_chunks=[part]))
    for word in [] if answer.tool_calls else str(answer.content).split(" "):
        yield ChatGenerationChunk(message=AIMessageChunk(f"{word} "))
    last = AIMessageChunk(
        "",
        usage_metadata=answer.usage_metadata,
        response_metadata=answer.response_metadata,
        chunk_position="last",
    )
    yield ChatGenerationChunk(message=last)


def _filled(
    schema: Mapping[str, Any], question: str, definitions: Mapping[str, Any] | None = None
) -> Any:
    """Return a value that the schema allows; the standard suites ask for 3 where it is a number."""
    known = definitions if definitions is not None else schema.get("$defs", {})
    if "$ref" in schema:
        return _filled(known[schema["$ref"].rsplit("/", 1)[-1]], question, known)
    if "anyOf" in schema:
        return _filled(schema["anyOf"][0], question, known)
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        return {name: _filled(inner, question, known) for name, inner in properties.items()}
    constants = {"integer": 3, "number": 3.0, "boolean": True, "array": []}
    return constants.get(schema.get("type", "string"), question)
