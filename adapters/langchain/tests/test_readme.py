import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


def test_the_readmes_example_runs_and_saves(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    exec(compile(code, str(README), "exec"), {})
    before, after = re.match(r"(\d+) -> (\d+) tokens", capsys.readouterr().out).groups()
    assert int(after) < int(before) / 2
