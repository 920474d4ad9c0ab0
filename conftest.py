"""What holds for every test of the workspace, run from the checkout or against a built wheel."""

from __future__ import annotations

import sys

import pytest
from hypothesis import settings

# Same examples on every run and machine: a red build is never luck, and neither is a green one.
settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("quick", settings.get_profile("ci"), max_examples=15)
settings.register_profile("nightly", max_examples=5_000, deadline=None, print_blob=True)
settings.load_profile("ci")

LOCAL_HOSTS = frozenset({"", "127.0.0.1", "::1", "localhost", b"127.0.0.1", b"localhost", None})

_network_allowed = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Refuse every connection that leaves the machine, in whatever library it is made."""
    config.stash[_network_allowed] = False

    def refuse(event: str, args: tuple[object, ...]) -> None:
        if event not in {"socket.connect", "socket.getaddrinfo"} or config.stash[_network_allowed]:
            return
        target = args[1] if event == "socket.connect" else args[0]
        host = target[0] if isinstance(target, tuple) else target
        is_unix_path = event == "socket.connect" and not isinstance(target, tuple)
        if not is_unix_path and host not in LOCAL_HOSTS:
            raise RuntimeError(f"a test tried to reach {host!r}; mark it `network` if it must")

    sys.addaudithook(refuse)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Open the network for tests that are marked for it, and run those only when asked to."""
    needs_network = item.get_closest_marker("network") is not None
    if needs_network and "network" not in item.config.option.markexpr:
        pytest.skip("needs the network: run with -m network")
    item.config.stash[_network_allowed] = needs_network
