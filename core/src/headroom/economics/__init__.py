"""What tokens cost, and when a change to a conversation pays.

Pure functions over a table of prices that you can override. Nothing here looks prices up anywhere:
the table is dated (`PRICES_VERSION`), and each row names its source.

>>> from headroom import economics
>>> opus = economics.pricing_for("claude-opus-5-5")
>>> round(economics.value_at_birth(10_000, opus, turns=20), 4)
0.09
"""

from headroom.economics.costs import (
    Bill,
    Prompt,
    break_even_turns,
    cacheable,
    conversation_bill,
    request_bill,
    resend_cost,
    rewrite_value,
    shrinking_cost,
    value_at_birth,
)
from headroom.economics.prices import PRICES, PRICES_VERSION, Pricing, Provider, pricing_for

__all__ = (
    "PRICES",
    "PRICES_VERSION",
    "Bill",
    "Pricing",
    "Prompt",
    "Provider",
    "break_even_turns",
    "cacheable",
    "conversation_bill",
    "pricing_for",
    "request_bill",
    "resend_cost",
    "rewrite_value",
    "shrinking_cost",
    "value_at_birth",
)
