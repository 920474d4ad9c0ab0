"""Configuration as real tools printed it (see fixtures/config/RECORDING.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from headroom.compressors.config import ConfigCompressor
from headroom.compressors.interface import Content, Goal
from headroom.counting.o200k import O200kCounter
from headroom.routing.config_kind import find_config
from headroom.selection.budgets import target_tokens

COUNTER = O200kCounter()
FOLDER = Path(__file__).parent / "fixtures" / "config"

RECORDINGS = {
    "kubectl-create.yaml": (
        "yaml",
        (
            ("Which schedule has the stock report?", ("name: stock-report", "schedule: 5 3 * * *")),
            ("Which image does search run?", ("image: registry.example.org/shop/search:1.4",)),
        ),
    ),
    "terraform-plan.txt": (
        "plan",
        (
            (
                "What will be destroyed, and why?",
                ('"billing"] will be destroyed', "not in for_each"),
            ),
            ("Which service gets a new image?", ('"shop/orders:3.2" -> "shop/orders:3.3"',)),
            ("Which service is replaced, for which port?", ("8004 -> 8104",)),
            ("What does it add up to?", ("Plan: 1 to add, 1 to change, 2 to destroy.",)),
        ),
    ),
    "redis-info.txt": (
        "config",
        (
            ("How many keys are in db0?", ("db0:keys=1200",)),
            ("How many clients are connected?", ("connected_clients:1",)),
            ("What is the policy when memory is full?", ("maxmemory_policy:noeviction",)),
        ),
    ),
}
QUESTIONS = [(name, *asked) for name, (_, asks) in RECORDINGS.items() for asked in asks]


def read(name: str) -> str:
    """Return a recording as it was printed, line ends included."""
    return (FOLDER / name).read_bytes().decode()


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_kind_of_a_recording_is_recognised(name: str) -> None:
    assert find_config(read(name)) == RECORDINGS[name][0]


@pytest.mark.parametrize(("name", "question", "must"), QUESTIONS)
def test_the_answer_stays_in_little_room(name: str, question: str, must: tuple[str, ...]) -> None:
    text = read(name)
    content = Content(text=text, counter=COUNTER, kind=RECORDINGS[name][0], question=question)
    goal = Goal("balanced", target_tokens(content.tokens, "balanced"), asked=True)
    selection = ConfigCompressor().select(content, goal)
    assert selection is not None
    for part in must:
        assert part in selection.body
    assert COUNTER.count(selection.body) <= 0.5 * content.tokens


def test_created_manifests_take_half_the_tokens_without_loss() -> None:
    content = Content(text=read("kubectl-create.yaml"), counter=COUNTER, kind="yaml")
    encoding = ConfigCompressor().encode(content)
    assert encoding is not None
    assert ConfigCompressor().decode(encoding) == content.text
    assert COUNTER.count(encoding.body) <= 0.5 * content.tokens
