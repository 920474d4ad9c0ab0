"""The scripted model of the adapter's own tests within reach; agents only where they load."""

import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import pytest

ADAPTER = Path(__file__).resolve().parents[2] / "adapters" / "langchain"

# This folder too: tests share what asks an agent.
sys.path[:0] = [str(ADAPTER / "tests"), str(Path(__file__).parent)]

# langgraph, which `create_agent` runs on, does not load on an older langchain-core.
if tuple(map(int, version("langchain-core").split(".")[:3])) < (1, 2, 5):
    collect_ignore = ["test_langchain_agent.py"]


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    # LangChain's suites bring pytest-asyncio, whose settings the workspace does not hold.
    warnings.filterwarnings("ignore", message=".*asyncio_default_fixture_loop_scope")
