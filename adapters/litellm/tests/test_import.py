"""Importing the adapter is cheap: LiteLLM, which takes seconds, comes with the first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

import headroom_litellm

FOREIGN = """
import sys
import headroom_litellm
assert "litellm" not in sys.modules, "imported at once"
assert "HeadroomCallback" in dir(headroom_litellm)
headroom_litellm.HeadroomCallback
assert "litellm" in sys.modules
"""


def test_importing_the_adapter_does_not_import_litellm() -> None:
    subprocess.run([sys.executable, "-c", FOREIGN], check=True)


def test_every_public_name_is_there() -> None:
    for name in headroom_litellm.__all__:
        assert getattr(headroom_litellm, name) is not None


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'compress_everything'"):
        headroom_litellm.compress_everything  # noqa: B018  # asking is the test
