"""How good: tokens that remain, and facts that are still there, at once or by one retrieval.

Every question of a case is one run. A fact counts as *inline* when the output shows it (see
`headroom_evals.scoring`), and as *recoverable* when it is inline, or when one retrieval brings it:
in a new process, from the one handle whose surroundings in the output share most words with the
question, in at most 500 tokens. A call that fails shows no facts.

Controls get as many tokens as the first system kept: head and tail, and lines picked at random;
logs, test runs and builds also get what `tail -200` leaves.
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
from headroom_evals.systems.controls import head_and_tail, last_lines, minified, random_lines
from headroom_evals.systems.process import Run, SystemProcess, SystemUnderTest

HEAD_AND_TAIL, RANDOM_LINES, MINIFIED = "head+tail", "random lines", "minified JSON"
LAST_LINES = "tail -200"

# What people cut by hand: the end of a run or of a log says how it went.
_CUT_BY_HAND = frozenset({"log", "test", "logs", "ci_log", "test_output"})
_CUT_LINES = 200

RETRIEVED_TOKENS = 500
# A retrieval may name unit and range around its text.
_ENVELOPE_TOKENS = 50

HALVES = ("tuning", "reporting")

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
        half: On which side of the split its file is, see `half_of`.
        system: The system's name.
        query: The question whose facts were looked for; None for a recorded conversation.
        hidden: Whether the user did not ask it, but only said to go on.
        tokens_before: Tokens of the text.
        tokens_after: Tokens of what the system returned.
        facts: Facts that were asked for.
        inline: How many of them the output shows.
        recoverable: How many are shown or came by one retrieval.
        missing: The facts that are not shown, each as its strings.
        restored: Whether the original came back from the output alone; None where a system does
            not claim that it does.
        error: What went wrong, or None.
    """

    case: str
    kind: str
    half: str
    system: str
    query: str | None
    hidden: bool
    tokens_before: int
    tokens_after: int
    facts: int
    inline: int
    recoverable: int
    missing: tuple[tuple[str, ...], ...] = ()
    restored: bool | None = None
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
    return HALVES[hashlib.sha256(file.encode()).digest()[0] % 2]


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
        for case, query, run, fetched in runs:
            judge = _Judge(case, query, not ask, counter)
            answered.append(judge.judged(system.name, run, fetched))
            if not number:
                answered += judge.controls(counter.count(run.text))
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


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges what systems made of one case when one question was asked, or hidden."""

    case: Case
    query: str | None
    hidden: bool
    counter: Counter

    def judged(self, system: str, run: Run, fetched: Mapping[tuple[str, ...], str]) -> Answered:
        """Count tokens and facts of a run, with what retrieval fetched for it."""
        wanted = [
            needle.must_contain
            for needle in self.case.needles_for(self.query)
            if stands_in(self.case.text, needle.must_contain)
        ]
        missing = tuple(m for m in wanted if run.error is not None or not self._shows(run.text, m))
        recovered = sum(run.error is None and self._brings(fetched.get(m, ""), m) for m in missing)
        return Answered(
            case=self.case.id,
            kind=self.case.kind,
            half=half_of(self.case),
            system=system,
            query=self.query,
            hidden=self.hidden,
            tokens_before=self.counter.count(self.case.text),
            tokens_after=self.counter.count(run.text),
            facts=len(wanted),
            inline=len(wanted) - len(missing),
            recoverable=len(wanted) - len(missing) + recovered,
            missing=missing,
            restored=run.restored,
            error=run.error,
        )

    def _shows(self, text: str, must_contain: tuple[str, ...]) -> bool:
        return is_readable(text, self.case.text, must_contain)

    def _brings(self, text: str, must_contain: tuple[str, ...]) -> bool:
        fits = self.counter.count(text) <= RETRIEVED_TOKENS + _ENVELOPE_TOKENS
        return fits and self._shows(text, must_contain)

    def controls(self, tokens: int) -> Iterator[Answered]:
        """Judge the controls, at as many tokens as a system kept."""
        text = self.case.text
        whole = tokens >= self.counter.count(text)
        texts = {
            HEAD_AND_TAIL: text if whole else head_and_tail(text, tokens, self.counter),
            RANDOM_LINES: text if whole else random_lines(text, tokens, self.counter),
            MINIFIED: minified(text),
        }
        if self.case.kind in _CUT_BY_HAND:
            texts[LAST_LINES] = last_lines(text, _CUT_LINES)
        for name, cut in texts.items():
            yield self.judged(name, Run(cut, (), 0.0, (), None, None), {})
