"""The wrapper itself: how it is made, what it passes on, and what it reports."""

import asyncio
import copy
import json
import logging
import pickle
import threading
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel, FakeListLLM
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.rate_limiters import BaseRateLimiter
from langchain_core.runnables import ConfigurableField, RunnableLambda
from observed import CONVERSATION, ROWS, Joke
from scripted import ScriptedChat

from headroom import CompressionConfig, Compressor, MemoryStore, Segment, ToolRule
from headroom_conformance import FailingProbe, Probe
from headroom_langchain import HeadroomChatModel


def wrapped(**settings: Any) -> tuple[HeadroomChatModel, ScriptedChat]:
    inner = ScriptedChat(**settings)
    return HeadroomChatModel(inner, compressor=Probe()), inner


def test_a_configuration_is_enough() -> None:
    config = CompressionConfig(tools={"list_*": ToolRule(off=True)})
    inner = ScriptedChat()
    HeadroomChatModel(inner, config=config).invoke(CONVERSATION)
    assert inner.seen[0][2].content == ROWS


def test_a_compressor_and_a_configuration_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="not both"):
        HeadroomChatModel(ScriptedChat(), compressor=Probe(), config=CompressionConfig())


@pytest.mark.parametrize(
    ("llm", "hint"),
    [
        ("gpt-4o", "got str"),
        (FakeListLLM(responses=["a"]), "got FakeListLLM"),
        (RunnableLambda(str), "got RunnableLambda"),
        (ScriptedChat().bind(stop=["x"]), "wrap the chat model first"),
        (ScriptedChat().with_retry(), "got RunnableRetry"),
        (type("_ConfigurableModel", (), {})(), "wrap the concrete model"),
    ],
)
def test_what_is_no_chat_model_is_refused_with_advice(llm: Any, hint: str) -> None:
    with pytest.raises(TypeError, match=hint):
        HeadroomChatModel(llm)


@pytest.mark.parametrize("settings", [{"compressor": "mine"}, {"config": {"min_tokens": 1}}])
def test_settings_of_the_wrong_type_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        HeadroomChatModel(ScriptedChat(), **settings)


def test_a_field_that_no_chat_model_has_is_refused() -> None:
    with pytest.raises(TypeError, match=r"temperature.*wrapped model"):
        HeadroomChatModel(ScriptedChat(), temperature=0)


def test_a_field_of_every_chat_model_may_differ() -> None:
    model = HeadroomChatModel(ScriptedChat(tags=["inner"]), tags=["outer"])
    assert model.tags == ["outer"]


def test_wrapping_a_wrapper_wraps_the_model_inside_and_keeps_its_compressor() -> None:
    once, inner = wrapped()
    twice = HeadroomChatModel(once)
    assert (twice.llm, twice.compressor) == (inner, once.compressor)
    twice.invoke(CONVERSATION)
    assert twice.compressor.calls == 1


def test_wrapping_a_wrapper_with_another_compressor_uses_only_that() -> None:
    once, inner = wrapped()
    other = Probe()
    HeadroomChatModel(once, compressor=other).invoke(CONVERSATION)
    assert (other.calls, once.compressor.calls, len(inner.seen)) == (1, 0, 1)


def test_attributes_are_the_wrapped_models() -> None:
    model, _ = wrapped(temperature=0.5, profile={"max_input_tokens": 1000})
    assert (model.model_name, model.temperature) == ("scripted-1", 0.5)
    assert model.profile == {"max_input_tokens": 1000}
    assert model.get_name() == "ScriptedChat"


def test_an_attribute_that_the_wrapped_model_lacks_is_missing() -> None:
    assert not hasattr(wrapped()[0], "no_such_attribute")
    assert not hasattr(wrapped()[0], "_no_such_attribute")


def test_tokens_are_counted_by_the_wrapped_model() -> None:
    model, _ = wrapped(custom_get_token_ids=lambda text: [7] * len(text))
    assert model.get_num_tokens("four") == 4
    assert model.get_token_ids("ab") == [7, 7]
    assert model.get_num_tokens_from_messages([HumanMessage("four")]) == len("Human: four")


def test_it_survives_a_deep_copy_with_its_compressor() -> None:
    model, _ = wrapped()
    twin = copy.deepcopy(model)
    twin.invoke(CONVERSATION)
    assert twin.llm is not model.llm
    assert twin.compressor is model.compressor


def test_it_survives_pickling() -> None:
    model = HeadroomChatModel(
        ScriptedChat(temperature=0.5), config=CompressionConfig(min_tokens=50)
    )
    twin = pickle.loads(pickle.dumps(model))
    assert (twin.temperature, twin.compressor.config) == (0.5, model.compressor.config)
    assert twin.invoke(CONVERSATION).response_metadata["headroom"]["tokens_saved"] > 0


def test_fields_can_be_made_configurable() -> None:
    model, inner = wrapped()
    chosen = model.configurable_fields(tags=ConfigurableField("tags"))
    chosen.invoke(CONVERSATION, {"configurable": {"tags": ["run"]}})
    assert inner.seen[0][2].content != ROWS


def test_streaming_can_be_switched_off_on_the_wrapper() -> None:
    model, _ = wrapped()
    assert len(list(model.stream(CONVERSATION))) > 1
    model.disable_streaming = True
    assert len(list(model.stream(CONVERSATION))) == 1


def test_an_answer_says_what_was_saved() -> None:
    model, inner = wrapped()
    said = model.invoke(CONVERSATION).response_metadata["headroom"]
    count = model.compressor.counter.count
    assert said["tokens_before"] == sum(count(str(m.content)) for m in CONVERSATION)
    assert said["tokens_after"] == sum(count(str(m.content)) for m in inner.seen[0])
    assert said["tokens_saved"] == said["tokens_before"] - said["tokens_after"] > 0
    assert said["savings"] == said["tokens_saved"] / said["tokens_before"]
    assert said["overhead_tokens"] == 0
    assert said["counter"].startswith("o200k_base")


def test_a_handle_in_the_savings_gives_the_original_back() -> None:
    config = CompressionConfig(fidelity="aggressive")
    model = HeadroomChatModel(ScriptedChat(), compressor=Probe(config))
    (handle,) = model.invoke(CONVERSATION).response_metadata["headroom"]["handles"]
    assert model.compressor.retrieve(handle).text == ROWS


def test_numbers_and_handles_are_all_that_is_said() -> None:
    said = wrapped()[0].invoke(CONVERSATION).response_metadata["headroom"]
    assert "latency_ms" not in json.dumps(said)


def test_the_counter_is_named_after_the_model_in_use() -> None:
    model, _ = wrapped()
    said = model.invoke(CONVERSATION, model="gpt-4o").response_metadata["headroom"]
    assert said["counter"] == "o200k_base"
    said = model.invoke(CONVERSATION, model="claude-opus-5").response_metadata["headroom"]
    assert said["counter"] == "o200k_base reference"


def test_a_stream_says_it_once_and_its_sum_as_an_answer_does() -> None:
    model, _ = wrapped()
    chunks = list(model.stream(CONVERSATION))
    assert sum("headroom" in chunk.response_metadata for chunk in chunks) == 1
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    answer = model.invoke(CONVERSATION)
    assert whole.response_metadata["headroom"] == answer.response_metadata["headroom"]


def test_a_call_with_several_answers_says_it_once() -> None:
    class Several(ScriptedChat):
        def _generate(self, messages: Any, **kwargs: Any) -> ChatResult:
            one = [ChatGeneration(message=AIMessage(text)) for text in ("a", "b")]
            return ChatResult(generations=one)

    model = HeadroomChatModel(Several(), compressor=Probe())
    (answers,) = model.generate([CONVERSATION]).generations
    assert ["headroom" in a.message.response_metadata for a in answers] == [True, False]


def test_a_call_without_an_answer_is_passed_on() -> None:
    class Mute(ScriptedChat):
        def _generate(self, messages: Any, **kwargs: Any) -> ChatResult:
            return ChatResult(generations=[])

    model = HeadroomChatModel(Mute(), compressor=Probe())
    assert model.generate([CONVERSATION]).generations == [[]]


def test_an_answer_that_the_model_hands_out_again_is_not_marked() -> None:
    own = AIMessage("always this one")
    model = HeadroomChatModel(FakeMessagesListChatModel(responses=[own]), compressor=Probe())
    first = model.invoke(CONVERSATION).response_metadata["headroom"]
    second = model.invoke("hello").response_metadata["headroom"]
    assert "headroom" not in own.response_metadata
    assert first["tokens_before"] > second["tokens_before"]


def test_structured_output_with_the_raw_answer_says_it() -> None:
    model, _ = wrapped()
    answer = model.with_structured_output(Joke, include_raw=True).invoke(CONVERSATION)
    assert answer["raw"].response_metadata["headroom"]["tokens_saved"] > 0


def test_a_failing_compressor_is_named_in_the_answer() -> None:
    model = HeadroomChatModel(ScriptedChat(), compressor=FailingProbe())
    said = model.invoke(CONVERSATION).response_metadata["headroom"]
    assert (said["error"], said["tokens_saved"], said["handles"]) == ("EngineError", 0, [])


def test_a_failing_compressor_is_logged_without_the_conversation(
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = HeadroomChatModel(ScriptedChat(), compressor=FailingProbe())
    with caplog.at_level(logging.DEBUG, logger="headroom_langchain"):
        model.invoke(CONVERSATION)
    (record,) = caplog.records
    assert "EngineError at probe.py:" in record.getMessage()
    assert "latency_ms" not in caplog.text
    assert record.exc_info is None


def test_rewrites_that_do_not_fit_send_the_conversation_as_it_was() -> None:
    class Short(Probe):
        def rewrite(self, segments: Any, **arguments: Any) -> Any:
            return super().rewrite(segments[:-1], **arguments)

    inner = ScriptedChat()
    HeadroomChatModel(inner, compressor=Short()).invoke(CONVERSATION)
    assert inner.seen == [CONVERSATION]


def test_an_error_of_the_model_is_the_callers() -> None:
    class Broken(ScriptedChat):
        def _generate(self, messages: Any, **kwargs: Any) -> ChatResult:
            raise ConnectionError("down")

    with pytest.raises(ConnectionError):
        HeadroomChatModel(Broken(), compressor=Probe()).invoke(CONVERSATION)


def test_callbacks_of_the_wrapped_model_hear_each_event_once() -> None:
    class Counting(BaseCallbackHandler):
        starts = ends = 0

        def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
            self.starts += 1

        def on_llm_end(self, *args: Any, **kwargs: Any) -> None:
            self.ends += 1

    handler = Counting()
    wrapped(callbacks=[handler])[0].invoke(CONVERSATION)
    assert (handler.starts, handler.ends) == (1, 1)


@pytest.mark.parametrize("call", ["invoke", "stream"])
def test_the_rate_limiter_is_asked_once(call: str) -> None:
    class Limiter(BaseRateLimiter):
        asked = 0

        def acquire(self, *, blocking: bool = True) -> bool:
            self.asked += 1
            return True

        async def aacquire(self, *, blocking: bool = True) -> bool:
            raise AssertionError

    limiter = Limiter()
    list(getattr(wrapped(rate_limiter=limiter)[0], call)(CONVERSATION))
    assert limiter.asked == 1


def test_a_cached_answer_is_neither_compressed_for_nor_asked_for_again() -> None:
    model, inner = wrapped(cache=InMemoryCache())
    answers = [model.invoke(CONVERSATION) for _ in range(2)]
    assert (len(inner.seen), model.compressor.calls) == (1, 1)
    assert answers[0].content == answers[1].content


def test_the_cache_tells_the_bare_model_and_each_configuration_apart() -> None:
    cache = InMemoryCache()
    inner = ScriptedChat(cache=cache)
    inner.invoke(CONVERSATION)
    HeadroomChatModel(inner, config=CompressionConfig()).invoke(CONVERSATION)
    HeadroomChatModel(inner, config=CompressionConfig(min_tokens=7)).invoke(CONVERSATION)
    assert len(inner.seen) == 3


def test_a_retry_compresses_again_and_sends_the_same() -> None:
    class Flaky(ScriptedChat):
        def _answer(self, messages: Any, **kwargs: Any) -> AIMessage:
            answer = super()._answer(messages, **kwargs)
            if len(self.seen) == 1:
                raise ConnectionError("try again")
            return answer

    inner = Flaky()
    model = HeadroomChatModel(inner, compressor=Probe())
    model.with_retry(wait_exponential_jitter=False).invoke(CONVERSATION)
    assert inner.seen[0] == inner.seen[1]
    assert inner.seen[0][2].content != ROWS


def test_a_fallback_that_is_not_wrapped_gets_the_originals() -> None:
    class Broken(ScriptedChat):
        def _answer(self, messages: Any, **kwargs: Any) -> AIMessage:
            raise ConnectionError("down")

    spare = ScriptedChat()
    HeadroomChatModel(Broken(), compressor=Probe()).with_fallbacks([spare]).invoke(CONVERSATION)
    assert spare.seen == [CONVERSATION]


@pytest.mark.parametrize("call", ["ainvoke", "astream"])
def test_an_asynchronous_call_compresses_off_the_event_loop(call: str) -> None:
    class Noting(Probe):
        threads: frozenset[int] = frozenset()

        def rewrite(self, segments: Any, **arguments: Any) -> Any:
            self.threads |= {threading.get_ident()}
            return super().rewrite(segments, **arguments)

    compressor = Noting()
    model = HeadroomChatModel(ScriptedChat(), compressor=compressor)

    async def run() -> int:
        if call == "ainvoke":
            await model.ainvoke(CONVERSATION)
        else:
            async for _ in model.astream(CONVERSATION):
                pass
        return threading.get_ident()

    assert asyncio.run(run()) not in compressor.threads
    assert compressor.threads


def test_many_threads_may_share_one_model() -> None:
    model, inner = wrapped()
    model.batch([CONVERSATION] * 16, {"max_concurrency": 8})
    assert len(inner.seen) == 16
    assert all(received == inner.seen[0] for received in inner.seen)


def test_a_model_that_hides_itself_is_used_as_it_is_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Hiding(ScriptedChat):
        def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
            return RunnableLambda(lambda messages: self.invoke(messages))

    model = HeadroomChatModel(Hiding(), compressor=Probe())
    answer = model.bind_tools([Joke]).invoke(CONVERSATION)
    assert answer.content == "hello from the script"
    assert "sent uncompressed" in caplog.text


def test_a_binding_to_a_changed_copy_is_wrapped_with_what_changed() -> None:
    class Copying(ScriptedChat):
        def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
            return self.model_copy(update={"tags": ["bound"], "temperature": 1.0})

    compressor = Probe()
    model = HeadroomChatModel(Copying(), compressor=compressor)
    bound: Any = model.bind_tools([Joke])
    bound.invoke(CONVERSATION)
    assert isinstance(bound, HeadroomChatModel)
    assert (bound.tags, bound.temperature, compressor.calls) == (["bound"], 1.0, 1)


def test_a_model_that_binds_no_tools_says_so_as_before() -> None:
    class Toolless(ScriptedChat):
        bind_tools = BaseChatModel.bind_tools

    with pytest.raises(NotImplementedError):
        HeadroomChatModel(Toolless()).bind_tools([Joke])


def test_originals_go_to_the_store_of_the_compressor_that_was_given() -> None:
    store = MemoryStore()
    config = CompressionConfig(fidelity="aggressive")
    model = HeadroomChatModel(ScriptedChat(), compressor=Compressor(config, store=store))
    (handle,) = model.invoke(CONVERSATION).response_metadata["headroom"]["handles"]
    assert store.get(handle) == ROWS


def test_every_text_is_read_so_that_questions_steer() -> None:
    model, _ = wrapped()
    model.invoke(CONVERSATION)
    roles = [segment.role for segment in model.compressor.segments]
    assert roles == ["user", "assistant", "tool"]
    assert isinstance(model.compressor.segments[0], Segment)


def test_what_middlewares_and_traces_recognise_a_model_by_is_the_wrapped_models() -> None:
    model, inner = wrapped(temperature=0.5)
    assert model._llm_type == "scripted-chat"
    assert model._identifying_params == inner._identifying_params
    assert not model.is_lc_serializable()


def test_a_wrapper_that_a_binding_brings_along_is_not_wrapped_again() -> None:
    spare, behind = wrapped()

    class Spared(ScriptedChat):
        def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
            return self.with_fallbacks([spare])

        def _answer(self, messages: Any, **kwargs: Any) -> AIMessage:
            raise ConnectionError("down")

    HeadroomChatModel(Spared(), compressor=Probe()).bind_tools([Joke]).invoke(CONVERSATION)
    assert (spare.compressor.calls, len(behind.seen)) == (1, 1)


def test_a_stream_without_a_chunk_ends_as_before() -> None:
    class Mute(ScriptedChat):
        def _stream(self, messages: Any, **kwargs: Any) -> Any:
            yield from ()

    with pytest.raises(ValueError, match="No generation chunks"):
        list(HeadroomChatModel(Mute(), compressor=Probe()).stream(CONVERSATION))
