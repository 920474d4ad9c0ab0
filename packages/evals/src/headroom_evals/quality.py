"""How good: tokens that remain, and facts that are still there, at once or by one retrieval.

Every question of a case is one run. A fact counts as *inline* when the output shows it (see
`headroom_evals.scoring`), and as *recoverable* when it is inline, or when one retrieval brings it:
in a new process, from the one handle whose surroundings in the output share most words with the
question, in at most 500 tokens. A call that fails shows no facts.

Controls get as many tokens as the first system kept: head and tail, and lines picked at random.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from headroom import Counter
from headroom_evals.cases import Case
from headroom_evals.scoring import is_readable, stands_in
from headroom_evals.systems.controls import head_and_tail, minified, random_lines
from headroom_evals.systems.process import Run, SystemProcess, SystemUnderTest

RETRIEVED_TOKENS = 500
# A retrieval may name unit and range around its text.
_ENVELOPE_TOKENS = 50

# What people say when they ask nothing.
WITHOUT_A_QUESTION = (
    "Please look at the result and go on.",
    "Good, and what is next?",
    "Go ahead.",
    "Take it from here.",
)

_WORD = re.compile(r"[a-z0-9_]{3,}")
# How much of a text around a handle a reader takes as belonging to it, in characters.
_BEFORE, _AFTER = 400, 200


@dataclass(frozen=True, slots=True)
class Answered:
    """One system on one case and question.

    Args:
        case: The case's id.
        kind: The case's kind.
        system: The system's name.
        query: The question whose facts were looked for; None for a recorded conversation.
        tokens_before: Tokens of the text.
        tokens_after: Tokens of what the system returned.
        facts: Facts that were asked for.
        inline: How many of them the output shows.
        recoverable: How many are shown or came by one retrieval.
        error: What went wrong, or None.
    """

    case: str
    kind: str
    system: str
    query: str | None
    tokens_before: int
    tokens_after: int
    facts: int
    inline: int
    recoverable: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Everything that was answered, and with which versions."""

    answered: tuple[Answered, ...]
    versions: Mapping[str, str]


def half_of(case: Case) -> str:
    """Return ``tuning`` or ``reporting``: whether thresholds may be chosen on this case's file.

    The file's name decides, so a file is on the same side wherever it is measured.
    """
    file = case.id.split("#")[0]
    return ("tuning", "reporting")[hashlib.sha256(file.encode()).digest()[0] % 2]


def measure_quality(
    cases: Sequence[Case],
    systems: Sequence[SystemUnderTest],
    counter: Counter,
    *,
    ask: bool = True,
    environment: Mapping[str, str] = {},
    progress: Callable[[str], object] = lambda _: None,
) -> QualityReport:
    """Measure the systems on the cases, and controls beside them.

    Args:
        cases: What to compress.
        systems: Who compresses; the first one sets the size of the controls.
        counter: Counts the tokens.
        ask: False hides the question: the user only says to go on.
        environment: Variables for the systems' processes.
        progress: Told what is going on.

    Raises:
        SystemFailedError: If a system does not start, or ends.
    """
    answered: list[Answered] = []
    versions: dict[str, str] = {}
    for number, system in enumerate(systems):
        progress(system.name)
        runs = list(_runs(system, cases, ask=ask, environment=environment, versions=versions))
        answered += (_judged(system.name, *run, counter) for run in runs)
        if not number:
            for case, query, run, _ in runs:
                answered += _controls(case, query, counter.count(run.text), counter)
    return QualityReport(tuple(answered), versions)


def _runs(
    system: SystemUnderTest,
    cases: Sequence[Case],
    *,
    ask: bool,
    environment: Mapping[str, str],
    versions: dict[str, str],
) -> Iterator[tuple[Case, str | None, Run, Mapping[tuple[str, ...], str]]]:
    """Yield what a system made of each case and question, and what it gave back by retrieval."""
    with tempfile.TemporaryDirectory() as folder:
        store_file = Path(folder) / "originals.db" if system.retrieves else None
        found = []
        with SystemProcess(
            system.name, python=system.python, store_file=store_file, environment=environment
        ) as process:
            versions[system.name] = process.version
            for number, case in enumerate(cases):
                for query in case.queries:
                    said = query if ask else WITHOUT_A_QUESTION[number % len(WITHOUT_A_QUESTION)]
                    found.append((case, query, process.run(case, said)))
        with SystemProcess(
            system.name, python=system.python, store_file=store_file, environment=environment
        ) as process:
            for case, query, run in found:
                yield case, query, run, _fetched(process, case, query, run)


def _fetched(
    process: SystemProcess, case: Case, query: str | None, run: Run
) -> Mapping[tuple[str, ...], str]:
    """Retrieve once for each fact that the output does not show."""
    if not run.handles:
        return {}
    return {
        needle.must_contain: process.retrieve(
            nearest_handle(run.text, run.handles, needle.query),
            needle.query,
            max_tokens=RETRIEVED_TOKENS,
        )
        for needle in case.needles_for(query)
        if not is_readable(run.text, case.text, needle.must_contain)
    }


def nearest_handle(text: str, handles: Sequence[str], query: str) -> str:
    """Return the handle whose surroundings share most words with the question, the first of equals.

    >>> nearest_handle("errors: aaaa" + "." * 999 + "users: bbbb", ["aaaa", "bbbb"], "which users?")
    'bbbb'
    """
    asked = set(_WORD.findall(query.lower()))

    def shared(handle: str) -> int:
        around = (
            text[max(0, m.start() - _BEFORE) : m.end() + _AFTER].lower()
            for m in re.finditer(re.escape(handle), text)
        )
        return max((len(asked.intersection(_WORD.findall(part))) for part in around), default=-1)

    return max(handles, key=shared)


def _judged(  # all that is known of one run
    system: str,
    case: Case,
    query: str | None,
    run: Run,
    fetched: Mapping[tuple[str, ...], str],
    counter: Counter,
) -> Answered:
    facts = inline = recovered = 0
    for needle in case.needles_for(query):
        must = needle.must_contain
        if not stands_in(case.text, must):
            continue
        facts += 1
        if run.error is None and is_readable(run.text, case.text, must):
            inline += 1
        elif text := fetched.get(must):
            fits = counter.count(text) <= RETRIEVED_TOKENS + _ENVELOPE_TOKENS
            recovered += fits and is_readable(text, case.text, must)
    return Answered(
        case=case.id,
        kind=case.kind,
        system=system,
        query=query,
        tokens_before=counter.count(case.text),
        tokens_after=counter.count(run.text),
        facts=facts,
        inline=inline,
        recoverable=inline + recovered,
        error=run.error,
    )


def _controls(case: Case, query: str | None, tokens: int, counter: Counter) -> Iterator[Answered]:
    whole = tokens >= counter.count(case.text)
    texts = {
        "head+tail": case.text if whole else head_and_tail(case.text, tokens, counter),
        "random lines": case.text if whole else random_lines(case.text, tokens, counter),
        "minified JSON": minified(case.text),
    }
    for name, text in texts.items():
        yield _judged(name, case, query, Run(text, (), 0.0, (), None, None), {}, counter)
