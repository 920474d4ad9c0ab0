r"""Lines as a reader of a terminal sees them: without colour codes, rewrites and CI stamps.

For recognising lines only: what is kept of a text is cut out of the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Control sequences of ECMA-48, and operating system commands (links, titles).
_CODES = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)|[@-Z\\^_])"
)

# What CI systems and builders put before every line: GitLab, GitHub (with job and step where `gh`
# printed it), Jenkins, BuildKit.
_STAMPS = (
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z \d\d[OE][ +]"),
    re.compile(
        r"(?:[^\t\n]{1,100}\t[^\t\n]{1,100}\t)?\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z ?"
    ),
    re.compile(r"\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{3})?Z?\] ?"),
    re.compile(r"#\d{1,4} \d{1,5}\.\d{1,4} "),
    re.compile(r"\d\d:\d\d:\d\d  ?"),
)
_SAMPLED = 60
_MOSTLY = 0.8


def without_codes(text: str) -> str:
    r"""Return a text without colour codes and other control sequences.

    >>> without_codes("\x1b[31mFAILED\x1b[0m a.py")
    'FAILED a.py'
    """
    return _CODES.sub("", text) if "\x1b" in text else text


def seen_lines(lines: Sequence[str]) -> Sequence[str]:
    r"""Return what is left to read of each line: as many lines as were given.

    A line that was written over shows its last version only. The stamp of a CI system is taken
    off where most lines have one.

    >>> seen_lines(["10 %\r 99 %\r100 %", "\x1b[1mdone\x1b[0m"])
    ['100 %', 'done']
    """
    together = "".join(lines)
    if "\x1b" in together or "\r" in together:
        lines = [_last_version(without_codes(line)) for line in lines]
    stamp = _stamp_of(lines)
    if stamp is None:
        return lines
    found = [(line, stamp.match(line)) for line in lines]
    return [line[match.end() :] if match else line for line, match in found]


def _last_version(line: str) -> str:
    return line.rstrip("\r").rpartition("\r")[2] if "\r" in line else line


def _stamp_of(lines: Sequence[str]) -> re.Pattern[str] | None:
    step = max(1, len(lines) // _SAMPLED)
    sample = [line for line in lines[::step] if line.strip()]
    for stamp in _STAMPS:
        others = len(sample) - _MOSTLY * len(sample)
        for line in sample:
            if stamp.match(line) is None:
                others -= 1
                if others <= 0:
                    break
        else:
            if others > 0:
                return stamp
    return None
