"""Where the tests between wheels find the examples and, where it lies beside, the real data."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The examples are scripts: each finds its neighbours because its own folder is on the path.
sys.path[:0] = [str(ROOT / "examples"), str(Path(__file__).resolve().parent)]
