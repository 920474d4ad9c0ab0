"""The model's own retrievals, answered inside one call: whole answers and streams.

The caller did not offer the retrieval tool and never sees it called: turns that only retrieve are
continued here, and in others the retrievals are taken out. Decisions are the core's
(`headroom.RetrievalLoop`); here stands where LangChain's messages and chunks hold what they need.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ToolCallChunk,
    ToolMessage,
)
from langchain_core.messages.ai import add_usage
from langchain_core.messages.utils import message_chunk_to_message
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables.config import run_in_executor

from headroom import LoopStep, RetrievalLoop, RetrievalTool, ToolCall, summed_usage

# Between the texts of two turns, where both are plain strings.
_PARAGRAPH = "\n\n"

# Where providers leave their own count of tokens in response metadata.
_USAGE_KEYS = ("token_usage", "usage")

RETRIEVAL_TOOL = RetrievalTool.name


def offers_retrieval(tools: object) -> bool:
    """Say whether a list of tools, in any provider's format, holds the retrieval tool."""
    return isinstance(tools, (list, tuple)) and any(_name(t) == RETRIEVAL_TOOL for t in tools)


def _name(tool: Any) -> Any:
    if not isinstance(tool, Mapping):
        return getattr(tool, "name", None)
    function = tool.get("function")
    return function.get("name") if isinstance(function, Mapping) else tool.get("name")


class AnsweredCall:
    """One call of the wrapped model, and as many more as its retrievals take.

    Args:
        sent: What the first call is sent; `sent` is what the next one is.
        tool: Answers the retrievals; None where the model was not given it by us: then there is
            one call, and whatever comes back is passed on as it is.
    """

    def __init__(self, sent: list[BaseMessage], tool: RetrievalTool | None) -> None:
        self.sent = sent
        self._loop = None if tool is None else RetrievalLoop(tool)
        self._earlier: list[AIMessage] = []

    @property
    def retrievals(self) -> int:
        """Calls of the retrieval tool that were answered so far."""
        return 0 if self._loop is None else self._loop.retrievals

    # Whole answers.

    def finish(self, result: ChatResult) -> ChatResult | None:
        """Return what the caller gets; None: call the model again, with `sent`.

        Reads the store where there is something to answer.
        """
        if self._loop is None or not result.generations:
            return result
        message = result.generations[0].message
        if len(result.generations) > 1 or not isinstance(message, AIMessage):
            return result.model_copy(update={"generations": [*map(_bare, result.generations)]})
        step = self._step(message)
        if step.answers:
            self._earlier.append(_without(message, _ids(message, step)))
            return None
        if not self._earlier and not step.dropped:
            return result
        whole = _joined([*self._earlier, _without(message, _ids(message, step))])
        generation = result.generations[0].model_copy(update={"message": whole})
        return result.model_copy(
            update={
                "generations": [ChatGeneration(**{**dict(generation), "message": whole})],
                "llm_output": self._output(result.llm_output, whole),
            }
        )

    def _output(self, output: dict[str, Any] | None, whole: AIMessage) -> dict[str, Any] | None:
        if not output:
            return output
        summed = {k: v for k in _USAGE_KEYS if (v := whole.response_metadata.get(k)) is not None}
        return {**output, **{k: v for k, v in summed.items() if k in output}}

    def _step(self, message: AIMessage | None) -> LoopStep:
        if message is None or self._loop is None:
            return LoopStep()
        calls = _calls(message)
        step = self._loop.step([ToolCall(name, arguments) for _, name, arguments in calls])
        if step.answers:
            results = [
                ToolMessage(answer, tool_call_id=call_id, name=RETRIEVAL_TOOL)
                for (call_id, _, _), answer in zip(calls, step.answers, strict=True)
            ]
            self.sent = [*self.sent, message, *results]
        return step

    # Streams.

    def stream(
        self, call: Callable[[list[BaseMessage]], Iterator[ChatGenerationChunk]]
    ) -> Iterator[ChatGenerationChunk]:
        """Yield the chunks of as many turns as it takes, retrievals left out.

        Args:
            call: Calls the model with the messages that it is given.
        """
        if self._loop is None:
            yield from call(self.sent)
            return
        turn = _Stream()
        while True:
            for chunk in call(self.sent):
                if (shown := turn.pass_on(chunk)) is not None:
                    yield shown
            if not self._step(turn.message).answers:
                yield from turn.held_back()
                return
            turn = turn.following()

    async def astream(
        self, call: Callable[[list[BaseMessage]], AsyncIterator[ChatGenerationChunk]]
    ) -> AsyncIterator[ChatGenerationChunk]:
        """Do what `stream` does; the store is read in a thread."""
        if self._loop is None:
            async for chunk in call(self.sent):
                yield chunk
            return
        turn = _Stream()
        while True:
            async for chunk in call(self.sent):
                if (shown := turn.pass_on(chunk)) is not None:
                    yield shown
            step = await run_in_executor(None, self._step, turn.message)
            if not step.answers:
                for chunk in turn.held_back():
                    yield chunk
                return
            turn = turn.following()


class _Stream:
    """One turn's chunks: passed on as they come, the retrievals held back."""

    def __init__(
        self,
        first_block: int = 0,
        said: frozenset[str] = frozenset(),
        identity: str | None = None,
        *,
        after_text: bool = False,
    ) -> None:
        self._whole: AIMessageChunk | None = None
        self._first_block = first_block
        self._said = said
        self._identity = identity
        self._after_text = after_text
        self._is_first = first_block == 0 and identity is None and not said
        self._call_indices: set[Any] = set()
        self._block_indices: set[Any] = set()
        self._last: list[ChatGenerationChunk] = []
        self._last_block = first_block - 1
        self._new_said: set[str] = set()

    @property
    def message(self) -> AIMessage | None:
        """The turn so far, as the model wrote it."""
        if self._whole is None:
            return None
        whole = message_chunk_to_message(self._whole)
        return whole if isinstance(whole, AIMessage) else None

    def pass_on(self, chunk: ChatGenerationChunk) -> ChatGenerationChunk | None:
        message = chunk.message
        if not isinstance(message, AIMessageChunk):
            return chunk
        self._whole = message if self._whole is None else self._whole + message
        self._notice(message)
        holds = bool(self._call_indices or self._block_indices)
        if not holds and self._is_first:
            self._remember(chunk, message)
            return chunk
        content = self._visible(message.content)
        calls = [c for c in message.tool_call_chunks if c.get("index") not in self._call_indices]
        shown = self._changed(message, content, calls)
        if not holds:
            metadata, info = self._unsaid(message.response_metadata), self._unsaid(chunk)
            self._remember(chunk, message)
            return _chunk(shown, metadata, info, position=_position(message))
        # How the turn ended is said only if it ends here.
        self._last.append(chunk)
        if content or calls or message.usage_metadata:
            return _chunk(shown, {}, None, position=None)
        return None

    def _notice(self, message: AIMessageChunk) -> None:
        for call in message.tool_call_chunks:
            if call.get("name") == RETRIEVAL_TOOL:
                self._call_indices.add(call.get("index"))
        for block in message.content if isinstance(message.content, list) else ():
            if isinstance(block, dict) and block.get("name") == RETRIEVAL_TOOL:
                self._block_indices.add(block.get("index"))

    def _visible(self, content: Any) -> Any:
        if isinstance(content, str):
            if content and self._after_text:
                self._after_text = False
                return _PARAGRAPH + content
            return content
        return [
            self._moved(block)
            for block in content
            if not (isinstance(block, dict) and self._is_retrieval(block))
        ]

    def _is_retrieval(self, block: dict[str, Any]) -> bool:
        return block.get("name") == RETRIEVAL_TOOL or (
            "index" in block and block["index"] in self._block_indices
        )

    def _moved(self, block: Any) -> Any:
        """Give a content block a number of its own: those of an earlier turn are taken."""
        if not isinstance(block, dict) or "index" not in block or not self._first_block:
            return block
        index = block["index"]
        if isinstance(index, int):
            return {**block, "index": index + self._first_block}
        return {**block, "index": f"{index}_{self._first_block}"}

    def _changed(
        self, message: AIMessageChunk, content: Any, calls: list[ToolCallChunk]
    ) -> AIMessageChunk:
        moved = [
            ToolCallChunk(**{**call, "index": self._first_block + call["index"]})
            if call["index"] is not None
            else call
            for call in calls
        ]
        return AIMessageChunk(
            content=content,
            additional_kwargs=message.additional_kwargs,
            usage_metadata=message.usage_metadata,
            tool_call_chunks=moved,
            id=self._identity or message.id,
        )

    def _unsaid(self, about: Any) -> dict[str, Any]:
        """Return metadata that no earlier turn gave: merging would write values together."""
        metadata = about if isinstance(about, dict) else about.generation_info or {}
        return {k: v for k, v in metadata.items() if k not in self._said}

    def _remember(self, chunk: ChatGenerationChunk, message: AIMessageChunk) -> None:
        self._new_said.update(message.response_metadata, chunk.generation_info or {})

    def held_back(self) -> Iterator[ChatGenerationChunk]:
        for chunk in self._last:
            message = chunk.message
            metadata, info = self._unsaid(message.response_metadata), self._unsaid(chunk)
            if metadata or info or _position(message):
                empty = AIMessageChunk(content="", id=self._identity or message.id)
                yield _chunk(empty, metadata, info, position=_position(message))

    def following(self) -> _Stream:
        whole = self._whole
        blocks = whole.content if whole is not None and isinstance(whole.content, list) else []
        indices = [
            b["index"] for b in blocks if isinstance(b, dict) and isinstance(b.get("index"), int)
        ]
        calls = [c.get("index") for c in whole.tool_call_chunks] if whole is not None else []
        used = max([*indices, *(i for i in calls if isinstance(i, int)), len(blocks) - 1, 0])
        text = bool(whole is not None and isinstance(whole.content, str) and whole.content)
        return _Stream(
            self._first_block + used + 1,
            self._said | self._new_said,
            self._identity or (whole.id if whole is not None else None),
            after_text=text or self._after_text,
        )


def _position(message: BaseMessage) -> Any:
    return getattr(message, "chunk_position", None)


def _chunk(
    message: AIMessageChunk,
    metadata: dict[str, Any],
    info: dict[str, Any] | None,
    *,
    position: Any,
) -> ChatGenerationChunk:
    update: dict[str, Any] = {"response_metadata": metadata}
    if position is not None:
        update["chunk_position"] = position
    return ChatGenerationChunk(
        message=message.model_copy(update=update), generation_info=info or None
    )


def _calls(message: AIMessage) -> list[tuple[str, str, Any]]:
    """Return id, name and arguments of every call of a turn, those that are no JSON included."""
    return [
        (str(call.get("id") or ""), str(call.get("name") or ""), call.get("args"))
        for call in (*message.tool_calls, *message.invalid_tool_calls)
    ]


def _ids(message: AIMessage, step: LoopStep) -> frozenset[str]:
    calls = _calls(message)
    return frozenset(call[0] for i, call in enumerate(calls) if step.answers or i in step.dropped)


def _bare(generation: ChatGeneration) -> ChatGeneration:
    """Return one of several answers without retrievals: nobody can go on with all of them."""
    message = generation.message
    if not isinstance(message, AIMessage):
        return generation
    dropped = frozenset(i for i, name, _ in _calls(message) if name == RETRIEVAL_TOOL)
    if not dropped:
        return generation
    return generation.model_copy(update={"message": _without(message, dropped)})


def _without(message: AIMessage, ids: frozenset[str]) -> AIMessage:
    """Return a turn without some of its calls, wherever it holds them."""
    if not ids:
        return message
    content = message.content
    if not isinstance(content, str):
        content = [b for b in content if not (isinstance(b, dict) and _block_id(b) in ids)]
    kwargs = dict(message.additional_kwargs)
    if isinstance(kwargs.get("tool_calls"), list):
        kwargs["tool_calls"] = [c for c in kwargs["tool_calls"] if c.get("id") not in ids]
    return message.model_copy(
        update={
            "content": content,
            "additional_kwargs": kwargs,
            "tool_calls": [c for c in message.tool_calls if c["id"] not in ids],
            "invalid_tool_calls": [c for c in message.invalid_tool_calls if c["id"] not in ids],
        }
    )


def _block_id(block: dict[str, Any]) -> Any:
    if "name" not in block:
        return None
    return block.get("call_id") or block.get("id")


def _joined(turns: Sequence[AIMessage]) -> AIMessage:
    """Return one message for several turns: all that they say, and all that they used."""
    *earlier, last = turns
    content: Any = last.content
    usage = last.usage_metadata
    metadata = dict(last.response_metadata)
    for turn in reversed(earlier):
        content = _said_before(turn.content, content)
        usage = add_usage(turn.usage_metadata, usage) if turn.usage_metadata or usage else None
        for key in _USAGE_KEYS:
            if key in metadata or key in turn.response_metadata:
                metadata[key] = summed_usage(turn.response_metadata.get(key), metadata.get(key))
    return last.model_copy(
        update={"content": content, "usage_metadata": usage, "response_metadata": metadata}
    )


def _said_before(first: Any, second: Any) -> Any:
    if not first:
        return second
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}{_PARAGRAPH}{second}" if second else first
    return [*_blocks(first), *_blocks(second)]


def _blocks(content: Any) -> list[Any]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return list(content)
