"""Everything that LangChain lets a caller observe of one call, to compare two models by."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, LLMResult
from pydantic import BaseModel

from headroom_conformance.machine_texts import rows

ROWS = rows(1, 150)
CALL = {"name": "list_jobs", "args": {"region": "eu-west-1"}, "id": "call_1"}
CONVERSATION: list[BaseMessage] = [
    HumanMessage("Which jobs failed?"),
    AIMessage("", tool_calls=[CALL]),
    ToolMessage(ROWS, tool_call_id="call_1"),
]


class Joke(BaseModel):
    """A joke."""

    setup: str
    punchline: str


class Recorder(BaseCallbackHandler):
    """Writes every event down, without ids and times."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **kwargs: Any
    ) -> None:
        metadata = kwargs.get("metadata") or {}
        self.events.append(
            (
                "start",
                serialized,
                messages,
                kwargs.get("invocation_params"),
                kwargs.get("options"),
                kwargs.get("name"),
                kwargs.get("tags"),
                metadata,
            )
        )

    def on_llm_new_token(self, token: Any, *, chunk: Any = None, **kwargs: Any) -> None:
        self.events.append(("token", token, None if chunk is None else plain(chunk.message)))

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        generations = [[_generation(g) for g in row] for row in response.generations]
        self.events.append(("end", response.llm_output, generations))

    def on_llm_error(self, error: BaseException, **kwargs: Any) -> None:
        self.events.append(("error", repr(error)))

    def on_chain_start(self, serialized: Any, inputs: Any, **kwargs: Any) -> None:
        self.events.append(("chain", kwargs.get("name")))

    def on_chain_end(self, outputs: Any, **kwargs: Any) -> None:
        self.events.append(("chain end", plain(outputs)))


def plain(value: Any) -> Any:
    """Return what a caller sees of a value, less ids and less the savings."""
    if isinstance(value, BaseMessage):
        about = value.model_dump()
        about.pop("id", None)
        about["response_metadata"] = {
            k: v for k, v in value.response_metadata.items() if k != "headroom"
        }
        return type(value).__name__, about
    if isinstance(value, BaseModel):
        return type(value).__name__, value.model_dump()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


def _generation(generation: Any) -> Any:
    assert isinstance(generation, ChatGeneration)
    return generation.text, generation.generation_info, plain(generation.message)


async def _astream(model: BaseChatModel, config: Any) -> list[Any]:
    return [chunk async for chunk in model.astream(CONVERSATION, config)]


async def _astream_events(model: BaseChatModel, config: Any) -> list[Any]:
    events = model.astream_events(CONVERSATION, config, version="v2")
    return [
        (e["event"], e["name"], e["tags"], e["metadata"], plain(e["data"])) async for e in events
    ]


def _stream_events_v3(model: BaseChatModel, config: Any) -> Any:
    stream: Any = model.stream_events(CONVERSATION, config, version="v3")
    return [_event(event) for event in stream], stream.output


async def _astream_events_v3(model: BaseChatModel, config: Any) -> Any:
    stream: Any = await model.astream_events(CONVERSATION, config, version="v3")
    try:
        return [_event(event) async for event in stream], await stream.output
    finally:
        # A failure reaches the caller before the task that reports it to the callbacks is done.
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))


def _event(event: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in event.items() if key not in ("id", "message_id")}
    if isinstance(shown.get("metadata"), dict):
        shown["metadata"] = {k: v for k, v in shown["metadata"].items() if k != "headroom"}
    return shown


# Each way to call a model: the model and a config in, what the caller gets out.
PATHS: dict[str, Callable[[Any, Any], Any]] = {
    "invoke": lambda m, c: m.invoke(CONVERSATION, c),
    "ainvoke": lambda m, c: asyncio.run(m.ainvoke(CONVERSATION, c)),
    "batch": lambda m, c: m.batch([CONVERSATION] * 2, {**c, "max_concurrency": 1}),
    "abatch": lambda m, c: asyncio.run(m.abatch([CONVERSATION] * 2, {**c, "max_concurrency": 1})),
    "generate": lambda m, c: m.generate([CONVERSATION] * 2, **c).llm_output,
    # One at a time: how the events of two tasks interleave is nobody's promise.
    "agenerate": lambda m, c: asyncio.run(m.agenerate([CONVERSATION], **c)).llm_output,
    "stream": lambda m, c: list(m.stream(CONVERSATION, c)),
    "astream": lambda m, c: asyncio.run(_astream(m, c)),
    "astream_events v2": lambda m, c: asyncio.run(_astream_events(m, c)),
    "stop": lambda m, c: m.invoke(CONVERSATION, c, stop=["x"]),
    "model override": lambda m, c: m.invoke(CONVERSATION, c, model="scripted-2"),
    "bind": lambda m, c: m.bind(stop=["x"]).invoke(CONVERSATION, c),
    "bind_tools": lambda m, c: m.bind_tools([Joke], tool_choice="Joke").invoke(CONVERSATION, c),
    "bind_tools stream": lambda m, c: list(m.bind_tools([Joke]).stream(CONVERSATION, c)),
    "structured": lambda m, c: m.with_structured_output(Joke).invoke(CONVERSATION, c),
    "structured json": lambda m, c: m.with_structured_output(Joke.model_json_schema()).invoke(
        CONVERSATION, c
    ),
    "structured raw": lambda m, c: m.with_structured_output(Joke, include_raw=True).invoke(
        CONVERSATION, c
    ),
    "with_config": lambda m, c: m.with_config(tags=["t"], run_name="named").invoke(CONVERSATION, c),
    "with_retry": lambda m, c: m.with_retry().invoke(CONVERSATION, c),
    "with_fallbacks": lambda m, c: m.with_fallbacks([m]).invoke(CONVERSATION, c),
}
PARALLEL = ("structured raw",)
if hasattr(BaseChatModel, "stream_events"):
    PATHS["stream_events v3"] = _stream_events_v3
    PATHS["astream_events v3"] = lambda m, c: asyncio.run(_astream_events_v3(m, c))
