"""What a cart costs."""

from __future__ import annotations

from collections.abc import Mapping

from shop.catalog import product

VAT_PERCENT = {"AT": 20, "DE": 19, "DK": 25, "ES": 21, "FR": 20, "IT": 22, "NL": 21, "SE": 25}
VOUCHERS = {"WELCOME10": 10, "TEATIME": 15, "STAFF": 30}


def subtotal_cents(items: Mapping[str, int]) -> int:
    """Return the price of all items before voucher and tax."""
    return sum(product(sku).price_cents * count for sku, count in items.items())


def discount_cents(amount: int, voucher: str | None) -> int:
    """Return what a voucher takes off; an unknown one takes off nothing."""
    return amount * VOUCHERS.get(voucher or "", 0) // 100


def vat_cents(amount: int, country: str) -> int:
    """Return the tax contained in a gross amount, rounded half up."""
    rate = VAT_PERCENT[country]
    return (2 * amount * rate + 100 + rate) // (2 * (100 + rate))


def total_cents(items: Mapping[str, int], voucher: str | None = None) -> int:
    """Return what the customer pays for the goods."""
    amount = subtotal_cents(items)
    return amount - discount_cents(amount, voucher)
