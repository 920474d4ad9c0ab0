"""Replay a conversation turn by turn and print what each turn sends.

Usage: python replay.py CONVERSATION.json

Every turn gets a fresh Compressor over a fresh store: nothing is remembered from the turn before.
Prints a JSON list: for each request that an agent would send, one digest per message.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from headroom import CompressionConfig, Compressor, MemoryStore


def digest(message: dict[str, Any]) -> str:
    """Return a digest of a message's bytes on the wire."""
    return hashlib.sha256(json.dumps(message, sort_keys=False).encode()).hexdigest()[:16]


def turns(messages: list[dict[str, Any]]) -> list[int]:
    """Return the lengths at which an agent asks its model: before each assistant message."""
    asked = [t for t, m in enumerate(messages) if t and m["role"] == "assistant"]
    return [*asked, len(messages)]


def replay(messages: list[dict[str, Any]]) -> list[list[str]]:
    """Return the digests of every turn's messages."""
    # Agents without tool messages put what they observe into user messages.
    has_tools = any(m["role"] == "tool" for m in messages)
    config = CompressionConfig(roles=("tool",) if has_tools else ("tool", "user"))
    sent = []
    for length in turns(messages):
        compressor = Compressor(config, store=MemoryStore())
        sent.append([digest(m) for m in compressor.compress(messages[:length]).messages])
    return sent


if __name__ == "__main__":
    conversation = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps(replay(conversation)))
