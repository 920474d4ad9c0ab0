"""The scripted model of the adapter's own tests within reach of the whole agents."""

import sys
from pathlib import Path

ADAPTER = Path(__file__).resolve().parents[2] / "adapters" / "agno"

sys.path.insert(0, str(ADAPTER / "tests"))
