"""How long an adapter takes beyond the core: one model call of the recorded conversation.

Times a bare call, a wrapped one and the core's part of it in turn, in one process, and reports
medians as ratios: times of this machine say nothing about another. Runs in the environment of an
adapter's tests, with the model that they script.

Usage: python integration-tests/overhead.py {langchain,agno,strands} [--rounds 1000]
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from headroom import MemoryStore
from headroom_conformance import Probe, Reply, real_conversations

ROOT = Path(__file__).resolve().parent.parent
Timed = Mapping[str, Callable[[], object]]
Wrap = Callable[[Any, Any], Any]


class Brief:
    """Says one word, whatever it is sent: a model whose own work depends on nothing."""

    requests = ()

    def reply(self, *args: object) -> Reply:
        """Say it."""
        return Reply("hello")


def read_nothing(messages: object) -> list[str]:
    """Return no texts: a provider's time to read a request is not the adapter's."""
    return []


def calls_of(name: str) -> tuple[Callable[[Any, Any], object], Callable[[], Any], Wrap]:
    """Return how to call a model of the framework, how to make one, and how to wrap it."""
    sys.path.insert(0, str(ROOT / "adapters" / name / "tests"))
    scripted = importlib.import_module("fetching")
    adapter = importlib.import_module(f"headroom_{name}")
    if name == "langchain":
        return (
            lambda model, messages: model.invoke(messages),
            lambda: scripted.FetchingChat(script=Brief(), read=read_nothing),
            lambda model, compressor: adapter.HeadroomChatModel(model, compressor=compressor),
        )
    if name == "agno":
        return (
            lambda model, messages: model.response(messages=list(messages)),
            lambda: scripted.FetchingScript(script=Brief()),
            lambda model, compressor: adapter.HeadroomAgnoModel(model, compressor=compressor),
        )
    streaming = importlib.import_module("strands.event_loop.streaming")

    async def drain(model: Any, messages: Any) -> None:
        async for _ in streaming.process_stream(model.stream(messages, None, None)):
            pass

    loop = asyncio.new_event_loop()
    return (
        lambda model, messages: loop.run_until_complete(drain(model, messages)),
        lambda: scripted.FetchingScript(Brief(), read_nothing),
        lambda model, compressor: adapter.HeadroomStrandsModel(model, compressor=compressor),
    )


def suite_of(name: str) -> Any:
    """Return the adapter's conformance suite, which builds messages in its framework's form."""
    suites = importlib.import_module("test_conformance")
    classes = {"langchain": "ChatModel", "agno": "AgnoModel", "strands": "StrandsModel"}
    return getattr(suites, f"TestHeadroom{classes[name]}")()


def rivals_of(name: str) -> Timed:
    """Return what is timed: each does one call, or the core's part of it."""
    call, scripted, wrap = calls_of(name)
    conversation = dict(real_conversations(ROOT / "examples" / "recordings"))["conversation.json"]
    messages = suite_of(name).build_messages(conversation)
    compressor = Probe(store=MemoryStore())
    bare, wrapped = scripted(), wrap(scripted(), compressor)
    call(wrapped, messages)  # from here on the compressor is warm, as in the next turn of an agent
    segments = compressor.segments

    return {
        "bare": lambda: call(bare, messages),
        "wrapped": lambda: call(wrapped, messages),
        "core": lambda: compressor.rewrite(segments),
        # What the core does in the first turn; a later one is between this and the warm one.
        "first core": lambda: Probe(store=MemoryStore()).rewrite(segments),
    }


def medians(rivals: Timed, rounds: int) -> dict[str, float]:
    """Return the median seconds of each, timed in turn.

    The one that takes a hundred times as long comes last: it would empty the processor's caches
    for whatever follows it.
    """
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    *quick, slow = rivals
    for name in [*quick * rounds, *[slow] * max(3, rounds // 100)]:
        started = perf_counter()
        rivals[name]()
        seconds[name].append(perf_counter() - started)
    return {name: median(values) for name, values in seconds.items()}


def row(name: str, took: Mapping[str, float]) -> str:
    """Return a line of the table in ``docs/reference/overhead.md``."""
    beyond = took["wrapped"] - took["bare"] - took["core"]
    package = {"langchain": "langchain-core", "agno": "agno", "strands": "strands-agents"}[name]
    shares = [
        f"{beyond / took['first core']:.2%}",
        f"{beyond / took['core']:.0%}",
    ]
    return f"| `headroom-{name}` | {package} {version(package)} | {' | '.join(shares)} |"


def main() -> None:
    """Measure one adapter, and print its line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("adapter", choices=("langchain", "agno", "strands"))
    parser.add_argument("--rounds", type=int, default=1_000)
    given = parser.parse_args()
    print(row(given.adapter, medians(rivals_of(given.adapter), given.rounds)))  # noqa: T201


if __name__ == "__main__":
    main()
