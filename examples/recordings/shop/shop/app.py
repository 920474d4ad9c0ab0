"""The HTTP face of the shop."""

from __future__ import annotations

import contextvars
import logging
import os
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shop.orders import Orders
from shop.payments import CardDeclined, PaymentClient
from shop.pricing import total_cents
from shop.shipping import shipping_cents
from shop.stock import OutOfStock, Stock

access = logging.getLogger("shop.access")
logger = logging.getLogger("shop.checkout")
shelf = logging.getLogger("shop.stock")
metrics = logging.getLogger("shop.metrics")
request_id = contextvars.ContextVar("request_id", default="-")


FIRST_STOCK = {
    "MUG-BLUE": 900, "MUG-RED": 900, "TEA-EARL": 700, "TEA-MINT": 180,
    "POT-CAST": 400, "POT-GLASS": 400, "FILTER-50": 900, "KETTLE-1L": 300,
}  # fmt: skip
LOW_STOCK = 8
METRICS_EVERY = 25


class WithRequestId(logging.Filter):
    """Gives every record the id of the request that it was written for."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; never drops a record."""
        record.request_id = request_id.get()
        return True


def checkout(body: dict, stock: Stock, orders: Orders, payments: PaymentClient) -> tuple[int, dict]:
    """Reserve, charge, record. Returns a status code and an answer."""
    items, country = body["items"], body["country"]
    goods = total_cents(items, body.get("voucher"))
    shipping = shipping_cents(items, country, goods)
    fields = {
        "request_id": request_id.get(),
        "created_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "customer": body["customer"], "country": country, "items": items,
        "voucher": body.get("voucher"), "goods_cents": goods, "shipping_cents": shipping,
    }  # fmt: skip
    try:
        stock.reserve(items)
    except OutOfStock as error:
        shelf.warning("out of stock: %s", error)
        return 409, {"error": str(error)}
    for sku in items:
        if stock.left(sku) < LOW_STOCK:
            shelf.warning("low stock sku=%s left=%d", sku, stock.left(sku))
    try:
        charge = payments.charge(body["card"], goods + shipping, request_id=request_id.get())
    except CardDeclined as error:
        stock.put_back(items)
        order = orders.place(**fields, status="declined", charge_id=None, error=str(error))
        return 402, {"order_id": order.order_id, "error": str(error)}
    except Exception as error:
        stock.put_back(items)
        logger.exception("checkout failed customer=%s goods=%d", body["customer"], goods)
        name = type(error).__name__
        order = orders.place(**fields, status="failed", charge_id=None, error=f"{name}: {error}")
        return 500, {"order_id": order.order_id, "error": "internal error"}
    order = orders.place(**fields, status="paid", charge_id=charge.charge_id, error=None)
    return 201, {"order_id": order.order_id, "charge_id": charge.charge_id}


async def with_access_log(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Set the request id and write one line per request."""
    token = request_id.set(request.headers.get("x-request-id", "-"))
    started = time.monotonic()
    try:
        response = await call_next(request)
        took = (time.monotonic() - started) * 1000
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        line = "%s %s %d %dms"
        access.log(level, line, request.method, request.url.path, response.status_code, took)
        return response
    finally:
        request_id.reset(token)


def build(stock: Stock, payments: PaymentClient) -> Starlette:
    """Put the application together."""
    orders = Orders()
    served: list[int] = []

    async def post_checkout(request: Request) -> Response:
        body = await request.json()
        status, answer = await run_in_threadpool(checkout, body, stock, orders, payments)
        served.append(status)
        if len(served) % METRICS_EVERY == 0:
            failed, free = sum(s >= 500 for s in served), payments.free_connections()
            line = "checkouts=%d failed=%d free_payment_connections=%d"
            metrics.info(line, len(served), failed, free)
        return JSONResponse(answer, status)

    async def get_orders(request: Request) -> Response:
        limit = int(request.query_params.get("limit", "50"))
        rows = orders.listing(limit, request.query_params.get("status"))
        return JSONResponse({"count": len(rows), "orders": rows})

    async def get_health(request: Request) -> Response:
        free, size = payments.free_connections(), payments.pool_size
        return JSONResponse({"status": "ok", "payment_connections": {"free": free, "size": size}})

    return Starlette(
        routes=[
            Route("/api/checkout", post_checkout, methods=["POST"]),
            Route("/api/orders", get_orders),
            Route("/healthz", get_health),
        ],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=with_access_log)],
    )


def main_app() -> Starlette:
    """Build the application that uvicorn serves; the gateway's address is in the environment."""
    handler = logging.StreamHandler()
    handler.addFilter(WithRequestId())
    form = "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(name)s req=%(request_id)s %(message)s"
    formatter = logging.Formatter(form, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    stock = Stock(FIRST_STOCK)
    return build(stock, PaymentClient(os.environ["SHOP_GATEWAY_URL"]))
