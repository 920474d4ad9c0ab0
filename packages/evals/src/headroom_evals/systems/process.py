"""A system in a process and an environment of its own."""

from __future__ import annotations

import base64
import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from headroom.counting.ranks import o200k_ranks
from headroom_evals.cases import Case
from headroom_evals.systems.answering import AnsweringProcess

WORKER = Path(__file__).with_name("worker.py")

# tiktoken looks for o200k_base under the SHA-1 of its address.
_O200K_CACHE_KEY = "fb374d419588a4632f3f557e76b4b70aebbca790"


@dataclass(frozen=True, slots=True)
class SystemUnderTest:
    """What to start.

    Args:
        name: The system's name in ``worker.py``.
        python: The interpreter that has it; None for this one.
        retrieves: Whether it keeps originals in a file that another process can read.
    """

    name: str
    python: str | None = None
    retrieves: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """What a system made of one conversation.

    Args:
        text: The observed texts, joined; the original ones after an error.
        handles: Handles in the texts.
        cold_seconds: Time of the first call; 0 after an error.
        warm_seconds: Times of the repeats.
        peak_bytes: What the first call added to the resident memory, where known.
        error: What went wrong, or None.
        restored: Whether the system gave the input back from this output alone; None where it
            does not claim that it does.
    """

    text: str
    handles: tuple[str, ...]
    cold_seconds: float
    warm_seconds: tuple[float, ...]
    peak_bytes: int | None
    error: str | None
    restored: bool | None = None


class SystemProcess(AnsweringProcess):
    """A worker process that compresses what it is sent.

    Args:
        system: Its name in ``worker.py``.
        python: The interpreter that has the system installed; this one when None.
        store_file: Where the system keeps originals, for systems that can.
        environment: Variables to set on top of this process's.

    Raises:
        SystemFailedError: If the process does not start.
    """

    def __init__(
        self,
        system: str,
        *,
        python: str | None = None,
        store_file: Path | None = None,
        environment: Mapping[str, str] = {},
    ) -> None:
        arguments = [] if store_file is None else [str(store_file)]
        super().__init__(
            system, WORKER, arguments=arguments, python=python, environment=environment
        )

    def run(self, case: Case, query: str | None, *, warm: int = 0) -> Run:
        """Compress a case with a fresh compressor, then ``warm`` times again.

        ``query`` is what the user says; None leaves a recorded conversation as it is.

        Raises:
            SystemFailedError: If the process ended.
        """
        messages = case.messages(query)
        tools = any(messages[i]["role"] in ("tool", "function") for i in case.observed)
        request = {
            "messages": messages,
            "observed": case.observed,
            "roles": ("tool",) if tools else ("tool", "user"),
            "warm": warm,
        }
        reply = self.ask(request)
        if reply["error"] is not None:
            return Run(case.text, (), 0.0, (), None, reply["error"])
        return Run(
            text=reply["text"],
            handles=tuple(reply["handles"]),
            cold_seconds=reply["cold"],
            warm_seconds=tuple(reply["warm"]),
            peak_bytes=reply["peak_bytes"],
            error=None,
            restored=reply["restored"],
        )

    def retrieve(self, handle: str, query: str, *, max_tokens: int) -> str:
        """Ask for the part of an original that suits a question; empty after an error.

        Raises:
            SystemFailedError: If the process ended.
        """
        reply = self.ask({"handle": handle, "query": query, "max_tokens": max_tokens})
        return reply["text"] if reply["error"] is None else ""


@contextlib.contextmanager
def tokenizer_environment() -> Iterator[dict[str, str]]:
    """Give systems that use tiktoken their rank file, so that none is measured downloading it."""
    with tempfile.TemporaryDirectory() as folder:
        lines = (b"%s %d\n" % (base64.b64encode(t), r) for t, r in o200k_ranks().items())
        (Path(folder) / _O200K_CACHE_KEY).write_bytes(b"".join(lines))
        # litellm replaces the first by its own folder unless the second is set.
        yield {"TIKTOKEN_CACHE_DIR": folder, "CUSTOM_TIKTOKEN_CACHE_DIR": folder}
