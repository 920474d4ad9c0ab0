"""The scripted model of the adapter's own tests within reach; agents only where they load."""

import sys
from importlib.metadata import version
from pathlib import Path

ADAPTER = Path(__file__).resolve().parents[2] / "adapters" / "langchain"

# This folder too: tests share what asks an agent.
sys.path[:0] = [str(ADAPTER / "tests"), str(Path(__file__).parent)]

# langgraph, which `create_agent` runs on, does not load on an older langchain-core.
if tuple(map(int, version("langchain-core").split(".")[:3])) < (1, 2, 5):
    collect_ignore = ["test_langchain_agent.py"]
