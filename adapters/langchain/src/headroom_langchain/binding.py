"""Put a wrapper where the wrapped model stands inside what LangChain built around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import (
    Runnable,
    RunnableParallel,
    RunnableSequence,
    RunnableWithFallbacks,
)
from langchain_core.runnables.base import RunnableBindingBase
from langchain_core.runnables.passthrough import RunnableAssign

Wrap = Callable[[BaseChatModel], BaseChatModel]


def rewrap(runnable: Any, wrap: Wrap) -> Any:
    """Return ``runnable`` with every chat model in it replaced by ``wrap(model)``.

    Providers build more than a binding for tools and structured output: sequences with parsers,
    parallel branches, fallbacks. Their arguments, parsers and types stay as the provider chose
    them. The same object comes back when there is no chat model in it.
    """
    if isinstance(runnable, BaseChatModel):
        return wrap(runnable)
    if isinstance(runnable, RunnableBindingBase):
        return _with(runnable, "bound", rewrap(runnable.bound, wrap))
    if isinstance(runnable, RunnableSequence):
        steps = [rewrap(step, wrap) for step in runnable.steps]
        if _same(steps, runnable.steps):
            return runnable
        return RunnableSequence(*steps, name=runnable.name)
    if isinstance(runnable, RunnableParallel):
        branches = {key: rewrap(step, wrap) for key, step in runnable.steps__.items()}
        if _same(list(branches.values()), list(runnable.steps__.values())):
            return runnable
        return runnable.model_copy(update={"steps__": branches})
    if isinstance(runnable, RunnableAssign):
        return _with(runnable, "mapper", rewrap(runnable.mapper, wrap))
    if isinstance(runnable, RunnableWithFallbacks):
        fallbacks = [rewrap(fallback, wrap) for fallback in runnable.fallbacks]
        changed = _with(runnable, "runnable", rewrap(runnable.runnable, wrap))
        return (
            changed
            if _same(fallbacks, list(runnable.fallbacks))
            else changed.model_copy(update={"fallbacks": fallbacks})
        )
    return runnable


def _with(runnable: Any, field: str, value: Runnable[Any, Any]) -> Any:
    same = value is getattr(runnable, field)
    return runnable if same else runnable.model_copy(update={field: value})


def _same(new: list[Any], old: list[Any]) -> bool:
    return all(a is b for a, b in zip(new, old, strict=True))
