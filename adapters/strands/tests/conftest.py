"""The scripted model within reach of every test; the plugin's tests only where it can load."""

import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

# Middleware came with Strands 1.62.
NO_MIDDLEWARE = importlib.util.find_spec("strands.middleware") is None
if NO_MIDDLEWARE:
    collect_ignore = ["test_plugin.py"]


def pytest_configure(config: pytest.Config) -> None:
    if NO_MIDDLEWARE:
        # Doctests are looked for in every module that is installed.
        package = importlib.util.find_spec("headroom_strands")
        assert package is not None and package.origin is not None
        module = str(Path(package.origin).with_name("plugin.py"))
        config.option.ignore = [*(config.option.ignore or []), module]
