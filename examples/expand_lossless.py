# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-core"]
# ///
"""Re-notate without leaving anything out, and get the original back from the text alone.

Usage: python examples/expand_lossless.py
"""

from __future__ import annotations

from pathlib import Path

from headroom import CompressionConfig, Compressor, expand

RECORDINGS = Path(__file__).resolve().parent / "recordings"

lossless = Compressor(CompressionConfig(fidelity="lossless"))

for name in ("server.log", "orders.json", "grep.txt", "find.txt", "packages.json", "tests.txt"):
    original = (RECORDINGS / name).read_bytes().decode()
    result = lossless.compress_text(original)
    # No handle and no store: the text carries everything.
    assert not result.handles
    assert expand(result.text) == original
    before, after = result.tokens_before, result.tokens_after
    print(f"{name:14} {before:6} -> {after:6} tokens, and expands to the same bytes")
