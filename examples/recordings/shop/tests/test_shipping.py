"""Parcels."""

import pytest
from shop.shipping import BASE_CENTS, days, shipping_cents


@pytest.mark.parametrize("country", sorted(BASE_CENTS))
def test_a_small_parcel_costs_the_base_price(country):
    assert shipping_cents({"MUG-BLUE": 1}, country, 1_250) == BASE_CENTS[country]


@pytest.mark.parametrize("country", sorted(BASE_CENTS))
def test_a_large_order_is_sent_for_free(country):
    assert shipping_cents({"KETTLE-1L": 2}, country, 11_200) == 0


@pytest.mark.parametrize("country", sorted(BASE_CENTS))
def test_a_heavy_parcel_costs_twice_the_base_price(country):
    assert shipping_cents({"POT-CAST": 3}, country, 23_700) == 2 * BASE_CENTS[country]


@pytest.mark.parametrize(
    ("country", "express", "expected"), [("DE", False, 2), ("FR", False, 4), ("SE", True, 1)]
)
def test_days_until_arrival(country, express, expected):
    assert days(country, express=express) == expected
