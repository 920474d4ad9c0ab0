"""A provider on loopback for all tests, and helpers within reach of every test."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from headroom_conformance.loopback import LoopbackProvider
from headroom_conformance.wire import WireTurn

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def provider() -> Iterator[LoopbackProvider]:
    with LoopbackProvider(lambda _: WireTurn("turn", "Fine.")) as provider:
        yield provider
