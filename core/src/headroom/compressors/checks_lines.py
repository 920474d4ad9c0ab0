"""What a single line of a test run or a build is, where it belongs to no failure or finding."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.compressors.checks_blocks import Role
from headroom.selection.failures import is_success, names_failing_test, which_fail

_REACH = 400

# One test or step that went well, as runners print it where `is_success` does not know it.
_PASSING = re.compile(
    r"\s*(?:[\u2713\u2714\u221a] \S|test .{1,300} \.\.\. (?:ok|ignored)|ok \d+\b"
    r"|ok\s+\S+\s+(?:[\d.]+s|\(cached\))"
    r"|--- (?:PASS|SKIP): |Passed \S|\[ {3,}OK \] "
    r"|\d+/\d+ Test +#\d+: .{1,300}(?:Passed|\*\*\*Skipped) "
    r"|PASS \S+|PASS +\[|\[gw\d+\] \[ *\d+%\] PASSED |# SKIP)"
)
# The same said at the end of a line, looked for where one of these parts is in it.
_PASSED_PARTS = (" PASSED", "... skipped", " ...ok", " SKIPPED", " XFAIL", " XPASS")
_PASSED = re.compile(
    r"\s*(?:\S.{0,300} PASSED +\[ *\d+%\]\s*$"
    r"|\S.{0,300}(?: PASSED|\.\.\. skipped.{0,100}| \.\.\.ok)\s*$"
    r"|\S.{0,300} (?:SKIPPED|XFAIL|XPASS)\b)"
)
# Progress: of a run, a build, a download; what runners say of a test before its result.
_STEP = re.compile(
    r"\s*(?:[.sxFEXuP,RSIi]{8,}(?: *\[ *\d+%\])?\s*$|=== (?:RUN|CONT|PAUSE|NAME)|\[ RUN {6}\] "
    r"|# Subtest: "
    r"|Start +\d+: |Running (?:tests?|unittests) |test session starts|\[gw\d+\] |scheduling tests"
    r"|duration_ms: |type: '(?:test|suite)'|\.\.\.$|---$"
    r"|(?:Compiling|Checking|Building|Fresh|Downloaded|Downloading|Updating|Locking|Adding|Blocking"
    r"|Installing|Preparing|Fetching|Resolving|Linking|Extracting|Pulling|Unpacking|Selecting"
    r"|Collecting|Using cached|Obtaining|Requirement already|Generating|Scanning|Setting up|Get:\d"
    r"|Hit:\d|Ign:\d|Reading|Processing|Creating table|Applying|copying|creating|adding"
    r"|running|Created wheel|Stored in|Attempting uninstall|Found existing|Uninstalling"
    r"|Successfully uninstalled"
    r"|Synchroniz|Running deferred|Downloading from|Downloaded from|Progress \(\d+\))\b"
    r"|\[ *\d+%\] |\[\d+/\d+\] |> Task :\S+|\[INFO\]|(?:CC|CXX|LD|AR|LINK|CCLD|GEN"
    r"|HOSTCC)(?:\(target\))? +\S"
    r"|npm (?:http|verb|sill|silly|info|timing) |\+{1,5} |#\d+ (?:sha256:|\[|CACHED|DONE"
    r"|extracting|transferring|resolve)"
    r"| ?---> |##\[(?:group|endgroup|command|debug)\]|::(?:group|endgroup)"
    r"|-- (?:The |Check|Detect|Look|Perform|Found |Build files|\S.*(?:done"
    r"|info)$))"
)
# Steps that begin with any word, each with a part that every such line holds.
_STEP_PARTS = (
    ("%", re.compile(r"\s*\S* *\d{1,3}%[| ]")),
    (
        " -",
        re.compile(
            r"\s*(?:cd \S+ && )?(?:\S+/)?(?:gcc|cc|g\+\+|c\+\+|clang(?:\+\+)?|ld|ar|rustc|javac"
            r"|cmake)(?:-[\d.]+)? -"
        ),
    ),
    ("make", re.compile(r"\s*(?:\S+/)?g?make(?:\[\d+\])?: (?:Entering|Leaving|Nothing)")),
    ("make", re.compile(r"\s*\S+/g?make +\S")),
    ("ranlib", re.compile(r"\s*\S+/ranlib +\S")),
)
# Bytes around an address, and what they mean.
_BYTES = re.compile(
    r"\s*(?:=>)?\s*0x[0-9a-f]+:(?:[ \[>\]]*[0-9a-f]{2}){8,}|  [A-Z][\w ]+:(?: +[0-9a-f]{2})+ *$"
)
_BAR = re.compile(r"[\u2588\u2591\u2501\u2578\u2593\u2581-\u258f]{8,}|\[[#=>. -]{8,}\]|\d{1,3}%\|")
_SUMMARY = re.compile(
    r"=+ short test summary info|(?i:=+ .*\b\d+ (?:passed|failed|errors?|skipped|deselected"
    r"|warnings?)\b.* =+)"
    r"|\d+ (?:passed|failed|errors?|skipped|deselected)\b.* in \d|Ran \d+ tests? in|FAILED \("
    r"|OK(?: \(.*\))?$"
    r"|\s*(?:Tests|Test Suites|Snapshots|Test Files|Suites|Assertions|Time|Duration):? {1,12}\S.*\d"
    r"|\s*\d+ (?:passing|failing|pending)\b|# (?:tests|suites|pass|fail|cancelled|skipped|todo) \d"
    r"|\u2139 (?:tests|suites|pass|fail|cancelled|skipped|todo) \d|test result: "
    r"|error: (?:test failed|could not compile|aborting)"
    r"|error: \d+ targets? failed|warning: \S+ \(.*generated \d+ warn|(?:FAIL"
    r"|ok)\s+\S+\s+(?:[\d.]+s|\[)|FAIL$|exit status \d"
    r"|.{0,40}Tests run: +\d|(?:\[\w+\] )?BUILD (?:SUCCESS|FAIL)|FAILURE: Build failed"
    r"|\d+ tests completed, "
    r"|\* What went wrong:|Execution failed for task|FAILURES!|ERRORS!|\d+% tests passed"
    r"|Total Test time"
    r"|The following tests FAILED|\d+ examples?, \d+ fail|Tests: \d+, Assert|OK \(\d+ tests?"
    r"|Found \d+ |\d+ (?:errors?|warnings?)(?: generated\.?)?$|\s*(?:\u2716 )?\d+ problems?\b"
    r"|All checks passed"
    r"|Success: no issues"
    r"|ninja: build stopped|collect2: error"
    r"|compilation terminated|Finished: [A-Z]+|##\[error\]|::error|Error: Process completed"
    r"|added \d+ packages"
    r"|Successfully (?:installed|built|tagged)|found \d+ vulnerab|up to date"
    r"|ERROR: (?:failed to|process)"
    r"|==\d+== (?:ERROR SUMMARY|HEAP SUMMARY|LEAK SUMMARY)|==\d+== +(?:definitely|indirectly"
    r"|possibly) lost"
    r"|SUMMARY: \w+Sanitizer|TOTAL +\d+|-- Configuring incomplete|-- (?:Configuring"
    r"|Generating) done"
    r"|Files=\d+, Tests=|Result: (?:PASS|FAIL)|Failed \d+/\d+|Total +\d+|\s*(?:Passed"
    r"|Failed)! +- Failed:"
    r"|For more information about this error|Some errors have detailed|(?:Error|error) Summary"
)
_FIXABLE = re.compile(r".{0,60}\d+ fixable")
_MAKE_ENDS = re.compile(r"(?:\S+/)?g?make(?:\[\d+\])?: \*\*\*")
# One file of a coverage table.
_COVERED = re.compile(r"\S+ +\d+ +\d+ +(?:\d+ +\d+ +)?100%|\s*\S+\s+\| +100 \|")
_WARNING = re.compile(r"(?:.{0,80}\b(?:[Ww]arning|WARN(?:ING)?|[Dd]eprecat\w+)\b)")


def roles_of(lines: Sequence[str]) -> list[Role]:
    """Return the role of each line, looked at by itself."""
    failing = which_fail(lines)
    roles = [_role(line, bad) for line, bad in zip(lines, failing, strict=True)]
    _demote_headings(lines, roles)
    _demote_messages(lines, roles)
    return roles


def _demote_headings(lines: Sequence[str], roles: list[Role]) -> None:
    """Take names of suites, above tests that passed only, for progress."""
    below, indent_below = Role.BLANK, 0
    for i in range(len(lines) - 1, -1, -1):
        if roles[i] is Role.BLANK:
            continue
        indent = len(lines[i]) - len(lines[i].lstrip())
        if roles[i] is Role.OTHER and indent < indent_below and below in (Role.PASSING, Role.STEP):
            roles[i] = Role.STEP
        below, indent_below = roles[i], indent


def _demote_messages(lines: Sequence[str], roles: list[Role]) -> None:
    """Take what pytest's list of failures repeats of their messages for progress."""
    inside = False
    for i, role in enumerate(roles):
        if role is Role.SUMMARY:
            inside = "short test summary" in lines[i]
        elif inside and role in (Role.OTHER, Role.ERROR) and lines[i][:1].isspace():
            roles[i] = Role.STEP


def _role(line: str, bad: bool) -> Role:
    start = line[:_REACH]
    if not start or start.isspace():
        return Role.BLANK
    if _SUMMARY.match(start) or _sums_up(start):
        return Role.SUMMARY
    if names_failing_test(start):
        return Role.NAME
    if _PASSING.match(start) or _is_passed(start) or _is_covered(start):
        return Role.PASSING
    if is_success(line):
        return Role.STEP if start.lstrip().startswith(("===", "[ RUN", "[---")) else Role.PASSING
    if _STEP.match(start) or _is_step(start) or _is_bar(start) or _is_bytes(start):
        return Role.STEP
    if bad:
        return Role.ERROR
    return Role.WARNING if _may_warn(start) and _WARNING.match(start) else Role.OTHER


def _sums_up(line: str) -> bool:
    if " fixable" in line and _FIXABLE.match(line):
        return True
    return ": ***" in line and _MAKE_ENDS.match(line) is not None


def _is_step(line: str) -> bool:
    for part, step in _STEP_PARTS:
        if part in line and step.match(line):
            return True
    return False


def _is_bytes(line: str) -> bool:
    return ":" in line and _BYTES.match(line) is not None


def _is_passed(line: str) -> bool:
    for part in _PASSED_PARTS:
        if part in line:
            return _PASSED.match(line) is not None
    return False


def _is_covered(line: str) -> bool:
    return "100" in line and _COVERED.fullmatch(line) is not None


def _is_bar(line: str) -> bool:
    # Looking for what every bar holds is cheaper than looking for a bar.
    if line.isascii() and "%|" not in line and "[=" not in line and "[#" not in line:
        return False
    return _BAR.search(line) is not None


def _may_warn(line: str) -> bool:
    return "arn" in line or "WARN" in line or "eprecat" in line
