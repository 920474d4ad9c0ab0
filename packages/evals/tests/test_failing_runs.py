"""Of every recorded run that failed, the line, the assertion and the place are visible."""

import pytest

from headroom import Compressor, MemoryStore
from headroom_evals.cases import shipped_cases

CASES = {case.id: case for case in shipped_cases()}

# For each failing test or finding: what failed, what came or was expected, and where.
FAILURES = {
    "test/pytest.txt": (
        ("assert shipping(price) == expected", "assert Decimal('4.90') == Decimal('0')"),
        ("tests/test_pricing.py:24", "tests/test_pricing.py:33"),
        ('assert discount(Decimal(100), "LOYAL5") == 5', "assert Decimal('0') == 5"),
    ),
    "test/pytest-long.txt": (
        ("assert shipping(price) == expected", "assert Decimal('4.90') == Decimal('0')"),
        ("tests/test_pricing.py:24", "tests/test_pricing.py:33"),
    ),
    "test/pytest-all.txt": (
        ("raise ConnectionRefusedError(", "10.0.0.7:5432 refused", "test_orders.py:15"),
        ("raise LookupError(", "LookupError: no rate for 'NO'", "chain.py:22"),
        ("LookupError: no rate for 'SE'", "LookupError: no rate for 'DK'"),
        ("Input: 'order 217 was not placed'", "Regex: 'order 218'", "test_orders.py:36"),
        ("assert first == second", "test_orders.py:43"),
    ),
    "test/pytest-xdist.txt": (
        ("raise ConnectionRefusedError(", "10.0.0.7:5432 refused", "test_orders.py:15"),
        ("raise LookupError(", "LookupError: no rate for 'NO'", "chain.py:22"),
        ("Input: 'order 217 was not placed'", "test_orders.py:36"),
        ("assert first == second", "test_orders.py:43"),
    ),
    "test/pytest-short.txt": (
        ("raise ConnectionRefusedError(", "10.0.0.7:5432 refused", "test_orders.py:15"),
        ("raise LookupError(", "LookupError: no rate for 'NO'", "chain.py:22"),
        ("Input: 'order 217 was not placed'", "test_orders.py:36"),
        ("test_orders.py:43",),
    ),
    "test/pytest.xml": (
        ("assert Decimal('4.90') == Decimal('0')", "tests/test_pricing.py:24"),
        ("assert Decimal('0') == 5", "tests/test_pricing.py:33"),
    ),
    "test/unittest.txt": (
        ("subtotal([Line(", "TypeError: unsupported operand", 'pricing.py", line 23'),
        ("self.assertEqual(shipping", "AssertionError: Decimal('4.90') != 0", "line 14"),
        ("self.assertEqual(discount", "Decimal('0') != Decimal('5')", "line 17"),
    ),
    "test/node.txt": (
        ("NaN !== 107", "shop.test.mjs:13:42"),
        ("+       quantity: 2", "-       quantity: 3", "shop.test.mjs:16:12"),
    ),
    "test/node-tap.txt": (
        ("not ok 37 - knows reduced rates", "NaN !== 107", "shop.test.mjs:13"),
        ("not ok 39 - keeps the parts of an order", "shop.test.mjs:15"),
    ),
    "test/jest.txt": (
        ("> 16 |", "Missing expected exception", "cart.test.js:16:12"),
        ("> 26 |", "assert.deepStrictEqual(received, expected)", "cart.test.js:26:12"),
        ("> 11 |", 'RangeError: no price in "B-2,7"', "cart.js:11:36"),
        ("> 39 |", "connect ECONNREFUSED 10.0.0.7:5432", "cart.test.js:39:49"),
    ),
    "test/vitest.txt": (
        ("Missing expected exception", "cart.test.js:16:12"),
        ("Expected values to be strictly deep-equal", "cart.test.js:26:12"),
        ('RangeError: no price in "B-2,7"', "cart.js:11:36"),
        ("connect ECONNREFUSED 10.0.0.7:5432", "cart.test.js:39:49"),
    ),
    "test/mocha.txt": (
        ("Missing expected exception", "cart.test.js:16:12"),
        ("Expected values to be strictly deep-equal", "cart.test.js:26:12"),
        ('RangeError: no price in "B-2,7"', "cart.js:11:36"),
        ("connect ECONNREFUSED 10.0.0.7:5432", "cart.test.js:39:49"),
    ),
    "test/go-test.txt": (
        ("pricing_test.go:24: Shipping(5000) = 490, want 0",),
        ("pricing_test.go:33: Describe:", 'got  "2 x A-1"', 'want "A-1 (2)"'),
        ("nil pointer dereference", "go/pricing.go:32"),
    ),
    "test/cargo-test.txt": (
        ("src/lib.rs:28:30", "the len is 2 but the index is 2"),
        ("src/lib.rs:27:45", "InvalidDigit"),
        ("src/lib.rs:55:9", "exactly fifty", "left: 490", "right: 0"),
    ),
    "test/ctest.txt": (
        ('Assertion `shipping(5000) == 0 && "free from exactly fifty"', "test_shipping.c:10"),
        ("cannot open orders.csv", "***Failed"),
    ),
    "test/prove.txt": (
        ("Failed test 'a label names the quantity first'", "got: 'A-1 x 2'", "line 6"),
        ("Failed test 'a town has a code'", "doesn't match", "line 7"),
        ("Failed test 'a line is kept'", "$got->{quantity} = '2'", "line 8"),
        ("Failed test 'prices add up'", "line 9"),
    ),
    "test/gcc.txt": (
        ("too few arguments to function", "report.c:25:20", "total(orders)"),
        ("before ‘}’ token", "report.c:26:29"),  # noqa: RUF001
    ),
    "test/cmake.txt": (
        ("too few arguments to function", "report.c:25:20", "total(orders)"),
        ("before ‘}’ token", "report.c:26:29", "report.c.o] Error 1"),  # noqa: RUF001
    ),
    "test/javac.txt": (
        ("BrokenTypes.java:10: error: cannot find symbol", "method price()"),
        ("BrokenTypes.java:16", "BrokenTypes.java:17", "BrokenTypes.java:25"),
    ),
    "test/rustc.txt": (
        ("error[E0277]", "broken.rs:7:31", "no implementation for `{integer} += f64`"),
        ("error[E0605]", "broken.rs:25:5"),
        ("error[E0382]", "broken.rs:14:63"),
    ),
    "test/cargo-build.txt": (
        ("error[E0277]", "main.rs:7:31", "no implementation for `{integer} += f64`"),
        ("error[E0605]", "main.rs:25:5"),
    ),
    "test/tsc.txt": (("broken.ts(4,12)", "TS2322"), ("broken.ts(18,71)", "TS2339")),
    "test/pip-conflict.txt": (("ERROR: Cannot install attrs<25 and attrs==25.4.0",),),
    "trace/python-chain.txt": (
        ("RATES[country]", "KeyError: 'NO'", "line 15"),
        ("LookupError: no rate for 'NO'", "OrderFailed: order 217 was not placed"),
    ),
    "trace/python-group.txt": (
        ("KeyError: 'NO'", "line 15", "LookupError: no rate for 'NO'"),
        ("JSONDecodeError: Expecting property name", "line 39, in fetch"),
    ),
    "trace/python-loop.txt": (("in depth", "RecursionError: maximum recursion depth"),),
    "trace/java.txt": (
        ("OrderFailed: order 217 was not placed", "Chain.java:29"),
        ("IllegalStateException: no rate for NO", "Chain.java:17"),
        ("NullPointerException", "Chain.java:10", "StackOverflowError", "Chain.java:40"),
    ),
    "trace/go-panic.txt": (("index out of range [2] with length 2", "queue/main.go:22"),),
    "trace/asan.txt": (("heap-use-after-free", "heap.c:20", "heap.c:17", "heap.c:9"),),
    "trace/tsan.txt": (("data race", "race.c:7", "global 'stock'"),),
    "trace/valgrind.txt": (
        ("Invalid read of size 8", "heap.c:20"),
        ("Invalid read of size 1", "definitely lost: 16 bytes in 1 blocks"),
    ),
    "trace/gdb.txt": (("SIGABRT", "heap-use-after-free", "heap.c:20"),),
}
RUNS = [
    (name, question)
    for name in FAILURES
    for question in ("Go on.", "Fix it.", "What failed?", *CASES[name].queries)
]


def test_every_recorded_run_that_failed_is_listed() -> None:
    others = {
        # These list findings; none of them is a failing line or assertion.
        "test/mypy.txt", "test/ruff.txt", "test/ruff-concise.txt", "test/eslint.txt",
        # A document of JSON lines.
        "test/go-test.jsonl",
    }  # fmt: skip
    runs = {case.id for case in CASES.values() if case.kind in ("test", "trace")}
    assert runs == FAILURES.keys() | others


@pytest.mark.parametrize(("name", "question"), RUNS)
def test_line_assertion_and_place_of_a_failing_run_are_visible(name: str, question: str) -> None:
    case = CASES[name]
    compressor = Compressor(store=MemoryStore())
    result = compressor.compress(case.messages(question), model="gpt-4o")
    text = result.messages[-1]["content"]
    assert [fact for facts in FAILURES[name] for fact in facts if fact not in text] == []


# What an agent asks for later, by the name that the summary shows it.
LATER = (
    ("test/pytest.txt", "test_a_loyal_customer_saves_five_from_one_hundred", "test_pricing.py:33"),
    ("test/pytest-all.txt", "test_an_order_is_refused", "order 217 was not placed"),
    ("test/pytest-xdist.txt", "test_two_orders_are_alike", "test_orders.py:43"),
    ("test/pytest.xml", "test_a_loyal_customer_saves_five_from_one_hundred", "Decimal('0') == 5"),
    ("test/jest.txt", "gives up when the source is gone", "cart.test.js:39"),
    ("test/vitest.txt", "says which part has no price", "cart.js:11"),
    ("test/mocha.txt", "gives up when the source is gone", "cart.test.js:39"),
    ("test/cargo-test.txt", "shipping_is_free_from_fifty", "left: 490"),
    ("test/go-test.txt", "TestDescribe", 'got  "2 x A-1"'),
    ("test/node.txt", "keeps the parts of an order", "quantity: 2"),
    ("test/node-tap.txt", "knows reduced rates", "NaN !== 107"),
    ("test/ruff-concise.txt", "C901", "_encode_files"),
    ("test/cmake.txt", "report.c:26", "main"),
)


@pytest.mark.parametrize(("name", "test", "fact"), LATER)
def test_a_test_comes_back_by_its_name(name: str, test: str, fact: str) -> None:
    compressor = Compressor(store=MemoryStore())
    result = compressor.compress_text(CASES[name].text, query=f"What of {test} failed?")
    found = compressor.retrieve(result.handles[0], query=test)
    assert test.split(" ")[-1] in found.text
    assert fact in found.text
