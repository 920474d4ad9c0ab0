"""More structured data and logs."""

from recordings import EXPRESS, FACTS, generated, page, shell

_MYPY = "mypy --disallow-any-expr --no-incremental --config-file="
_JOIN = "from orders o join customers c on c.id = o.customer"
_WAL = (
    "select name, setting, unit, short_desc from pg_settings where name ~ 'wal|vacuum' order by 1"
)

JSON = (
    generated(
        "inventory",
        "json/inventory.json",
        "json",
        "http_get",
        ("Is an article recalled, and why?", ("2026-02-27", "battery swells above 45 degrees")),
    ),
    generated(
        "sensors",
        "json/sensors.json",
        "json",
        "read_file",
        ("Is there a reading that cannot be right?", ("97.31",)),
    ),
    generated(
        "vectors",
        "json/vectors.json",
        "json",
        "http_post",
        ("How many tokens were used?", ("total_tokens", "57")),
        ("Which model was it?", ("embed-small",)),
    ),
    generated(
        "openapi",
        "json/openapi.json",
        "json",
        "http_get",
        ("What replaces the deprecated operation?", ("Invoices are cancelled, use post_refunds.",)),
    ),
    shell(
        "json/pip-list.json",
        "pip list --format json",
        "python -m pip list --format json",
        "pip",
        ("Which version of Flask is installed?", ("Flask", "3.1.2")),
        licence=FACTS,
    ),
    shell(
        "json/mypy.jsonl",
        "mypy -O json -p flask.json",
        f"{_MYPY} -O json -p flask.json",
        "mypy",
        ("What is wrong in line 57 of provider.py?", ("57", "Expression has type")),
        licence=FACTS,
    ),
    shell(
        "json/terraform-show.json",
        "terraform show -json plan.bin",
        "terraform plan -out=plan.bin > /dev/null && terraform show -json plan.bin",
        "terraform",
        ("Which image does service-11 get?", ("registry.example.org/shop/service-11:1.11.0",)),
        ("Which service has no replicas?", ("service-09", "0")),
    ),
    shell(
        "json/psql-orders.json",
        "psql -Atc 'select json_agg(o) from orders o'",
        'psql -Atc "select json_agg(o order by id) from orders o where id <= 10130"',
        "psql",
        ("What did order 10077 cost?", ("10077", "126.8")),
    ),
    shell(
        "json/psql-explain.json",
        "psql -Atc 'explain (analyze, format json) select ...'",
        'psql -Atc "explain (analyze, format json) select c.country, sum(o.amount)'
        f" {_JOIN} where o.status <> 'refused' group by 1\"",
        "psql",
        ("Which index or scan reads the orders?", ("Seq Scan", "orders")),
    ),
    shell(
        "json/kubectl-deployment.json",
        "kubectl get deployment web -o json",
        "kubectl create deployment web --image=registry.example.org/shop/web:1.4 --replicas=3"
        " --port=8080 --dry-run=client -o json",
        "kubectl",
        ("Which image runs?", ("registry.example.org/shop/web:1.4",)),
    ),
    page(
        "json/express-package.json",
        "cat web/node_modules/express/package.json",
        "npm",
        ("Which version of qs does express ask for?", ("qs", "~6.")),
        ("Which licence has it?", ("MIT",)),
        licence=EXPRESS,
    ),
    shell(
        "json/ruff-statistics.json",
        "ruff check --select ALL --statistics --output-format json",
        "cd site && ruff check --isolated --select ALL --statistics --output-format json"
        " flask requests 2>/dev/null",
        "ruff",
        ("How often does a public method lack its docstring (D102)?", ("D102", "64")),
        licence=FACTS,
    ),
    shell(
        "json/sarif.json",
        "ruff check --output-format sarif",
        "cd site && ruff check --isolated --select S,BLE --output-format sarif flask/cli.py"
        " requests/utils.py 2>/dev/null",
        "ruff",
        ("Is eval used somewhere?", ("S307", "1031")),
        licence=FACTS,
    ),
    shell(
        "json/gcc.json",
        "gcc -fdiagnostics-format=json report.c",
        "gcc -fdiagnostics-format=json report.c 2>&1",
        "gcc",
        ("Which call has too few arguments?", ("too few arguments to function",)),
    ),
    shell(
        "json/terraform-plan.jsonl",
        "terraform plan -json",
        "terraform plan -json",
        "terraform",
        ("How many resources will be added?", ("14 to add",)),
    ),
)
LOGS = (
    generated(
        "auth",
        "log/auth.log",
        "log",
        "read_log",
        ("Did anybody get in with a password?", ("Accepted password for backup", "203.0.113.7")),
    ),
    shell(
        "log/postgres.log",
        "tail -n 60 postgres.log",
        "{ psql -c 'select * from refunds';"
        " psql -c \"insert into orders values (10001, 1, now(), 'paid', 1)\";"
        " psql -c 'select 1/0'; } > /dev/null 2>&1; tail -n 60 postgres.log",
        "psql",
        ("Which statement violated a constraint?", ("insert into orders values (10001",)),
        ("Is a table missing?", ('relation "refunds" does not exist',)),
    ),
    shell(
        "log/gc.log",
        "java -Xlog:gc* Churn",
        "javac -d out Churn.java && java -Xmx32m -Xlog:gc*:stdout -cp out Churn 2>&1",
        "javac",
        ("Why did the program fail?", ("more blocks than the report may hold: 100",)),
        ("Which collector was used?", ("Using G1",)),
    ),
    shell(
        "log/importtime.log",
        "python -X importtime -c 'import flask'",
        "python -X importtime -c 'import flask' 2>&1 | tail -n 160",
        "python",
        ("How long does importing flask.blueprints take?", ("390", "flask.blueprints")),
        licence=FACTS,
    ),
    shell(
        "log/make.log",
        "make all",
        "make -f shop.mk -B all 2>&1",
        "make",
        ("Which target failed?", ("[shop.mk:10: report.o] Error 1",)),
        ("What is wrong with the return statement?", ("expected ‘;’ before ‘}’ token",)),
    ),
)
TABLES = (
    generated(
        "compose",
        "yaml/compose.yaml",
        "yaml",
        "read_file",
        ("Which worker restarts always?", ("worker-11", "always")),
    ),
    shell(
        "yaml/kubectl.yaml",
        "kubectl get deployment,configmap -o yaml",
        "for n in cart search mail; do kubectl create deployment $n"
        " --image=registry.example.org/shop/$n:1.4 --replicas=3 --port=8080 --dry-run=client"
        " -o yaml; echo ---; done; kubectl create configmap limits --from-literal=max_lines=120"
        " --from-literal=timeout=30s --dry-run=client -o yaml",
        "kubectl",
        ("What is the limit of lines?", ("max_lines", "120")),
    ),
    page(
        "yaml/postgresql.conf",
        "grep -v '^$' data/postgresql.conf | head -n 330",
        "psql",
        ("How many connections are allowed?", ("max_connections = 100",)),
        licence="PostgreSQL License",
    ),
    page(
        "csv/customers.csv",
        "psql --csv -c 'select * from customers order by id'",
        "psql",
        ("Since when is number 77 a customer?", ("Customer 77", "2021-08-20")),
    ),
    shell(
        "csv/orders.tsv",
        "psql -At -F TAB -c 'select o.*, c.country from orders ...'",
        f"psql -At -F $'\\t' -c \"select o.*, c.country {_JOIN} where o.id < 10200 order by 1\"",
        "psql",
        ("Which order is the largest?", ("10157", "98431.75")),
    ),
    shell(
        "csv/hours.csv",
        "psql --csv -c 'select country, hour, count(*), ... group by 1, 2'",
        "psql --csv -c \"select country, date_trunc('hour', placed) as hour, count(*),"
        f' sum(amount), max(amount) {_JOIN} group by 1, 2 order by 1, 2"',
        "psql",
        ("In which hour was most sold?", ("2026-03-02 02:00:00", "98450.45")),
    ),
    shell(
        "csv/settings.csv",
        "psql --csv -c 'select name, setting, category from pg_settings'",
        'psql --csv -c "select name, setting, category from pg_settings'
        " where name ~ '^(max|min|log)' order by 1\"",
        "psql",
        ("How many connections are allowed?", ("max_connections", "100")),
    ),
    shell(
        "table/border.txt",
        "psql -P border=2 -c 'select * from orders ...'",
        "psql -P border=2 -c 'select * from orders where id between 10190 and 10240 order by id'",
        "psql",
        ("Was an order refused?", ("10211", "refused")),
    ),
    shell(
        "table/describe.txt",
        "psql -c '\\d+ orders' -c '\\d+ customers'",
        "psql -c '\\d+ orders' -c '\\d+ customers'",
        "psql",
        ("Which table does orders.customer refer to?", ("REFERENCES customers(id)",)),
    ),
    shell(
        "table/explain.txt",
        "psql -c 'explain (analyze, buffers) select ...'",
        f'psql -c "explain (analyze, buffers) select c.name, sum(o.amount) {_JOIN} group by 1'
        ' order by 2 desc limit 5"',
        "psql",
        ("Is a table read whole?", ("Seq Scan on customers",)),
    ),
    shell(
        "table/pip-list.txt",
        "pip list",
        "python -m pip list 2>/dev/null",
        "pip",
        ("Which version of rich is installed?", ("rich", "14.2.0")),
        licence=FACTS,
    ),
    shell(
        "table/settings.txt",
        "psql -c 'select ... from pg_settings'",
        f'psql -c "{_WAL}"',
        "psql",
        ("How often does autovacuum run?", ("autovacuum_naptime", "60")),
    ),
    shell(
        "table/expanded.txt",
        "psql -x -c 'select * from orders'",
        "psql -x -c 'select * from orders where id < 10030 order by id'",
        "psql",
        ("Which customer placed order 10023?", ("10023", "60")),
    ),
    shell(
        "table/dpkg.txt",
        "dpkg -l",
        "dpkg -l | grep -E '^ii  lib[a-b]' | cut -c1-110 | head -n 60",
        "dpkg",
        ("Which version of libbz2-dev is installed?", ("libbz2-dev", "1.0.8-5+b1")),
        licence=FACTS,
    ),
)
BLOBS = (
    generated(
        "secret",
        "blob/secret.yaml",
        "blob",
        "kubectl",
        ("Until when is the certificate valid?", ("not-after", "2026-04-02T06:00:00Z")),
        ("For which host is it?", ("common-name", "shop.example.org")),
    ),
    generated(
        "mail",
        "blob/mail.eml",
        "blob",
        "read_file",
        ("What is wrong with the invoice?", ("counts article SKU-0058 twice",)),
        ("Which files are attached?", ("image/png", "scan.png")),
    ),
    generated(
        "icons",
        "blob/icons.css",
        "blob",
        "read_file",
        ("Why is the checkout button not shown?", (".checkout-button", "display: none")),
        ("How wide is the icon for search?", (".icon-search", "20px")),
    ),
)
MORE_DATA = (*JSON, *LOGS, *TABLES, *BLOBS)
