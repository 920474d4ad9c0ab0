"""The suite passes a good adapter, and each of its tests fails on the fault that it is for."""

from collections.abc import Callable, Iterator
from inspect import signature
from typing import Any, cast

import pretend
import pretend_fetching as fetching
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from headroom import Compressor, RewriteResult
from headroom_conformance import AdapterConformance, Probe
from headroom_conformance.promises import EXAMPLES


class TestAGoodAdapter(pretend.PretendConformance):
    pass


class TestAGoodAdapterThatAnswersRetrievals(fetching.AnsweringConformance):
    pass


class TestAGoodAdapterWhoseFrameworkRunsTools(fetching.RunningConformance):
    pass


def _unshrunk(suite: AdapterConformance, name: str) -> Callable[..., None]:
    """Return a test that stops at the first failing example: here nobody reads a smaller one."""
    test: Any = getattr(suite, name)
    if not hasattr(test, "hypothesis"):
        return cast("Callable[..., None]", test)
    inner = test.hypothesis.inner_test

    @settings(EXAMPLES, phases=[Phase.generate])
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        inner(suite, data=data)

    return run


def _failures(suite: AdapterConformance, name: str) -> Iterator[str]:
    """Yield the name of a test for each way in which it fails."""
    test = _unshrunk(suite, name)
    takes_mode = any(name.endswith("mode") for name in signature(test).parameters)
    for mode in suite.modes if takes_mode else (None,):
        try:
            test() if mode is None else test(mode)
        except Exception as error:  # noqa: BLE001  # whatever a suite raises
            yield f"{type(error).__name__} in {name}"


def _suite(
    adapter: type[pretend.PretendAdapter], base: type = pretend.PretendConformance
) -> AdapterConformance:
    suite: AdapterConformance = type(f"Of{adapter.__name__}", (base,), {"adapter": adapter})()
    return suite


@pytest.mark.parametrize(
    ("adapter", "test"),
    [
        (pretend.Inert, "test_a_conversation_reaches_the_model_shortened"),
        (pretend.Inert, "test_the_core_is_asked_exactly_once_per_model_call"),
        (pretend.AskingTwice, "test_the_core_is_asked_exactly_once_per_model_call"),
        (pretend.Mutating, "test_the_callers_messages_are_not_modified"),
        (pretend.CopyingAll, "test_a_message_that_was_not_shortened_is_the_same_object"),
        (pretend.CopyingAll, "test_nothing_to_do_leaves_every_message_as_it_was"),
        (pretend.Rebuilding, "test_nothing_but_texts_differs"),
        (pretend.FailingClosed, "test_a_failing_engine_lets_the_original_request_through"),
        (pretend.ForgettingTheCall, "test_the_core_is_told_all_that_is_known_about_each_text"),
        (pretend.ForgettingTheCall, "test_what_was_retrieved_is_never_compressed"),
        (pretend.WithAPolicyOfItsOwn, "test_the_model_receives_what_the_core_wrote"),
        (pretend.LookingAhead, "test_a_longer_conversation_starts_with_the_same_messages"),
        (pretend.BelievingMarkers, "test_text_that_looks_like_a_marker_switches_nothing_off"),
        (pretend.TakingMarkersOut, "test_text_that_looks_like_a_marker_is_left_alone"),
        (pretend.WithAStoreOfItsOwn, "test_every_original_comes_back_byte_for_byte"),
        (pretend.WithAStoreOfItsOwn, "test_two_in_a_row_stay_reversible_step_by_step"),
        (pretend.WithAStoreOfItsOwn, "test_a_bypassed_compressor_leaves_everything_as_it_was"),
        (pretend.NamingTheTool, "test_a_marker_names_the_tool_only_where_it_is_answered"),
        (pretend.Swelling, "test_no_text_gets_larger"),
        (pretend.Swelling, "test_what_was_compressed_is_not_compressed_again"),
    ],
)
def test_a_fault_fails_the_test_that_is_for_it(
    adapter: type[pretend.PretendAdapter], test: str
) -> None:
    assert list(_failures(_suite(adapter), test))


def test_a_mode_that_goes_past_the_adapter_fails_the_suite() -> None:
    suite = pretend.NotInStreams()
    assert list(_failures(suite, "test_every_mode_sends_the_same"))
    assert list(_failures(suite, "test_a_conversation_reaches_the_model_shortened"))


ALIKE = "test_every_mode_answers_retrievals_alike"
BYTES = "test_what_the_model_fetches_is_the_original_byte_for_byte"


@pytest.mark.parametrize(
    ("adapter", "test"),
    [
        (fetching.OfferingNothing, "test_a_marker_names_the_tool_only_where_it_is_answered"),
        (fetching.FetchingElsewhere, BYTES),
        (fetching.HandingOn, "test_the_caller_gets_one_answer"),
        (fetching.CountingTheLastTurn, "test_what_all_turns_used_is_added_up"),
        (
            fetching.DroppingEveryCall,
            "test_beside_a_retrieval_the_callers_own_call_is_the_callers",
        ),
        (
            fetching.NeverEnding,
            "test_a_model_that_asks_again_and_again_comes_to_an_end",
        ),
    ],
)
def test_a_fault_in_answering_fails_the_test_that_is_for_it(
    adapter: type[pretend.PretendAdapter], test: str
) -> None:
    assert list(_failures(_suite(adapter, fetching.AnsweringConformance), test))


def test_what_a_framework_runs_elsewhere_fails_the_suite() -> None:
    suite = _suite(fetching.FetchingElsewhere, fetching.RunningConformance)
    assert list(_failures(suite, BYTES))


def test_a_stream_that_answers_otherwise_fails_the_suite() -> None:
    assert list(_failures(fetching.SayingLessInStreams(), ALIKE))


def test_an_adapter_that_never_tells_what_was_used_fails_the_suite() -> None:
    assert list(_failures(fetching.TellingNothing(), "test_what_all_turns_used_is_added_up"))


def test_who_claims_to_answer_must_fill_in_how() -> None:
    suite = type("Claiming", (pretend.PretendConformance,), {"answers_retrieval": True})()
    with pytest.raises(NotImplementedError, match="fill in run_retrieving"):
        suite.test_a_marker_names_the_tool_only_where_it_is_answered()


def test_every_test_of_the_suite_was_seen_to_fail_on_a_fault() -> None:
    tables = (
        test_a_fault_fails_the_test_that_is_for_it,
        test_a_fault_in_answering_fails_the_test_that_is_for_it,
    )
    listed = [
        pair
        for table in tables
        for mark in table.pytestmark
        if mark.name == "parametrize"
        for pair in mark.args[1]
    ]
    seen = {test for _, test in listed} | {"test_every_mode_sends_the_same", ALIKE}
    assert seen == {name for name in dir(AdapterConformance) if name.startswith("test_")}


def test_an_engine_that_does_nothing_fails_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    def identity(self: Compressor, segments: list[object], **_: object) -> RewriteResult:
        return RewriteResult((None,) * len(segments), (), 0, 0, 0, "none")

    monkeypatch.setattr(Compressor, "rewrite", identity)
    suite = _suite(pretend.PretendAdapter)
    assert Probe().rewrite(()).rewrites == ()
    assert list(_failures(suite, "test_a_conversation_reaches_the_model_shortened"))
