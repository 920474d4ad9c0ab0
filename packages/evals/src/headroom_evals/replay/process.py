"""A replaying system in a process and an environment of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from headroom_evals.replay.measured import Sent, sent_as
from headroom_evals.replay.traces import Trace
from headroom_evals.systems.answering import AnsweringProcess

REPLAYER = Path(__file__).with_name("replayer.py")


class ReplayProcess(AnsweringProcess):
    """A process that replays the traces that it is sent.

    Args:
        system: Its name in ``replayer.py``.
        python: The interpreter that has the system installed; this one when None.
        environment: Variables to set on top of this process's.

    Raises:
        SystemFailedError: If the process does not start.
    """

    def __init__(
        self, system: str, *, python: str | None = None, environment: Mapping[str, str] = {}
    ) -> None:
        super().__init__(system, REPLAYER, python=python, environment=environment)

    def replay(
        self, trace: Trace, settings: Mapping[str, Any], *, fresh: bool = False
    ) -> list[Sent] | str:
        """Return what the system sends for each request, or what went wrong.

        Args:
            trace: The trace.
            settings: More of the system's own settings.
            fresh: Give every request a compressor and a store of its own.

        Raises:
            SystemFailedError: If the process ended.
        """
        pool, turns = _pooled(trace)
        roles = ["tool", "user"] if trace.observes_in_user_messages else ["tool"]
        request = {
            "key": trace.key,
            "roles": roles,
            "fresh": fresh,
            "settings": dict(settings),
            "pool": pool,
            "turns": turns,
        }
        reply = self.ask(request)
        if reply["error"] is not None:
            return str(reply["error"])
        parts = [sent_as(json.loads(text), ()).parts[0] for text in reply["pool"]]
        return [Sent(tuple(parts[n] for n in (t["rest"], *t["messages"]))) for t in reply["turns"]]


def _pooled(trace: Trace) -> tuple[list[Any], list[dict[str, Any]]]:
    """Return every different message once, and the requests as positions among them."""
    pool: list[Any] = []
    places: dict[int, int] = {}

    def place(value: Any) -> int:
        if id(value) not in places:
            places[id(value)] = len(pool)
            pool.append(value)
        return places[id(value)]

    turns: Sequence[dict[str, Any]] = [
        {"rest": place(r.rest), "messages": [place(m) for m in r.messages]} for r in trace.requests
    ]
    return pool, list(turns)
