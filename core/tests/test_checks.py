"""Test runs, builds and findings: what failed stays, what passed is counted."""

from __future__ import annotations

import re

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom.compressors.checks import CheckCompressor
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError

COUNTER = O200kCounter()
CHECKS = CheckCompressor()
GOAL = Goal("balanced", 300, asked=True)

PYTEST = """\
============================= test session starts ==============================
platform linux -- Python 3.12.1, pytest-8.4.2, pluggy-1.7.0
collected 44 items

{passing}
tests/test_cart.py::test_sum FAILED                                      [ 95%]
tests/test_cart.py::test_tax FAILED                                      [100%]

=================================== FAILURES ===================================
___________________________________ test_sum ___________________________________

cart = Cart(lines=[])

    def test_sum(cart):
        cart.add("A-1", 2)
>       assert cart.total == 7
E       AssertionError: assert 9 == 7
E        +  where 9 = Cart(lines=['A-1']).total

tests/test_cart.py:14: AssertionError
----------------------------- Captured stdout call -----------------------------
adding A-1
___________________________________ test_tax ___________________________________

    def test_tax():
>       rate("NO")

tests/test_cart.py:20:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

    def rate(country):
>       return RATES[country]
E       KeyError: 'NO'

shop/tax.py:8: KeyError
=========================== short test summary info ============================
FAILED tests/test_cart.py::test_sum - AssertionError: assert 9 == 7
FAILED tests/test_cart.py::test_tax - KeyError: 'NO'
========================= 2 failed, 42 passed in 0.31s =========================
"""
UNITTEST = """\
{passing}
test_tax (test_cart.Cart.test_tax) ... FAIL

======================================================================
FAIL: test_tax (test_cart.Cart.test_tax)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/usr/lib/python3.12/unittest/mock.py", line 1396, in patched
    return func(*newargs, **newkeywargs)
  File "/srv/shop/test_cart.py", line 17, in test_tax
    self.assertEqual(tax(100), 19)
AssertionError: 20 != 19

----------------------------------------------------------------------
Ran 43 tests in 0.004s

FAILED (failures=1)
"""
JEST = """\
FAIL ./cart.test.js
  cart
{passing}
    \u2715 adds up (3 ms)

  \u25cf cart \u203a adds up

    expect(received).toBe(expected) // Object.is equality

    Expected: 7
    Received: 9

      12 |   it("adds up", () => {
    > 13 |     expect(total(cart)).toBe(7);
         |                         ^
      14 |   });

      at Object.toBe (cart.test.js:13:25)
      at Promise.then.completed (node_modules/jest-circus/build/utils.js:298:28)

Test Suites: 1 failed, 1 total
Tests:       1 failed, 42 passed, 43 total
Time:        0.4 s
"""
CARGO = """\
running 43 tests
{passing}
test tests::adds_up ... FAILED

failures:

---- tests::adds_up stdout ----

thread 'tests::adds_up' panicked at src/lib.rs:31:9:
assertion `left == right` failed: with two lines
  left: 9
 right: 7
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace


failures:
    tests::adds_up

test result: FAILED. 42 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out
"""
GO = """\
{passing}
=== RUN   TestAddsUp
    cart_test.go:21: Total() = 9, want 7
--- FAIL: TestAddsUp (0.00s)
FAIL
FAIL\texample.org/shop\t0.003s
"""
TAP = """\
TAP version 13
{passing}
not ok 43 - adds up
  ---
  location: '/srv/shop/cart.test.mjs:13:3'
  failureType: 'testCodeFailure'
  error: |-
    Expected values to be strictly equal:

    9 !== 7

  code: 'ERR_ASSERTION'
  stack: |-
    TestContext.<anonymous> (file:///srv/shop/cart.test.mjs:13:42)
    Test.runInAsyncScope (node:async_hooks:206:9)
  ...
1..43
# tests 43
# pass 42
# fail 1
"""
SUREFIRE = """\
[INFO] Running org.example.CartTest
{passing}
[ERROR] Tests run: 43, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE!
[ERROR] org.example.CartTest.addsUp  Time elapsed: 0.01 s  <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <7> but was: <9>
\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
\tat org.junit.jupiter.api.Assertions.assertEquals(Assertions.java:150)
\tat org.example.CartTest.addsUp(CartTest.java:27)
\tat java.base/java.lang.reflect.Method.invoke(Method.java:568)

[INFO]
[ERROR] Failures:
[ERROR]   CartTest.addsUp:27 expected: <7> but was: <9>
[ERROR] Tests run: 43, Failures: 1, Errors: 0, Skipped: 0
[INFO] BUILD FAILURE
"""
GRADLE = """\
> Task :compileJava UP-TO-DATE
> Task :test

{passing}
CartTest > addsUp() FAILED
    org.opentest4j.AssertionFailedError: expected: <7> but was: <9>
        at org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
        at org.example.CartTest.addsUp(CartTest.java:27)

43 tests completed, 1 failed

FAILURE: Build failed with an exception.

* What went wrong:
Execution failed for task ':test'.
BUILD FAILED in 3s
"""
RSPEC = """\
{passing}
  adds up (FAILED - 1)

Failures:

  1) Cart adds up
     Failure/Error: expect(cart.total).to eq(7)

       expected: 7
            got: 9

       (compared using ==)
     # ./spec/cart_spec.rb:13:in `block (2 levels) in <top (required)>'

Finished in 0.01 seconds
43 examples, 1 failure

Failed examples:

rspec ./spec/cart_spec.rb:12 # Cart adds up
"""
PHPUNIT = """\
PHPUnit 11.0.1 by Sebastian Bergmann and contributors.

{passing}

There was 1 failure:

1) CartTest::testAddsUp
Failed asserting that 9 matches expected 7.

/srv/shop/tests/CartTest.php:21

FAILURES!
Tests: 43, Assertions: 43, Failures: 1.
"""
GTEST = """\
[==========] Running 43 tests from 1 test suite.
{passing}
[ RUN      ] Cart.AddsUp
cart_test.cc:31: Failure
Expected equality of these values:
  total(cart)
    Which is: 9
  7
[  FAILED  ] Cart.AddsUp (0 ms)
[==========] 43 tests from 1 test suite ran. (1 ms total)
[  PASSED  ] 42 tests.
[  FAILED  ] 1 test, listed below:
[  FAILED  ] Cart.AddsUp
"""
DOTNET = """\
{passing}
  Failed Shop.CartTest.AddsUp [12 ms]
  Error Message:
   Assert.Equal() Failure: Values differ
Expected: 7
Actual:   9
  Stack Trace:
     at Shop.CartTest.AddsUp() in /srv/shop/CartTest.cs:line 27
     at System.Reflection.MethodBaseInvoker.InvokeWithNoArgs(Object obj)

Failed!  - Failed:     1, Passed:    42, Skipped:     0, Total:    43
"""

# Runner, output, a line about a test that passed, and what must be seen: values and place.
RUNS = {
    "pytest": (
        PYTEST,
        "tests/test_cart.py::test_{n} PASSED                                  [ {n}%]",
        (
            "assert cart.total == 7",
            "assert 9 == 7",
            "tests/test_cart.py:14",
            "KeyError: 'NO'",
            "shop/tax.py:8",
            "2 failed, 42 passed",
        ),
    ),
    "unittest": (
        UNITTEST,
        "test_{n} (test_cart.Cart.test_{n}) ... ok",
        ("FAIL: test_tax", "AssertionError: 20 != 19", 'test_cart.py", line 17', "failures=1"),
    ),
    "jest": (
        JEST,
        "    \u2713 keeps {n} (1 ms)",
        ("Expected: 7", "Received: 9", "> 13 |", "cart.test.js:13:25", "1 failed, 42 passed"),
    ),
    "cargo": (
        CARGO,
        "test tests::keeps_{n} ... ok",
        ("src/lib.rs:31:9", "with two lines", "left: 9", "right: 7", "42 passed; 1 failed"),
    ),
    "go": (
        GO,
        "=== RUN   TestKeeps{n}\n--- PASS: TestKeeps{n} (0.00s)",
        ("cart_test.go:21: Total() = 9, want 7", "--- FAIL: TestAddsUp"),
    ),
    "tap": (
        TAP,
        "ok {n} - keeps {n}\n  ---\n  duration_ms: 0.0{n}\n  ...",
        ("not ok 43 - adds up", "9 !== 7", "cart.test.mjs:13", "# fail 1"),
    ),
    "surefire": (
        SUREFIRE,
        "[INFO] org.example.CartTest.keeps{n} PASSED",
        ("expected: <7> but was: <9>", "CartTest.java:27", "BUILD FAILURE"),
    ),
    "gradle": (
        GRADLE,
        "CartTest > keeps{n}() PASSED",
        ("expected: <7> but was: <9>", "CartTest.java:27", "43 tests completed, 1 failed"),
    ),
    "rspec": (
        RSPEC,
        "  \u2713 keeps {n}",
        ("expected: 7", "got: 9", "cart_spec.rb:13", "43 examples, 1 failure"),
    ),
    "phpunit": (
        PHPUNIT,
        " \u2714 Keeps {n}",
        ("9 matches expected 7", "CartTest.php:21", "Failures: 1."),
    ),
    "gtest": (
        GTEST,
        "[ RUN      ] Cart.Keeps{n}\n[       OK ] Cart.Keeps{n} (0 ms)",
        ("cart_test.cc:31: Failure", "Which is: 9", "Cart.AddsUp", "  7"),
    ),
    "dotnet": (
        DOTNET,
        "  Passed Shop.CartTest.Keeps{n} [1 ms]",
        ("Expected: 7", "Actual:   9", "CartTest.cs:line 27", "Failed:     1"),
    ),
}


def run_of(runner: str, passing: int = 42) -> str:
    output, line, _ = RUNS[runner]
    tests = "\n".join(line.replace("{n}", str(n)) for n in range(1, passing + 1))
    return output.replace("{passing}", tests)


def content(text: str, question: str = "") -> Content:
    fresh = Content(text, COUNTER, question=question)
    kind = CHECKS.detect(fresh)
    assert kind is not None
    return fresh.as_kind(kind)


def selected(text: str, question: str = "Why does it fail?", goal: Goal = GOAL) -> Selection:
    selection = CHECKS.select(content(text, question), goal)
    assert selection is not None
    return selection


@pytest.mark.parametrize("runner", RUNS)
def test_a_run_of_this_runner_is_recognised(runner: str) -> None:
    assert content(run_of(runner)).kind == "test"


@pytest.mark.parametrize("question", ["Why does it fail?", ""])
@pytest.mark.parametrize("fidelity", ["balanced", "aggressive"])
@pytest.mark.parametrize("runner", RUNS)
def test_values_and_place_of_every_failure_stay(runner: str, fidelity: str, question: str) -> None:
    goal = Goal("aggressive" if fidelity == "aggressive" else "balanced", 200, asked=bool(question))
    body = selected(run_of(runner), question, goal).body
    assert [fact for fact in RUNS[runner][2] if fact not in body] == []


@pytest.mark.parametrize("runner", RUNS)
def test_what_passed_is_left_out_and_counted(runner: str) -> None:
    selection = selected(run_of(runner))
    passing = sum(int(n) for n in re.findall(r"^\[\+(\d+) passing\]$", selection.body, re.M))
    shown = len(re.findall(r"[Kk]eeps|test_\d", selection.body))
    assert passing + shown == 42
    assert len(selection.body) < 0.7 * len(run_of(runner))


@pytest.mark.parametrize("runner", RUNS)
def test_kept_lines_are_verbatim_and_counted(runner: str) -> None:
    text = run_of(runner)
    selection = selected(text)
    lines = text.split("\n")[:-1]
    own = [line for line in selection.body.split("\n") if not line.startswith("[+")]
    at = iter(lines)
    assert all(line in at for line in own if not re.fullmatch(r"\[\d+ lines omitted\]", line))
    assert selection.total == len(lines)
    assert selection.kept == len([x for x in own if not re.fullmatch(r"\[\d+ lines omitted\]", x)])


@pytest.mark.parametrize("runner", ["pytest", "unittest", "cargo", "jest"])
def test_a_question_about_a_test_that_passed_shows_its_line(runner: str) -> None:
    named = {"pytest": "test_17", "unittest": "test_17", "cargo": "keeps_17", "jest": "keeps 17"}
    assert named[runner] in selected(run_of(runner), f"Did {named[runner]} pass?").body


def test_a_run_without_failures_is_its_summary() -> None:
    text = "\n".join(f"tests/test_a.py::test_{n} PASSED [ {n}%]" for n in range(80))
    text += "\n======= 80 passed, 0 failed in 0.31s ======="
    body = selected(text).body
    assert "80 passed, 0 failed" in body
    assert "[+80 passing]" in body
    assert len(body.split("\n")) <= 4


def test_the_same_failure_of_many_parameters_is_shown_once() -> None:
    block = (
        "_____________________ test_price[{n}] _____________________\n"
        "    def test_price(n):\n>       assert price(n) > 0\n"
        "E       assert 0 > 0\n\ntests/test_price.py:9: AssertionError\n"
    )
    text = "=== FAILURES ===\n" + "".join(block.format(n=n) for n in range(60))
    body = selected(f"{text}60 failed in 0.2s").body
    assert body.count("assert price(n) > 0") == 1
    assert "[+59 like it: test_price[1]; test_price[2]" in body


def test_colour_codes_hide_nothing_and_are_left_out() -> None:
    plain = run_of("pytest")
    red = plain.replace("E       ", "\x1b[1m\x1b[31mE       ").replace("\n", "\x1b[0m\n")
    selection = selected(red)
    assert "\x1b" not in selection.body
    assert "colour codes left out" in selection.summary
    assert [fact for fact in RUNS["pytest"][2] if fact not in selection.body] == []


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-03-01T10:00:{s:02}.1234567Z ",
        "test\tRun tests\t2026-03-01T10:00:{s:02}.1234567Z ",
        "[2026-03-01T10:00:{s:02}.123Z] ",
        "2026-03-01T10:00:{s:02}.123456Z 01O ",
        "#12 {s}.345 ",
    ],
)
@pytest.mark.parametrize("runner", ["pytest", "cargo", "go"])
def test_a_run_in_the_log_of_a_ci_system_is_read_as_well(runner: str, stamp: str) -> None:
    lines = run_of(runner).split("\n")
    text = "\n".join(stamp.format(s=n % 60) + line for n, line in enumerate(lines))
    assert content(text).kind == "test"
    body = selected(text).body
    assert [fact for fact in RUNS[runner][2] if fact not in body] == []


def test_lines_of_windows_keep_their_ends() -> None:
    text = run_of("pytest").replace("\n", "\r\n")
    selection = selected(text)
    kept = [line for line in selection.body.split("\n") if not line.startswith("[")]
    assert all(line.endswith("\r") for line in kept)
    assert [fact for fact in RUNS["pytest"][2] if fact not in selection.body] == []


def test_no_errors_are_not_an_error() -> None:
    steps = [f"[INFO] Compiling module {n}: 0 errors, 0 warnings" for n in range(60)]
    text = "\n".join([*steps, "[ERROR] Tests run: 3, Failures: 1", "[INFO] BUILD FAILURE"])
    body = selected(text, "Why did the build fail?").body
    assert "Failures: 1" in body
    assert body.count("0 errors") <= 2


def test_progress_that_was_written_over_is_no_failure() -> None:
    bar = "\r".join(f"Downloading wheel {n}% |{'#' * (n // 4):25}|" for n in range(101))
    text = "\n".join(["Collecting a", bar] * 20 + ["ERROR: No matching distribution for b==9"])
    body = selected(text, "Why was b not found?").body
    assert "No matching distribution for b==9" in body
    assert "Downloading" not in body


GCC = """\
cc -Wall -c report_{n}.c -o report_{n}.o
report_{n}.c: In function \u2018total\u2019:
report_{n}.c:8:28: warning: comparison of different signedness [-Wsign-compare]
    8 |     for (unsigned i = 0; i < count; i++)
      |                            ^
"""
BROKEN = """\
cc -Wall -c main.c -o main.o
main.c: In function \u2018main\u2019:
main.c:21:5: error: too few arguments to function \u2018total\u2019
   21 |     total(orders);
      |     ^~~~~
main.c:3:8: note: declared here
    3 | double total(struct order *orders, int count);
      |        ^~~~~
make: *** [Makefile:4: main.o] Error 1
"""


def test_warnings_of_one_kind_are_shown_once_with_the_places_of_the_others() -> None:
    text = "".join(GCC.format(n=n) for n in range(30)) + BROKEN
    body = selected(text).body
    assert body.count("-Wsign-compare") == 1
    assert "[+29 like it: report_1.c:8:28; report_2.c:8:28" in body
    for fact in ("main.c:21:5: error: too few", "total(orders);", "Makefile:4: main.o] Error 1"):
        assert fact in body


FINDINGS = {
    "ruff": "shop/a{n}.py:{n}:5: D103 Missing docstring in public function",
    "mypy": 'shop/a{n}.py:{n}: error: Incompatible return value type (got "int")  [return-value]',
    "tsc": "src/a{n}.ts({n},5): error TS2322: Type 'string' is not assignable to type 'number'.",
    "msbuild": "/srv/A{n}.cs({n},5): error CS0103: The name 'x' does not exist [/srv/shop.csproj]",
    "eslint": "/srv/shop/a{n}.js\n  {n}:5  error  'x' is not defined  no-undef\n",
    "rustc": "error[E0425]: cannot find value `x{n}` in this scope\n --> src/a{n}.rs:{n}:5\n  |\n"
    "{n} |     x{n};\n  |     ^^ not found in this scope\n",
    "javac": "A{n}.java:{n}: error: cannot find symbol\n        x{n}();\n        ^\n"
    "  symbol:   method x{n}()\n  location: class A{n}",
}


@pytest.mark.parametrize("tool", FINDINGS)
def test_findings_of_one_kind_are_one_finding_and_places(tool: str) -> None:
    text = "\n".join(FINDINGS[tool].format(n=n) for n in range(10, 60))
    selection = selected(f"{text}\nFound 50 errors")
    assert content(text).kind == "findings"
    assert "[+49 like it: " in selection.body
    assert "Found 50 errors" in selection.body
    assert re.search(r"like it: \S*a?11", selection.body, re.IGNORECASE)
    assert len(selection.body) < 0.5 * len(text)


@pytest.mark.parametrize("tool", ["ruff", "mypy", "tsc", "rustc", "javac"])
def test_a_finding_that_the_question_names_stays(tool: str) -> None:
    text = "\n".join(FINDINGS[tool].format(n=n) for n in range(10, 60))
    assert "a47." in selected(text, f"What is wrong in a47 (A47)? {tool}").body.lower()


JUNIT = """\
<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="shop" tests="41" failures="1">\
{passing}<testcase classname="Cart" name="adds_up" time="0.01"><failure message="assert 9 == 7">\
def test_adds_up():
        cart = Cart()
&gt;       assert cart.total == 7
E       assert 9 == 7

tests/test_cart.py:14: AssertionError</failure></testcase></testsuite></testsuites>"""


def test_a_junit_report_keeps_its_failures_and_counts_the_rest() -> None:
    passing = "".join(f'<testcase classname="Cart" name="t{n}" time="0.0"/>' for n in range(40))
    selection = selected(JUNIT.format(passing=passing))
    for fact in ('tests="41" failures="1"', 'name="adds_up"', "assert 9 == 7", "test_cart.py:14"):
        assert fact in selection.body
    assert "[+40 passing]" in selection.body
    assert selection.unit == "parts"


def test_test_output_comes_back_whole_and_by_the_name_of_a_test() -> None:
    text = run_of("pytest", passing=400)
    store = MemoryStore()
    compressor = Compressor(CompressionConfig(), store=store)
    result = compressor.compress_text(text, query="Why does test_sum fail?")
    handle = result.handles[0]
    assert compressor.retrieve(handle, max_tokens=100_000).text == text
    found = compressor.retrieve(handle, query="test_tax", max_tokens=300).text
    assert "KeyError: 'NO'" in found
    assert "shop/tax.py:8" in found


@pytest.mark.parametrize(
    ("notation", "note"), [("templates", ""), ("templates", "x"), ("search", "x"), ("other", "")]
)
def test_what_is_not_ours_is_refused(notation: str, note: str) -> None:
    with pytest.raises(DecodingError):
        CHECKS.decode(Encoding(notation, note, "1|2\n  a.py:3:x\n*9"))


def test_a_recursion_is_folded_without_loss() -> None:
    frames = '  File "/srv/shop/tree.py", line 7, in depth\n    return 1 + depth(tree)\n'
    text = f"Traceback (most recent call last):\n{frames * 300}RecursionError: too deep\n"
    encoding = CHECKS.encode(content(text))
    assert encoding is not None
    assert encoding.notation == "cycles"
    assert len(encoding.body.split("\n")) < 8
    assert CHECKS.decode(encoding) == text
