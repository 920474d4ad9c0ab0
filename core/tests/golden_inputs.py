"""The inputs of the golden tests: seeded generators, and recordings from the fixtures."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class GoldenCase:
    """A text and the question that stands before it."""

    name: str
    question: str
    text: Callable[[], str]


def orders() -> str:
    rng = random.Random(1)
    rows = [
        {
            "id": 4_000 + n,
            "status": "failed" if n == 137 else rng.choice(["paid", "paid", "paid", "shipped"]),
            "customer": {
                "id": rng.randrange(1_000, 9_999),
                "country": rng.choice("DE FR NL".split()),
            },
            "items": [
                {"sku": f"SKU-{rng.randrange(60):04d}", "quantity": rng.randrange(1, 5)}
                for _ in range(rng.randrange(1, 4))
            ],
            "total_cents": 98_765_432 if n == 55 else rng.randrange(500, 30_000),
            "created_at": f"2026-01-{1 + n % 28:02d}T10:{n % 60:02d}:00Z",
            "note": None if n % 9 else "gift",
        }
        for n in range(200)
    ]
    return json.dumps({"total": 200, "orders": rows}, indent=2)


def settings() -> str:
    rng = random.Random(2)
    names = ["timeout_ms", "retries", "endpoint", "enabled", "weight"]
    tree = {
        f"service_{n}": {
            name: rng.choice([True, False, None, rng.randrange(900), f"http://10.0.{n}.{n % 9}/v1"])
            for name in names
        }
        for n in range(60)
    }
    return json.dumps(tree)


def events() -> str:
    rng = random.Random(3)
    return "".join(
        json.dumps(
            {"ts": 1_767_000_000 + n, "level": level, "msg": f"job {n} took {rng.random():.3f}"}
        )
        + "\n"
        for n in range(300)
        for level in ["error" if n == 211 else "info"]
    )


def service_log() -> str:
    rng = random.Random(4)
    lines = []
    for n in range(900):
        clock = f"2026-01-01 10:{n // 60:02d}:{n % 60:02d},{rng.randrange(1000):03d}"
        if n == 611:
            lines += [
                f"{clock} ERROR [worker-3] shop.pay: charge 8812 failed",
                "Traceback (most recent call last):",
                '  File "/srv/shop/pay.py", line 88, in charge',
                "    gateway.send(order)",
                "shop.errors.GatewayTimeout: no answer after 2500 ms",
            ]
        else:
            path = rng.choice(["/cart", "/checkout", "/items/" + str(rng.randrange(400))])
            took = rng.randrange(3, 90)
            lines.append(f"{clock} INFO [worker-{n % 5}] shop.web: GET {path} 200 in {took} ms")
    return "\n".join(lines) + "\n"


def recorded(name: str) -> Callable[[], str]:
    return lambda: (FIXTURES / name).read_bytes().decode()


CASES = (
    GoldenCase("json-orders", "Which order failed?", orders),
    GoldenCase("json-settings", "What is the endpoint of service_17?", settings),
    GoldenCase("jsonl-events", "Which job had an error?", events),
    GoldenCase("log-service", "Why did charge 8812 fail?", service_log),
    GoldenCase("search-grep", "Where is the read timeout checked?", recorded("search/grep_n.txt")),
    GoldenCase("paths-find", "Where is the Retry class?", recorded("search/find.txt")),
    GoldenCase("listing-ls", "How large is response.py?", recorded("search/ls_lR.txt")),
    GoldenCase("table-psql", "Which service has the highest cpu?", recorded("tables/psql.txt")),
    GoldenCase("table-csv", "In which state is svc-billin-3?", recorded("tables/sqlite_csv.txt")),
    GoldenCase("plan-terraform", "What is destroyed?", recorded("config/terraform-plan.txt")),
    GoldenCase("prose-manual", "How are old runs removed?", recorded("prose/manual.md")),
)
