"""Prices, vouchers and tax."""

import pytest
from shop.catalog import PRODUCTS
from shop.pricing import (
    VAT_PERCENT,
    discount_cents,
    subtotal_cents,
    total_cents,
    vat_cents,
)


@pytest.mark.parametrize("sku", sorted(PRODUCTS))
@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_subtotal_is_price_times_count(sku, count):
    assert subtotal_cents({sku: count}) == PRODUCTS[sku].price_cents * count


@pytest.mark.parametrize(
    ("voucher", "expected"),
    [("WELCOME10", 100), ("TEATIME", 150), ("STAFF", 300), ("NOPE", 0), (None, 0)],
)
def test_a_voucher_takes_its_share(voucher, expected):
    assert discount_cents(1_000, voucher) == expected


@pytest.mark.parametrize("country", sorted(VAT_PERCENT))
@pytest.mark.parametrize("amount", [100, 1_250, 99_999])
def test_tax_is_the_share_contained_in_the_gross_amount(country, amount):
    rate = VAT_PERCENT[country]
    assert abs(vat_cents(amount, country) - amount * rate / (100 + rate)) <= 0.5


def test_a_total_is_the_subtotal_less_the_voucher():
    assert total_cents({"MUG-BLUE": 2, "TEA-MINT": 1}, "WELCOME10") == 2_826
