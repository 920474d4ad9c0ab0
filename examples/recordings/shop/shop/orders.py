"""The orders that were placed, whatever became of them."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Literal

Status = Literal["paid", "declined", "failed"]


@dataclass(frozen=True, slots=True)
class Order:
    """One attempt to check out."""

    order_id: int
    request_id: str
    created_at: str
    status: Status
    customer: str
    country: str
    items: dict[str, int]
    voucher: str | None
    goods_cents: int
    shipping_cents: int
    charge_id: str | None
    error: str | None


class Orders:
    """All orders, oldest first."""

    def __init__(self) -> None:
        self._orders: list[Order] = []
        self._lock = threading.Lock()

    def place(self, **fields: object) -> Order:
        """Append an order and give it an id."""
        with self._lock:
            order = Order(order_id=70_001 + len(self._orders), **fields)  # type: ignore[arg-type]
            self._orders.append(order)
            return order

    def listing(self, limit: int, status: str | None = None) -> list[dict[str, object]]:
        """Return the newest orders as plain dicts, newest first."""
        with self._lock:
            chosen = [o for o in reversed(self._orders) if status in (None, o.status)]
        return [asdict(o) for o in chosen[:limit]]
