"""How fast: time per token, first and second sight, beside another system in the same minutes.

Every pass starts the systems' processes anew, so that nothing is remembered from the pass before,
and sends each input to one system right after the other, in turns who comes first. Other work on
the machine then slows both alike: trust the ratios, not the milliseconds. What is reported is the
median over the passes.

Before the first timed input each process sees the smallest input of every kind with its digits
changed: imports, tables and regular expressions are then in place, and no timed text was seen.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from headroom import Counter
from headroom_evals.cases import Case
from headroom_evals.scoring import is_readable, stands_in
from headroom_evals.systems.controls import head_and_tail, minified
from headroom_evals.systems.process import Run, SystemProcess, SystemUnderTest

_OTHER_DIGITS = str.maketrans("12345678", "23456781")


@dataclass(frozen=True, slots=True)
class Measured:
    """One system on one case.

    Args:
        case: The case's id.
        kind: The case's kind.
        system: The system's name.
        bytes: Size of the text as UTF-8.
        tokens_before: Tokens of the text.
        tokens_after: Tokens of what the system returned, as the mean over the questions.
        facts: Facts that the questions ask for.
        readable: How many of them the outputs show.
        errors: Calls that failed.
        cold_seconds: First sight of the text; None for systems that are not timed.
        warm_seconds: Second sight of the text.
        peak_bytes: What the first call added to the resident memory, where known.
    """

    case: str
    kind: str
    system: str
    bytes: int
    tokens_before: int
    tokens_after: float
    facts: int
    readable: int
    errors: int = 0
    cold_seconds: float | None = None
    warm_seconds: float | None = None
    peak_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class SpeedReport:
    """Everything that was measured, and with which versions."""

    measured: tuple[Measured, ...]
    versions: Mapping[str, str]
    passes: int


def measure_speed(
    cases: Sequence[Case],
    systems: Sequence[SystemUnderTest],
    counter: Counter,
    *,
    passes: int = 3,
    environment: Mapping[str, str] = {},
    progress: Callable[[str], object] = lambda _: None,
) -> SpeedReport:
    """Measure the systems on the cases, and controls beside them.

    Args:
        cases: What to compress.
        systems: Who compresses; the first one sets the size of the controls.
        counter: Counts the tokens, and is itself timed as a yardstick.
        passes: Over how many passes to take medians.
        environment: Variables for the systems' processes.
        progress: Told what is going on.

    Raises:
        SystemFailedError: If a system does not start, or ends.
    """
    runs: defaultdict[tuple[str, str], list[Run]] = defaultdict(list)
    answers: dict[tuple[str, str], dict[str | None, Run]] = {}
    versions: dict[str, str] = {}
    for number in range(passes):
        progress(f"pass {number + 1} of {passes}")
        with contextlib.ExitStack() as stack:
            processes = [
                stack.enter_context(SystemProcess(s.name, python=s.python, environment=environment))
                for s in systems
            ]
            versions.update((p.system, p.version) for p in processes)
            for case in _warm_up(cases):
                for process in processes:
                    process.run(case, case.queries[0])
            for position, case in enumerate(cases):
                order = processes if (position + number) % 2 else processes[::-1]
                for process in order:
                    key = (case.id, process.system)
                    first = process.run(case, case.queries[0], warm=3)
                    runs[key].append(first)
                    if not number:
                        rest = {q: process.run(case, q) for q in case.queries[1:]}
                        answers[key] = {case.queries[0]: first, **rest}
    measured: list[Measured] = []
    for case in cases:
        before = counter.count(case.text)
        for system in systems:
            key = (case.id, system.name)
            measured.append(_summed(case, system.name, before, runs[key], answers[key], counter))
        measured += _controls(case, before, answers[case.id, systems[0].name], counter, passes)
    return SpeedReport(tuple(measured), versions, passes)


def _warm_up(cases: Sequence[Case]) -> Iterator[Case]:
    smallest: dict[str, Case] = {}
    for case in cases:
        if not case.recorded:
            known = smallest.setdefault(case.kind, case)
            smallest[case.kind] = min(known, case, key=lambda c: len(c.text))
    return (replace(c, text=c.text.translate(_OTHER_DIGITS)) for c in smallest.values())


def _summed(  # all that is known of one system on one case
    case: Case,
    system: str,
    before: int,
    runs: Sequence[Run],
    answers: Mapping[str | None, Run],
    counter: Counter,
) -> Measured:
    timed = [run for run in runs if run.error is None]
    peaks = [run.peak_bytes for run in timed if run.peak_bytes is not None]
    texts = {query: run.text for query, run in answers.items()}
    return replace(
        _scored(case, system, before, texts, counter),
        errors=sum(run.error is not None for run in (*answers.values(), *runs[1:])),
        cold_seconds=statistics.median(r.cold_seconds for r in timed) if timed else None,
        warm_seconds=statistics.median(s for r in timed for s in r.warm_seconds) if timed else None,
        peak_bytes=max(peaks, default=None),
    )


def _scored(
    case: Case, system: str, before: int, texts: Mapping[str | None, str], counter: Counter
) -> Measured:
    judged = [
        is_readable(text, case.text, needle.must_contain)
        for query, text in texts.items()
        for needle in case.needles_for(query)
        if stands_in(case.text, needle.must_contain)
    ]
    return Measured(
        case=case.id,
        kind=case.kind,
        system=system,
        bytes=len(case.text.encode("utf-8", "surrogatepass")),
        tokens_before=before,
        tokens_after=statistics.mean(counter.count(text) for text in texts.values()),
        facts=len(judged),
        readable=sum(judged),
    )


def _controls(
    case: Case, before: int, answers: Mapping[str | None, Run], counter: Counter, passes: int
) -> Iterator[Measured]:
    cut = {}
    for query, run in answers.items():
        tokens = counter.count(run.text)
        cut[query] = head_and_tail(case.text, tokens, counter) if tokens < before else case.text
    yield _scored(case, "head+tail", before, cut, counter)
    small = dict.fromkeys(answers, minified(case.text))
    yield _scored(case, "minified JSON", before, small, counter)
    seconds = statistics.median(_seconds(counter, case.text) for _ in range(passes))
    counting = _scored(case, "counting only", before, dict.fromkeys(answers, case.text), counter)
    yield replace(counting, cold_seconds=seconds)


def _seconds(counter: Counter, text: str) -> float:
    started = time.process_time()
    counter.count(text)
    return time.process_time() - started
