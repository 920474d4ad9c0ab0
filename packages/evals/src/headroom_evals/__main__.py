"""The command line: ``python -m headroom_evals speed``, ``quality``, ``replay`` and the others."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from headroom.counting.default import default_counter
from headroom_evals import answers, goals, losses, quality_report, report, scaling
from headroom_evals.cases import Case, shipped_cases
from headroom_evals.folders import folder_cases
from headroom_evals.pages import refresh, shown
from headroom_evals.quality import Answered, QualityReport, half_of, measure_quality
from headroom_evals.replay import command as replay
from headroom_evals.report import as_markdown, as_text
from headroom_evals.speed import measure_speed
from headroom_evals.systems.answering import SystemFailedError
from headroom_evals.systems.process import SystemUnderTest, tokenizer_environment

OURS = "ours"
# What a shell expects of a command that was interrupted.
STOPPED = 130
PEER = "headroom-ai"
FIDELITIES = ("balanced", "lossless", "aggressive")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--peer-python", metavar="PATH", help="interpreter that has headroom-ai")
    shared.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        action="append",
        default=[],
        help="measure this folder's files (see headroom_evals.folders) instead of the shipped "
        "inputs; may be given several times",
    )
    shared.add_argument("--kind", action="append", default=[], help="only this kind; repeatable")
    shared.add_argument("--limit", type=int, metavar="N", help="only the first N inputs of a kind")
    shared.add_argument("--json", type=Path, metavar="FILE", help="write every measurement here")
    shared.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables here")

    top = argparse.ArgumentParser(prog="python -m headroom_evals", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    speed = commands.add_parser("speed", parents=[shared], help="time per token")
    speed.add_argument("--passes", type=int, default=3, metavar="N", help="medians over N passes")
    quality = commands.add_parser("quality", parents=[shared], help="tokens and facts that remain")
    quality.add_argument(
        "--question",
        choices=("asked", "hidden", "both"),
        default="both",
        help="hidden: the user only says to go on",
    )
    quality.add_argument(
        "--half",
        choices=("tuning", "reporting"),
        help="only the files on which thresholds may be chosen, or only the others",
    )
    growth = commands.add_parser("scaling", help="time and memory by size of made texts")
    growth.add_argument("--peer-python", metavar="PATH", help="interpreter that has headroom-ai")
    growth.add_argument("--kind", action="append", choices=tuple(scaling.MAKERS))
    growth.add_argument("--largest", type=int, default=10_000_000, metavar="BYTES")
    show = commands.add_parser("show", help="a shipped input before and after")
    show.add_argument("input", help="a file of the manifest, such as json/orders.json")
    show.add_argument("--question", default="", help="what the user asks; nothing when left out")
    show.add_argument("--fidelity", choices=FIDELITIES, default="balanced")
    show.add_argument("--markdown", action="store_true", help="cut to what a page can hold")
    pages = commands.add_parser("pages", help="write what `show` prints into documentation pages")
    pages.add_argument("folder", type=Path, help="where the pages are")
    pages.add_argument("--check", action="store_true", help="write nothing; fail if one is stale")
    replay.add_parser(commands)
    answers.add_parser(commands)
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


def run_speed(arguments: argparse.Namespace, cases: Sequence[Case]) -> int:
    """Run the speed bench; return 1 when ours failed on an input."""
    systems = [SystemUnderTest(OURS)]
    if arguments.peer_python:
        systems.append(SystemUnderTest(PEER, arguments.peer_python))
    with tokenizer_environment() as environment:
        found = measure_speed(
            cases,
            systems,
            default_counter(),
            passes=arguments.passes,
            environment=environment,
            progress=_progress,
        )
    made_with = (
        f"{_made_with(found.versions, cases)}; medians over {found.passes} passes, in "
        "processor time. Machines differ: trust the ratios."
    )
    table = report.rows(found.measured)
    compared = report.ratios(found.measured, OURS, PEER)
    print(made_with, as_text(report.COLUMNS, table), *report.LEGEND[:1], sep="\n\n")
    print(*report.LEGEND[1:], sep="\n")
    parts = [as_markdown(report.COLUMNS, table)]
    if compared:
        said, columns = "How many times longer headroom-ai takes:", ("kind", "cold", "warm")
        print(f"\n{said}\n", as_text(columns, compared, left=1), sep="\n")
        parts += [said, as_markdown(columns, compared, left=1)]
    _write(arguments.json, report.as_json(found, _settings(arguments)))
    _write(arguments.markdown, _page("Speed", arguments, made_with, report.LEGEND, parts))
    return int(any(m.errors for m in found.measured if m.system == OURS))


def run_quality(arguments: argparse.Namespace, cases: Sequence[Case]) -> int:
    """Run the quality bench; return 1 when ours failed on an input."""
    fidelities = (OURS, f"{OURS}-lossless", f"{OURS}-aggressive")
    systems = [SystemUnderTest(name, retrieves=True) for name in fidelities]
    if arguments.peer_python:
        systems += [SystemUnderTest(n, arguments.peer_python) for n in (PEER, f"{PEER}-agent")]
    ways = {"asked": (True,), "hidden": (False,), "both": (True, False)}[arguments.question]
    answered: list[Answered] = []
    versions: dict[str, str] = {}
    with tokenizer_environment() as environment:
        for ask in ways:
            found = measure_quality(
                cases,
                systems,
                default_counter(),
                ask=ask,
                environment=environment,
                progress=_progress,
            )
            answered += found.answered
            versions.update(found.versions)
    made_with = f"{_made_with(versions, cases)}."
    sections = _quality_sections(answered, fidelities)
    legend = quality_report.LEGEND
    print(made_with)
    for title, columns, table, left in sections:
        print(f"\n{title}\n\n{as_text(columns, table, left)}")
    print("", *legend, sep="\n")
    parts = [
        f"## {title}\n\n" + as_markdown(columns, [list(map(_in_a_cell, r)) for r in table], left)
        for title, columns, table, left in sections
    ]
    found = QualityReport(tuple(answered), versions)
    _write(arguments.json, quality_report.as_json(found, _settings(arguments)))
    _write(arguments.markdown, _page("Quality", arguments, made_with, legend, parts))
    return int(any(a.error for a in answered if a.system in fidelities))


def _quality_sections(
    answered: Sequence[Answered], fidelities: Sequence[str]
) -> list[tuple[str, Sequence[str], list[tuple[str, ...]], int]]:
    """Return title, columns, rows and the number of columns that are text, where rows exist."""
    asked = [a for a in answered if not a.hidden]
    hidden = [a for a in answered if a.hidden]
    halves, kinds = quality_report.HALF_COLUMNS, quality_report.KIND_COLUMNS
    sections = [
        ("Goals on machine data", goals.COLUMNS, goals.on_machine_data(answered), 1),
        ("Goals on what people and compilers write", goals.COLUMNS, goals.on_written(answered), 1),
        ("Goals on all kinds", goals.COLUMNS, goals.overall(answered), 1),
        ("Question asked, by half", halves, quality_report.by_half(asked), 2),
        ("Question hidden, by half", halves, quality_report.by_half(hidden), 2),
        ("Question asked, by kind", kinds, quality_report.by_kind(asked), 2),
        ("Question hidden, by kind", kinds, quality_report.by_kind(hidden), 2),
    ]
    balanced, *others = fidelities
    sections.append((f"Where {balanced} loses", losses.COLUMNS, losses.rows(answered, balanced), 5))
    sections += [
        (f"Where {system} loses", losses.COLUMNS, losses.rows(asked, system), 5)
        for system in others
    ]
    return [section for section in sections if section[2]]


def _in_a_cell(text: str) -> str:
    """Return a text so that Markdown takes it for one cell and no markup."""
    for special in "\\|`*_<[":
        text = text.replace(special, f"\\{special}")
    return text


def run_scaling(arguments: argparse.Namespace) -> int:
    """Run the scaling bench; return 1 when ours failed on an input."""
    systems = [SystemUnderTest(OURS)]
    if arguments.peer_python:
        systems.append(SystemUnderTest(PEER, arguments.peer_python))
    with tokenizer_environment() as environment:
        found = scaling.measure_scaling(
            arguments.kind or tuple(scaling.MAKERS),
            systems,
            default_counter(),
            sizes=[size for size in scaling.SIZES if size <= arguments.largest],
            environment=environment,
            progress=_progress,
        )
    print(as_text(scaling.COLUMNS, scaling.rows(found)), "", *scaling.LEGEND, sep="\n")
    return int(any(s.error for s in found if s.system == OURS))


def _progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _made_with(versions: Mapping[str, str], cases: Sequence[Case]) -> str:
    systems = ", ".join(f"{name} {version}" for name, version in versions.items())
    python = f"Python {platform.python_version()}, {platform.system()}"
    return f"{len(cases)} inputs; {systems}; {python}"


def _settings(arguments: argparse.Namespace) -> dict[str, object]:
    """Return the arguments that decide what is measured."""
    elsewhere = ("json", "markdown", "peer_python", "data")
    settings = {k: v for k, v in vars(arguments).items() if k not in elsewhere}
    # A folder's name says which data; its place says whose machine.
    return {**settings, "data": [folder.name for folder in arguments.data]}


def _write(path: Path | None, text: str) -> None:
    if path is not None:
        path.write_text(text, encoding="utf-8")


def _page(
    title: str,
    arguments: argparse.Namespace,
    made_with: str,
    legend: Sequence[str],
    parts: Sequence[str],
) -> str:
    """Return a reference page that names the command which writes it."""
    options = "".join(f" --data {folder.name}" for folder in arguments.data)
    options += "".join(f" --kind {kind}" for kind in arguments.kind)
    if getattr(arguments, "question", "both") != "both":
        options += f" --question {arguments.question}"
    if getattr(arguments, "half", None):
        options += f" --half {arguments.half}"
    command = f"python -m headroom_evals {arguments.command}{options} --peer-python PATH"
    written = f"Written by `{command} --markdown FILE`. {made_with}"
    explained = "\n".join(f"- {line}" for line in legend)
    return "\n\n".join((f"# {title}", written, explained, *parts)) + "\n"


def run_show(arguments: argparse.Namespace) -> int:
    """Show one shipped input before and after."""
    found = shown(arguments.input, arguments.question, arguments.fidelity)
    print(found.as_markdown() if arguments.markdown else found.after)
    return 0


def run_pages(arguments: argparse.Namespace) -> int:
    """Write what `show` prints into pages; with ``--check``, return 1 when one is stale."""
    stale = refresh(arguments.folder, write=not arguments.check)
    print(*(f"{'stale' if arguments.check else 'written'}: {page}" for page in stale), sep="\n")
    return int(arguments.check and bool(stale))


WITHOUT_CASES = {
    "scaling": run_scaling,
    "show": run_show,
    "pages": run_pages,
    "answers": answers.run,
    "replay": replay.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    parsed = parser().parse_args(arguments)
    try:
        if parsed.command in WITHOUT_CASES:
            return WITHOUT_CASES[parsed.command](parsed)
        cases = chosen(parsed)
        if parsed.command == "quality" and parsed.half:
            cases = [case for case in cases if half_of(case) == parsed.half]
        if not cases:
            print("no inputs match", file=sys.stderr)
            return 2
        return {"speed": run_speed, "quality": run_quality}[parsed.command](parsed, cases)
    except SystemFailedError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return STOPPED


if __name__ == "__main__":
    sys.exit(main())
