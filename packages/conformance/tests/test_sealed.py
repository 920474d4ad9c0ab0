import pytest

from headroom_conformance import AdapterConformance

NAME = "test_the_callers_messages_are_not_modified"


def test_a_subclass_that_replaces_a_test_is_refused() -> None:
    with pytest.raises(TypeError, match=NAME):
        type("Mine", (AdapterConformance,), {NAME: lambda self: None})


def test_a_subclass_that_switches_a_test_off_is_refused() -> None:
    with pytest.raises(TypeError, match=NAME):
        type("Mine", (AdapterConformance,), {NAME: None})


def test_a_test_that_is_replaced_by_another_base_is_refused() -> None:
    other = type("Other", (), {NAME: lambda self: None})
    with pytest.raises(TypeError, match=NAME):
        type("Mine", (other, AdapterConformance), {})


def test_a_subclass_of_a_subclass_is_held_to_the_same() -> None:
    mine = type("Mine", (AdapterConformance,), {"modes": ("invoke",)})
    with pytest.raises(TypeError, match=NAME):
        type("Yours", (mine,), {NAME: None})


def test_a_subclass_may_add_tests_of_its_own() -> None:
    mine = type("Mine", (AdapterConformance,), {"test_of_mine": lambda self: None})
    assert issubclass(mine, AdapterConformance)
