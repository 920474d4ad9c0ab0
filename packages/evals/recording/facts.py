"""More facts that a reader of the inputs must still find, beside those in the catalogue.

Two sorts: what an agent looks up by name in the middle of a text, and what it would lose the thread
without (how many, how much, which one is different).
"""

from recordings import Fact

DATA: dict[str, tuple[Fact, ...]] = {
    "json/orders.json": (
        ("Which city is the customer of order 70034 in?", ("70034", "Brno")),
        ("What did the customer with order number 70000 pay?", ("70000", "27411")),
    ),
    "json/metrics.json": (
        ("How slow was the slowest request, and in which unit?", ("646.02", "ms")),
        ("Which hosts and paths are measured?", ("web-1", "/orders")),
    ),
    "json/pip-inspect.json": (
        ("Which licence does certifi have?", ("certifi", "MPL-2.0")),
        ("Which Python does starlette require?", ("starlette", ">=3.11")),
    ),
    "json/package-lock.json": (
        ("What is the locked version of finalhandler?", ("node_modules/finalhandler", "1.3.2")),
        ("Which esbuild is locked?", ("node_modules/esbuild", "0.21.5")),
    ),
    "json/npm-ls.json": (
        ("Which version of pg is installed?", ("pg", "8.23.1")),
        ("Which gopd do we have?", ("gopd", "1.2.0")),
    ),
    "json/ruff.json": (
        ("Where are there too many arguments?", ("943", "Too many arguments in function")),
        ("In which line is a blind exception caught?", ("BLE001", "658")),
        ("What should os.path.splitext become?", ("Path.suffix", "206")),
    ),
    "json/inventory.json": (("What is SKU-0030 called?", ("SKU-0030", "Article 30")),),
    "json/sensors.json": (
        ("Which device was read, and how often?", ("pump-4", "10")),
        ("Which sensors are there?", ("inlet", "motor", "outlet")),
    ),
    "json/openapi.json": (
        ("Which operation deletes a coupon?", ("/coupons", "delete_coupons")),
        ("Which operation is deprecated?", ("delete_invoices", "deprecated")),
    ),
    "json/pip-list.json": (
        ("Is certifi of this year?", ("certifi", "2026.10.18")),
        ("Which uvicorn is there?", ("uvicorn", "0.54.0")),
    ),
    "json/mypy.jsonl": (
        ("What is wrong in line 84 of provider.py?", ("84", "tuple[Any, ...]")),
        ("Which list expression contains Any in tag.py, line 317?", ("317", "list[Any]")),
    ),
    "json/terraform-show.json": (
        ("Which port does service-07 get?", ("service-07", "8007")),
        ("Which environment is planned?", ("environment", "staging")),
    ),
    "json/psql-orders.json": (
        ("Who placed order 10066?", ("10066", "19")),
        ("What became of order 10033?", ("10033", "shipped")),
    ),
    "json/psql-explain.json": (
        ("How are orders and customers joined?", ("Hash Join", "319")),
        ("How long did the query take?", ("Execution Time", "0.21")),
    ),
    "json/kubectl-deployment.json": (
        ("How many replicas are there?", ("replicas", "3")),
        ("Which port is open?", ("containerPort", "8080")),
    ),
    "json/express-package.json": (
        ("Which mocha is used?", ("mocha", "^6.2.2")),
        ("Which node does it need?", (">= 0.10.0",)),
    ),
    "json/ruff-statistics.json": (
        ("Which rule is broken most often?", ("missing-type-function-argument", "310")),
        ("Is exec used?", ("S102", "exec-builtin")),
        ("How often is a weak hash function used?", ("S324", "4")),
    ),
    "json/sarif.json": (
        ("Which line catches everything?", ("BLE001", "658")),
        ("What is to be used instead of eval?", ("ast.literal_eval",)),
    ),
    "json/gcc.json": (
        ("Which function is not declared?", ("implicit declaration of function ‘strcpy’",)),
        ("In which line is a semicolon missing?", ("26", "expected ‘;’ before ‘}’ token")),
    ),
    "json/terraform-plan.jsonl": (
        ("Is service-05 created?", ("service-05", "Plan to create")),
        ("Is anything destroyed?", ("0 to destroy",)),
    ),
    "csv/stock.csv": (
        ("How many of SKU-0129 are on hand?", ("SKU-0129", "777")),
        ("Where is SKU-0235 stored?", ("SKU-0235", "Gdańsk")),
    ),
    "csv/orders.csv": (
        ("What did order 10054 cost?", ("10054", "118.75")),
        ("What became of order 10161?", ("10161", "returned")),
    ),
    "csv/customers.csv": (
        ("Which country is customer 32 from?", ("Customer 32", "SE")),
        ("Who came last?", ("Customer 120", "2021-12-27")),
    ),
    "csv/orders.tsv": (
        ("What did order 10180 cost?", ("10180", "141.75")),
        ("When was order 10060 placed?", ("10060", "2026-03-01 15:00:00")),
    ),
    "csv/hours.csv": (
        ("What was sold in SE in the hour from 15:00?", ("2026-03-01 15:00:00", "419.50")),
        ("How many orders came from FR at 2026-03-02 04:00?", ("2026-03-02 04:00:00", "143.20")),
    ),
    "csv/settings.csv": (
        ("What is max_logical_replication_workers?", ("max_logical_replication_workers", "4")),
        ("What is min_wal_size?", ("min_wal_size", "80")),
    ),
    "table/psql.txt": (
        ("Which country is the customer of order 10162 from?", ("10162", "FR")),
        ("What did order 10242 cost?", ("10242", "110.70")),
    ),
    "table/pods.txt": (
        ("How often was billing-invoice restarted?", ("billing-invoice", "61 (2m ago)")),
        ("On which node runs shop-20?", ("shop-20-d206c2856-f16d6", "node-5")),
        ("Which address has billing-22?", ("billing-22-6d6cff718-1ebb0", "10.42.5.5")),
    ),
    "table/border.txt": (
        ("What did order 10226 cost?", ("10226", "157.85")),
        ("Which order was returned by customer 111?", ("10230", "111", "returned")),
    ),
    "table/describe.txt": (
        ("What type has the amount?", ("amount", "numeric(9,2)")),
        ("What is the primary key of customers?", ("customers_pkey",)),
    ),
    "table/explain.txt": (
        ("How long did it take?", ("Execution Time: 0.275 ms",)),
        ("How is it sorted?", ("top-N heapsort",)),
    ),
    "table/pip-list.txt": (
        ("Which starlette is installed?", ("starlette", "1.10.0")),
        ("Which charset-normalizer is installed?", ("charset-normalizer", "3.5.2")),
    ),
    "table/settings.txt": (
        ("How large may the WAL become?", ("max_wal_size", "1024")),
        ("Is the WAL compressed?", ("wal_compression", "off")),
    ),
    "table/expanded.txt": (
        ("What became of order 10023?", ("10023", "returned")),
        ("What did order 10022 cost?", ("10022", "213.05")),
    ),
    "table/dpkg.txt": (
        ("Which libarchive13 is installed?", ("libarchive13", "3.6.2-1+deb12u5")),
        ("What is libavif15?", ("libavif15", "Library for handling")),
    ),
    "yaml/manifests.yaml": (
        ("Which image does shop-20 run?", ("shop-20", "registry.example.org/shop/app-20:6.4")),
        ("How many replicas has shop-01?", ("shop-01", "replicas: 2")),
    ),
    "yaml/terraform-plan.txt": (
        ("Which image does service-11 get?", ("service-11", "service-11:1.11.0")),
        ("Was the plan saved?", ("You didn't use the -out option",)),
    ),
    "yaml/compose.yaml": (
        ("Which queue does worker-11 serve?", ("worker-11", "queue-invoice")),
        ("Which image has worker-12?", ("worker-12", "registry.example.org/shop/worker:2.1")),
    ),
    "yaml/kubectl.yaml": (
        ("What is the timeout?", ("timeout: 30s",)),
        ("How many replicas has mail?", ("mail", "replicas: 3")),
    ),
    "yaml/postgresql.conf": (
        ("How large may the WAL become?", ("max_wal_size = 1GB",)),
        ("How much memory is shared?", ("shared_buffers = 128MB",)),
    ),
}

TEXTS: dict[str, tuple[Fact, ...]] = {
    "log/server.log": (
        ("How was order 299 priced?", ("order 299 priced at 77.50 EUR",)),
        ("Why did order 97 take the slow path?", ("order 97", "cache miss for SKU-17")),
    ),
    "log/dpkg.log": (
        ("Which libssl3 was installed?", ("libssl3", "3.0.16-1~deb12u1")),
        ("When was curl installed?", ("2025-06-24 14:36:37", "install curl:amd64")),
    ),
    "log/access.log": (
        ("When did the first request fail with 502?", ("06:06:54", "/checkout/confirm", "502")),
        ("Who asked for /orders/289?", ("198.51.100.27", "/orders/289")),
    ),
    "log/gateway.log": (
        ("When did the request fail?", ("06:02:36.862", "Request failed")),
        ("Which class raised the exception?", ("java.lang.IllegalStateException",)),
    ),
    "log/events.jsonl": (
        ("Why was invoice-7731 given up?", ("invoice-7731", "ConnectionResetError: [Errno 104]")),
        ("Which job was retried most often?", ("2026-03-14T06:01:45.595", "job.retried")),
    ),
    "log/auth.log": (
        ("Did deploy log in with a key?", ("Accepted publickey for deploy", "192.0.2.14")),
        ("Who tries the user oracle?", ("invalid user oracle", "203.0.113.9")),
    ),
    "log/postgres.log": (
        ("Was anything divided by zero?", ("division by zero", "select 1/0")),
        ("Which key exists already?", ("Key (id)=(10001) already exists",)),
    ),
    "log/gc.log": (
        ("Where was the exception thrown?", ("Churn.main(Churn.java:16)",)),
        ("How large may the heap become?", ("Heap Max Capacity: 32M",)),
    ),
    "log/importtime.log": (
        ("How long does it take to import all of flask?", ("84522", "flask")),
        ("How long does importing jinja2 take?", ("11676", "jinja2")),
    ),
    "log/make.log": (
        ("Which call has too few arguments?", ("report.c:25:20", "too few arguments to function")),
        ("Is unused_23 used?", ("unused variable ‘unused_23’",)),
    ),
    "search/grep.txt": (
        ("Where is UnrewindableBodyError raised?", ("requests/utils.py", "UnrewindableBodyError")),
        ("What does blueprints.py say of static_folder?", ("95", "to serve static_files.")),
    ),
    "search/grep-context.txt": (
        ("What does JSONTag take?", ("tag.py", "serializer: TaggedJSONSerializer")),
        ("Where is the provider's app kept?", ("weakref.proxy(app)",)),
    ),
    "search/grep-def.txt": (
        ("Where is get_netrc_auth defined?", ("requests/utils.py", "207", "get_netrc_auth")),
        ("Where is get_path_info?", ("werkzeug/wsgi.py", "get_path_info")),
    ),
    "search/grep-count.txt": (
        ("How many imports has flask/app.py?", ("flask/app.py", "72")),
        ("How many in panel.py?", ("panel.py", "14")),
    ),
    "search/grep-files.txt": (
        ("Is multipart.py among them?", ("sansio", "multipart.py")),
        ("Does rich/jupyter.py use typing?", ("jupyter.py",)),
    ),
    "search/git-grep.txt": (
        ("Where is RATE_10?", ("module_4", "RATE_10 = 30")),
        ("What is RATE_3?", ("RATE_3 = 21",)),
    ),
    "search/grep-todo.txt": (
        ("What is inefficient in rich?", ("rich/text.py", "only used by full justify")),
        ("What is missing in auth.py?", ("handle auth-int",)),
    ),
    "search/grep-links.txt": (
        ("Which issues of flask are linked?", ("https://github.com/pallets/flask/issues/4297",)),
        ("Which RFC does sessions.py name?", ("https://tools.ietf.org/html/rfc7231",)),
    ),
    "paths/find.txt": (
        ("Is there a lexer for Rust?", ("pygments/lexers/rust.py",)),
        ("Where is rich's Markdown?", ("rich/markdown.py",)),
    ),
    "paths/ls.txt": (
        ("How large is requests/models.py?", ("35510", "models.py")),
        ("How large is flask's cli.py?", ("37184", "cli.py")),
    ),
    "paths/du.txt": (
        ("How large is flask in all?", ("349892", "flask")),
        ("How large is _emoji_codes.py?", ("140235", "_emoji_codes.py")),
    ),
    "paths/ls-recursive.txt": (
        ("Is certifi vendored?", ("certifi",)),
        ("Is terminal_theme.py there?", ("terminal_theme.py",)),
    ),
    "paths/ls-long.txt": (
        ("How large is python.py?", ("54574", "python.py")),
        ("How large are the builtins of PHP?", ("108054", "_php_builtins.py")),
    ),
    "paths/git-files.txt": (
        ("Is there a new rule?", ("new_rule.py",)),
        ("Which test covers price 14?", ("test_price_14.py",)),
    ),
    "paths/find-sizes.txt": (
        ("How large is the lexer for Python?", ("54574", "python.py")),
        ("Which is the lexer of Julia, and how large?", ("11688", "julia.py")),
    ),
    "paths/npm-tree.txt": (
        ("Which version of vite is used?", ("vite@5.4.21",)),
        ("Is pg-native there?", ("UNMET OPTIONAL DEPENDENCY pg-native",)),
    ),
    "paths/wheel-record.txt": (
        ("How large is progress.py?", ("rich/progress.py", "60408")),
        (
            "What is the digest of errors.py?",
            ("errors.py", "5pP3Kc5d4QJ_c0KFsxrfyhjiPVe7J1zOqSFbFAzcV-Y"),
        ),
    ),
    "test/pytest.txt": (
        ("What does the loyalty test expect?", ("assert Decimal('0') == 5",)),
        ("Where does the shipping test fail?", ("tests/test_pricing.py:24",)),
    ),
    "test/gcc.txt": (
        ("Which variables are unused?", ("unused variable ‘count’",)),
        ("Which include is missing?", ("include ‘<string.h>’",)),
    ),
    "test/mypy.txt": (
        ("What is wrong with BuildError?", ("app.py:952", 'has type "type[BuildError]"')),
        ("What is wrong in provider.py:73?", ("provider.py", "73", 'Expression has type "Any"')),
    ),
    "test/unittest.txt": (
        ("Which tests fail?", ("FAIL: test_free_shipping",)),
        ("How many failures and errors?", ("failures=2, errors=1",)),
    ),
    "test/node.txt": (
        ("Which quantity does the order keep?", ("quantity: 2",)),
        ("Where does the reduced rate fail?", ("shop.test.mjs:13",)),
    ),
    "test/node-tap.txt": (
        ("How many tests pass?", ("pass 37",)),
        ("What does the test of reduced rates get?", ("NaN !== 107",)),
    ),
    "test/javac.txt": (
        ("Which conversion fails in line 17?", ("17", "String cannot be converted to int")),
        ("Which method has an order not?", ("method price()",)),
    ),
    "test/rustc.txt": (
        ("What is added to an integer?", ("cannot add-assign `f64` to `{integer}`",)),
        ("How many errors are there?", ("7 previous errors",)),
    ),
    "test/tsc.txt": (
        ("Which name is unknown?", ("Cannot find name 'missing'",)),
        ("Which country is not allowed?", ("5,25", '"NO"')),
    ),
    "test/ruff.txt": (
        ("How many errors are there?", ("Found 29 errors",)),
        ("What should os.path.basename become?", ("PTH119", "Path.name")),
    ),
    "test/ruff-concise.txt": (
        ("Which function is too complex?", ("C901", "_encode_files")),
        ("How many can be fixed?", ("38 fixable",)),
    ),
    "test/pytest-long.txt": (
        ("How many tests failed?", ("2 failed, 116 passed",)),
        ("Why does the loyalty test fail?", ("assert Decimal('0') == 5",)),
    ),
    "test/pytest.xml": (
        ("How many tests ran, and how many failed?", ('failures="2"', 'tests="118"')),
        ("What is the shipping for exactly 50?", ("Decimal('4.90') = shipping",)),
    ),
    "code/generate.txt": (
        ("How is the seed given?", ("MAKERS", "random.Random(int(sys.argv[2]))")),
        ("Which replicas does a manifest choose from?", ("rng.choice((2, 2, 3))",)),
    ),
    "code/converters.txt": (
        ("Which converter makes a bool?", ("def to_bool(val):",)),
        ("What does to_bool raise?", ("Cannot convert value to bool",)),
    ),
    "code/router.txt": (
        ("How is a parameter's handler added?", ("proto.param = function param(name, fn)",)),
        ("Who handles a request?", ("proto.handle = function handle(req, res, out)",)),
    ),
    "code/manager.txt": (
        ("How is a plugin registered?", ("def register(self, plugin: _Plugin",)),
        ("Which hooks must not be historic?", ("historic incompatible with yield",)),
    ),
    "diff/attrs.diff": (
        ("Can a class be inspected now?", ("+def inspect(cls):",)),
        ("Which validator was removed?", ("-def provides(interface):",)),
    ),
    "diff/stat.txt": (
        ("How many files changed?", ("18 files changed",)),
        ("How much changed in validators.py?", ("validators.py", "401")),
    ),
    "diff/log-stat.txt": (
        ("In which commit was the rounding reverted?", ("edfd775ed55f", "Revert the new rounding")),
        ("When was it?", ("Feb 18", "Revert the new rounding")),
    ),
    "diff/log-patch.diff": (
        ("What is RATE_29?", ("RATE_29 = 3",)),
        ("Which test came for price 23?", ("def test_price_23():",)),
    ),
    "diff/status.txt": (
        ("Which file is not tracked?", ("notes.txt",)),
        ("Which file is new?", ("src/module_1/new_rule.py",)),
    ),
    "diff/blame.txt": (
        ("Which commit brought price_19?", ("8ab5760a", "def price_19")),
        ("What is RATE_25?", ("RATE_25 = 15",)),
    ),
    "markdown/rich.md": (
        ("Which Python does rich require?", ("requires Python 3.8",)),
        ("How is rich installed?", ("python -m pip install rich",)),
    ),
    "markdown/express.md": (
        ("How do I start the server?", ("npm start",)),
        ("Which template engines work?", ("14 template engines",)),
    ),
    "markdown/ruff-rules.md": (
        ("Which rule is BLE001?", ("blind-except (BLE001)",)),
        ("What limits the length of a line?", ("line-length",)),
    ),
    "text/pip-help.txt": (
        ("How do I install without dependencies?", ("--no-deps",)),
        ("What is the default upgrade strategy?", ("--upgrade-strategy", "only-if-needed")),
    ),
    "text/pytest-help.txt": (
        ("How do I rerun the failed tests only?", ("--last-failed",)),
        ("How do I see the slowest tests?", ("--durations=N", "slowest")),
    ),
    "text/pydoc.txt": (("When was kw_only added to attrib?", ("18.2.0", "kw_only")),),
    "html/pydoc.html": (
        ("What does max_len take?", ("max_len", "length")),
        ("What can matches_re be given?", ("regex, flags=0, func=None",)),
    ),
    "html/setters.html": (
        ("When was validate added?", ("validate", "20.1.0")),
        ("What does pipe take?", ("(*setters)",)),
    ),
    "html/error.html": (
        ("In which file did it happen?", ("/srv/shop/shop/pricing.py", "40")),
        ("Where was the total asked for?", ("page.py", "14")),
    ),
}

MORE_FACTS = {**DATA, **TEXTS}
