"""The gateway's client, against a real server on loopback."""

import pytest
from shop.payments import CardDeclined, GatewayBusy, PaymentClient

GOOD, DECLINED = "4242424242424242", "4000000000000002"


@pytest.mark.parametrize("amount", [1, 99, 1_250, 9_999, 100_000])
def test_a_charge_returns_its_id_and_amount(gateway, amount):
    charge = PaymentClient(gateway).charge(GOOD, amount, request_id="t1")
    assert charge.charge_id.startswith("ch_")
    assert charge.amount_cents == amount


def test_a_charge_gives_its_connection_back(gateway):
    client = PaymentClient(gateway, pool_size=2)
    for _ in range(5):
        client.charge(GOOD, 1_250, request_id="t2")
    assert client.free_connections() == 2


def test_a_refund_gives_its_connection_back(gateway):
    client = PaymentClient(gateway, pool_size=2)
    client.refund(client.charge(GOOD, 1_250, request_id="t3").charge_id, request_id="t3")
    assert client.free_connections() == 2


def test_a_declined_card_is_an_error_of_its_own(gateway):
    with pytest.raises(CardDeclined, match="0002"):
        PaymentClient(gateway).charge(DECLINED, 1_250, request_id="t4")


def test_a_declined_card_gives_its_connection_back(gateway):
    client = PaymentClient(gateway, pool_size=2)
    for _ in range(2):
        with pytest.raises(CardDeclined):
            client.charge(DECLINED, 1_250, request_id="t5")
    assert client.free_connections() == 2


def test_a_busy_gateway_is_an_error_of_its_own(busy_gateway):
    with pytest.raises(GatewayBusy):
        PaymentClient(busy_gateway).charge(GOOD, 1_250, request_id="t6")


def test_a_busy_gateway_gives_its_connection_back(busy_gateway):
    client = PaymentClient(busy_gateway, pool_size=2)
    with pytest.raises(GatewayBusy):
        client.charge(GOOD, 1_250, request_id="t7")
    assert client.free_connections() == 2
