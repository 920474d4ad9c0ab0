"""How much of each product is left."""

from __future__ import annotations

import threading
from collections.abc import Mapping


class OutOfStock(Exception):
    """There is less of a product than was asked for."""


class Stock:
    """Counts per product; all changes happen under one lock."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        self._lock = threading.Lock()

    def left(self, sku: str) -> int:
        """Return how many are left."""
        with self._lock:
            return self._counts.get(sku, 0)

    def reserve(self, items: Mapping[str, int]) -> None:
        """Take all items, or none.

        Raises:
            OutOfStock: If one of them is short.
        """
        with self._lock:
            for sku, count in items.items():
                if self._counts.get(sku, 0) < count:
                    raise OutOfStock(f"{sku}: {count} wanted, {self._counts.get(sku, 0)} left")
            for sku, count in items.items():
                self._counts[sku] -= count

    def put_back(self, items: Mapping[str, int]) -> None:
        """Undo a reservation."""
        with self._lock:
            for sku, count in items.items():
                self._counts[sku] = self._counts.get(sku, 0) + count
