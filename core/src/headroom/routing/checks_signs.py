"""What lines of test runs, builds, findings and traces look like."""

from __future__ import annotations

import re

# Lines that say how a test run ended.
RESULT = re.compile(
    r"=+ .*\b(?:test session starts|short test summary|\d+ (?:passed|failed|errors?|skipped"
    r"|deselected|warnings?))\b.*=+"
    r"|\d+ (?:passed|failed)(?:, \d+ \w+)* in [\d.]+ ?m?s|Ran \d+ tests? in [\d.]+s"
    r"|FAILED \((?:failures|errors)="
    r"|(?:Tests|Test Suites|Test Files):? {1,12}.*\d+ (?:passed|failed|total)"
    r"|\s*\d+ (?:passing|failing)\b(?: \(|$)"
    r"|(?:#|\u2139) (?:tests|pass|fail) \d+$|test result: (?:ok|FAILED)\.|TAP version \d|--- FAIL: "
    r"|(?:\[\w+\] )?Tests run: *\d+, |\d+ tests completed, \d|\d+% tests passed, "
    r"|\d+ examples?, \d+ failures?|Tests: \d+, Assertions: \d|OK \(\d+ tests?|Files=\d+, Tests=\d+"
    r"|\[(?:  FAILED  |  PASSED  |==========)\] \d+ test|(?:FAIL|ok)\s{1,8}\S+\s+(?:\d+\.\d+s"
    r"|\(cached\)|\[build failed\])"
    r"|There (?:was|were) \d+ failures?:|(?:Passed|Failed)! +- Failed: +\d|# (?:Failed test"
    r"|Looks like you failed)"
    r"|=+ (?:FAILURES|ERRORS) =+|failures:$|\u23af+ Failed Tests \d"
)

# Lines about one test; those that name it first are looked for where their signs are.
_NAMED_TEST = re.compile(
    r"(?:\[gw\d+\] .*)?\S+(?:::\S+)+.* (?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b"
)
_DOTTED_TEST = re.compile(r"\S+ \(\S+\).* \.\.\. (?:ok|FAIL|ERROR|skipped.*)\s*$")
_TEST_LINE = re.compile(
    r"(?:PASSED|FAILED|ERROR|SKIPPED)(?: \[\d+\])? \S+\.py|test .{1,200} \.\.\. (?:ok|FAILED"
    r"|ignored|bench.*)$"
    r"|\s*(?:=== (?:RUN|CONT|PAUSE|NAME) +\S|--- (?:PASS|FAIL|SKIP): )"
    r"|\s*(?:not )?ok \d+(?: - | |$)"
    r"|\s*[\u2713\u2714\u2717\u2716\u2718\u00d7\u221a] \S|  \u25cf .+ \u203a |(?:PASS"
    r"|FAIL) {1,2}\S+\.[jt]sx?\b| FAIL  \S"
    r"|\s*\d+/\d+ Test +#\d+: |\s*Start +\d+: |\[ (?:RUN|      OK|  FAILED) +\] "
    r"|[.FEsx]{10,}(?: *\[ *\d+%\])?$"
    r"|_{3,} .+ _{3,}$|E {3}\S|(?:ERROR|FAIL): test\w* |---- .+ stdout ----|\S+ > .+ (?:PASSED"
    r"|FAILED)$"
    r"|(?:\[ERROR\] )?\S.*<<< (?:FAILURE|ERROR)!|\s{2,}(?:Passed|Failed) \S+ \[\d"
)

# A finding: place, gravity or rule, and what is wrong.
_GRAVE = r"(?:(?:fatal |internal compiler )?[Ee]rror|[Ww]arning|note|hint|help|style|info)"
FINDING = re.compile(
    rf"\s{{0,4}}(?:[A-Za-z]:)?[^\s:()\"']{{1,200}}(?::\d{{1,7}}(?::\d{{1,5}})?(?:-\d+)?(?:: "
    rf"| - ){_GRAVE}\b"
    r"|:\d{1,7}:(?:\d{1,5}:)? \[?[A-Z]{1,8}-?\d{2,6}\b"
    rf"|\(\d{{1,7}}(?:,\d{{1,5}}){{0,3}}\) ?: {_GRAVE}\b)"
    r"|\[(?:ERROR|WARNING|error|warn)\] [^\s:]{1,200}:(?:\[\d+,\d+\]|\d+:)"
    r"|[ew]: (?:file://)?/?\S+:(?: \()?\d+[:,]"
    r"|\s{2,6}\d{1,7}:\d{1,5}\s{2,6}(?:error|warning)\s\s"
    r"|(?:vet: )?\.{0,2}/?[\w./@-]+\.go:\d+:\d+: \S"
    r"|(?:error|warning)\[E\d+\]: |CMake (?:Error|Warning)(?: \(dev\))? at "
)
# The head of a finding whose place stands below it, and that place.
RULE = re.compile(r"(?:error|warning)(?:\[\w+\])?: \S|[A-Z]{1,8}\d{2,6} (?:\[\*\] )?\S")
FRAME = re.compile(r"\s*(?:-->|:::|\u256d\u2500\[) ?\S+:\d+")
# Source below a finding, and what marks it.
MARKS = re.compile(
    r"(?:[A-Za-z]:)?[\w./\\@-]{1,200}\.\w{1,5}\s*$|"
    r"\s*\d{1,7} +[|\u2502]|\s+[|\u2502]|\s*[|\u2502]$|\s+[~^|\s]*[~^][~^|\s]*$|\s*= (?:help"
    r"|note)|(?:help|note): "
    r"|\S+: (?:In|At) |In file included from|\s+(?:symbol|location|required|reason|found): "
    r"|\S+:\d+:\d+:\s+required|\s{8,}\S.*[;{]$"
)

# Frames of stack traces, and lines that head or join them.
TRACE_LINE = re.compile(
    r"[\s|+]*(?:Traceback \(most|Exception Group Traceback)|[\s|+]*File \"[^\"]+\", line \d+"
    r"|\s+at \S.*[(:]|\s+at [\w.$<>]+(?:\(|$)"
    r"|\s*\.\.\. \d+ (?:more|trimmed|common)|Caused by: |\s*#\d+\s+(?:0x[0-9a-f]+ in |\S.*\()"
    r"|==\d+==\s+(?:at|by|Invalid|Address)\b"
    r"|[\s|]*[~^]+\s*$|[\s|+-]*-{8,} \d+ -{8,}$|goroutine \d+ \[|panic: |\t/\S+:\d+"
    r"|\s+\d+: +(?:0x[0-9a-f]+ - )?\S+::|\tfrom \S+:\d+:in"
    r"|thread '.*' (?:\(\d+\) )?panicked"
    r"|\S+\.go:\d+ \+0x|During handling of the above|The above exception was"
    r"|Exception in thread |created by \S+"
)

# Steps of builds and installations.
STEP = re.compile(
    r"\s*(?:Compiling|Checking|Downloaded|Downloading|Collecting|Using cached|Unpacking"
    r"|Selecting previously|Setting up|Preparing to unpack"
    r"|Processing triggers|Get:\d|Hit:\d|Building wheel|Installing collected"
    r"|Requirement already|Looking in|Processing|WARNING:|Linking|Fetching|Updating|Extracting"
    r"|Finished|Scanning dependencies) \S"
    r"|(?:\S+/)?g?make(?:\[\d+\])?: |\S+/g?make |-- \S.*(?:done|works|info)$"
    r"|\[ *\d+%\] (?:Building|Linking|Built|Generating)|\[\d+/\d+\] \S"
    r"|-- (?:The |Check|Detecting|Looking|Found|Performing|Configuring|Generating|Build files)"
    r"|> Task :\S|\[(?:INFO|ERROR|WARNING)\] |(?:npm|gyp) (?:http|verb|sill|info|timing|warn"
    r"|WARN|error|ERR!|notice)\b|(?:CC|CXX|LD|AR|LINK|CCLD|GEN)(?:\(target\))? +\S"
    r"|(?:cd \S+ && )?(?:\S+/)?(?:gcc|cc|g\+\+|c\+\+|clang(?:\+\+)?|javac|rustc|cmake) -"
    r"|#\d+ (?:\[|DONE|CACHED"
    r"|sha256:|ERROR|transferring|\d+\.\d)|Step \d+/\d+ : | ?---> "
    r"|##\[(?:group|endgroup|error|warning|command)\]|::(?:group|endgroup|error|warning)"
    r"|ERROR: (?:Could not|No matching|Failed building|failed to)"
    r"|\+{1,4} [a-z.\[(]|(?:copying|creating|adding) \S+|running \w+$|ninja: |FAILED: \S"
    r"|BUILD (?:SUCCESS|FAIL)|FAILURE: Build failed|Finished: [A-Z]+$|\* What went wrong"
    r"|added \d+ packages|Successfully (?:installed|built)"
)

# One of these, or a test, is found in a few lines of every such text.
SIGNS = (RESULT, FINDING, TRACE_LINE, STEP, RULE)

# Documents that quote runs and builds.
DOCUMENT = re.compile(r"#{1,6} \S|```|~~~|\.\. \w+::|\|.*\|.*\|\s*$|\[[^\]]+\]\(|- \[|\* \*\*")


def is_test(line: str) -> bool:
    """Say whether a line is about one test.

    >>> is_test("tests/test_a.py::test_b PASSED"), is_test("std::string a;")
    (True, False)
    """
    return (
        _TEST_LINE.match(line) is not None
        or ("::" in line and _NAMED_TEST.match(line) is not None)
        or (" ... " in line and _DOTTED_TEST.match(line) is not None)
    )
