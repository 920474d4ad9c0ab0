"""LangChain's standard suites give the same outcomes over the wrapped model as over the bare."""

import os
import re
import subprocess
import sys
from pathlib import Path

OUTCOME = re.compile(r"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS).*::Test(Bare|Wrapped)(\S+)", re.M)


def test_the_wrapped_model_passes_exactly_what_the_bare_one_passes(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-rA", "-q", "--no-header", "-c", os.devnull),
            *("--rootdir", str(tmp_path), "-p", "no:cacheprovider", "--benchmark-disable"),
            *("-W", "ignore", "--no-fold-skipped", "--import-mode=importlib"),
            str(Path(__file__).with_name("test_standard.py")),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    outcomes = {"Bare": set(), "Wrapped": set()}
    for outcome, model, test in OUTCOME.findall(done.stdout):
        outcomes[model].add((test, outcome))
    assert outcomes["Wrapped"] == outcomes["Bare"]
    assert sum(outcome == "PASSED" for _, outcome in outcomes["Bare"]) > 40
