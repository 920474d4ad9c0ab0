"""What the shop sells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """One thing on the shelf; prices in cents, weight in grams."""

    sku: str
    name: str
    price_cents: int
    weight_grams: int


PRODUCTS = {
    p.sku: p
    for p in (
        Product("MUG-BLUE", "Mug, blue", 1250, 380),
        Product("MUG-RED", "Mug, red", 1250, 380),
        Product("TEA-EARL", "Earl Grey, 100 g", 890, 120),
        Product("TEA-MINT", "Mint tea, 50 g", 640, 70),
        Product("POT-CAST", "Cast iron pot", 7900, 2400),
        Product("POT-GLASS", "Glass pot", 3400, 900),
        Product("FILTER-50", "Paper filters, 50", 420, 90),
        Product("KETTLE-1L", "Kettle, 1 l", 5600, 1300),
    )
}


def product(sku: str) -> Product:
    """Return a product.

    Raises:
        KeyError: If the shop does not sell it.
    """
    return PRODUCTS[sku]
