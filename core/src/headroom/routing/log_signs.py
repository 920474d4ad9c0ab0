"""What lines of logs, test runs and builds look like, and lines of what is neither."""

from __future__ import annotations

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


# A clock time near the start of a line, in the ways of log libraries, servers and kernels. Before
# it may stand a level, a container's name, an alert column and epoch, or a client's address. What
# all of them share is looked for first: that rules most lines out at a fraction of the cost.
STAMP = re.compile(
    r"(?=[^\n]{0,200}\d\d(?:[:.]\d\d|\d{4}))[^\w\n]{0,4}"
    + "(?:"
    + "|".join(
        (
            r"[A-Z]{3,8}[\]: ]+",
            r"[A-Za-z][\w.-]{0,30}(?:\[\d{1,7}\])?(?: +\| |: \[| \[|:? )",
            r"-? ?\w{1,16} \d{9,10} ",
            r"\S{1,40} \S{1,40} \S{1,40} \[",
        )
    )
    + ")?(?:"
    + "|".join(
        (
            r"\[?\d{4}[-/.]\d\d[-/.]\d\d[T _-]{1,2}\d\d[:.]\d\d",
            r"\d{4}\.\d\d\.\d\d ",
            r"(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d",
            r"\d\d[-/](?:\d\d|[A-Z][a-z]{2})(?:[-/]\d{2,4})?[ T:]\d\d:\d\d:\d\d",
            r"\d{6} \d{6} ",
            r"\d{8}[-T ]\d\d?:?\d\d:?\d",
            r"[IWEF]\d{4} \d\d:\d\d:\d\d",
            r"\[? ?\d{1,7}\.\d{6}\]",
            r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b",
            r"\d{10}(?:\.\d+)? ",
        )
    )
    + ")"
)
LOGFMT = re.compile(r"(?:\S+ )?(?:time|ts|t|level|lvl|logger|msg)=\"?\S+.* \w+=")

LEVEL = _any(
    r"\W{0,3}(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE"
    r"|[Ii]nfo|[Ww]arn(?:ing)?|[Ee]rror)\b[\]:|)]?(?:\s|$)",
    r"npm (?:ERR!|WARN|error|warn|verb|http|info|notice|sill|silly|timing)(?:\s|$)",
    r"gyp (?:info|ERR!|verb|WARN)(?:\s|$)",
    r"\[[^\]\s]{1,40}\]\[(?:trace|debug|info|warning|error) *\]",  # the unified log of Java
)

# Lines that test runners and builds print, by how they start; by what stands in their middle.
_STEP = _any(
    r"\s*(?:=== (?:RUN|CONT|PAUSE)|--- (?:PASS|FAIL|SKIP):|(?:not )?ok \d+ "
    r"|[\u2713\u2714\u2717\u2716\u2718\u221a] |(?:PASS|FAIL|FAILED|PASSED|ERROR)[: ] ?\S+"
    r"|(?:CC|CXX|LD|AR|LINK|CCLD)(?:\(target\))? "
    r"|Compiling \S+ v|Downloading \S+|Collecting \S+|Building wheel|running \w+$)",
    r"\s+(?:at \S.*[(:]|File \".*\", line \d+)",
    r"TAP version|\d+\.\.\d+$",
    r"make(?:\[\d+\])?: ",
    r"(?:\S+/)?(?:gcc|cc|g\+\+|c\+\+|clang\S*|ld) -",
    r"(?:Unpacking|Selecting previously|Preparing to unpack|Setting up|Processing triggers) \S",
    r"(?:Get|Hit|Ign):\d+ |(?:Installing|Extracting|Pulling|Linking|Checking|Removing) \S",
    r"copying \S+ -> ",
    r"Step \d+/\d+|#\d+ \[|> Task :",
    r"\[(?: +OK| RUN| +FAILED|  PASSED) +\]",
    r"[EF.sxXIS]{20,}(?:\s*\[ *\d+%\])?$",
    r"==\d+== ",
    r"E   [A-Za-z]",
    r"\+{1,4} [a-z.\[]",
)
_STEP_DOTS = _any(
    r"test \S+.* \.\.\. ",
    r".*\.\.\. (?:ok|FAIL|ERROR|FAILED|skipped.*|done)\s*$",
)
_STEP_CASE = re.compile(r".*::\S+ (?:PASSED|FAILED|ERROR|SKIPPED)\b")
_STEP_PLACE = re.compile(r"\S+[:(]\d+(?:[:,]\d+)?\)?: (?:fatal )?(?:error|warning|note)\b")

# Lines that say how a run ended, or that something broke.
RESULT = _any(
    r"=+ .*(?:test session starts|short test summary|\d+ (?:passed|failed|error))",
    r"test result: (?:ok|FAILED)\.",
    r"Traceback \(most recent call last\):",
    r"Ran \d+ tests? in |FAILED \((?:failures|errors)=|Tests run: \d+",
    r"BUILD (?:SUCCESS|FAILURE|FAILED|SUCCESSFUL)",
    r"Finished: (?:SUCCESS|FAILURE|ABORTED|UNSTABLE)",
    r"There w(?:as|ere) \d+ failures?:",
    r"error(?:\[E\d+\])?: ",
    r"\d+ (?:passing|failing)\b",
    r"(?:FAIL|ok)\s+\S+\s+\d+\.\d+s$",
    r"goroutine \d+ \[|panic: ",
    r"thread '.*' panicked at",
    r"npm (?:ERR!|error)",
    r"\[ERROR\] ",
    r"\d+ (?:errors?|warnings?)(?: generated\.?)?$",
    r"\d+ (?:failed|passed)(?:, \d+ \w+)* in ",
    r"Exception in thread |\w+(?:\.\w+)+(?:Exception|Error): ",
)

# How such lines start, or what stands in them: looked for first, as most lines have none of it.
_RESULT_STARTS = (
    *("=", "test result: ", "Traceback (", "Ran ", "FAIL", "Tests run: ", "BUILD ", "Finished: "),
    *("There w", "error", "ok", "goroutine ", "panic: ", "thread '", "npm ", "[ERROR] "),
    *("Exception in ", *map(str, range(10))),
)

JSON_LINE = re.compile(r"\{\"")
YAML = re.compile(r"\s*(?:- )?[\"']?[A-Za-z_][\w./-]*[\"']?:(?: \S|\s*$)|\s*- \S")
MARKDOWN = re.compile(r"#{1,6} \S|```|~~~|[*-] \S|\d+\. \S|> \S|\|.*\|\s*$|\[[^\]]+\]: \S")
DIFF = re.compile(r"diff --git |@@ -\d|--- [ab]/|\+\+\+ [ab]/|index [0-9a-f]{7,}\.\.")

# Rows of `ls -l`, `git log`, HTML.
LISTING = re.compile(
    r"[-dlbcps][-rwxsStT]{9}[.+@]? |commit [0-9a-f]{7,40}\b|\s*<[!/a-zA-Z]|total \d+$"
)
# Rows of trees and tables, single words.
ROW = re.compile(r"[\s\u2502]*[\u2500-\u257f]|.* \| |\S+\s*$")

# ``path:line:`` of a search result; what a compiler says of a place is something else.
FOUND = re.compile(
    r"(?:\.{0,2}/?[\w.@+-]+/)*[\w@+-]*(?:\.\w+|/[\w@+-]+)[:-]\d+[:-]"
    r"(?! ?(?:\d+: )?(?:fatal )?(?:error|warning|note)\b)"
)
_CODE_STARTS = (
    r"\s*(?:(?:def|class|import|public|private|const|let|var|func|fn|package|using|static|type) "
    r"|from \w+ import|return\b|(?:if|for|while) \(|#include|struct |enum |else\b|try\b"
    r"|except\b|//|/\*|\* |[\w.]+ = |(?:elif|with|assert|raise|self\.|@))",
    r"\s+[\w.]+\(",
)
_CODE_START = _any(*_CODE_STARTS)
CODE = _any(*_CODE_STARTS, r".*[;{}],?\s*$")


def is_result(line: str) -> bool:
    """Say whether a line tells how a run ended, or that something broke."""
    bare = line.lstrip()
    if not bare.startswith(_RESULT_STARTS) and "Error: " not in bare and "Exception: " not in bare:
        return False
    return RESULT.match(bare) is not None


def is_step(line: str) -> bool:
    """Say whether a line is one that a test runner or a build prints for a step."""
    # Looking for what a form cannot do without is cheaper than trying the form.
    return (
        _STEP.match(line) is not None
        or ("... " in line and _STEP_DOTS.match(line) is not None)
        or ("::" in line and _STEP_CASE.match(line) is not None)
        or (": " in line and _STEP_PLACE.match(line) is not None)
    )


def is_code(line: str) -> bool:
    """Say whether a line looks like one of a program."""
    end = line.rstrip()
    return end.endswith((";", "{", "}", ";,", "{,", "},")) or _CODE_START.match(line) is not None
