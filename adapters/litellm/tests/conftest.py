"""LiteLLM offline, one event loop, and an upstream, within reach of every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Read when LiteLLM is imported: without it, that import asks GitHub for prices.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

sys.path.insert(0, str(Path(__file__).parent))

from event_loop import EventLoop, event_loop
from foreign_warnings import FOREIGN_WARNINGS
from upstream import Upstream, serving


def pytest_configure(config: pytest.Config) -> None:
    for warning in FOREIGN_WARNINGS:
        config.addinivalue_line("filterwarnings", warning)


@pytest.fixture(scope="session", autouse=True)
def loop() -> Iterator[EventLoop]:
    with event_loop() as loop:
        yield loop


@pytest.fixture(scope="session")
def server() -> Iterator[Upstream]:
    with serving() as upstream:
        yield upstream


@pytest.fixture
def upstream(server: Upstream) -> Iterator[Upstream]:
    server.forget()
    yield server
    server.forget()


@pytest.fixture(autouse=True)
def _callbacks_as_they_were() -> Iterator[None]:
    import litellm  # noqa: PLC0415  # after the environment above

    yield
    # It keeps one callback of each class, also when its own list is set anew.
    litellm.logging_callback_manager._reset_all_callbacks()
