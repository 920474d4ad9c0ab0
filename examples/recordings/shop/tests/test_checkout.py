"""The whole way of a checkout, over the application's own function."""

import pytest
from shop.app import checkout
from shop.orders import Orders
from shop.payments import POOL_SIZE, PaymentClient
from shop.stock import Stock

GOOD, DECLINED = "4242424242424242", "4000000000000002"


def body(card=GOOD, **changes):
    return {
        "customer": "c1@example.com",
        "country": "DE",
        "items": {"MUG-BLUE": 1},
        "card": card,
    } | changes


def stock():
    return Stock({"MUG-BLUE": 100, "POT-CAST": 1})


def test_a_good_card_is_charged(gateway):
    status, answer = checkout(body(), stock(), Orders(), PaymentClient(gateway))
    assert status == 201
    assert answer["charge_id"].startswith("ch_")


@pytest.mark.parametrize("country", ["AT", "DE", "DK", "ES", "FR", "IT", "NL", "SE"])
def test_every_country_can_check_out(gateway, country):
    assert checkout(body(country=country), stock(), Orders(), PaymentClient(gateway))[0] == 201


def test_a_declined_card_is_402_and_the_goods_go_back(gateway):
    shelf = stock()
    assert checkout(body(DECLINED), shelf, Orders(), PaymentClient(gateway))[0] == 402
    assert shelf.left("MUG-BLUE") == 100


def test_an_empty_shelf_is_409(gateway):
    full = body(items={"POT-CAST": 2})
    assert checkout(full, stock(), Orders(), PaymentClient(gateway))[0] == 409


def test_checkout_survives_a_run_of_declined_cards(gateway):
    shelf, orders, payments = stock(), Orders(), PaymentClient(gateway)
    for _ in range(POOL_SIZE + 1):
        checkout(body(DECLINED), shelf, orders, payments)
    status, answer = checkout(body(GOOD), shelf, orders, payments)
    assert (status, answer.get("error")) == (201, None)
