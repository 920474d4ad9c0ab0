"""A script: compress each turn that stands on standard input as if in a process of its own."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from headroom import Compressor, MemoryStore


def digest(messages: list[Any], wire_format: str) -> str:
    """Compress with a fresh compressor and a fresh store; return a digest of the output."""
    output = Compressor(store=MemoryStore()).compress(messages, format=wire_format).output
    return hashlib.sha256(json.dumps(output).encode()).hexdigest()


if __name__ == "__main__":
    work = json.load(sys.stdin)
    digests = [digest(turn, work["format"]) for turn in work["turns"]]
    sys.stdout.write(json.dumps(digests))
