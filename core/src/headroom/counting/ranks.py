"""The vendored o200k ranks, loaded without network, environment or cache directory."""

from __future__ import annotations

import functools
import struct
import zlib
from importlib.resources import files

# sha256 of the file as tiktoken would download it; `raw_ranks` rebuilds that file for the test.
O200K_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

# Splitting rule of o200k_base, as tiktoken publishes it (tiktoken_ext.openai_public).
O200K_PATTERN = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)


@functools.cache
def o200k_ranks() -> dict[bytes, int]:
    """Return the byte-pair ranks of o200k_base: token bytes to rank, contiguous from 0."""
    packed = files("headroom.counting").joinpath("data/o200k_base.ranks.zlib").read_bytes()
    raw = zlib.decompress(packed)
    (count,) = struct.unpack_from(">I", raw)
    lengths = raw[4 : 4 + count]
    ranks: dict[bytes, int] = {}
    at = 4 + count
    for rank, length in enumerate(lengths):
        ranks[raw[at : at + length]] = rank
        at += length
    return ranks
