"""Record the benchmark's inputs again: run the commands of catalogue.py and write what they print.

Usage: record.py SCRATCH_FOLDER [FILE ...]
       record.py --facts

The second form records nothing: it only writes the facts of the catalogue into the manifest.

Run it with Python 3.12. Needs bash, uv, npm, node, git, grep, find, jq, make, gcc, java, cargo, go,
cmake, perl, valgrind, gdb, kubectl, terraform and PostgreSQL's server programs. The scratch folder
is filled with the scenarios that stand beside this script, a virtual environment and a database.
Paths of the machine and hosts of package indexes are replaced by neutral ones.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from catalogue import RECORDINGS
from facts import MORE_FACTS
from recordings import Fact, Recording

HERE = Path(__file__).parent
INPUTS = HERE.parent / "src" / "headroom_evals" / "inputs"

PACKAGES = "attrs==25.4.0 flask==3.1.2 requests==2.32.5 rich==14.2.0 pytest==8.4.2 pip==26.3 \
ruff==0.17.5 mypy==2.4.1 uvicorn==0.54.0 starlette==1.10.0 pytest-xdist pytest-cov"
AS_USER = """
# PostgreSQL refuses to run as root.
as_user() {
    if [ "$(id -u)" = 0 ]; then chown postgres . && runuser -u postgres -- "$@"; else "$@"; fi
}
"""
SETUP = f"""
uv venv --quiet --python {sys.executable} .venv
uv pip install --quiet --python .venv/bin/python {PACKAGES}
uv pip install --quiet --target old attrs==23.2.0
ln -sfn .venv/lib/python3.12/site-packages site
for folder in web checks/js; do
    (cd $folder && npm install --silent --no-audit --no-fund --ignore-scripts)
done
{AS_USER}
as_user initdb -U shop -D data -A trust > /dev/null
terraform init > /dev/null
bash history.sh repo
bash upgrade.sh upgrade
mkdir -p out
"""
START = f"""
{AS_USER}
as_user pg_ctl -D data -o "-k $PWD -c listen_addresses=" -w -l postgres.log start > /dev/null
psql -q -c "drop table if exists orders, customers" -f shop.sql 2> /dev/null
"""
STOP = f"{AS_USER}\nas_user pg_ctl -D data stop > /dev/null"
VERSIONS = {
    "python": "python --version",
    "pytest": "python -m pytest --version",
    "npm": "npm --version",
    "grep": "grep --version | head -1",
    "find": "find --version | head -1",
    "ls": "ls --version | head -1",
    "git": "git --version",
    "diff": "diff --version | head -1",
    "gcc": "gcc --version | head -1",
    "psql": "psql --version",
    "terraform": "terraform version | head -1",
    "ruff": "ruff --version",
    "mypy": "mypy --version",
    "pip": "python -m pip --version | cut -d' ' -f1,2",
    "rustc": "rustc --version",
    "javac": "javac -version",
    "tsc": "web/node_modules/.bin/tsc --version",
    "node": "node --version",
    "kubectl": "kubectl version --client | head -1",
    "make": "make --version | head -1",
    "du": "du --version | head -1",
    "dpkg": "dpkg --version | head -1",
    "jest": "echo jest $(checks/js/node_modules/.bin/jest --version)",
    "vitest": "checks/js/node_modules/.bin/vitest --version",
    "mocha": "echo mocha $(checks/js/node_modules/.bin/mocha --version)",
    "eslint": "echo eslint $(checks/js/node_modules/.bin/eslint --version)",
    "go": "go version",
    "cargo": "cargo --version",
    "cmake": "cmake --version | head -1",
    "ctest": "ctest --version | head -1",
    "perl": "perl -e 'print $^V'",
    "java": "java --version | head -1",
    "valgrind": "valgrind --version",
    "gdb": "gdb --version | head -1",
}


def run(command: str, folder: Path, *, inherit: tuple[str, ...] = ("HOME",)) -> str:
    environment = {
        **{k: v for k, v in os.environ.items() if k in inherit},
        "PATH": f"{folder}/.venv/bin:{os.environ['PATH']}",
        # The history of this project is one of the things recorded.
        "PROJECT": str(HERE),
        "PGHOST": str(folder),
        "PGUSER": "shop",
        "PGDATABASE": "postgres",
        "TF_CLI_CONFIG_FILE": os.devnull,
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode("utf-8")


def neutral(text: str, folder: Path) -> str:
    """Replace what names this machine or the package index that it happens to use."""
    text = text.replace(str(folder), "/srv/shop").replace(str(Path.home()), "/home/app")
    index = r"pypi\.org|(registry\.|www\.|docs\.)?npmjs\.(org|com)"
    text = re.sub(index, "registry.example.org", text)
    text = re.sub(r"/[\w./-]*?/lib/python(3\.\d+)/(?!site-packages)", r"/usr/lib/python\1/", text)
    return re.sub(
        r'("resolved": "https?://)[^"]*?([\w.-]+\.tgz")', r"\1registry.example.org/\2", text
    )


def facts_of(recording: Recording) -> tuple[Fact, ...]:
    return recording.needles + MORE_FACTS.get(recording.file, ())


def needles(recording: Recording) -> list[dict[str, object]]:
    return [{"query": q, "must_contain": list(m)} for q, m in facts_of(recording)]


def entry(recording: Recording, folder: Path) -> dict[str, object]:
    made_with = (
        {recording.made_with: "seeded"}
        if recording.made_with.endswith(".py")
        else {recording.made_with: run(VERSIONS[recording.made_with], folder).strip()}
    )
    return {
        "file": recording.file,
        "kind": recording.kind,
        "tool": recording.tool,
        "arguments": recording.arguments,
        "command": recording.command,
        "made_with": made_with,
        "licence": recording.licence,
        "needles": needles(recording),
    }


def record(recording: Recording, folder: Path, only: tuple[str, ...]) -> str:
    target = INPUTS / recording.file
    if not only or recording.file in only:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(neutral(run(recording.command, folder), folder), encoding="utf-8")
    text = target.read_text(encoding="utf-8")
    for query, must in facts_of(recording):
        if missing := [m for m in must if m not in text]:
            sys.stderr.write(f"{recording.file}: {query!r} expects {missing}\n")
    sys.stdout.write(f"{len(text):8} {recording.file}\n")
    return json.dumps(entry(recording, folder), ensure_ascii=False)


def rewrite_facts() -> None:
    """Give each entry of the manifest the facts that the catalogue has for it now."""
    manifest = INPUTS / "manifest.jsonl"
    entries = {e["file"]: e for e in map(json.loads, manifest.read_text("utf-8").splitlines())}
    for recording in RECORDINGS:
        entries[recording.file]["needles"] = needles(recording)
    rows = (json.dumps(entries[recording.file], ensure_ascii=False) for recording in RECORDINGS)
    manifest.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main(scratch: str, *only: str) -> None:
    if scratch == "--facts":
        rewrite_facts()
        return
    folder = Path(scratch).absolute()
    if not (folder / ".venv").exists():
        shutil.copytree(HERE, folder, dirs_exist_ok=True)
        sys.stdout.write(run(SETUP, folder, inherit=tuple(os.environ)))
    sys.stdout.write(run(START, folder))
    try:
        rows = [record(recording, folder, only) for recording in RECORDINGS]
    finally:
        run(STOP, folder)
    (INPUTS / "manifest.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
