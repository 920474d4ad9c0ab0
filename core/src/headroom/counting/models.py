"""Which model's tokens a count stands for."""

from __future__ import annotations

import re

# Families whose tokenizer is o200k_base (tiktoken's model table); for every other model the same
# counter gives reference tokens: right for ratios, only roughly right for a bill.
_O200K_MODEL = re.compile(
    r"(?:^|/)(?:gpt-4o|gpt-4\.[1-9]|gpt-5|gpt-[6-9]|chatgpt-4o|o[1-9](?:$|-))"
)


def counter_label(counter_name: str, model: str | None) -> str:
    """Return what the counts are called: the counter's own tokens, or reference tokens.

    >>> counter_label("o200k_base", "gpt-4o")
    'o200k_base'
    >>> counter_label("o200k_base", "claude-opus-5")
    'o200k_base reference'
    """
    if counter_name != "o200k_base" or (model is not None and _O200K_MODEL.search(model)):
        return counter_name
    return f"{counter_name} reference"
