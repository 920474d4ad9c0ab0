"""What compression did to one model call, and where LangChain users find it: response_metadata."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, TypedDict, TypeVar

from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from headroom import RewriteResult

METADATA_KEY = "headroom"

G = TypeVar("G", bound=ChatGeneration)


class _Numbers(TypedDict):
    tokens_before: int
    tokens_after: int
    tokens_saved: int
    overhead_tokens: int
    savings: float
    counter: str
    handles: list[str]


class Savings(_Numbers, total=False):
    """``response_metadata["headroom"]``: numbers and handles, never text.

    Attributes:
        tokens_before: Tokens of all texts of the conversation as given.
        tokens_after: Tokens of the same texts as sent.
        tokens_saved: What was saved, net of ``overhead_tokens``.
        overhead_tokens: Tokens of the retrieval tool's schema, where the model is given it.
        savings: ``tokens_saved`` as a fraction of ``tokens_before``.
        counter: What the tokens were counted with.
        handles: Handles of everything that was left out; see `headroom.Compressor.retrieve`.
        retrievals: Only on whole answers for which the model fetched something: how often.
        error: Only after a failed compression: the name of the error's type. The conversation
            was sent as it was; nothing was counted.
    """

    retrievals: int
    error: str


def with_retrievals(savings: Savings, retrievals: int) -> Savings:
    """Return the numbers with the calls of the retrieval tool that were answered, if any were."""
    return Savings(**{**savings, "retrievals": retrievals}) if retrievals else savings


def savings_of(result: RewriteResult) -> Savings:
    """Return the numbers of a compression."""
    before, after, overhead = result.tokens_before, result.tokens_after, result.overhead_tokens
    saved = before - after - overhead
    return Savings(
        tokens_before=before,
        tokens_after=after,
        tokens_saved=saved,
        overhead_tokens=overhead,
        savings=saved / before if before else 0.0,
        counter=result.counter_name,
        handles=list(result.handles),
    )


def nothing_saved(error: Exception, counter: str) -> Savings:
    """Return the numbers of a call whose compression failed."""
    return Savings(
        tokens_before=0,
        tokens_after=0,
        tokens_saved=0,
        overhead_tokens=0,
        savings=0.0,
        counter=counter,
        handles=[],
        error=type(error).__name__,
    )


def note_on_result(result: ChatResult, savings: Savings) -> ChatResult:
    """Return the result with the savings on its first message.

    Only on the first: a call with several generations was still paid for once.
    """
    noted = [_noted(first, savings) for first in result.generations[:1]]
    return result.model_copy(update={"generations": [*noted, *result.generations[1:]]})


def note_on_stream(
    chunks: Iterator[ChatGenerationChunk], savings: Savings
) -> Iterator[ChatGenerationChunk]:
    """Pass a stream on with the savings on its first chunk.

    Only on one: merging chunks adds strings and lists up.
    """
    for chunk in chunks:
        yield _noted(chunk, savings)
        break
    yield from chunks


async def note_on_async_stream(
    chunks: AsyncIterator[ChatGenerationChunk], savings: Savings
) -> AsyncIterator[ChatGenerationChunk]:
    """Do what `note_on_stream` does."""
    first = True
    async for chunk in chunks:
        yield _noted(chunk, savings) if first else chunk
        first = False


def _noted(generation: G, savings: Savings) -> G:
    # Copies, because a model may hand out an object of its own that it will hand out again.
    message: BaseMessage = generation.message
    metadata: dict[str, Any] = {**message.response_metadata, METADATA_KEY: savings}
    noted = message.model_copy(update={"response_metadata": metadata})
    return generation.model_copy(update={"message": noted})
