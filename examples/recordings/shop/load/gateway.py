"""A payment gateway for tests and load: answers by the card's last digits, on loopback only."""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DECLINED, SLOW = "0002", "0077"


class Handler(BaseHTTPRequestHandler):
    """Charges every card but those that end in a known bad number."""

    protocol_version = "HTTP/1.1"
    busy_from = 5
    served = 0
    open_charges = 0
    lock = threading.Lock()

    def do_POST(self) -> None:
        """Answer a charge or a refund."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/refund"):
            return self._answer(200, {"refunded": True})
        with Handler.lock:
            Handler.served += 1
            Handler.open_charges += 1
            number, together = Handler.served, Handler.open_charges
        try:
            time.sleep(0.15 if body["card"].endswith(SLOW) else 0.012)
        finally:
            with Handler.lock:
                Handler.open_charges -= 1
        if body["card"].endswith(DECLINED):
            return self._answer(402, {"error": "card_declined"})
        if together >= self.busy_from:
            return self._answer(503, {"error": "busy"}, retry_after="1")
        return self._answer(201, {"charge_id": f"ch_{number:06d}", "receipt": "x" * 200})

    def _answer(self, status: int, body: dict[str, object], *, retry_after: str = "") -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        time.sleep(0.02)  # A real gateway's body is seldom there together with its head.
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


def start(port: int = 0, *, busy_from: int = 5) -> ThreadingHTTPServer:
    """Serve in the background; the port is free to choose."""
    made = type("Gateway", (Handler,), {"busy_from": busy_from})
    server = ThreadingHTTPServer(("127.0.0.1", port), made)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


if __name__ == "__main__":
    start(int(sys.argv[1]))
    threading.Event().wait()
