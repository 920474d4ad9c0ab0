# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-core"]
# ///
"""Compress a list of OpenAI messages, see what was done, and fetch an original back.

Usage: python examples/compress_messages.py
"""

from __future__ import annotations

from pathlib import Path

from headroom import compress, retrieve

LOG = (Path(__file__).resolve().parent / "recordings" / "server.log").read_bytes().decode()

messages = [
    {"role": "user", "content": "Which checkouts failed, and what with?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "bash", "arguments": '{"command": "cat var/shop.log"}'},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": LOG},
]

result = compress(messages, model="gpt-4o")
print(result.explain())
print(result.messages[2]["content"][:600], "...\n")

for handle in result.handles:
    found = retrieve(handle, query="gateway busy", max_tokens=200)
    print(f"{handle}: {found.selected} of {found.total} {found.unit} on 'gateway busy'")
    print(found.text)
    # Without selectors the whole original comes back, byte for byte.
    assert retrieve(handle).text == LOG
