"""The catalogue: web pages, and texts that consist of several."""

from recordings import Fact, Recording, page, shell


def made(name: str, file: str, tool: str, arguments: dict[str, str], *needles: Fact) -> Recording:
    """Return the recording of what generate_pages.py makes."""
    kind = file.split("/")[0]
    command = f"python generate_pages.py {name} 7"
    return Recording(file, kind, tool, arguments, command, "generate.py", needles)


SESSION = """
say() { echo "$ $1"; eval "$1" 2>&1; }
cd shop
say "python -m pytest -q -p no:cacheprovider tests"
say "git -C ../repo diff HEAD~3 --stat -p"
say "python ../generate.py stock 7"
say "python ../generate.py metrics 7"
"""
HEADS = """
python generate.py orders 7 > out/orders.json
python generate.py stock 7 > out/stock.csv
python generate.py gateway 7 > out/gateway.log
cd out; head -n 260 orders.json stock.csv gateway.log
"""
ANSWER = """
mkdir -p out/api; python generate.py metrics 7 > out/api/metrics.json
cd out/api; python -m http.server 8731 > /dev/null 2>&1 &
sleep 1; curl -si localhost:8731/metrics.json |
    sed -E 's/^(Date|Last-Modified): .* GMT/\\1: Sat, 14 Mar 2026 06:00:00 GMT/'
kill $!
"""
LISTED = """
cd site/pip; python -m http.server 8732 > /dev/null 2>&1 &
sleep 1; curl -s localhost:8732/_internal/commands/; curl -s localhost:8732/_internal/; kill $!
"""

PAGES = (
    made(
        "listing",
        "html/listing.html",
        "fetch_page",
        {"url": "https://kiln.example/shop"},
        ("Which piece is sold out, and until when?", ("no. 31", "Sold out until 14 May")),
        ("How do I filter by glaze?", ("glaze", "Tenmoku")),
        ("To which address do returns go?", ("returns@kiln.example",)),
    ),
    made(
        "newsletter",
        "html/newsletter.html",
        "read_mail",
        {"id": "88213"},
        ("What is the tracking number of the first parcel?", ("GLS-55120-77",)),
        ("How long may claims be sent?", ("claims@kiln.example", "14 days")),
        ("What does item 617 cost?", ("item 617",)),
    ),
    made(
        "article",
        "html/article.html",
        "fetch_page",
        {"url": "https://kiln.example/docs/programmes"},
        ("How do I run the programme number 12?", ("-12", "--steps")),
        ("When was the page edited?", ("Last edited in May",)),
    ),
    page(
        "html/coverage.html",
        "cd shop && python -m pytest -q -p no:cacheprovider --cov=. --cov-report=html tests"
        " > /dev/null 2>&1; cat htmlcov/pricing_py.html",
        "pytest",
        ("How much of pricing.py is covered?", ("93%",)),
        ("Which function computes the discount?", ("def", "discount")),
        licence="Apache-2.0, Copyright 2004-2025 Ned Batchelder (coverage.py)",
    ),
    page(
        "html/listed.html",
        LISTED,
        "python",
        ("Which file has the install command?", ("install.py",)),
        ("Is there a file for the cache command?", ("cache.py",)),
    ),
    shell(
        "mixed/session.txt",
        "bash check.sh",
        SESSION,
        "python",
        ("Was there a spike in latency?", ("1773470595", "646.02")),
        (
            "Which tests failed?",
            ("test_shipping_is_free_from_fifty[price5]", "Decimal('4.90')"),
        ),
        ("What did the diff do to price_30?", ("def price_30(amount):",)),
    ),
    shell(
        "mixed/heads.txt",
        "head -n 260 *",
        HEADS,
        "python",
        ("Which files are shown?", ("==> orders.json <==", "==> gateway.log <==")),
        ("Why did a request fail?", ("pool exhausted after 30000 ms (max 20)",)),
    ),
    shell(
        "mixed/answer.txt",
        "curl -si localhost:8731/metrics.json",
        ANSWER,
        "python",
        ("Which content type has the answer?", ("application/json",)),
        ("Was there a spike in latency?", ("1773470595", "646.02")),
    ),
    made(
        "notebook",
        "mixed/notebook.ipynb",
        "read_file",
        {"path": "firings.ipynb"},
        ("Which firing cracked?", ("143", "cracked")),
        ("Which error has the last cell?", ("KeyError", "glaze")),
        ("What is the limit?", ("1,290 °C",)),
    ),
)
