"""LiteLLM offline; the adapter's own upstream and conversations within reach."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Read when LiteLLM is imported: without it, that import asks GitHub for prices.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

sys.path.append(str(Path(__file__).parents[2] / "adapters" / "litellm" / "tests"))

from foreign_warnings import FOREIGN_WARNINGS
from upstream import Upstream, serving


def pytest_configure(config: pytest.Config) -> None:
    for warning in FOREIGN_WARNINGS:
        config.addinivalue_line("filterwarnings", warning)


@pytest.fixture(scope="session")
def provider() -> Iterator[Upstream]:
    with serving() as upstream:
        yield upstream


@pytest.fixture
def upstream(provider: Upstream) -> Upstream:
    provider.forget()
    return provider
