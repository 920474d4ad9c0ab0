import sys
from pathlib import Path

import pytest

# Modules of the tests themselves (tests/*.py without "test_") are imported by name.
sys.path.insert(0, str(Path(__file__).parent))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be written anew."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")
