"""The client of the payment gateway."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass

import urllib3

logger = logging.getLogger("shop.payments")

POOL_SIZE = 8
POOL_TIMEOUT_SECONDS = 0.25
READ_TIMEOUT_SECONDS = 5.0
SLOW_CHARGE_MS = 120


class PaymentError(Exception):
    """A charge did not go through."""


class CardDeclined(PaymentError):
    """The card's bank said no; trying again will not help."""


class GatewayBusy(PaymentError):
    """The gateway asked us to come back later."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge that went through."""

    charge_id: str
    amount_cents: int
    currency: str


class PaymentClient:
    """Talks to the gateway over a bounded pool of connections.

    The pool blocks: a request that finds no free connection waits ``POOL_TIMEOUT_SECONDS`` and
    then fails with ``urllib3.exceptions.EmptyPoolError``. The gateway's contract allows us eight
    connections, so the pool must not grow.
    """

    def __init__(self, url: str, *, pool_size: int = POOL_SIZE) -> None:
        self._url = url.rstrip("/")
        self._pool_size = pool_size
        self._pool = urllib3.connection_from_url(
            self._url,
            maxsize=pool_size,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=1.0, read=READ_TIMEOUT_SECONDS),
        )

    @property
    def pool_size(self) -> int:
        """Connections that the pool was made with."""
        return self._pool_size

    def free_connections(self) -> int:
        """Return how many connections a request could take right now."""
        queue = self._pool.pool
        return queue.qsize() if queue is not None else 0

    def charge(self, card: str, amount_cents: int, *, request_id: str) -> Charge:
        """Charge a card.

        Raises:
            CardDeclined: If the bank said no.
            GatewayBusy: If the gateway is overloaded.
            PaymentError: If the gateway answers anything else that is not a success.
        """
        started = time.monotonic()
        response = self._send(
            "/v1/charges",
            {"card": card, "amount_cents": amount_cents, "currency": "EUR"},
            request_id,
        )
        took_ms = (time.monotonic() - started) * 1000
        if response.status == 402:
            logger.info("charge declined card=%s amount=%d", card[-4:], amount_cents)
            raise CardDeclined(f"card ending in {card[-4:]} was declined")
        if response.status == 503:
            logger.warning("gateway busy, retry-after=%s", response.headers.get("Retry-After"))
            raise GatewayBusy("the gateway asked us to come back later")
        body = self._read(response)
        if response.status != 201:
            raise PaymentError(f"unexpected answer {response.status}: {body.get('error')}")
        if took_ms > SLOW_CHARGE_MS:
            logger.warning("slow charge %s took %d ms", body["charge_id"], took_ms)
        logger.info("charged %s amount=%d", body["charge_id"], amount_cents)
        return Charge(str(body["charge_id"]), amount_cents, "EUR")

    def refund(self, charge_id: str, *, request_id: str) -> None:
        """Give the money of a charge back.

        Raises:
            PaymentError: If the gateway does not know the charge.
        """
        response = self._send(f"/v1/charges/{charge_id}/refund", {}, request_id)
        body = self._read(response)
        if response.status != 200:
            raise PaymentError(f"refund of {charge_id} failed: {body.get('error')}")
        logger.info("refunded %s", charge_id)

    def _send(
        self, path: str, body: dict[str, object], request_id: str
    ) -> urllib3.BaseHTTPResponse:
        # The body is read by the caller: charges stream a receipt that we mostly do not need.
        return self._pool.urlopen(
            "POST",
            path,
            body=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "X-Request-Id": request_id},
            preload_content=False,
            pool_timeout=POOL_TIMEOUT_SECONDS,
        )

    def _read(self, response: urllib3.BaseHTTPResponse) -> dict[str, object]:
        try:
            parsed = json.loads(response.read())
        finally:
            response.release_conn()
        if not isinstance(parsed, dict):
            raise PaymentError("the gateway answered something that is not an object")
        return parsed
