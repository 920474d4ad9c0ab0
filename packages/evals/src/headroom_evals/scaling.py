"""How time and memory grow with the size of a text.

Each size of each kind is compressed in a process of its own, so that the memory by which the
process grew is that text's alone. Linear means: as much time per token for a large text as for a
small one.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from headroom import Counter
from headroom_evals.cases import Case, Needle
from headroom_evals.systems.process import SystemProcess, SystemUnderTest

COLUMNS = ("kind", "system", "megabytes", "cold", "warm", "kept", "memory", "why not")
LEGEND = (
    "cold, warm: processor milliseconds per 10,000 tokens at the first and second sight of a text",
    "kept: tokens that remain, as a share",
    "memory: resident memory by which the process grew at its peak, as a multiple of the text",
)

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)

_WORDS = "order paid shipped item stock error retry queue worker cache token price user".split()
_WARM_UP_BYTES = 9_000

Maker = Callable[[random.Random, int], str]


@dataclass(frozen=True, slots=True)
class Scaled:
    """One system on one kind at one size.

    Args:
        kind: What was made.
        system: The system's name.
        bytes: Size of the text as UTF-8.
        tokens_before: Tokens of the text.
        tokens_after: Tokens of what the system returned.
        cold_seconds: First sight of the text.
        warm_seconds: Second sight of the text.
        peak_bytes: What the first call added to the resident memory, where known.
        error: What went wrong, or None.
    """

    kind: str
    system: str
    bytes: int
    tokens_before: int
    tokens_after: int
    cold_seconds: float
    warm_seconds: float
    peak_bytes: int | None
    error: str | None


def _record(rng: random.Random, n: int) -> dict[str, object]:
    return {
        "id": n,
        "key": f"{rng.getrandbits(40):010x}",
        "state": rng.choice(("ready", "ready", "ready", "failed")),
        "words": " ".join(rng.choices(_WORDS, k=4)),
        "size": rng.randint(1, 9999),
    }


def _json_line(rng: random.Random, n: int) -> str:
    return json.dumps(_record(rng, n))


def _log_line(rng: random.Random, n: int) -> str:
    at = f"2026-03-14 {n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}"
    level = "ERROR" if n % 997 == 500 else "INFO"
    words = _WORDS[n % len(_WORDS)]
    return f"{at} {level} worker-{rng.randint(1, 8)} {words} {rng.randint(1, 99999)} done"


def _grep_line(rng: random.Random, n: int) -> str:
    words = " ".join(rng.choices(_WORDS, k=5))
    return f"src/package_{n // 400}/module_{n // 20}.py:{n % 20 * 7 + 1}:    {words}"


def _path_line(rng: random.Random, n: int) -> str:
    return f"./src/package_{n // 300}/part_{n // 20}/{rng.choice(_WORDS)}_{n}.py"


def _csv_line(rng: random.Random, n: int) -> str:
    return ",".join(str(v) for v in _record(rng, n).values())


def _prose_line(rng: random.Random, n: int) -> str:
    return " ".join(rng.choices(_WORDS, k=14)).capitalize() + "."


def _lines(make: Callable[[random.Random, int], str], separator: str = "\n") -> Maker:
    def made(rng: random.Random, size: int) -> str:
        lines: list[str] = []
        length = 0
        while length < size:
            lines.append(make(rng, len(lines)))
            length += len(lines[-1]) + len(separator)
        return separator.join(lines)

    return made


def _array(rng: random.Random, size: int) -> str:
    return f"[{_lines(_json_line, ', ')(rng, size)}]"


def _nested(rng: random.Random, size: int) -> str:
    depth = size // 12
    return '{"a": [1, ' * depth + "0" + "]}" * depth


MAKERS: Mapping[str, Maker] = {
    "json": _array,
    "json lines": _lines(_json_line),
    "nested json": _nested,
    "log": _lines(_log_line),
    "search": _lines(_grep_line),
    "paths": _lines(_path_line),
    "csv": _lines(_csv_line),
    "prose": _lines(_prose_line),
    "one line": _lines(_prose_line, " "),
}


def scaled_case(kind: str, size: int) -> Case:
    """Make a text of about ``size`` characters; the same arguments give the same text."""
    text = MAKERS[kind](random.Random(f"{kind} {size}"), size)
    needle = Needle("What went wrong here?", ("nothing",))
    return Case(f"{kind} {size}", kind, "bash", {"command": "make"}, (needle,), text)


def measure_scaling(  # the same choices as the other benches, and the sizes
    kinds: Sequence[str],
    systems: Sequence[SystemUnderTest],
    counter: Counter,
    *,
    sizes: Sequence[int] = SIZES,
    environment: Mapping[str, str] = {},
    progress: Callable[[str], object] = lambda _: None,
) -> tuple[Scaled, ...]:
    """Measure the systems on made texts of growing size.

    Raises:
        KeyError: If a kind is none of `MAKERS`.
        SystemFailedError: If a system does not start, or ends.
    """
    found = []
    for kind in kinds:
        small = scaled_case(kind, _WARM_UP_BYTES)
        for size in sizes:
            progress(f"{kind}, {size:,} bytes")
            case = scaled_case(kind, size)
            for system in systems:
                with SystemProcess(
                    system.name, python=system.python, environment=environment
                ) as process:
                    process.run(small, small.queries[0])
                    run = process.run(case, case.queries[0], warm=1)
                found.append(
                    Scaled(
                        kind=kind,
                        system=system.name,
                        bytes=len(case.text.encode()),
                        tokens_before=counter.count(case.text),
                        tokens_after=counter.count(run.text),
                        cold_seconds=run.cold_seconds,
                        warm_seconds=min(run.warm_seconds, default=0.0),
                        peak_bytes=run.peak_bytes,
                        error=run.error,
                    )
                )
    return tuple(found)


def rows(found: Sequence[Scaled]) -> list[tuple[str, ...]]:
    """Return one row for each measurement."""
    return [
        (
            s.kind,
            s.system,
            f"{s.bytes / 1e6:.2f}",
            f"{s.cold_seconds / s.tokens_before * 1e7:.2f}",
            f"{s.warm_seconds / s.tokens_before * 1e7:.2f}",
            f"{s.tokens_after / s.tokens_before:.3f}",
            "" if s.peak_bytes is None else f"{s.peak_bytes / s.bytes:.1f}",
            s.error or "",
        )
        for s in found
    ]
