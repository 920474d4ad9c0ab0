"""Checks of what customers type."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_POSTCODES = {
    "AT": r"\d{4}", "DE": r"\d{5}", "DK": r"\d{4}", "ES": r"\d{5}",
    "FR": r"\d{5}", "IT": r"\d{5}", "NL": r"\d{4} ?[A-Z]{2}", "SE": r"\d{3} ?\d{2}",
}  # fmt: skip


def is_email(text: str) -> bool:
    """Say whether a text looks like an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def is_postcode(text: str, country: str) -> bool:
    """Say whether a text is a postcode of that country."""
    return re.fullmatch(_POSTCODES[country], text) is not None


def is_card_number(digits: str) -> bool:
    """Say whether a card number's check digit is right (Luhn)."""
    if not digits.isdigit() or len(digits) < 12:
        return False
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
