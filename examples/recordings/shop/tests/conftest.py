"""What the shop's tests share: a gateway on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from load.gateway import start


@pytest.fixture
def gateway() -> Iterator[str]:
    """Serve a gateway that is never busy."""
    server = start(busy_from=1_000)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def busy_gateway() -> Iterator[str]:
    """Serve a gateway that is always busy."""
    server = start(busy_from=0)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
