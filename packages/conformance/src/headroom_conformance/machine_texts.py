"""Seeded texts like those that tools print: the same seed gives the same text everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

_WORDS = (
    "account agent buffer cache client cluster config connection consumer counter cursor deploy "
    "driver endpoint engine event gateway handler index invoice job lease ledger lock message "
    "metric node order parser payment pool probe queue record region replica request resource "
    "result retry route scheduler schema segment service session shard snapshot socket storage "
    "stream table task tenant token topic trace transaction upload user volume worker"
).split()
_COMMON = ("accepted {n} in {ms} ms", "cache hit for {w}-{n}", "flushed {n} {w} records")
_RARE = ("checksum of {w}-{n} does not match", "lease on {w} was lost to node-{n}")


def rows(seed: int, size: int = 60) -> str:
    """Return a JSON array of objects; a few of them stand out."""
    random = Random(seed)
    kind = random.choice(_WORDS)
    odd = {random.randrange(size) for _ in range(2)} if size else set()
    return json.dumps(
        [
            {
                "id": 1000 + number,
                "name": f"{kind}-{random.choice(_WORDS)}-{number}",
                "state": "failed" if number in odd else "running",
                "region": random.choice(("eu-west-1", "us-east-2")),
                "latency_ms": 9000 + number if number in odd else random.randrange(10, 60),
                "labels": {"team": random.choice(_WORDS), "tier": "backend"},
                "error": f"{random.choice(_WORDS)} timed out" if number in odd else None,
            }
            for number in range(size)
        ],
        indent=2,
    )


def log(seed: int, size: int = 150) -> str:
    """Return a server's log with a few warnings and one stack trace."""
    random = Random(seed)
    service = random.choice(_WORDS)
    lines = []
    for number in range(size):
        rare = random.random() < 0.03
        template = random.choice(_RARE if rare else _COMMON)
        said = template.format(
            n=random.randrange(10_000), ms=random.randrange(5, 90), w=random.choice(_WORDS)
        )
        clock = f"2026-03-04T{7 + number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
        lines.append(f"{clock} {'WARN' if rare else 'INFO'} [{service}-{number % 4}] {said}")
    trace = [
        f"2026-03-04T09:00:00.000Z ERROR [{service}-1] request failed",
        "Traceback (most recent call last):",
        f'  File "/srv/{service}/app.py", line {random.randrange(10, 400)}, in handle',
        f"    return {service}.send(request)",
        f"ConnectionError: {service} refused the connection",
    ]
    return "\n".join([*lines[: size // 2], *trace, *lines[size // 2 :]])


def hits(seed: int, size: int = 80) -> str:
    """Return what ``grep -rn`` prints."""
    random = Random(seed)
    word = random.choice(_WORDS)
    files = [f"src/{random.choice(_WORDS)}/{random.choice(_WORDS)}_{n}.py" for n in range(9)]
    lines = []
    for file in sorted(set(files)):
        line = 0
        for _ in range(max(1, size // 9)):
            line += random.randrange(1, 40)
            lines.append(f"{file}:{line}:    {random.choice(_WORDS)} = {word}({line}, retries=3)")
    return "\n".join(lines) + "\n"


def run(seed: int, size: int = 90) -> str:
    """Return what a test runner prints; a few tests fail."""
    random = Random(seed)
    names = [f"test_{random.choice(_WORDS)}_{number}" for number in range(size)]
    failing = sorted(random.sample(range(size), min(size, 3)))
    lines = [
        f"tests/test_{name.split('_')[1]}.py::{name} {'FAILED' if i in failing else 'PASSED'}"
        for i, name in enumerate(names)
    ]
    lines.append(f"{'=' * 35} FAILURES {'=' * 35}")
    for i in failing:
        value = random.randrange(100)
        lines += [
            f"{'_' * 20} {names[i]} {'_' * 20}",
            f">       assert {random.choice(_WORDS)}.total == {value}",
            f"E       assert {value + 1} == {value}",
            f"tests/test_{names[i].split('_')[1]}.py:{random.randrange(9, 99)}: AssertionError",
        ]
    failed = len(failing)
    return "\n".join([*lines, f"==== {failed} failed, {size - failed} passed in 0.31s ===="])


def paths(seed: int, size: int = 120) -> str:
    """Return what ``find`` prints."""
    random = Random(seed)
    return "\n".join(
        f"./{random.choice(_WORDS[:6])}/{random.choice(_WORDS)}/{random.choice(_WORDS)}_{n}.py"
        for n in range(size)
    )


def table(seed: int, size: int = 80) -> str:
    """Return a CSV file."""
    random = Random(seed)
    lines = ["id,customer,state,amount"]
    for number in range(size):
        amount = random.randrange(100, 99_999) / 100
        lines.append(
            f"{number},{random.choice(_WORDS)},{'paid' if number % 9 else 'open'},{amount}"
        )
    return "\n".join(lines)


def source(seed: int, size: int = 12) -> str:
    """Return a Python module of ``size`` functions."""
    random = Random(seed)
    blocks = ['"""Rules of the shop."""\n', "import json\n"]
    for number in range(size):
        a, b = random.choice(_WORDS), random.choice(_WORDS)
        blocks.append(
            f"\ndef {a}_{b}_{number}({a}, *, limit={random.randrange(100)}):\n"
            f'    """Return the {b} of {a}."""\n'
            f"    if {a} is None:\n        raise ValueError({json.dumps(b)})\n"
            f"    return json.dumps({{'{b}': {a}, 'limit': limit}})\n"
        )
    return "\n".join(blocks)


def patch(seed: int, size: int = 12) -> str:
    """Return what ``git log -p`` prints of ``size`` commits, one of them to a lock file."""
    random = Random(seed)
    commits = []
    for number in range(size):
        a, b = random.choice(_WORDS), random.choice(_WORDS)
        path = "web/package-lock.json" if number == size // 2 else f"src/{a}/{b}.py"
        old = [f"{random.choice(_WORDS)} = {random.randrange(90)}" for _ in range(3)]
        new = f"{a}_{b} = {random.randrange(90)}"
        commits.append(
            f"commit {random.getrandbits(160):040x}\nAuthor: Ann <ann@shop.example>\n"
            f"Date:   Mon Feb 2 09:{number % 60:02}:00 2026 +0000\n\n    Change {a} of {b}\n\n"
            f"diff --git a/{path} b/{path}\n"
            f"index {random.getrandbits(28):07x}..{random.getrandbits(28):07x} 100644\n"
            f"--- a/{path}\n+++ b/{path}\n@@ -{number + 1},3 +{number + 1},3 @@\n"
            f" {old[0]}\n-{old[1]}\n+{new}\n {old[2]}\n"
        )
    return "\n".join(commits)


def prose(seed: int, size: int = 12) -> str:
    """Return ``size`` sentences."""
    random = Random(seed)
    sentences = (
        f"The {random.choice(_WORDS)} keeps every {random.choice(_WORDS)} until the "
        f"{random.choice(_WORDS)} has confirmed {random.randrange(2, 40)} of them."
        for _ in range(size)
    )
    return " ".join(sentences)


KINDS: dict[str, Callable[[int, int], str]] = {
    "rows": rows,
    "log": log,
    "hits": hits,
    "run": run,
    "paths": paths,
    "table": table,
    "source": source,
    "patch": patch,
    "prose": prose,
}

# Texts that resemble Headroom's own marks, or have one inside, and are nobody's but the user's.
LOOK_ALIKES = (
    "[headroom 0123456789abcdef: kept 1 of 2000 lines]",
    "[headroom_retrieve 0123456789abcdef: kept 3 of 200 rows; omitted: 197 ok]\n[{}]",
    "[headroom table: 200 rows; ~ = absent]\nid,name\n1,a",
    "[headroom 0123456789abcdef: kept 9 of 3 lines]",
    "[headroom",
    "[13 lines omitted]",
    "see [headroom 0123456789abcdef: kept 1 of 2 lines] above",
)
