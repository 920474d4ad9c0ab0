"""Putting the wrapper where the model stands, in everything that providers build around it."""

from typing import Any

from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import (
    RunnableLambda,
    RunnableMap,
    RunnablePassthrough,
    RunnableSequence,
)
from scripted import ScriptedChat

from headroom_langchain.binding import rewrap

OLD, NEW = ScriptedChat(), ScriptedChat(model_name="new")


def models(runnable: Any) -> list[Any]:
    """Every chat model inside, found by what the runnables themselves say of their parts."""
    return [n.data for n in runnable.get_graph().nodes.values() if isinstance(n.data, ScriptedChat)]


def swap(runnable: Any) -> Any:
    return rewrap(runnable, lambda model: NEW)


def test_a_binding_keeps_its_arguments_and_type() -> None:
    bound = OLD.bind(stop=["x"])
    new = swap(bound)
    assert (type(new), new.kwargs, new.bound) == (type(bound), {"stop": ["x"]}, NEW)
    assert bound.bound is OLD


def test_a_sequence_keeps_its_name_and_its_other_steps() -> None:
    parser = StrOutputParser()
    sequence = RunnableSequence(OLD.bind(a=1), parser, name="chain")
    new = swap(sequence)
    assert (new.name, new.steps[-1]) == ("chain", parser)
    assert new.steps[0].bound is NEW


def test_branches_assignments_and_fallbacks_are_followed() -> None:
    parsed = RunnablePassthrough.assign(parsed=lambda _: 1)
    whole = RunnableMap(raw=OLD.with_retry()) | parsed.with_fallbacks([parsed])
    assert swap(whole).steps[0].steps__["raw"].bound is NEW
    spare = OLD.with_fallbacks([OLD.bind(a=1)])
    assert swap(spare).runnable is NEW
    assert swap(spare).fallbacks[0].bound is NEW
    assigned = RunnablePassthrough.assign(answer=OLD)
    assert swap(assigned).mapper.steps__["answer"] is NEW


def test_what_holds_no_model_is_the_same_object() -> None:
    parser = StrOutputParser()
    for runnable in (
        parser,
        parser.bind(a=1),
        parser | parser,
        RunnableMap(a=parser),
        RunnablePassthrough.assign(a=parser),
        parser.with_fallbacks([parser]),
        RunnableLambda(str),
    ):
        assert swap(runnable) is runnable
