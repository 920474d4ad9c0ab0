"""What sending a parcel costs, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping

from shop.catalog import product

BASE_CENTS = {
    "AT": 690,
    "DE": 490,
    "DK": 890,
    "ES": 1190,
    "FR": 790,
    "IT": 990,
    "NL": 590,
    "SE": 1090,
}
FREE_FROM_CENTS = 10_000
HEAVY_GRAMS = 5_000


def weight_grams(items: Mapping[str, int]) -> int:
    """Return the weight of the goods without packaging."""
    return sum(product(sku).weight_grams * count for sku, count in items.items())


def shipping_cents(items: Mapping[str, int], country: str, goods_cents: int) -> int:
    """Return the price of sending; heavy parcels are never free."""
    heavy = weight_grams(items) > HEAVY_GRAMS
    if goods_cents >= FREE_FROM_CENTS and not heavy:
        return 0
    return BASE_CENTS[country] * (2 if heavy else 1)


def days(country: str, *, express: bool = False) -> int:
    """Return the number of working days until the parcel arrives."""
    return 1 if express else 2 if country == "DE" else 4
