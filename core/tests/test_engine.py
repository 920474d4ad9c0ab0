from typing import Any

import pytest

from headroom import (
    CompressionConfig,
    Compressor,
    Content,
    Encoding,
    Goal,
    HandleCollisionError,
    MemoryStore,
    Segment,
    Selection,
    StoreError,
    ToolRule,
    expand,
)
from headroom.originals.handles import handle_of
from headroom.originals.markers import read_marker

from conversations import HalvesCompressor, chat, repeated_text, varied_text  # isort: skip


def compressor(store: Any = None, own: Any = None, **settings: Any) -> Compressor:
    return Compressor(
        CompressionConfig(**settings),
        store=store or MemoryStore(),
        compressors=(own or HalvesCompressor(),),
    )


def test_a_lossless_form_is_preferred_while_it_is_small() -> None:
    c = compressor()
    result = c.compress(chat(repeated_text()))
    assert result.decisions[2].action == "encoded"
    assert result.handles == ()
    assert c.expand(result.messages[2]["content"]) == repeated_text()


def test_a_selection_carries_a_marker_whose_handle_gives_the_original_back() -> None:
    c = compressor()
    result = c.compress(chat(varied_text()))
    marker = read_marker(result.messages[2]["content"])
    assert marker is not None
    assert (marker.unit, marker.kept, marker.total) == ("lines", 100, 201)
    assert marker.summary == "the rest follows"
    assert c.retrieve(marker.handle).text == varied_text()
    assert result.handles == (marker.handle,) == result.decisions[2].handles


def test_lossless_fidelity_never_selects() -> None:
    result = compressor(fidelity="lossless").compress(chat(varied_text()))
    assert result.decisions[2].action == "kept"


def test_without_retrieval_nothing_is_left_out() -> None:
    result = compressor(retrieval="none").compress(chat(varied_text()))
    assert result.handles == ()
    assert result.decisions[2].action == "kept"


def test_the_retrieval_tool_is_named_only_when_the_model_has_it() -> None:
    with_tool = compressor(retrieval="tool").compress(chat(varied_text()))
    assert with_tool.messages[2]["content"].startswith("[headroom_retrieve ")
    assert 0 < with_tool.overhead_tokens <= 120
    without = compressor().compress(chat(varied_text()))
    assert without.messages[2]["content"].startswith("[headroom ")
    assert without.overhead_tokens == 0


def test_small_texts_are_left_alone_and_the_decision_says_so() -> None:
    result = compressor().compress(chat("halves\nhalves"))
    assert result.decisions[2].reason == "under 100 tokens"


def test_flagged_errors_stay_verbatim_up_to_their_limit() -> None:
    c = compressor()
    [small] = c.rewrite([Segment(text=varied_text(100), role="tool", is_error=True)]).rewrites
    [large] = c.rewrite([Segment(text=varied_text(900), role="tool", is_error=True)]).rewrites
    assert small is None
    assert large is not None


def test_unprotected_errors_are_texts_like_any_other() -> None:
    c = compressor(protect_errors=False)
    segment = Segment(text=varied_text(100), role="tool", is_error=True)
    assert c.rewrite([segment]).rewrites[0] is not None


@pytest.mark.parametrize("tool", ["headroom_retrieve", "mcp__headroom__headroom_retrieve"])
def test_a_retrievals_result_is_never_compressed(tool: str) -> None:
    messages = chat(varied_text(), tool=tool)
    assert compressor().compress(messages).messages is messages


def test_a_pinned_segment_is_left_alone() -> None:
    done = compressor().rewrite([Segment(text=varied_text(), role="tool", pinned=True)])
    assert done.rewrites == (None,)
    assert done.decisions[0].reason == "pinned by the caller"


def test_a_tool_can_be_switched_off_and_given_its_own_fidelity() -> None:
    rules = {"off": ToolRule(off=True), "exact": ToolRule(fidelity="lossless")}
    c = compressor(tools=rules)
    assert c.compress(chat(varied_text(), tool="off")).decisions[2].action == "kept"
    assert c.compress(chat(varied_text(), tool="exact")).decisions[2].action == "kept"
    assert c.compress(chat(varied_text(), tool="other")).decisions[2].action == "selected"


def test_people_and_models_are_not_compressed_unless_named() -> None:
    messages = [
        {"role": "user", "content": varied_text()},
        {"role": "assistant", "content": varied_text()},
        {"role": "user", "content": varied_text().replace("holds", "shows")},
    ]
    assert compressor().compress(messages).messages is messages
    named = compressor(roles=("tool", "user")).compress(messages)
    assert [d.action for d in named.decisions] == ["kept", "kept", "selected"]
    assert named.decisions[0].reason == "the first user message states the task"


class Raising(HalvesCompressor):
    def select(self, content: Content, goal: Goal) -> Selection | None:
        raise RuntimeError("secret content of the user")


def test_a_compressor_that_raises_leaves_the_text_and_says_so_without_quoting_it() -> None:
    messages = chat(varied_text())
    result = compressor(own=Raising()).compress(messages)
    assert result.messages is messages
    assert result.decisions[2].reason == "left as it was: RuntimeError in compression"
    assert "secret" not in result.explain()


class Lying(HalvesCompressor):
    def decode(self, encoding: Encoding) -> str:
        return super().decode(encoding) + " "


def test_a_lossless_form_that_does_not_decode_to_the_original_is_not_used() -> None:
    messages = chat(repeated_text())
    result = compressor(own=Lying(), fidelity="lossless").compress(messages)
    assert result.messages is messages


class Miscounting(HalvesCompressor):
    def select(self, content: Content, goal: Goal) -> Selection | None:
        return Selection("lines", 5, 5, "short")


def test_a_selection_whose_counts_do_not_add_up_is_not_used() -> None:
    messages = chat(varied_text())
    assert compressor(own=Miscounting()).compress(messages).messages is messages


class Inflating(HalvesCompressor):
    def select(self, content: Content, goal: Goal) -> Selection | None:
        return Selection("lines", 1, 2, content.text + content.text)


def test_nothing_is_ever_larger() -> None:
    messages = chat(varied_text())
    assert compressor(own=Inflating()).compress(messages).messages is messages


class BrokenStore(MemoryStore):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def put(self, handle: str, original: str, *, namespace: str = "") -> None:
        raise self.error


@pytest.mark.parametrize("error", [StoreError("full"), ConnectionError("gone"), OSError(28, "no")])
def test_a_store_that_fails_means_the_text_stays(error: Exception) -> None:
    messages = chat(varied_text())
    result = compressor(BrokenStore(error)).compress(messages)
    assert result.messages is messages
    assert result.decisions[2].reason == f"left as it was: the store raised {type(error).__name__}"
    assert result.tokens_saved == 0


def test_a_colliding_handle_means_the_text_stays() -> None:
    store = MemoryStore()
    store.put(handle_of(varied_text()), "something else")
    with pytest.raises(HandleCollisionError):
        store.put(handle_of(varied_text()), varied_text())
    messages = chat(varied_text())
    assert compressor(store).compress(messages).messages is messages


def test_every_call_stores_again_each_original_it_marks() -> None:
    c = compressor(store := MemoryStore(max_bytes=5_000))
    first = c.compress(chat(varied_text(100)))
    for n in range(3):
        store.put(f"{n:016x}", "x" * 2_400)
    assert store.get(first.handles[0]) is None
    again = c.compress(chat(varied_text(100)))
    assert again.messages == first.messages
    assert store.get(first.handles[0]) == varied_text(100)


def test_compressing_twice_changes_nothing() -> None:
    c = compressor()
    for content in (repeated_text(), varied_text()):
        once = c.compress(chat(content))
        twice = c.compress(once.messages)
        assert twice.messages is once.messages
        assert twice.decisions[2].reason == "compressed already"


def test_a_forged_marker_is_just_text() -> None:
    c = compressor()
    known = c.compress(chat(varied_text())).messages[2]["content"]
    marker_line = known.split("\n")[0]
    forged = f"{marker_line}\n{varied_text(300)}"
    assert c.compress(chat(forged)).decisions[2].reason != "compressed already"
    unknown = f"[headroom {'0' * 16}: kept 1 of 2 lines]\nanything"
    assert c.compress(chat(unknown)).decisions[2].reason != "compressed already"


def test_a_handle_of_another_namespace_is_unknown() -> None:
    store = MemoryStore()
    ours, theirs = compressor(store, namespace="a"), compressor(store, namespace="b")
    [handle] = ours.compress(chat(varied_text())).handles
    [other] = theirs.compress(chat(varied_text())).handles
    assert handle != other
    with pytest.raises(Exception, match="no original"):
        theirs.retrieve(handle)


def test_a_question_before_a_result_steers_it_and_a_later_one_does_not() -> None:
    seen: list[str] = []

    class Listening(HalvesCompressor):
        def select(self, content: Content, goal: Goal) -> Selection | None:
            seen.append(content.question)
            return super().select(content, goal)

    later = {"role": "user", "content": "And now something else"}
    compressor(own=Listening()).compress([*chat(varied_text()), later])
    assert seen == ["What happened?"]


def test_an_explicit_query_replaces_the_question() -> None:
    seen: list[str] = []

    class Listening(HalvesCompressor):
        def select(self, content: Content, goal: Goal) -> Selection | None:
            seen.append(content.question)
            return super().select(content, goal)

    compressor(own=Listening()).compress(chat(varied_text()), query="value 7")
    assert seen == ["value 7"]


def test_inside_bypass_everything_is_untouched() -> None:
    c = compressor()
    messages = chat(varied_text())
    with c.bypass():
        inside = c.compress(messages)
    assert inside.messages is messages
    assert {d.reason for d in inside.decisions} == {"bypassed", "no text"}
    assert c.compress(messages).messages is not messages


def test_the_module_level_expand_leaves_unknown_notations_alone() -> None:
    text = "[headroom repeat: 3 times]\nx"
    assert expand(text) == text


def test_an_observation_in_a_user_message_is_no_question_and_answers_what_the_model_said() -> None:
    seen: list[tuple[str, str]] = []

    class Listening(HalvesCompressor):
        def select(self, content: Content, goal: Goal) -> Selection | None:
            seen.append((content.question, content.arguments))
            return super().select(content, goal)

    messages = [
        {"role": "user", "content": "Find the bug."},
        {"role": "assistant", "content": "open a.py"},
        {"role": "user", "content": varied_text()},
        {"role": "assistant", "content": "open b.py"},
        {"role": "user", "content": varied_text(190)},
    ]
    compressor(own=Listening(), roles=("tool", "user")).compress(messages)
    assert seen == [("Find the bug.", "open a.py"), ("Find the bug.", "open b.py")]


def test_a_form_that_depends_on_the_kind_of_a_text_is_expanded_as_that_kind() -> None:
    flags = "flags\t\t: " + " ".join(f"feature_{i}" for i in range(60))
    same = (
        "vendor_id\t: Example\nmodel\t\t: 2\nstepping\t: 1\ncache size\t: 1024 KB\nsiblings\t: 2\n"
    )
    text = "".join(f"processor\t: {n}\n{same}core id\t\t: {n}\n{flags}\n\n" for n in range(4))
    c = Compressor(CompressionConfig(fidelity="lossless"), store=MemoryStore())
    result = c.compress(chat(text))
    assert result.decisions[2].action == "encoded"
    assert result.decisions[2].kind == "config"
    assert c.expand(result.messages)[2]["content"] == text
