"""Whether a text looks like JSON, from a bounded sample."""

from __future__ import annotations

import re

from headroom.notation.json_document import find_json

_SAMPLE = 2_000
# What may follow the first bracket of JSON: a key, a value, or the other bracket.
_OBJECT = re.compile(r'\{\s*(?:"(?:[^"\\\n]|\\.){0,1000}"\s*:|\})')
_ARRAY = re.compile(r'\[\s*(?:[{\["\]]|-?\d|true\b|false\b|null\b)')


def looks_like_json(text: str) -> bool:
    """Say whether a text looks like JSON or JSON Lines, perhaps below a few lines of warnings.

    Only the ends of the text are looked at, so a text that looks like JSON may still be none.

    >>> looks_like_json('{"a": 1}'), looks_like_json("[INFO] started [1]")
    (True, False)
    """
    start = find_json(text)
    if start is None:
        return False
    sample = text[start : start + _SAMPLE]
    return (_OBJECT if sample[0] == "{" else _ARRAY).match(sample) is not None
