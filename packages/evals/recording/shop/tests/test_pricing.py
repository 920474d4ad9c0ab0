from decimal import Decimal

import pytest
from pricing import Line, UnknownCountry, discount, shipping, subtotal, total

PRICES = [Decimal(p) for p in ("0.99", "4.50", "12.00", "19.95", "49.99", "50.00", "120.00")]


@pytest.mark.parametrize("price", PRICES)
@pytest.mark.parametrize("quantity", range(1, 13))
def test_a_line_costs_quantity_times_price(price, quantity):
    assert subtotal([Line("A-1", quantity, price)]) == price * quantity


@pytest.mark.parametrize("country", ["DE", "FR", "SE"])
@pytest.mark.parametrize("price", PRICES)
def test_the_total_is_never_below_the_net_price(price, country):
    assert total([Line("A-1", 1, price)], country) >= price


@pytest.mark.parametrize("price", PRICES)
def test_shipping_is_free_from_fifty(price):
    expected = Decimal(0) if price >= 50 else Decimal("4.90")
    assert shipping(price) == expected


@pytest.mark.parametrize("code", [None, "", "SPRING", "LOYAL5"])
def test_no_discount_without_a_valid_code(code):
    assert discount(Decimal(100), code) == 0


def test_a_loyal_customer_saves_five_from_one_hundred():
    assert discount(Decimal(100), "LOYAL5") == 5


def test_an_unknown_country_is_refused():
    with pytest.raises(UnknownCountry):
        total([Line("A-1", 1, Decimal(1))], "NO")
