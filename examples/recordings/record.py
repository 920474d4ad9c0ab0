"""Record the demo's tool outputs again by running the real tools on the small shop beside this file.

Usage: python record.py [--root /srv/shop] [--python python3.12]

Copies the shop to ``--root``, makes a virtual environment there (pip needs a package index),
and writes one file per tool call beside this one, and ``RECORDED.md`` with what was run. The load
is bounded and stays on loopback. Needs curl, find, grep and jq.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
SITE = ".venv/lib/python3.12/site-packages"
GATEWAY_PORT, SHOP_PORT = 9000, 8000
CHECKOUTS, WORKERS, SEED = 306, 5, 20261120

# File name -> the command whose standard output it holds, run by bash in the shop's folder.
COMMANDS = {
    "health.json": f"curl -s localhost:{SHOP_PORT}/healthz",
    "orders.json": f"curl -s 'localhost:{SHOP_PORT}/api/orders?limit=90'",
    "server.log": "cat var/shop.log",
    "tests.txt": ".venv/bin/python -m pytest -v",
    "payments.txt": "cat -n shop/payments.py",
    "find.txt": "find . -path '*urllib3*' -name '*.py' -size +0 | sort",
    "grep.txt": (
        f"cd {SITE} && grep -rnE 'release_conn|drain_conn|preload_content' --include='*.py' ."
        " | sort -t: -k1,1 -k2,2n"
    ),
    "packages.json": (
        ".venv/bin/pip inspect --local | jq 'del(.installed[].metadata | .description, .author,"
        " .author_email, .maintainer, .maintainer_email)'"
    ),
    "edit.txt": "git diff --no-index before/payments.py shop/payments.py || true",
    "tests_after_edit.txt": ".venv/bin/python -m pytest -v --tb=short",
}
WHILE_THE_SHOP_RUNS = ("health.json", "orders.json")
BEFORE_THE_EDIT = (
    "server.log",
    "tests.txt",
    "payments.txt",
    "find.txt",
    "grep.txt",
    "packages.json",
)
AFTER_THE_EDIT = ("edit.txt", "tests_after_edit.txt")
EDIT_FROM = '            raise CardDeclined(f"card ending'
EDIT_TO = f"            response.release_conn()\n{EDIT_FROM}"
VERSIONS = ("curl --version | cut -d' ' -f1-2", "find --version", "grep --version", "jq --version",
            ".venv/bin/python --version", ".venv/bin/pip list --format freeze")  # fmt: skip


def output(command: str, root: Path, environ: Mapping[str, str]) -> str:
    """Run a command in the shop's folder and return what it prints."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=root,
        env=environ,
        stdout=subprocess.PIPE,
        check=False,
        timeout=300,
    )
    return done.stdout.decode()


def neutral(text: str, base_prefix: str) -> str:
    """Take out what belongs to the recording machine and not to the story."""
    text = text.replace(base_prefix, "/usr")
    text = re.sub(r'("platform_(release|version)": )"[^"]*"', r'\1"-"', text)
    return re.sub(r"0x7[0-9a-f]{11}", "0x7f3c2a41d6d0", text)


def prepare(root: Path, python: str) -> dict[str, str]:
    """Copy the shop, make its environment, and return the variables that its processes see."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(HERE / "shop", root, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    subprocess.run([python, "-m", "venv", root / ".venv"], check=True)
    pip = [str(root / ".venv/bin/pip"), "install", "-q", "-r", "requirements.txt"]
    subprocess.run(pip, cwd=root, check=True, stderr=subprocess.DEVNULL)
    (root / "var").mkdir()
    url = f"http://127.0.0.1:{GATEWAY_PORT}"
    kept = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, "COLUMNS": "100", "SHOP_GATEWAY_URL": url, "TZ": "UTC"}


def under_load(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Run gateway, shop and load, and ask the shop how it is before it stops."""
    python = str(root / ".venv/bin/python")
    serve = f"{python} -m uvicorn --factory shop.app:main_app --port {SHOP_PORT} --no-access-log"
    with (root / "var/shop.log").open("w") as log:
        gateway = subprocess.Popen(
            [python, "-m", "load.gateway", str(GATEWAY_PORT)], cwd=root, env=environ
        )
        shop = subprocess.Popen(serve.split(), cwd=root, env=environ, stderr=log)
        try:
            time.sleep(3)
            load = f"{python} -m load.generator http://127.0.0.1:{SHOP_PORT} {CHECKOUTS} {WORKERS} {SEED}"
            print("answers:", output(load, root, environ).strip())
            return {name: output(COMMANDS[name], root, environ) for name in WHILE_THE_SHOP_RUNS}
        finally:
            for process in (shop, gateway):
                process.terminate()
                process.wait(10)


def edit(root: Path) -> None:
    """Apply the agent's first edit, which mends one of the two leaks."""
    source = root / "shop/payments.py"
    (root / "before").mkdir()
    shutil.copy(source, root / "before/payments.py")
    source.write_text(source.read_text().replace(EDIT_FROM, EDIT_TO))


def document(root: Path, environ: Mapping[str, str]) -> str:
    """Return RECORDED.md: what was run, with which versions, when."""
    rows = "\n".join(
        f"| `{name}` | `{command.replace('|', chr(92) + '|')}` |"
        for name, command in COMMANDS.items()
    )
    versions = "\n".join(
        output(f"{command} | head -40", root, environ).strip() for command in VERSIONS[4:]
    )
    tools = "\n".join(
        output(f"{command} | head -1", root, environ).strip() for command in VERSIONS[:4]
    )
    when = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    return (HERE / "RECORDED.template.md").read_text().format(
        rows=rows, tools=tools, versions=versions, when=when, root=root,
        load=f"{CHECKOUTS} checkouts by {WORKERS} workers, seed {SEED}",
    )  # fmt: skip


def main() -> None:
    """Record everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--root", type=Path, default=Path("/srv/shop"))
    parser.add_argument("--python", default="python3.12")
    given = parser.parse_args()
    environ = prepare(given.root, given.python)
    recorded = under_load(given.root, environ)
    recorded |= {name: output(COMMANDS[name], given.root, environ) for name in BEFORE_THE_EDIT}
    edit(given.root)
    recorded |= {name: output(COMMANDS[name], given.root, environ) for name in AFTER_THE_EDIT}
    probe = ".venv/bin/python -c 'import sys; print(sys.base_prefix)'"
    base_prefix = output(probe, given.root, environ).strip()
    for name, text in recorded.items():
        (HERE / name).write_bytes(neutral(text, base_prefix).encode())
    (HERE / "RECORDED.md").write_text(document(given.root, environ))
    print(json.dumps({name: len(text) for name, text in recorded.items()}))


if __name__ == "__main__":
    main()
