"""A small web service that is put under load; one order cannot be priced."""

import logging
from decimal import Decimal

from pricing import Line, total
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

logging.basicConfig(
    level=logging.INFO, format="%(asctime)s %(levelname)-7s [%(threadName)s] %(name)s - %(message)s"
)
log = logging.getLogger("shop.orders")


def order(request: Request) -> JSONResponse:
    number = int(request.path_params["number"])
    country = ("DE", "FR", "SE")[number % 3] if number != 217 else "NO"
    log.info("pricing order %d for customer c-%04d country=%s", number, number * 7 % 900, country)
    amount = total([Line(f"SKU-{number % 40}", number % 5 + 1, Decimal("12.40"))], country)
    if number % 97 == 0:
        log.warning("order %d took the slow path: cache miss for SKU-%d", number, number % 40)
    log.info("order %d priced at %s EUR", number, amount)
    return JSONResponse({"order": number, "total": str(amount)})


def health(request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


app = Starlette(routes=[Route("/orders/{number}", order), Route("/health", health)])
