"""Make inputs that no tool at hand prints, from a seed.

Usage: generate.py NAME SEED
"""

import base64
import csv
import json
import random
import sys
from datetime import datetime, timedelta
from io import StringIO

START = datetime(2026, 3, 14, 6, 0, 0)
CITIES = ("Lyon", "Malmö", "Kiel", "Turin", "Gdańsk", "Porto", "Ghent", "Brno")


def orders(rng: random.Random) -> str:
    """Make a paged API's answer: 180 orders, one of which failed."""
    rows = []
    for n in range(140):
        failed = n == 131
        rows.append(
            {
                "id": f"ord_{rng.getrandbits(48):012x}",
                "number": 70000 + n,
                "created_at": (START + timedelta(seconds=97 * n)).isoformat() + "Z",
                "status": "failed" if failed else rng.choice(("paid", "paid", "paid", "shipped")),
                "customer": {
                    "id": f"cus_{rng.getrandbits(32):08x}",
                    "city": rng.choice(CITIES),
                    "segment": rng.choice(("retail", "retail", "business")),
                },
                "amount": {"value": rng.randint(500, 30000), "currency": "EUR"},
                "items": [
                    {"sku": f"SKU-{rng.randint(1, 60):03d}", "quantity": rng.randint(1, 4)}
                    for _ in range(rng.randint(1, 3))
                ],
                "error": "card_declined: issuer code 51" if failed else None,
                "metadata": {},
            }
        )
    return json.dumps({"object": "list", "has_more": True, "total": 2210, "data": rows}, indent=2)


def metrics(rng: random.Random) -> str:
    """Make a monitoring query's answer: two series of points, one with a spike."""
    series = []
    for host in ("web-1", "web-2"):
        values, level = [], 41.0
        for n in range(240):
            level += rng.uniform(-0.8, 0.8)
            spike = 612.5 if host == "web-2" and n == 173 else 0
            values.append([1773468000 + 15 * n, round(level + spike, 2)])
        series.append({"metric": {"host": host, "unit": "ms", "path": "/orders"}, "values": values})
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": series}})


def events(rng: random.Random) -> str:
    """Make JSON lines of a job queue, one job of which is given up."""
    lines = []
    for n in range(260):
        level, event = "info", rng.choice(("job.started", "job.finished"))
        extra: dict[str, object] = {}
        if n % 41 == 40:
            level, event, extra = "warning", "job.retried", {"attempt": n // 41}
        if n == 188:
            level, event = "error", "job.abandoned"
            extra = {"reason": "ConnectionResetError: [Errno 104]", "job": "invoice-7731"}
        lines.append(
            {
                "ts": (START + timedelta(milliseconds=431 * n)).isoformat(timespec="milliseconds"),
                "level": level,
                "event": event,
                "worker": f"w{rng.randint(1, 6)}",
                "queue": rng.choice(("mail", "invoice", "thumbnail")),
                "duration_ms": rng.randint(3, 950),
                **extra,
            }
        )
    return "\n".join(json.dumps(line) for line in lines) + "\n"


def access(rng: random.Random) -> str:
    """Make an access log in combined format, with a few server errors on one path."""
    agents = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "curl/8.9.1",
        "Mozilla/5.0 (compatible; feedfetcher/2.1)",
    )
    lines = []
    for n in range(420):
        when = (START + timedelta(seconds=2 * n)).strftime("%d/%b/%Y:%H:%M:%S +0000")
        path = rng.choice(("/", "/cart", f"/orders/{rng.randint(1, 900)}", "/static/app.js"))
        status, size = rng.choice((200, 200, 200, 200, 304, 404)), rng.randint(180, 21000)
        if n in (207, 208, 291):
            path, status, size = "/checkout/confirm", 502, 157
        client = f"198.51.100.{rng.randint(2, 60)}"
        request = f'"GET {path} HTTP/1.1" {status} {size}'
        lines.append(f'{client} - - [{when}] {request} "-" "{rng.choice(agents)}"')
    return "\n".join(lines) + "\n"


def gateway(rng: random.Random) -> str:
    """Make a Java service's log with one stack trace."""
    lines = []
    for n in range(330):
        when = (START + timedelta(milliseconds=733 * n)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        thread = f"http-nio-8080-exec-{rng.randint(1, 8)}"
        source, words = rng.choice(
            (
                (
                    "c.e.gateway.RouteFilter",
                    f"Forwarding request {rng.getrandbits(32):08x} to orders",
                ),
                ("c.e.gateway.TokenCache", f"Token for client {rng.randint(10, 99)} still valid"),
                ("c.e.gateway.RouteFilter", f"Upstream answered in {rng.randint(2, 80)} ms"),
            )
        )
        lines.append(f"{when}  INFO 1 --- [{thread}] {source} : {words}")
        if n == 214:
            lines += [
                f"{when} ERROR 1 --- [{thread}] c.e.gateway.ErrorHandler : Request failed",
                "java.lang.IllegalStateException: pool exhausted after 30000 ms (max 20)",
                "\tat com.example.gateway.ConnectionPool.acquire(ConnectionPool.java:118)",
                "\tat com.example.gateway.UpstreamClient.send(UpstreamClient.java:77)",
                "\tat com.example.gateway.RouteFilter.doFilter(RouteFilter.java:52)",
                "Caused by: java.util.concurrent.TimeoutException: no connection came back",
                "\tat com.example.gateway.ConnectionPool.await(ConnectionPool.java:164)",
                "\t... 14 more",
            ]
    return "\n".join(lines) + "\n"


def stock(rng: random.Random) -> str:
    """Make a table of stock as CSV, with one impossible value."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("sku", "name", "warehouse", "on_hand", "reserved", "reorder_at", "counted"))
    for n in range(380):
        on_hand = -37 if n == 263 else rng.randint(0, 900)
        day = (START - timedelta(days=rng.randint(1, 60))).date()
        row = (
            f"SKU-{n:04d}",
            f"Article {n}",
            rng.choice(CITIES),
            on_hand,
            rng.randint(0, 40),
            25,
            day,
        )
        writer.writerow(row)
    return out.getvalue()


def manifests(rng: random.Random) -> str:
    """Make Kubernetes deployments as YAML; one asks for far more memory than the others."""
    documents = []
    for n in range(22):
        memory = "16Gi" if n == 14 else "256Mi"
        documents.append(
            f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-{n:02d}
  namespace: shop
  labels:
    app.kubernetes.io/name: shop-{n:02d}
    app.kubernetes.io/managed-by: Helm
  annotations:
    deployment.kubernetes.io/revision: "{rng.randint(1, 30)}"
spec:
  replicas: {rng.choice((2, 2, 3))}
  selector:
    matchLabels:
      app.kubernetes.io/name: shop-{n:02d}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: shop-{n:02d}
    spec:
      containers:
        - name: app
          image: registry.example.org/shop/app-{n:02d}:{rng.randint(1, 9)}.{rng.randint(0, 20)}
          ports:
            - containerPort: 8080
              protocol: TCP
          resources:
            requests:
              cpu: 100m
              memory: {memory}
          readinessProbe:
            httpGet:
              path: /health
              port: 8080
            periodSeconds: 10
"""
        )
    return "---\n".join(documents)


def pods(rng: random.Random) -> str:
    """Make what ``kubectl get pods -A -o wide`` prints; one pod does not start."""
    head = ("NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE")
    rows = [head]
    for n in range(160):
        space = rng.choice(("shop", "shop", "billing", "kube-system"))
        name = (
            f"{space}-{rng.randint(1, 40):02d}-{rng.getrandbits(36):09x}-{rng.getrandbits(20):05x}"
        )
        bad = n == 97
        if bad:
            space, name = "billing", "billing-invoice-6b7f9c5d4-x2lqp"
        ready, status = ("0/1", "CrashLoopBackOff") if bad else ("1/1", "Running")
        restarts = "61 (2m ago)" if bad else str(rng.choice((0, 0, 0, 1)))
        address = f"10.42.{rng.randint(0, 5)}.{rng.randint(2, 250)}"
        rows.append(
            (
                space,
                name,
                ready,
                status,
                restarts,
                f"{rng.randint(1, 90)}d",
                address,
                f"node-{rng.randint(1, 6)}",
            )
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return (
        "\n".join(
            "   ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )
        + "\n"
    )


def auth(rng: random.Random) -> str:
    """Make a log of ssh sessions; one password was guessed."""
    lines = []
    for n in range(160):
        when = (START + timedelta(seconds=41 * n)).strftime("%b %d %H:%M:%S")
        process, port = rng.randint(2000, 30000), rng.randint(30000, 60000)
        name = rng.choice(("admin", "test", "oracle", "deploy"))
        words = f"Failed password for invalid user {name} from 203.0.113.{rng.randint(1, 9)}"
        if n % 9 == 4:
            words = "Accepted publickey for deploy from 192.0.2.14"
        if n == 117:
            words = "Accepted password for backup from 203.0.113.7"
        lines.append(f"{when} web-1 sshd[{process}]: {words} port {port} ssh2")
    return "\n".join(lines) + "\n"


def inventory(rng: random.Random) -> str:
    """Make a stock list as an object of objects; one article is recalled."""
    articles = {}
    for n in range(90):
        article = {
            "name": f"Article {n}",
            "dimensions": {"width": rng.randint(1, 90), "height": rng.randint(1, 90), "unit": "cm"},
            "price": {"net": rng.randint(100, 9999) / 100, "currency": "EUR", "tax": 0.19},
            "stock": {city: rng.randint(0, 50) for city in ("Lyon", "Kiel")},
            "tags": rng.sample(("new", "sale", "fragile", "heavy"), 2),
        }
        if n == 58:
            article["recall"] = {"since": "2026-02-27", "reason": "battery swells above 45 degrees"}
        articles[f"SKU-{n:04d}"] = article
    return json.dumps({"version": 3, "articles": articles}, indent=2)


def sensors(rng: random.Random) -> str:
    """Make arrays of readings; one sensor stopped and one value is off."""
    readings = {}
    for name in ("inlet", "outlet", "motor"):
        values: list[float | None] = [round(20 + rng.gauss(0, 0.4), 2) for _ in range(300)]
        if name == "outlet":
            values[181] = 97.31
        if name == "motor":
            values[240:] = [None] * 60
        readings[name] = values
    return json.dumps({"device": "pump-4", "interval_seconds": 10, "readings": readings})


def vectors(rng: random.Random) -> str:
    """Make an embedding service's answer: numbers, and what they cost."""
    rows = [
        {"index": i, "embedding": [round(rng.gauss(0, 0.05), 7) for _ in range(384)]}
        for i in range(3)
    ]
    usage = {"prompt_tokens": 57, "total_tokens": 57}
    return json.dumps({"object": "list", "data": rows, "model": "embed-small", "usage": usage})


def openapi(rng: random.Random) -> str:
    """Make a service's description; one operation is deprecated."""
    paths = {}
    for n, name in enumerate(("orders", "carts", "refunds", "invoices", "shipments", "coupons")):
        operations: dict[str, dict[str, object]] = {}
        for verb in ("get", "post", "delete"):
            operations[verb] = {
                "operationId": f"{verb}_{name}",
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "OK"}, "404": {"description": "Not found"}},
            }
        if n == 3:
            operations["delete"]["deprecated"] = True
            operations["delete"]["description"] = "Invoices are cancelled, use post_refunds."
        paths[f"/{name}"] = operations
    info = {"title": "Shop", "version": f"1.{rng.randint(1, 9)}.0"}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}, indent=2)


def compose(rng: random.Random) -> str:
    """Make a container set-up as YAML; one service has no limit on its restarts."""
    blocks = ["services:"]
    for n in range(16):
        restart = "always" if n == 11 else "on-failure:3"
        blocks.append(
            f"""  worker-{n:02d}:
    image: registry.example.org/shop/worker:{rng.randint(1, 4)}.{rng.randint(0, 9)}
    restart: {restart}
    environment:
      QUEUE: queue-{rng.choice(("mail", "invoice"))}
      LOG_LEVEL: info
      DATABASE_URL: postgres://shop@db:5432/shop
    depends_on:
      - db
    healthcheck:
      test: ["CMD", "/bin/check"]
      interval: 10s"""
        )
    return "\n".join(blocks) + "\n"


def secret(rng: random.Random) -> str:
    """Make a secret as kubectl prints it: two certificates in base64, and what they are for."""
    parts = {name: _base64(rng, size) for name, size in (("ca.crt", 1500), ("tls.crt", 2400))}
    data = "\n".join(f"  {name}: {part}" for name, part in parts.items())
    return f"""apiVersion: v1
data:
{data}
kind: Secret
metadata:
  annotations:
    cert-manager.io/common-name: shop.example.org
    cert-manager.io/not-after: "2026-04-02T06:00:00Z"
  name: shop-tls
  namespace: shop
type: kubernetes.io/tls
"""


def mail(rng: random.Random) -> str:
    """Make a message with a picture and a spreadsheet attached."""
    parts = [
        "From: Billing <billing@shop.example>\nTo: support@shop.example\n"
        "Subject: Invoice 7731 is wrong\nContent-Type: multipart/mixed; boundary=part\n",
        "--part\nContent-Type: text/plain\n\nThe invoice counts article SKU-0058 twice.\n"
        "Please take 118.90 EUR off before Friday.\n",
    ]
    for kind, name, size in (("image/png", "scan.png", 9000), ("text/csv", "lines.csv", 4000)):
        body = base64.encodebytes(rng.randbytes(size)).decode()
        parts.append(
            f"--part\nContent-Type: {kind}\nContent-Disposition: attachment; filename={name}\n"
            f"Content-Transfer-Encoding: base64\n\n{body}"
        )
    return "\n".join(parts) + "--part--\n"


def icons(rng: random.Random) -> str:
    """Make a style sheet whose icons are data URIs; one rule hides the wrong thing."""
    rules = [
        f".icon-{name} {{\n  width: {12 + 4 * (n % 3)}px;\n"
        f"  background: url(data:image/svg+xml;base64,{_base64(rng, 900)});\n}}"
        for n, name in enumerate(("cart", "user", "search", "close", "menu", "heart"))
    ]
    rules.insert(4, "/* until the new checkout is out */\n.checkout-button {\n  display: none;\n}")
    return "\n".join(rules) + "\n"


def _base64(rng: random.Random, size: int) -> str:
    return base64.b64encode(rng.randbytes(size)).decode()


_DATA = (orders, metrics, inventory, sensors, vectors, openapi, stock, manifests, compose, pods)
_LOGS = (events, access, gateway, auth)
_BLOBS = (secret, mail, icons)
MAKERS = {make.__name__: make for make in (*_DATA, *_LOGS, *_BLOBS)}


if __name__ == "__main__":
    sys.stdout.write(MAKERS[sys.argv[1]](random.Random(int(sys.argv[2]))))
