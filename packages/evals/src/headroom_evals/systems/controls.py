"""Controls: what can be had without any understanding of the content."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from headroom import Counter


def minified(text: str) -> str:
    """Return JSON, or JSON lines, without white space between its tokens; else the text itself."""
    try:
        return _minified(text)
    except (ValueError, RecursionError):
        pass
    try:
        return "\n".join(_minified(line) if line else "" for line in text.split("\n"))
    except (ValueError, RecursionError):
        return text


def _minified(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))


def head_and_tail(text: str, tokens: int, counter: Counter) -> str:
    """Cut the middle out of a text, by characters, so that at most ``tokens`` remain."""
    return _largest(
        len(text),
        lambda n: text[: (n + 1) // 2] + "\n" + text[len(text) - n // 2 :],
        tokens,
        counter,
    )


def last_lines(text: str, lines: int) -> str:
    """Keep the last ``lines`` lines, as ``tail -n`` does."""
    return "".join(text.splitlines(keepends=True)[-lines:])


def random_lines(text: str, tokens: int, counter: Counter, *, seed: int = 0) -> str:
    """Keep lines picked at random, in order, as many as fit into ``tokens``."""
    lines = text.split("\n")
    order = random.Random(seed).sample(range(len(lines)), len(lines))
    return _largest(
        len(lines), lambda n: "\n".join(lines[i] for i in sorted(order[:n])), tokens, counter
    )


def _largest(most: int, build: Callable[[int], str], tokens: int, counter: Counter) -> str:
    """Return ``build(n)`` for the largest n up to ``most`` that fits into ``tokens``."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if counter.count(build(middle)) <= tokens:
            low = middle
        else:
            high = middle - 1
    return build(low)
