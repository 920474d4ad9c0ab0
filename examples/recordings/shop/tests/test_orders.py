"""The list of orders."""

import pytest
from shop.orders import Orders

FIELDS = {
    "request_id": "r", "created_at": "2026-01-01T00:00:00.000Z", "customer": "c@example.com", "country": "DE",
    "items": {"MUG-BLUE": 1}, "voucher": None, "goods_cents": 1250, "shipping_cents": 490, "charge_id": None,
    "error": None,
}  # fmt: skip


@pytest.mark.parametrize("status", ["paid", "declined", "failed"])
def test_an_order_keeps_its_status(status):
    assert Orders().place(**FIELDS, status=status).status == status


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 10])
def test_a_listing_is_newest_first_and_no_longer_than_asked(limit):
    orders = Orders()
    for _ in range(3):
        orders.place(**FIELDS, status="paid")
    assert [o["order_id"] for o in orders.listing(limit)] == [70_003, 70_002, 70_001][:limit]


@pytest.mark.parametrize(("status", "count"), [("paid", 2), ("declined", 1), ("failed", 0)])
def test_a_listing_can_be_filtered_by_status(status, count):
    orders = Orders()
    for made in ("paid", "declined", "paid"):
        orders.place(**FIELDS, status=made)
    assert len(orders.listing(10, status)) == count
