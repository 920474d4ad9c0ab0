"""The scripted model within reach of every test; the plugin's tests only where it can load."""

import importlib.util
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# Middleware came with Strands 1.62.
if importlib.util.find_spec("strands.middleware") is None:
    collect_ignore = ["test_plugin.py"]
