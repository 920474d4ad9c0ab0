"""Sockets off, asynchronous tests on, and the scripted model within reach of every test."""

import importlib.util
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import pytest
from pytest_socket import disable_socket

# Agents are an extra with a floor of its own: langgraph does not load on an older langchain-core.
AGENTS_FROM = (1, 2, 5)
NO_AGENTS = tuple(map(int, version("langchain-core").split(".")[:3])) < AGENTS_FROM
if NO_AGENTS:
    collect_ignore = ["test_docs.py", "test_middleware.py"]

# Pickling, and the tests that start a process, need the scripted model as a module.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # LangChain's suites bring pytest-asyncio and hold plain ``async def`` tests. Its settings
    # cannot stand in the workspace's configuration, which also serves where it is missing.
    config.option.asyncio_mode = "auto"
    if NO_AGENTS:
        # Doctests are looked for in every module that is installed.
        package = importlib.util.find_spec("headroom_langchain")
        assert package is not None and package.origin is not None
        module = str(Path(package.origin).with_name("middleware.py"))
        config.option.ignore = [*(config.option.ignore or []), module]
    warnings.filterwarnings("ignore", message=".*asyncio_default_fixture_loop_scope")


@pytest.fixture(autouse=True)
def no_sockets() -> None:
    disable_socket(allow_unix_socket=True)
