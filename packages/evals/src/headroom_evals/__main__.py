"""The command line: ``python -m headroom_evals speed``."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from headroom.counting.default import default_counter
from headroom_evals.cases import Case, shipped_cases
from headroom_evals.folders import folder_cases
from headroom_evals.report import COLUMNS, LEGEND, as_json, as_markdown, as_text, ratios, rows
from headroom_evals.speed import SpeedReport, SystemUnderTest, measure_speed
from headroom_evals.systems.process import SystemFailedError, tokenizer_environment

OURS = "ours"
PEER = "headroom-ai"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m headroom_evals", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    speed = commands.add_parser("speed", help="time per token, beside headroom-ai")
    speed.add_argument("--peer-python", metavar="PATH", help="interpreter that has headroom-ai")
    speed.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        action="append",
        default=[],
        help="measure this folder's files (see headroom_evals.folders) instead of the shipped "
        "inputs; may be given several times",
    )
    speed.add_argument("--kind", action="append", default=[], help="only this kind; repeatable")
    speed.add_argument("--limit", type=int, metavar="N", help="only the first N inputs of a kind")
    speed.add_argument("--passes", type=int, default=3, metavar="N", help="medians over N passes")
    speed.add_argument("--json", type=Path, metavar="FILE", help="write every measurement here")
    speed.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables here")
    return top


def chosen(arguments: argparse.Namespace) -> list[Case]:
    """Return the cases that the arguments ask for."""
    folders = [folder_cases(folder) for folder in arguments.data]
    cases = [case for folder in folders for case in folder] if folders else list(shipped_cases())
    seen: dict[str, int] = {}
    picked = []
    for case in cases:
        seen[case.kind] = seen.get(case.kind, 0) + 1
        within = arguments.limit is None or seen[case.kind] <= arguments.limit
        if within and (not arguments.kind or case.kind in arguments.kind):
            picked.append(case)
    return picked


def page(report: SpeedReport, command: str) -> str:
    """Write the reference page."""
    parts = [
        "# Speed",
        f"Written by `{command}` with {_versions(report)}. Medians over {report.passes} passes; "
        "other work on the machine slows all systems alike, so trust the ratios.",
        "\n".join(f"- {line}" for line in LEGEND),
        as_markdown(COLUMNS, rows(report.measured)),
    ]
    if compared := ratios(report.measured, OURS, PEER):
        parts.append("How many times longer headroom-ai takes:")
        parts.append(as_markdown(("kind", "cold", "warm"), compared, left=1))
    return "\n\n".join(parts) + "\n"


def _versions(report: SpeedReport) -> str:
    systems = ", ".join(f"{name} {version}" for name, version in report.versions.items())
    return f"{systems}, Python {platform.python_version()}, {platform.system()}"


def speed(arguments: argparse.Namespace) -> int:
    """Run the speed bench; return 1 when a system failed on an input."""
    cases = chosen(arguments)
    if not cases:
        print("no inputs match", file=sys.stderr)
        return 2
    systems = [SystemUnderTest(OURS)]
    if arguments.peer_python:
        systems.append(SystemUnderTest(PEER, arguments.peer_python))
    with tokenizer_environment() as environment:
        report = measure_speed(
            cases,
            systems,
            default_counter(),
            passes=arguments.passes,
            environment=environment,
            progress=lambda words: print(words, file=sys.stderr),
        )
    print(f"{len(cases)} inputs; {_versions(report)}; medians over {report.passes} passes\n")
    print(as_text(COLUMNS, rows(report.measured)))
    if compared := ratios(report.measured, OURS, PEER):
        print("\nHow many times longer headroom-ai takes:\n")
        print(as_text(("kind", "cold", "warm"), compared, left=1))
    print("\n" + "\n".join(LEGEND))
    settings = {"data": [str(p) for p in arguments.data], "kind": arguments.kind}
    if arguments.json:
        arguments.json.write_text(as_json(report, settings), encoding="utf-8")
    if arguments.markdown:
        text = page(report, "python -m headroom_evals speed --peer-python PATH --markdown FILE")
        arguments.markdown.write_text(text, encoding="utf-8")
    return int(any(m.errors for m in report.measured if m.system == OURS))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    try:
        return speed(parser().parse_args(arguments))
    except SystemFailedError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
