"""The shelf."""

import threading

import pytest
from shop.catalog import PRODUCTS
from shop.stock import OutOfStock, Stock


@pytest.mark.parametrize("sku", sorted(PRODUCTS))
def test_a_reservation_is_taken_from_the_shelf(sku):
    shelf = Stock({sku: 5})
    shelf.reserve({sku: 2})
    assert shelf.left(sku) == 3


@pytest.mark.parametrize("sku", sorted(PRODUCTS))
def test_a_reservation_that_was_put_back_leaves_the_shelf_as_it_was(sku):
    shelf = Stock({sku: 5})
    shelf.reserve({sku: 2})
    shelf.put_back({sku: 2})
    assert shelf.left(sku) == 5


def test_a_short_product_stops_the_whole_reservation():
    shelf = Stock({"MUG-BLUE": 5, "POT-CAST": 0})
    with pytest.raises(OutOfStock, match="POT-CAST"):
        shelf.reserve({"MUG-BLUE": 1, "POT-CAST": 1})
    assert shelf.left("MUG-BLUE") == 5


def test_reservations_from_many_threads_never_oversell():
    shelf, refused = Stock({"MUG-RED": 50}), []

    def take():
        for _ in range(10):
            try:
                shelf.reserve({"MUG-RED": 1})
            except OutOfStock:
                refused.append(1)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (shelf.left("MUG-RED"), len(refused)) == (0, 30)
