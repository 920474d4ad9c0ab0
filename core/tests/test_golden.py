"""What each kind of content costs, to the token: a worse rate is a failing test.

``pytest core/tests/test_golden.py --update-golden`` writes the file anew; read the difference.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore

from conversations import chat  # isort: skip
from golden_inputs import CASES, GoldenCase  # isort: skip

EXPECTED = Path(__file__).parent / "golden" / "expected.json"
FIDELITIES: tuple[Any, ...] = ("lossless", "balanced", "aggressive")


def measured(case: GoldenCase) -> dict[str, Any]:
    done: dict[str, Any] = {}
    for fidelity in FIDELITIES:
        compressor = Compressor(CompressionConfig(fidelity=fidelity), store=MemoryStore())
        decision = compressor.compress(chat(case.text(), question=case.question)).decisions[2]
        done["kind"], done["tokens"] = decision.kind, decision.tokens_before
        done[fidelity] = f"{decision.action}: {decision.tokens_after}"
    return done


def test_the_golden_file_lists_every_case(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden", default=False):
        table = {case.name: measured(case) for case in CASES}
        EXPECTED.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8", newline="\n")
    assert list(json.loads(EXPECTED.read_text(encoding="utf-8"))) == [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_each_text_costs_what_it_cost(case: GoldenCase) -> None:
    assert measured(case) == json.loads(EXPECTED.read_text(encoding="utf-8"))[case.name]
