import copy
import pickle

import pytest

from headroom import CompressionConfig, ToolRule


def test_an_unknown_fidelity_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="lossless, balanced, aggressive"):
        CompressionConfig(fidelity="extreme")  # type: ignore[arg-type]


def test_a_boolean_is_no_number_of_tokens() -> None:
    with pytest.raises(TypeError, match="min_tokens must be an int"):
        CompressionConfig(min_tokens=True)


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        ToolRule(min_tokens=-1)


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="robot"):
        CompressionConfig(roles=("tool", "robot"))


def test_roles_given_as_a_string_are_refused() -> None:
    with pytest.raises(TypeError, match="tuple of role names"):
        CompressionConfig(roles="tool")  # type: ignore[arg-type]


def test_a_rule_must_be_a_rule() -> None:
    with pytest.raises(TypeError, match="ToolRule"):
        CompressionConfig(tools={"grep": {"off": True}})  # type: ignore[dict-item]


def test_an_exact_name_beats_a_glob_and_the_first_glob_wins() -> None:
    exact, glob, late = ToolRule(min_tokens=1), ToolRule(min_tokens=2), ToolRule(min_tokens=3)
    config = CompressionConfig(tools={"read_*": glob, "*": late, "read_file": exact})
    assert config.rule_for("read_file") is exact
    assert config.rule_for("read_log") is glob
    assert config.rule_for("grep") is late


def test_changing_the_mapping_afterwards_changes_nothing() -> None:
    tools = {"grep": ToolRule(off=True)}
    config = CompressionConfig(tools=tools)
    tools.clear()
    assert config.rule_for("grep").off


def test_a_configuration_can_be_hashed_pickled_and_copied() -> None:
    config = CompressionConfig(tools={"grep": ToolRule(keep=("needle",))}, namespace="a")
    same = pickle.loads(pickle.dumps(config))
    assert same == config == copy.deepcopy(config)
    assert hash(same) == hash(config)
