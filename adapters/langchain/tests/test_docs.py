"""What is written about the adapter runs as written."""

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from observed import CONVERSATION, Joke
from scripted import ScriptedChat

HOME = Path(__file__).parents[1]
PAGE = HOME.parents[1] / "docs" / "how-to" / "wrap-a-langchain-model.md"


def blocks(page: Path) -> str:
    return "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S))


def test_the_readmes_example_runs_and_saves(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(blocks(HOME / "README.md"), "README.md", "exec"), {})
    numbers = re.match(r"(\d+) -> (\d+) tokens", capsys.readouterr().out)
    assert numbers is not None
    assert int(numbers[2]) < int(numbers[1]) / 2


def test_the_how_to_page_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class ChatOpenAI(ScriptedChat):
        def __init__(self, model: str) -> None:
            super().__init__(model_name=model)

    package: Any = ModuleType("langchain_openai")
    package.ChatOpenAI = ChatOpenAI
    monkeypatch.setitem(sys.modules, "langchain_openai", package)
    names: dict[str, Any] = {"messages": CONVERSATION, "tools": [Joke]}
    exec(compile(blocks(PAGE), PAGE.name, "exec"), names)
    assert "consumer-gateway-0" in capsys.readouterr().out
    metadata = names["answer"].response_metadata["headroom"]
    shown = re.search(r"^# \{(.*?)\}", PAGE.read_text(encoding="utf-8"), re.S | re.M)
    assert shown is not None
    assert re.findall(r"'(\w+)':", shown[1]) == list(metadata)
