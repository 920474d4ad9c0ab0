"""Replay traces through one system, inside that system's own environment.

Usage: replayer.py SYSTEM

This file stands alone: two distributions provide a package named ``headroom``, and whichever the
interpreter has is the one that is measured.

A request on standard input is ``{"key", "roles", "fresh", "pool", "turns", "settings"}``: each turn
names its messages, and the rest of its body, by position in the pool. ``fresh``: every turn gets a
compressor and a store of its own. The answer has the same form, for what came out, and
``overhead``: tokens that the system adds to every request.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
from collections.abc import Callable
from typing import Any

Body = dict[str, Any]
Run = Callable[[Body, str], Body]
Fresh = Callable[[dict[str, Any]], Run]


def ours(fidelity: str) -> Fresh:
    """Return a maker of Headroom compressors, each with an empty store."""
    headroom = importlib.import_module("headroom")

    def fresh(request: dict[str, Any]) -> Run:
        settings = {"fidelity": fidelity, "roles": tuple(request["roles"]), **request["settings"]}
        config = headroom.CompressionConfig(**settings)
        compressor = headroom.Compressor(config, store=headroom.MemoryStore())

        def run(body: Body, key: str) -> Body:
            result: Body = compressor.compress_request(body).output
            return result

        return run

    return fresh


def headroom_ai(**settings: str) -> Fresh:
    """Return a maker for headroom-ai, which keeps its state for the whole process."""
    compress = importlib.import_module("headroom").compress

    def fresh(request: dict[str, Any]) -> Run:
        def run(body: Body, key: str) -> Body:
            messages = compress(body[key], model=body.get("model", "gpt-4o"), **settings).messages
            return {**body, key: messages}

        return run

    return fresh


SYSTEMS: dict[str, tuple[str, Callable[[], Fresh]]] = {
    "ours": ("headroom-core", lambda: ours("balanced")),
    "ours-lossless": ("headroom-core", lambda: ours("lossless")),
    "ours-aggressive": ("headroom-core", lambda: ours("aggressive")),
    "headroom-ai": ("headroom-ai", headroom_ai),
    "headroom-ai-agent": ("headroom-ai", lambda: headroom_ai(mode="agent")),
}


def answer(fresh: Fresh, request: dict[str, Any]) -> dict[str, Any]:
    """Run every turn of a trace."""
    given = [json.dumps(value) for value in request["pool"]]
    pool: dict[str, int] = {}
    turns = []
    run = fresh(request)
    for turn in request["turns"]:
        if request["fresh"]:
            run = fresh(request)
        messages = [json.loads(given[n]) for n in turn["messages"]]
        body = run({**json.loads(given[turn["rest"]]), request["key"]: messages}, request["key"])
        written = [json.dumps(m) for m in body[request["key"]]]
        rest = json.dumps({k: v for k, v in body.items() if k != request["key"]})
        places = [pool.setdefault(text, len(pool)) for text in written]
        turns.append({"rest": pool.setdefault(rest, len(pool)), "messages": places})
    return {"pool": list(pool), "turns": turns, "error": None}


def main(system: str) -> None:
    """Answer requests until there are no more."""
    distribution, make = SYSTEMS[system]
    # What a system prints must not stand between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    fresh = make()
    print(json.dumps({"version": _version(distribution)}), file=answers, flush=True)
    for line in sys.stdin:
        try:
            reply = answer(fresh, json.loads(line))
        except Exception as error:  # noqa: BLE001  # a crash is a result
            reply = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(reply), file=answers, flush=True)


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


if __name__ == "__main__":
    main(*sys.argv[1:])
