import sys
from pathlib import Path

# Modules of the tests themselves (tests/*.py without "test_") are imported by name.
sys.path.insert(0, str(Path(__file__).parent))
