"""A script: compress each turn that stands on standard input as if in a process of its own."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from headroom import CompressionConfig, Compressor, MemoryStore


def digests(work: dict[str, Any]) -> list[str]:
    """Compress each turn with a fresh compressor and a fresh store; digest what comes out."""
    config = CompressionConfig(roles=tuple(work["roles"]))
    found = []
    for messages in work["turns"]:
        compressor = Compressor(config, store=MemoryStore())
        output = compressor.compress(messages, format=work["format"]).output
        found.append(hashlib.sha256(json.dumps(output).encode()).hexdigest())
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(digests(json.load(sys.stdin))))
