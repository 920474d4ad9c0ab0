"""The counter used when the caller brings none."""

from __future__ import annotations

import functools

from headroom.counting.protocol import Counter


@functools.cache
def default_counter() -> Counter:
    """Return the bundled o200k counter, one for the whole process."""
    # The one place that loads tiktoken: importing headroom stays fast without it.
    from headroom.counting.o200k import O200kCounter  # noqa: PLC0415

    return O200kCounter()
