"""Run one system over JSON lines, inside that system's own environment.

Usage: worker.py SYSTEM [STORE_FILE]

This file stands alone: two distributions provide a package named ``headroom``, and whichever the
interpreter has is the one that is measured. It uses nothing else but the standard library, and one
and the same code times every system.

A request is ``{"messages", "observed", "roles", "warm"}``; the answer has the observed texts, the
``handles`` in them, ``cold`` seconds (first sight of the text by a compressor made for it),
``warm`` seconds of as many repeats as were asked for, ``peak_bytes`` that the first run added to
the resident memory (None where the system does not tell), and ``restored``: whether the messages
came back from the result alone, for a system that claims it (else None). Before every timed call
garbage is collected; the collector stays on, as it does in use.

A request ``{"handle", "query", "max_tokens"}`` is answered with the ``text`` that stands behind the
handle in the store file, as far as it fits.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.metadata
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Messages = list[dict[str, Any]]
Run = Callable[[Messages], tuple[Messages, list[str]]]
Fresh = Callable[[tuple[str, ...]], Run]


def ours(store_file: str | None, fidelity: str = "balanced") -> Fresh:
    """Return a maker of Headroom compressors, each with an empty store unless a file is given."""
    headroom = importlib.import_module("headroom")
    shared = headroom.SQLiteStore(store_file) if store_file else None

    def fresh(roles: tuple[str, ...]) -> Run:
        config = headroom.CompressionConfig(fidelity=fidelity, roles=roles)
        compressor = headroom.Compressor(config, store=shared or headroom.MemoryStore())

        def run(messages: Messages) -> tuple[Messages, list[str]]:
            result = compressor.compress(messages, model="gpt-4o")
            return result.messages, list(result.handles)

        return run

    return fresh


def headroom_ai(store_file: str | None, **settings: str) -> Fresh:
    """Return a maker for headroom-ai, which keeps its state for the whole process."""
    compress = importlib.import_module("headroom").compress

    def fresh(roles: tuple[str, ...]) -> Run:
        def run(messages: Messages) -> tuple[Messages, list[str]]:
            return compress(messages, model="gpt-4o", **settings).messages, []

        return run

    return fresh


def retrieve(store_file: str, request: dict[str, Any]) -> dict[str, Any]:
    """Answer a retrieval from a store file that another process wrote."""
    headroom = importlib.import_module("headroom")
    with headroom.SQLiteStore(store_file) as store:
        found = headroom.Compressor(store=store).retrieve(
            request["handle"], query=request["query"], max_tokens=request["max_tokens"]
        )
    return {"text": found.text, "error": None}


def expand(result: Messages) -> Messages:
    """Undo the lossless forms of Headroom, by what the messages themselves say."""
    expanded: Messages = importlib.import_module("headroom").expand(result)
    return expanded


# Systems whose output gives the input back by itself, and how.
RESTORERS = {"ours-lossless": expand}

SYSTEMS: dict[str, tuple[str, Callable[[str | None], Fresh]]] = {
    "ours": ("headroom-core", ours),
    "ours-lossless": ("headroom-core", lambda file: ours(file, "lossless")),
    "ours-aggressive": ("headroom-core", lambda file: ours(file, "aggressive")),
    "headroom-ai": ("headroom-ai", headroom_ai),
    "headroom-ai-agent": ("headroom-ai", lambda file: headroom_ai(file, mode="agent")),
}


def memory(field: str) -> int | None:
    """Return a field of the process's memory in bytes, where the system tells."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
    return None


def reset_peak() -> None:
    """Make the peak of the resident memory start again from what is resident."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def timed(run: Run, messages: Messages) -> tuple[Messages, list[str], float]:
    """Return the result, its handles and the processor seconds that it took, in all threads."""
    gc.collect()
    started = time.process_time()
    result, handles = run(messages)
    return result, handles, time.process_time() - started


def as_text(content: Any) -> str:
    """Return a message's content as text, structured content as JSON."""
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def answer(
    fresh: Fresh, request: dict[str, Any], restore: Callable[[Messages], Messages] | None
) -> dict[str, Any]:
    """Compress a request's messages once for the first time, then again."""
    messages = request["messages"]
    run = fresh(tuple(request["roles"]))
    reset_peak()
    before = memory("VmRSS")
    result, handles, cold = timed(run, messages)
    peak = memory("VmHWM")
    warm = [timed(run, messages)[2] for _ in range(request["warm"])]
    contents = (result[i].get("content") for i in request["observed"])
    return {
        "text": "\n".join(as_text(c) for c in contents if c is not None),
        "handles": handles,
        "cold": cold,
        "warm": warm,
        "peak_bytes": None if peak is None or before is None else max(0, peak - before),
        "restored": None if restore is None else restore(result) == messages,
        "error": None,
    }


def main(system: str, store_file: str | None = None) -> None:
    """Answer requests until there are no more."""
    distribution, make = SYSTEMS[system]
    # What a system prints must not stand between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    fresh = make(store_file)
    version = "unknown"
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        version = importlib.metadata.version(distribution)
    print(json.dumps({"version": version}), file=answers, flush=True)
    for line in sys.stdin:
        try:
            request = json.loads(line)
            if store_file is not None and "handle" in request:
                reply = retrieve(store_file, request)
            else:
                reply = answer(fresh, request, RESTORERS.get(system))
        except Exception as error:  # noqa: BLE001  # a crash is a result
            reply = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(reply), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
