"""What a line of a log says about itself: its level and its time."""

from __future__ import annotations

import re

# Levels as log libraries write them: "ERROR", "[error]", "level=warn", "E/Tag", " E Tag:".
_LEVEL = re.compile(
    r"(?<![A-Za-z])(?:(?P<fatal>FATAL|CRITICAL|SEVERE|EMERG|ALERT|PANIC|fatal|critical|crit|emerg)"
    r"|(?P<error>ERROR|ERR|error|Error|err)"
    r"|(?P<warn>WARNING|WARN|warning|warn|Warning)"
    r"|(?P<info>INFO|NOTICE|info|notice|Info)"
    r"|(?P<debug>DEBUG|TRACE|VERBOSE|debug|trace))(?![A-Za-z])"
    r"|(?<=\s)(?P<letter>[VDIWEF])(?=[ /] ?[A-Za-z][\w.$-]*\s*:)"
)
# A part of every way to write a level: looking for these is much cheaper than the search.
_LEVEL_PARTS = tuple(
    "info err warn debug fatal crit notice trace alert emerg panic severe verbose".split()
)
_LEVEL_LETTER = re.compile(r"\s[VDIWEF][ /]")
_LETTERS = {"V": "DEBUG", "D": "DEBUG", "I": "INFO", "W": "WARN", "E": "ERROR", "F": "FATAL"}

# How far into a line to look, in characters: levels and results stand near an end of it.
_LEVEL_REACH = 120
_PLACE_REACH = 2_000

_TIME = re.compile(
    r"(?P<day>\d{4}[-/.]\d\d[-/.]\d\d|[A-Z][a-z]{2} {1,2}\d{1,2}|\d\d-\d\d"
    r"|\d\d/[A-Z][a-z]{2}/\d{4})"
    r"[T :_-]{1,2}(?P<clock>\d\d[:.]\d\d(?:[:.]\d\d)?)"
    r"|(?<![\d:.])(?P<only>\d\d:\d\d:\d\d)(?!\d)"
)
_TIME_REACH = 100
# What every time holds: most lines without one are ruled out by it.
_CLOCK = re.compile(r"\d\d[:.]\d\d")
_PLACE = re.compile(r"^\s*(?:\S*[/\\]\S*|\S+\.[A-Za-z]{1,5})[:(]\d+(?:[:,]\d+)?\)?:? *")


def level_of(line: str) -> str:
    """Return the level that a line states, in capitals, or ""."""
    start = line[:_LEVEL_REACH]
    if not _may_state_level(start):
        return ""
    found = _LEVEL.search(start)
    if found is None or found.lastgroup is None:
        return ""
    if found.lastgroup == "letter":
        return _LETTERS[found[0]]
    return found.lastgroup.upper()


def _may_state_level(start: str) -> bool:
    lowered = start.lower()
    for part in _LEVEL_PARTS:
        if part in lowered:
            return True
    return _LEVEL_LETTER.search(start) is not None


def time_of(line: str) -> tuple[str, str]:
    """Return the day and the clock time near the start of a line, each "" if absent.

    >>> time_of("2015-07-29 17:41:44,747 - INFO  ready")
    ('2015-07-29', '17:41:44')
    """
    if _CLOCK.search(line, 0, _TIME_REACH) is None:
        return "", ""
    found = _TIME.search(line, 0, _TIME_REACH)
    if found is None:
        return "", ""
    return found["day"] or "", found["clock"] or found["only"] or ""


def without_place(line: str) -> str:
    """Return a line without the ``path:line:column:`` that it starts with."""
    return _PLACE.sub("", line[:_PLACE_REACH])
