"""Facts in a prompt that are true for one request only: times, ids, counters, temporary paths.

Told by their shape *and* by the words beside them: a date in an example, in a licence or in a
knowledge cut-off is the same at every turn, the date after "Today is" is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

VolatileKind = Literal["time", "id", "count", "path"]

# Nobody writes by hand what stands on a longer line, or on one with more facts; it is data.
_LONGEST_LINE = 2_000
_MOST_FACTS = 16

_DAY = r"(?:Mon|Tue(?:s)?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\b\.?)?"
_ZONE = r"(?: ?(?:Z\b|UTC\b|GMT\b|[ECMP][SD]T\b|CES?T\b|[+-]\d{2}:?\d{2}\b))?"
_DATE = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}"
    rf"|{_MONTH}\.? {_ORDINAL}(?:,? \d{{4}}\b)?|{_ORDINAL}\.? {_MONTH}\.?,? \d{{4}}\b)"
)
_WHEN = re.compile(
    rf"(?<![\w.-])(?:{_DAY},? )?"
    rf"(?:{_MONTH} +\d{{1,2}} {_CLOCK}{_ZONE} \d{{4}}\b"
    rf"|{_DATE}(?: \({_DAY}\))?(?:(?:[T ]|,? at |, ){_CLOCK}{_ZONE})?(?![\w-])"
    rf"|{_CLOCK}{_ZONE}(?![\w:-])"
    r"|1\d{9}(?:\.\d{1,9}|\d{3})?(?![\w.-]))"
    rf"|(?<=[Tt]oday is ){_DAY}\b"
)
_HAS_SECONDS = re.compile(r"\d:\d{2}:\d{2}")
_NOW = re.compile(r"\b(?:now|today|current(?:ly)?|present|as of)\b", re.IGNORECASE)
_IT_IS = re.compile(r"(?:^\W{0,8}|[.;!] |<\w{1,20}>)it(?: is|['\u2019]s) $", re.IGNORECASE)
_CLOCK_WORD = re.compile(
    r"\b(?:date|time|datetime|timestamp|clock|generated|started|updated|session)\b", re.IGNORECASE
)
_SETTLED = re.compile(
    r"\b(?:cut-?off|version|released?|effective|since|until|example|e\.g\.|born|deadline|copyright"
    r"|licen[cs]e|format|between|before|after|hours?|office|open(?:s|ed|ing)?|publish(?:ed)?)\b",
    re.IGNORECASE,
)

_UUID = re.compile(
    r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9a-fA-F-])"
)
_ID_WORD = re.compile(
    r"\b(?:id|uuid|guid|nonce|session|request|trace|run|conversation|correlation)\b|[_a-z]I[dD]\b"
    r"|_id\b",
    re.IGNORECASE,
)
_ID = re.compile(
    r"\b(?:session|request|trace|span|run|conversation|correlation|thread|invocation|execution)"
    r"[ _-]?(?:id|uuid|key|token)\b[\"'`]?(?: is)?[ \t]*[:=#]?[ \t]*[\"'`]?"
    r"(?P<value>[A-Za-z0-9][A-Za-z0-9_-]{5,80})"
    r"|\bnonce\b[ \t]*[:=][ \t]*[\"'`]?(?P<nonce>[A-Za-z0-9][A-Za-z0-9_-]{5,80})",
    re.IGNORECASE,
)
_PID = re.compile(r"\b(?:pid|process id)\b[ \t]*(?:is )?[:=#]?[ \t]*(?P<value>\d{1,10})", re.I)
_COUNT = re.compile(
    r"\b(?:turn|iteration|attempt|round|request|message|step)s?[ \t]*#?[ \t]?"
    r"(?P<part>\d{1,9})[ \t]*(?:of|/)[ \t]*\d"
    r"|^\W{0,8}(?:turn|iteration|attempt|round|request|message|step)s?(?: (?:number|count|no\.?))?"
    r"[ \t]*[:=#][ \t]*(?P<alone>\d{1,9})\W{0,8}$"
    r"|\btokens? (?:left|remaining|used)\b[ \t]*[:=][ \t]*(?P<spent>\d[\d,]{0,14})"
    r"|(?P<left>\b\d[\d,]{0,14}) tokens? (?:left|remaining|used)\b",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"(?:/private)?/(?:tmp|var/tmp|var/folders)/[^\s\"'`<>()\[\]]{1,300}"
    r"|[A-Za-z]:\\Users\\[^\s\"'`<>]{1,100}\\AppData\\Local\\Temp\\[^\s\"'`<>]{1,300}"
)
# A weekday, and a temporary folder's name, may have no digit.
_WITHOUT_DIGITS = ("oday is", "tmp", "Temp")
_RANDOM_NAME = re.compile(r"(?=[\w.-]*[A-Za-z_])(?=[\w.-]*\d)[\w.-]{8,}|tmp[a-z0-9_]{6,}")


@dataclass(frozen=True, slots=True)
class Volatile:
    """A fact that changes from request to request.

    Args:
        kind: What it is.
        start: Where it starts in the text, in characters.
        end: Where it ends, exclusive.
    """

    kind: VolatileKind
    start: int
    end: int


def volatile_facts(text: str) -> list[Volatile]:
    """Return the volatile facts of a text, in order; none overlaps another.

    >>> [text[f.start : f.end] for text in ["Today is 2026-11-20. Cutoff: 2025-01-31."]
    ...  for f in volatile_facts(text)]
    ['2026-11-20']
    """
    found: list[Volatile] = []
    at = 0
    for line in text.split("\n"):
        if len(line) <= _LONGEST_LINE:
            found += (Volatile(f.kind, at + f.start, at + f.end) for f in _in_line(line))
        at += len(line) + 1
    return found


def _in_line(line: str) -> list[Volatile]:
    if not any(c.isdigit() for c in line) and not any(word in line for word in _WITHOUT_DIGITS):
        return []
    candidates = [*_paths(line), *_ids(line), *_counts(line), *_times(line)]
    if len(candidates) > _MOST_FACTS:
        return []
    taken: list[Volatile] = []
    for fact in candidates:
        if all(fact.end <= other.start or other.end <= fact.start for other in taken):
            taken.append(fact)
    return sorted(taken, key=lambda fact: fact.start)


def _paths(line: str) -> list[Volatile]:
    return [
        Volatile("path", m.start(), m.start() + len(m.group().rstrip(".,;:!?")))
        for m in _PATH.finditer(line)
        if any(_RANDOM_NAME.fullmatch(part) for part in re.split(r"[/\\]", m.group())[2:])
    ]


def _ids(line: str) -> list[Volatile]:
    found = [Volatile("id", *m.span("value")) for m in _PID.finditer(line)]
    if _ID_WORD.search(line):
        found += [Volatile("id", *m.span()) for m in _UUID.finditer(line)]
    for m in _ID.finditer(line):
        name = "value" if m["value"] else "nonce"
        if any(c.isdigit() for c in m[name]):
            found.append(Volatile("id", *m.span(name)))
    return found


def _counts(line: str) -> list[Volatile]:
    return [Volatile("count", *m.span(str(m.lastgroup))) for m in _COUNT.finditer(line)]


def _times(line: str) -> list[Volatile]:
    found = [Volatile("time", *m.span()) for m in _WHEN.finditer(line)]
    if not found or len(found) > _MOST_FACTS:
        return []
    said = line[: found[0].start] + line[found[-1].end :] if len(found) == 1 else line
    is_now = _NOW.search(said) is not None or _IT_IS.search(line, 0, found[0].start) is not None
    if not is_now and _SETTLED.search(said):
        return []
    if is_now or _CLOCK_WORD.search(said):
        # "Today is 2026-11-20, and your knowledge cut-off 2025-01": one line, two clauses.
        return [fact for fact in found if not is_now or _is_said_of_now(line, fact)]
    alone = len(found) == 1 and not any(c.isalnum() for c in said)
    return found if alone and _HAS_SECONDS.search(line) else []


def _is_said_of_now(line: str, fact: Volatile) -> bool:
    """Say whether the clause of the fact does not speak of something settled."""
    start = max(line.rfind(sign, 0, fact.start) for sign in (". ", "; ", "(", ", and "))
    return _SETTLED.search(line[start + 1 : fact.start]) is None
