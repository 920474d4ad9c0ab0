"""Whatever LangChain lets a caller see of a call is as with the bare model, but for the savings."""

from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from observed import CONVERSATION, PARALLEL, PATHS, ROWS, Recorder, plain
from scripted import FailingChat, NativeEventsChat, ScriptedChat, SilentChat

from headroom import Compressor, MemoryStore
from headroom_langchain import HeadroomChatModel

pytestmark = pytest.mark.filterwarnings("ignore:The method `BaseChatModel.*is in beta")


class Unchanging(Compressor):
    """Rewrites nothing, so that both models receive the same and answer the same."""

    def rewrite(self, segments: Any, **arguments: Any) -> Any:
        with self.bypass():
            return super().rewrite(segments, **arguments)


def observe(model: BaseChatModel, path: str) -> tuple[Any, list[Any]]:
    recorder = Recorder()
    try:
        outcome = plain(PATHS[path](model, {"callbacks": [recorder], "metadata": {"user": "7"}}))
    except (ConnectionError, NotImplementedError) as error:
        outcome = repr(error)
    if path in PARALLEL:
        # In which order branches that run at the same time report is a matter of timing.
        recorder.events.sort(key=repr)
    return outcome, recorder.events


def wrapped(model: BaseChatModel) -> HeadroomChatModel:
    return HeadroomChatModel(model, compressor=Unchanging(store=MemoryStore()))


SETTINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "streaming": {"streaming": True},
    "v1": {"output_version": "v1"},
    "tagged": {"tags": ["shop"], "metadata": {"team": "payments"}},
    "never streaming": {"disable_streaming": True},
    "not for tools": {"disable_streaming": "tool_calling"},
}


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("path", PATHS)
def test_a_call_looks_the_same(path: str, settings: str) -> None:
    bare = observe(ScriptedChat(**SETTINGS[settings]), path)
    assert observe(wrapped(ScriptedChat(**SETTINGS[settings])), path) == bare
    assert bare[1], "nothing was observed"


@pytest.mark.parametrize("model", [SilentChat, NativeEventsChat])
@pytest.mark.parametrize("path", PATHS)
def test_a_call_looks_the_same_on_unusual_models(path: str, model: type[ScriptedChat]) -> None:
    bare = observe(model(), path)
    assert observe(wrapped(model()), path) == bare
    assert bare[1], "nothing was observed"


# Whether the rest of a batch is still run when one call has failed is a matter of timing.
@pytest.mark.parametrize("path", [path for path in PATHS if "batch" not in path])
def test_a_failing_call_looks_the_same(path: str) -> None:
    bare = observe(FailingChat(), path)
    assert observe(wrapped(FailingChat()), path) == bare
    assert any(event[0] == "error" for event in bare[1])


@pytest.mark.parametrize("path", PATHS)
def test_on_every_path_the_model_receives_a_shorter_conversation_once(path: str) -> None:
    bare, inner = ScriptedChat(), ScriptedChat()
    observe(bare, path)
    observe(HeadroomChatModel(inner, compressor=Compressor(store=MemoryStore())), path)
    assert len(inner.seen) == len(bare.seen)
    for received in inner.seen:
        assert received[:2] == CONVERSATION[:2]
        assert len(str(received[2].content)) < 0.9 * len(ROWS)


@pytest.mark.parametrize("path", PATHS)
def test_on_every_path_the_traces_show_the_callers_own_messages(path: str) -> None:
    recorder = Recorder()
    model = HeadroomChatModel(ScriptedChat(), compressor=Compressor(store=MemoryStore()))
    PATHS[path](model, {"callbacks": [recorder]})
    starts = [event for event in recorder.events if event[0] == "start"]
    assert starts
    assert all(event[2] == [CONVERSATION] for event in starts)
