"""The scripted model within reach of every test, also of those that unpickle it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
