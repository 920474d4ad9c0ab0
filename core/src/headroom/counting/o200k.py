"""The bundled counter: exact o200k_base tokens, offline."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator

import tiktoken

from headroom.counting.ranks import O200K_PATTERN, o200k_ranks

# tiktoken's time and memory per call grow with the length of the call; a slice of this many
# characters keeps both small and lets other threads run between slices.
SLICE_CHARACTERS = 1 << 16

# Cutting after such a line break never splits a token: o200k's pattern lets a piece run over a
# line break only into white space or "/" (see O200K_PATTERN).
_CUT = re.compile(r"\n(?=[^\s/])")

_build_lock = threading.Lock()


@functools.cache
def _encoding() -> tiktoken.Encoding:
    return tiktoken.Encoding(
        "o200k_base",
        pat_str=O200K_PATTERN,
        mergeable_ranks=o200k_ranks(),
        special_tokens={},
    )


def _slices(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > SLICE_CHARACTERS:
        cut = start + SLICE_CHARACTERS
        for match in _CUT.finditer(text, start + SLICE_CHARACTERS // 2, cut):
            cut = match.end()
        yield text[start:cut]
        start = cut
    yield text[start:]


class O200kCounter:
    """Count o200k_base tokens with tiktoken and the ranks that the wheel carries.

    Counts are exact, except that a text with more than 32,768 characters between two line breaks
    is cut there and may count a few tokens more than in one piece; the same text always counts
    the same. The ranks are built on first use (about a quarter of a second, 60 MB).
    """

    name = "o200k_base"

    def count(self, text: str) -> int:
        """Return the number of o200k_base tokens of ``text``."""
        if not text:
            return 0
        with _build_lock:
            encoding = _encoding()
        if len(text) <= SLICE_CHARACTERS:
            return len(encoding.encode_ordinary(text))
        return sum([len(encoding.encode_ordinary(part)) for part in _slices(text)])
