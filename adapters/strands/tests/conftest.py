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
        ignored = config.option.ignore_glob or []
        config.option.ignore_glob = [*ignored, "*/headroom_strands/plugin.py"]
