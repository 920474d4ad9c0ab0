"""The scripted model of the adapter's own tests within reach; the plugin only where it loads."""

import importlib.util
import sys
from pathlib import Path

ADAPTER = Path(__file__).resolve().parents[2] / "adapters" / "strands"

# This folder too: tests share what asks an agent.
sys.path[:0] = [str(ADAPTER / "tests"), str(Path(__file__).parent)]

# Middleware came with Strands 1.62.
if importlib.util.find_spec("strands.middleware") is None:
    collect_ignore = ["test_strands_plugin_agent.py"]
