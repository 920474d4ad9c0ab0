"""What is recorded: the command, and facts that a reader of its output must still find."""

from dataclasses import dataclass

OURS = "Apache-2.0 (this project)"
FACTS = "facts printed by a tool about installed packages"


@dataclass(frozen=True)
class Recording:
    """One input. ``needles``: a question, and the strings that answer it."""

    file: str
    kind: str
    tool: str
    arguments: dict[str, str]
    command: str
    made_with: str
    needles: tuple[tuple[str, tuple[str, ...]], ...]
    licence: str = OURS


def generated(
    name: str, file: str, kind: str, tool: str, *needles: tuple[str, tuple[str, ...]]
) -> Recording:
    return Recording(
        file, kind, tool, {"source": name}, f"python generate.py {name} 7", "generate.py", needles
    )


RECORDINGS = (
    generated(
        "orders",
        "json/orders.json",
        "json",
        "http_get",
        ("Which order failed, and why?", ("70131", "card_declined: issuer code 51")),
        ("How many orders are there in all?", ("2210",)),
    ),
    generated(
        "metrics",
        "json/metrics.json",
        "json",
        "query_metrics",
        ("Was there a spike in latency?", ("1773470595",)),
    ),
    Recording(
        "json/pip-inspect.json",
        "json",
        "bash",
        {"command": "pip inspect --local"},
        "python -m pip inspect --local 2>/dev/null |"
        " jq 'del(.installed[].metadata.description, .environment)'",
        "pip",
        (
            ("Which version of werkzeug is installed?", ("Werkzeug", "3.1.9")),
            ("Does requests need chardet?", ("chardet",)),
        ),
        FACTS,
    ),
    Recording(
        "json/package-lock.json",
        "json",
        "read_file",
        {"path": "web/package-lock.json"},
        "cat web/package-lock.json",
        "npm",
        (
            (
                "Which version of body-parser is locked?",
                ("node_modules/body-parser", "1.20.9"),
            ),
            ("Which node versions does vite ask for?", ("^18.0.0 || >=20.0.0",)),
        ),
        FACTS,
    ),
    Recording(
        "json/npm-ls.json",
        "json",
        "bash",
        {"command": "npm ls --all --json"},
        "cd web && npm ls --all --json 2>/dev/null",
        "npm",
        (("Which version of qs is used?", ("qs", "6.16.2")),),
        FACTS,
    ),
    Recording(
        "json/ruff.json",
        "json",
        "bash",
        {"command": "ruff check --output-format json"},
        "cd site &&"
        " ruff check --isolated --select E,PL,S,PTH,BLE --output-format json flask/cli.py",
        "ruff",
        (("Is there an exec or eval in the code?", ("possibly insecure function",)),),
        FACTS,
    ),
    Recording(
        "log/server.log",
        "log",
        "read_log",
        {"path": "server.log"},
        "cd shop && python ../load.py",
        "python",
        (
            ("Why did an order fail?", ("pricing.UnknownCountry: 'NO'",)),
            (
                "Which request was answered with an error?",
                ("/orders/417", "500 Internal Server Error"),
            ),
            ("Which orders took the slow path?", ("order 388 took the slow path",)),
        ),
    ),
    Recording(
        "log/dpkg.log",
        "log",
        "read_log",
        {"path": "/var/log/dpkg.log"},
        "head -n 900 /var/log/dpkg.log",
        "dpkg",
        (("Which version of libsystemd0 was replaced?", ("252.36-1~deb12u1", "252.38-1~deb12u1")),),
        FACTS,
    ),
    generated(
        "access",
        "log/access.log",
        "log",
        "read_log",
        ("Which requests failed with a server error?", ("/checkout/confirm", "502")),
    ),
    generated(
        "gateway",
        "log/gateway.log",
        "log",
        "read_log",
        ("Why did a request fail?", ("pool exhausted after 30000 ms (max 20)",)),
        ("What caused the exception?", ("no connection came back",)),
    ),
    generated(
        "events",
        "log/events.jsonl",
        "log",
        "read_log",
        ("Was a job given up?", ("job.abandoned", "invoice-7731")),
    ),
    Recording(
        "search/grep.txt",
        "search",
        "bash",
        {"command": 'grep -rn "raise " --include=*.py .'},
        'cd site && grep -rn "raise " attr flask requests --include=*.py',
        "grep",
        (
            ("Where does requests complain about a missing schema?", ("raise MissingSchema(",)),
            (
                "Where is UnauthorizedError or NotAnAttrsClassError raised?",
                ("raise NotAnAttrsClassError(msg)",),
            ),
        ),
        "MIT (attrs), BSD-3-Clause (flask), Apache-2.0 (requests); single lines",
    ),
    Recording(
        "search/grep-context.txt",
        "search",
        "bash",
        {"command": 'grep -rn -C2 "def __init__" flask requests'},
        'cd site && grep -rn -C2 "def __init__" flask requests --include=*.py',
        "grep",
        (("What does HTTPDigestAuth take?", ("def __init__(self, username, password):",)),),
        "BSD-3-Clause (flask), Apache-2.0 (requests); single lines",
    ),
    Recording(
        "paths/find.txt",
        "paths",
        "bash",
        {"command": 'find rich pygments flask -name "*.py"'},
        'cd site && find rich pygments flask -name "*.py"',
        "find",
        (("Where is the lexer for Erlang?", ("pygments/lexers/erlang.py",)),),
        FACTS,
    ),
    Recording(
        "paths/ls.txt",
        "paths",
        "bash",
        {"command": "ls -lnR --time-style=long-iso rich flask requests"},
        "cd site && ls -lnR --time-style=long-iso rich flask requests",
        "ls",
        (("How large is rich/console.py?", ("console.py",)),),
        FACTS,
    ),
    Recording(
        "test/pytest.txt",
        "test",
        "run_tests",
        {"command": "python -m pytest -v"},
        "cd shop && python -m pytest -v -p no:cacheprovider",
        "pytest",
        (
            ("Why does the shipping test fail?", ("shipping(Decimal('50.00'))",)),
            ("Which tests fail?", ("test_a_loyal_customer_saves_five_from_one_hundred",)),
            ("How many tests passed?", ("2 failed, 116 passed",)),
        ),
    ),
    Recording(
        "test/gcc.txt",
        "test",
        "bash",
        {"command": "gcc -Wall -Wextra report.c"},
        "gcc -Wall -Wextra -fdiagnostics-color=never report.c",
        "gcc",
        (
            ("Why does it not compile?", ("too few arguments to function",)),
            ("Is a semicolon missing?", ("expected ‘;’ before ‘}’ token",)),
        ),
    ),
    Recording(
        "test/mypy.txt",
        "test",
        "bash",
        {"command": "mypy --disallow-any-expr -p flask"},
        "mypy --disallow-any-expr --no-incremental --config-file= -p flask",
        "mypy",
        (("How many errors are there?", ("errors in",)),),
        FACTS,
    ),
    generated(
        "stock",
        "csv/stock.csv",
        "csv",
        "read_csv",
        ("Which article has an impossible stock?", ("SKU-0263", "-37")),
    ),
    Recording(
        "csv/orders.csv",
        "csv",
        "bash",
        {"command": "psql --csv -c 'select * from orders'"},
        'psql --csv -c "select * from orders order by id"',
        "psql",
        (
            ("Which order is by far the largest?", ("98431.75",)),
            ("Was an order refused?", ("10211", "refused")),
        ),
    ),
    Recording(
        "table/psql.txt",
        "table",
        "query_database",
        {"sql": "select ... from orders join customers"},
        'psql -c "select o.id, c.name, c.country, o.placed, o.status, o.amount'
        ' from orders o join customers c on c.id = o.customer order by o.id"',
        "psql",
        (
            ("Was an order refused?", ("10211", "refused")),
            ("How many rows are there?", ("(320 rows)",)),
        ),
    ),
    generated(
        "pods",
        "table/pods.txt",
        "table",
        "kubectl",
        ("Which pod does not start?", ("billing-invoice-6b7f9c5d4-x2lqp", "CrashLoopBackOff")),
    ),
    generated(
        "manifests",
        "yaml/manifests.yaml",
        "yaml",
        "read_file",
        ("Which deployment asks for the most memory?", ("shop-14", "16Gi")),
    ),
    Recording(
        "yaml/terraform-plan.txt",
        "yaml",
        "bash",
        {"command": "terraform plan -no-color"},
        "terraform plan -no-color",
        "terraform",
        (
            ("How many resources will be added?", ("14 to add",)),
            ("Which service gets no replicas?", ('"service-09"', "replicas    = 0")),
        ),
    ),
    Recording(
        "code/generate.txt",
        "code",
        "read_file",
        {"path": "generate.py"},
        "cat generate.py",
        "python",
        (("Which pod is made to crash?", ("billing-invoice-6b7f9c5d4-x2lqp",)),),
    ),
    Recording(
        "diff/attrs.diff",
        "diff",
        "git_diff",
        {"paths": "old/attr site/attr"},
        "for f in _make _cmp _compat validators; do"
        " git diff --no-index --no-color old/attr/$f.py site/attr/$f.py; done",
        "git",
        (("What happened to evolve?", ("def evolve(",)),),
        "MIT, Copyright (c) 2015 Hynek Schlawack and the attrs contributors",
    ),
    Recording(
        "markdown/rich.md",
        "markdown",
        "fetch_page",
        {"url": "https://example.org/rich"},
        "python -c \"import importlib.metadata as m; print(m.metadata('rich').get_payload())\"",
        "pip",
        (("How do I try rich on my terminal?", ("python -m rich",)),),
        "MIT, Copyright (c) 2020 Will McGugan",
    ),
    Recording(
        "text/pydoc.txt",
        "text",
        "bash",
        {"command": "python -m pydoc attr"},
        "python -m pydoc attr | head -n 700",
        "python",
        (("What does frozen do?", ("frozen",)),),
        "MIT, Copyright (c) 2015 Hynek Schlawack and the attrs contributors",
    ),
    Recording(
        "html/pydoc.html",
        "html",
        "fetch_page",
        {"url": "https://example.org/attr.html"},
        "python -m pydoc -w attr.validators > /dev/null; cat attr.validators.html",
        "python",
        (("What does deep_iterable do?", ("deep_iterable",)),),
        "MIT, Copyright (c) 2015 Hynek Schlawack and the attrs contributors",
    ),
)
