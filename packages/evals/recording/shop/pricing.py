"""Prices, discounts and shipping of a small shop."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
FREE_SHIPPING_FROM = Decimal("50.00")
RATES = {"DE": Decimal("0.19"), "FR": Decimal("0.20"), "SE": Decimal("0.25")}


class UnknownCountry(KeyError):
    """The shop does not deliver there."""


@dataclass(frozen=True)
class Line:
    sku: str
    quantity: int
    unit_price: Decimal


def subtotal(lines: list[Line]) -> Decimal:
    return sum((line.quantity * line.unit_price for line in lines), Decimal(0))


def discount(amount: Decimal, code: str | None) -> Decimal:
    if code == "SPRING10":
        return amount * Decimal("0.10")
    if code == "LOYAL5" and amount > 100:
        return Decimal(5)
    return Decimal(0)


def shipping(amount: Decimal) -> Decimal:
    return Decimal(0) if amount > FREE_SHIPPING_FROM else Decimal("4.90")


def total(lines: list[Line], country: str, code: str | None = None) -> Decimal:
    if country not in RATES:
        raise UnknownCountry(country)
    net = subtotal(lines)
    net -= discount(net, code)
    gross = net * (1 + RATES[country]) + shipping(net)
    return gross.quantize(CENT, ROUND_HALF_UP)
