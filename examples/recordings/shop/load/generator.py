"""A bounded load: a fixed number of checkouts from a fixed seed, then a summary."""

from __future__ import annotations

import collections
import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import urllib3

COUNTRIES = ("AT", "DE", "DE", "DE", "DK", "ES", "FR", "IT", "NL", "SE")
SKUS = (
    "MUG-BLUE",
    "MUG-RED",
    "TEA-EARL",
    "TEA-MINT",
    "POT-CAST",
    "POT-GLASS",
    "FILTER-50",
    "KETTLE-1L",
)
GOOD, DECLINED, SLOW = "4242424242424242", "4000000000000002", "4000000000000077"


def checkout(rng: random.Random) -> tuple[str, dict[str, object], float]:
    """Return a request id, a checkout, and how many seconds its customer waits first."""
    card = rng.choices((GOOD, DECLINED, SLOW), weights=(93, 3, 4))[0]
    items = {sku: rng.randint(1, 3) for sku in rng.sample(SKUS, rng.randint(1, 3))}
    voucher = rng.choice((None, None, None, None, "WELCOME10", "TEATIME"))
    body = {"customer": f"c{rng.randint(1000, 9999)}@example.com", "country": rng.choice(COUNTRIES),
            "items": items, "voucher": voucher, "card": card}  # fmt: skip
    return f"{rng.getrandbits(32):08x}", body, rng.uniform(0.0, 0.03)


def run(url: str, count: int, workers: int, seed: int) -> collections.Counter[int]:
    """Send ``count`` checkouts and count the answers by status."""
    rng = random.Random(seed)
    jobs = [checkout(rng) for _ in range(count)]
    pool = urllib3.PoolManager(maxsize=workers, block=True, retries=False)

    def send(job: tuple[str, dict[str, object], float]) -> int:
        time.sleep(job[2])
        headers = {"Content-Type": "application/json", "X-Request-Id": job[0]}
        body = json.dumps(job[1]).encode()
        return pool.request("POST", f"{url}/api/checkout", body=body, headers=headers).status

    with ThreadPoolExecutor(workers) as executor:
        return collections.Counter(executor.map(send, jobs))


if __name__ == "__main__":
    url, count, workers, seed = sys.argv[1], *map(int, sys.argv[2:5])
    answers = run(url, count, workers, seed)
    print(" ".join(f"{status}={n}" for status, n in sorted(answers.items())))
