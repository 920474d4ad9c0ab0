"""Test runs, builds, findings and stack traces of more tools and languages."""

from recordings import shell

_PYTEST = "cd checks/py && python -m pytest -p no:cacheprovider"
_JS = "cd checks/js && NO_COLOR=1 node_modules/.bin"

TESTS = (
    shell(
        "test/jest.txt",
        "npx jest --verbose",
        f"{_JS}/jest --verbose",
        "jest",
        ("Which part has no price?", ('no price in "B-2,7"', "cart.js:11")),
        ("Is a country without a rate refused?", ("Missing expected exception", "cart.test.js:16")),
        ("Where does loading fail?", ("connect ECONNREFUSED 10.0.0.7:5432", "cart.test.js:39")),
        ("How many tests failed?", ("4 failed, 47 passed, 51 total",)),
    ),
    shell(
        "test/vitest.txt",
        "npx vitest run",
        f"{_JS}/vitest run --globals --reporter=verbose",
        "vitest",
        ("Which part has no price?", ('no price in "B-2,7"', "cart.js:11")),
        ("Is a country without a rate refused?", ("Missing expected exception", "cart.test.js:16")),
        ("How many tests failed?", ("4 failed | 47 passed",)),
    ),
    shell(
        "test/mocha.txt",
        "npx mocha",
        f"{_JS}/mocha cart.test.js tariff.test.js",
        "mocha",
        ("Which part has no price?", ('no price in "B-2,7"', "cart.js:11")),
        ("Where does loading fail?", ("connect ECONNREFUSED 10.0.0.7:5432", "cart.test.js:39")),
        ("How many tests pass and fail?", ("47 passing", "4 failing")),
    ),
    shell(
        "test/eslint.txt",
        "npx eslint .",
        f"{_JS}/eslint .",
        "eslint",
        ("Which variable is shadowed in legacy.js?", ("legacy.js", "'total' is already declared")),
        ("Which variables are never used?", ("'unused' is assigned a value but never used",)),
        ("How many problems are there?", ("problems (", "errors", "warnings)")),
    ),
    shell(
        "test/go-test.txt",
        "go test -v ./...",
        "cd checks/go && go test -v ./...",
        "go",
        ("What is the shipping for 5000?", ("Shipping(5000) = 490, want 0", "pricing_test.go:24")),
        ("What does Describe print?", ('got  "2 x A-1"', 'want "A-1 (2)"')),
        ("Why does the run panic, and where?", ("nil pointer dereference", "go/pricing.go:32")),
    ),
    shell(
        "test/go-test.jsonl",
        "go test -json .",
        "cd checks/go && go test -json .",
        "go",
        ("What is the shipping for 5000?", ("Shipping(5000) = 490, want 0",)),
        ("Why does the run panic?", ("nil pointer dereference",)),
    ),
    shell(
        "test/cargo-test.txt",
        "RUST_BACKTRACE=1 cargo test",
        "cd checks/rust && RUST_BACKTRACE=1 cargo test --color never",
        "cargo",
        ("Where is shipping asserted?", ("src/lib.rs:55:9", "exactly fifty", "left: 490")),
        ("Why is a sign not parsed?", ("InvalidDigit", "shop::parse")),
        ("Which index is out of bounds?", ("the len is 2 but the index is 2",)),
        ("How many tests failed?", ("20 passed; 3 failed",)),
    ),
    shell(
        "test/ctest.txt",
        "ctest --output-on-failure",
        "cd checks/c && cmake -S . -B build > /dev/null && cmake --build build > /dev/null"
        " && cd build && ctest --output-on-failure",
        "ctest",
        ("Why was the shipping test aborted?", ("test_shipping.c:10", "shipping(5000) == 0")),
        ("Which file is missing?", ("cannot open orders.csv",)),
        ("How many tests failed?", ("2 tests failed out of 5",)),
    ),
    shell(
        "test/prove.txt",
        "prove -v label.t",
        "cd checks/py && prove -v label.t",
        "perl",
        ("What does the label name first?", ("'A-1 x 2'", "'2 x A-1'", "line 6")),
        ("Where do structures differ?", ("$got->{quantity} = '2'", "$expected->{quantity} = '3'")),
        ("How many tests failed?", ("4/26 subtests",)),
    ),
    shell(
        "test/pytest-all.txt",
        "python -m pytest -rA -vv",
        f"{_PYTEST} -rA -vv test_orders.py",
        "pytest",
        ("Why can the order not be placed?", ("connection to 10.0.0.7:5432 refused",)),
        ("Which country has no rate?", ("no rate for 'NO'", "chain.py:22")),
        ("What differs between the two orders?", ("'quantity': 2", "'quantity': 3")),
        ("How many tests passed and failed?", ("5 failed, 42 passed, 1 skipped, 1 xfailed",)),
    ),
    shell(
        "test/pytest-xdist.txt",
        "python -m pytest -n 2 -v --cov",
        f"{_PYTEST} -n 2 -v --cov=. --cov-report=term-missing test_orders.py",
        "pytest",
        ("Which country has no rate?", ("no rate for 'NO'", "chain.py:22")),
        ("Why is the order not refused as expected?", ("order 218", "order 217 was not placed")),
        ("Which lines of chain.py are not covered?", ("chain.py", "37-40")),
    ),
    shell(
        "test/pytest-short.txt",
        "python -m pytest -q --tb=short",
        f"{_PYTEST} -q --tb=short test_orders.py",
        "pytest",
        ("Why can the order not be placed?", ("connection to 10.0.0.7:5432 refused",)),
        ("Which country has no rate?", ("no rate for 'NO'", "chain.py:22")),
    ),
)

BUILDS = (
    shell(
        "test/cmake.txt",
        "cmake --build build -- -k",
        "cd checks/c && rm -rf all && cp -r . ../all && mv ../all all && cd all"
        " && printf 'add_executable(heap heap.c)\\nadd_executable(report ../../../report.c)\\n'"
        " >> CMakeLists.txt && cmake -S . -B out -DCMAKE_C_FLAGS='-Wall -Wextra'"
        " && cmake --build out -- -k VERBOSE=1",
        "cmake",
        ("Which target failed?", ("report.c.o] Error 1",)),
        (
            "What is wrong with the last statement?",
            ("report.c:26:29", "expected ‘;’ before ‘}’ token"),
        ),
    ),
    shell(
        "test/cargo-build.txt",
        "cargo build",
        "cd checks/rust && rm -rf broken && mkdir -p broken/src && cp Cargo.toml broken"
        " && cp ../../broken.rs broken/src/main.rs && cd broken && cargo build --color never",
        "cargo",
        ("Why can f64 not be added?", ("cannot add-assign `f64` to `{integer}`", "main.rs:7")),
        ("How many errors are there?", ("due to 7 previous errors",)),
    ),
    shell(
        "test/pip-conflict.txt",
        "pip install 'attrs==25.4.0' 'attrs<25' flask",
        "python -m venv --without-pip fresh > /dev/null; (python -m pip --python fresh install"
        " --no-color --no-cache-dir flask requests rich 'attrs<25'; python -m pip --python fresh"
        " install --no-color --no-cache-dir 'attrs==25.4.0' 'attrs<25')"
        " 2>&1 | grep -v '^WARNING: Location\\|^Looking in'"
        " | sed 's#Processing /.*/#Processing ./#'",
        "pip",
        ("Which versions conflict?", ("attrs==25.4.0", "attrs<25")),
        ("Which version of Flask was installed?", ("Successfully installed", "flask-")),
    ),
)

TRACES = (
    shell(
        "trace/python-chain.txt",
        "python chain.py chain",
        "cd checks/py && python chain.py chain",
        "python",
        ("Which key was missing?", ("KeyError: 'NO'", "line 15")),
        ("Which order was not placed?", ("OrderFailed: order 217 was not placed",)),
    ),
    shell(
        "trace/python-group.txt",
        "python chain.py group",
        "cd checks/py && python chain.py group",
        "python",
        ("Why could JSON not be read?", ("Expecting property name", "JSONDecodeError")),
        ("Which country has no rate?", ("LookupError: no rate for 'NO'",)),
    ),
    shell(
        "trace/python-loop.txt",
        "python chain.py loop",
        "cd checks/py && python chain.py loop",
        "python",
        ("Which function recurses?", ("in depth", "maximum recursion depth exceeded")),
        ("Which line calls depth again?", ("line 33", "max(depth(child) for child in")),
    ),
    shell(
        "trace/java.txt",
        "java Chain.java",
        "cd checks/java && java Chain.java 2>&1 | head -n 400",
        "java",
        ("Which order was not placed?", ("OrderFailed: order 217 was not placed",)),
        ("What is the root cause, and where?", ("NullPointerException", "Chain.java:10")),
        ("What overflows the stack?", ("StackOverflowError", "Chain.descend(Chain.java:40)")),
    ),
    shell(
        "trace/go-panic.txt",
        "GOTRACEBACK=all go run ./queue",
        "cd checks/go && GOTRACEBACK=all go run ./queue 2>&1",
        "go",
        ("Which index is out of range?", ("index out of range [2] with length 2",)),
        ("Where does it panic?", ("queue/main.go:22",)),
    ),
    shell(
        "trace/asan.txt",
        "./heap",
        "cd checks/c && gcc -g -fsanitize=address heap.c -o heap && ./heap 2>&1",
        "gcc",
        ("What is read after it was freed?", ("heap-use-after-free", "in digits", "heap.c:20")),
        ("Where was it freed?", ("free_order", "heap.c:17")),
    ),
    shell(
        "trace/tsan.txt",
        "./race",
        "cd checks/c && gcc -g -fsanitize=thread race.c -o race && setarch -R ./race 2>&1",
        "gcc",
        ("Where is the data race?", ("data race", "race.c:7")),
        ("Which variable is it?", ("global 'stock'",)),
    ),
    shell(
        "trace/valgrind.txt",
        "valgrind --leak-check=full ./heap",
        "cd checks/c && gcc -g heap.c -o heap && valgrind --leak-check=full ./heap 2>&1",
        "valgrind",
        ("Which invalid read is there?", ("Invalid read of size 8", "digits (heap.c:20)")),
        ("How much is lost?", ("definitely lost: 16 bytes in 1 blocks",)),
    ),
    shell(
        "trace/gdb.txt",
        "gdb -batch -ex run -ex 'bt full' ./heap",
        "cd checks/c && gcc -g -fsanitize=address heap.c -o heap && ASAN_OPTIONS=abort_on_error=1"
        " gdb -q -batch -ex run -ex 'thread apply all bt' ./heap 2>&1",
        "gdb",
        ("Where did it stop?", ("SIGABRT", "heap.c:20")),
        ("Where was the order freed?", ("free_order", "heap.c:17")),
    ),
)

CHECKS = (*TESTS, *BUILDS, *TRACES)
