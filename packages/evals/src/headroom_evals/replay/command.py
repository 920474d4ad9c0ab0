"""``python -m headroom_evals replay`` says whether Headroom would have paid."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from headroom import CompressionConfig
from headroom.counting.default import default_counter
from headroom.economics import PRICES_VERSION, Pricing, pricing_for
from headroom_evals.replay import tables
from headroom_evals.replay.made import made_traces
from headroom_evals.replay.measured import Meter, Replayed, Sent, original
from headroom_evals.replay.process import ReplayProcess
from headroom_evals.replay.traces import NotATraceError, Trace, read_traces, unread_files
from headroom_evals.report import as_markdown, as_text
from headroom_evals.systems.process import tokenizer_environment

OURS = ("ours", "ours-lossless", "ours-aggressive")
PEER = "headroom-ai"
# Of more traces a reader wants the sums, and those on which it would not have paid.
_MOST_ROWS = 40
MODELS = ("claude-opus-5-5", "gpt-5.6-sol", "gemini-4-argon")


@dataclass(frozen=True, slots=True)
class Found:
    """What was replayed.

    Args:
        without: The traces as they were.
        by_system: The traces as each system sent them.
        versions: Version of each system.
        differing: Traces of which a fresh compressor in another process sent other bytes.
    """

    without: tuple[Replayed, ...]
    by_system: Mapping[str, tuple[Replayed, ...]]
    versions: Mapping[str, str]
    differing: tuple[str, ...]


def add_parser(commands: Any) -> None:
    """Add the command to the command line."""
    replay = commands.add_parser("replay", help="cost of recorded conversations, with and without")
    replay.add_argument(
        "traces",
        metavar="TRACE",
        type=Path,
        nargs="*",
        help="files or folders of recorded conversations (see headroom_evals.replay.traces); "
        "made ones when left out",
    )
    replay.add_argument(
        "--model",
        action="append",
        default=[],
        help=f"whose prices and cache rules; repeatable; by default {', '.join(MODELS)}",
    )
    replay.add_argument(
        "--system", action="append", choices=OURS, help="repeatable; by default all of them"
    )
    replay.add_argument("--peer-python", metavar="PATH", help="interpreter that has headroom-ai")
    replay.add_argument(
        "--set",
        metavar="NAME=JSON",
        type=_setting,
        action="append",
        default=[],
        help="a field of CompressionConfig, such as align_cache=true; repeatable",
    )
    replay.add_argument("--turns", action="store_true", help="show every request")
    replay.add_argument(
        "--fresh",
        action="store_true",
        help="also give every request a compressor and a store of its own, in another process "
        "with another hash seed, and compare every byte",
    )
    replay.add_argument("--json", type=Path, metavar="FILE", help="write every request here")
    replay.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables here")


def _setting(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=JSON")
    try:
        return name, json.loads(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{value!r} is not JSON") from error


def run(arguments: argparse.Namespace) -> int:
    """Replay, print, and return 1 when a trace failed, broke a prefix or was not deterministic."""
    models = [_pricing(name) for name in arguments.model or MODELS]
    if None in models:
        known = "see headroom.economics.PRICES"
        print(f"no price is known for one of {arguments.model}; {known}", file=sys.stderr)
        return 2
    priced = [pricing for pricing in models if pricing is not None]
    try:
        # What cannot be written or set is better known before the work than after it.
        _check_files(arguments.json, arguments.markdown)
        _check_settings(dict(arguments.set))
        traces = [t for path in arguments.traces for t in _named(path)]
    except (NotATraceError, OSError, _SettingError) as error:
        print(error, file=sys.stderr)
        return 2
    if not arguments.traces:
        traces = list(made_traces())
    found = replay_all(traces, arguments)
    sections = list(_sections(found, priced, arguments))
    intro = _intro(found, traces)
    print(intro)
    for title, columns, rows, left in sections:
        print(f"\n{title}\n\n{as_text(columns, rows, left)}")
    print("", *tables.LEGEND, sep="\n")
    skipped = [f for path in arguments.traces for f in unread_files(path)]
    if skipped:
        print(f"\nNo conversation in: {', '.join(skipped)}")
    _write(arguments, found, intro, sections, skipped)
    ours = [r for s, rs in found.by_system.items() if s in OURS for r in rs]
    failed = any(r.error or r.broken > _broken(found, r.trace) for r in ours)
    return int(failed or bool(found.differing))


def _pricing(name: str) -> Pricing | None:
    return pricing_for(name)


def _broken(found: Found, trace: str) -> int:
    return next(r.broken for r in found.without if r.trace == trace)


def _named(path: Path) -> list[Trace]:
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist")
    found = list(read_traces(path))
    if not found:
        raise NotATraceError(f"{path} holds no conversation")
    return found


def _check_files(*files: Path | None) -> None:
    for file in files:
        if file is None:
            continue
        if file.is_dir() or not file.parent.is_dir():
            raise OSError(f"{file} cannot be written")


class _SettingError(ValueError):
    """No configuration has such a setting."""


def _check_settings(settings: Mapping[str, Any]) -> None:
    try:
        CompressionConfig(**settings)
    except (TypeError, ValueError) as error:
        raise _SettingError(f"--set: {error}") from error


def replay_all(traces: Sequence[Trace], arguments: argparse.Namespace) -> Found:
    """Send every trace through every system."""
    meter = Meter(default_counter())
    without = tuple(meter.replayed(t, "", original(t)) for t in traces)
    names: list[tuple[str, str | None]] = [(name, None) for name in arguments.system or OURS]
    if arguments.peer_python:
        names += [(name, arguments.peer_python) for name in (PEER, f"{PEER}-agent")]
    by_system: dict[str, tuple[Replayed, ...]] = {}
    versions: dict[str, str] = {}
    differing: list[str] = []
    with tokenizer_environment() as environment:
        for name, python in names:
            settings = dict(arguments.set) if python is None else {}
            is_aligned = bool(settings.get("align_cache"))
            with ExitStack() as processes:
                process = processes.enter_context(
                    ReplayProcess(name, python=python, environment=environment)
                )
                versions[name] = process.version
                again = None
                if arguments.fresh and python is None:
                    seeded = {**environment, "PYTHONHASHSEED": "4242"}
                    again = processes.enter_context(ReplayProcess(name, environment=seeded))
                done = []
                for trace in traces:
                    print(f"{name}: {trace.name}", file=sys.stderr, flush=True)
                    sent = process.replay(trace, settings)
                    # The same system in another process, fresh at every request.
                    if again is not None and again.replay(trace, settings, fresh=True) != sent:
                        differing.append(f"{name}: {trace.name}")
                    done.append(_measured(meter, trace, name, sent, aligned=is_aligned))
            by_system[name] = tuple(done)
    return Found(without, by_system, versions, tuple(differing))


def _measured(
    meter: Meter, trace: Trace, name: str, sent: list[Sent] | str, *, aligned: bool
) -> Replayed:
    if isinstance(sent, str):
        return Replayed(trace.name, name, (), sent)
    return meter.replayed(trace, name, sent, newest_changes=aligned)


Section = tuple[str, Sequence[str], list[tuple[str, ...]], int]


def _sections(
    found: Found, models: Sequence[Pricing], arguments: argparse.Namespace
) -> Sequence[Section]:
    """Return title, columns, rows and the number of columns that are text."""
    sections: list[Section] = [
        (
            "Tokens and prefixes",
            tables.SYSTEM_COLUMNS,
            list(tables.systems(found.without, found.by_system)),
            1,
        ),
        (
            "Cost",
            tables.TOTAL_COLUMNS,
            list(tables.totals(found.without, found.by_system, models)),
            2,
        ),
    ]
    ours = {s: rs for s, rs in found.by_system.items() if s in OURS}
    if len({tables.group_of(r.trace) for r in found.without}) < len(found.without):
        columns = (*tables.GROUP_COLUMNS, *(f"saved, {m.family}" for m in models))
        rows = list(tables.groups(found.without, found.by_system, models))
        sections.append(("By origin", columns, rows, 2))
    if len(found.without) <= _MOST_ROWS:
        columns = (*tables.TRACE_COLUMNS, *(f"would it have paid? {m.family}" for m in models))
        for system, all_replayed in ours.items():
            rows = list(tables.verdicts(found.without, all_replayed, models))
            sections.append((f"Trace by trace: {system}", columns, rows, 1))
    lost = list(tables.losses(found.without, ours, models))
    if lost:
        sections.append(("Where ours loses", tables.LOSS_COLUMNS, lost, 3))
    if arguments.turns:
        for n, trace in enumerate(found.without):
            for system, replayed in (("without", trace), *_of(found, n)):
                title = f"{trace.trace}: {system}, {models[0].family}"
                sections.append(
                    (title, tables.TURN_COLUMNS, list(tables.turns(replayed, models[0])), 0)
                )
    return sections


def _of(found: Found, n: int) -> list[tuple[str, Replayed]]:
    return [(system, replayed[n]) for system, replayed in found.by_system.items()]


def _intro(found: Found, traces: Sequence[Trace]) -> str:
    systems = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    requests = sum(len(trace.requests) for trace in traces)
    said = f"{len(traces)} traces, {requests} requests; {systems}; prices of {PRICES_VERSION}; "
    said += f"Python {platform.python_version()}, {platform.system()}."
    if found.differing:
        said += f" NOT THE SAME BYTES from a fresh compressor: {', '.join(found.differing)}."
    return said


def _write(
    arguments: argparse.Namespace,
    found: Found,
    intro: str,
    sections: Sequence[Section],
    skipped: Sequence[str],
) -> None:
    if arguments.json is not None:
        rows = [asdict(r) for rs in (found.without, *found.by_system.values()) for r in rs]
        arguments.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    if arguments.markdown is None:
        return
    # A folder's name says which data; its place says whose machine.
    named = "".join(f" {path.name}" for path in arguments.traces)
    flags = "".join(f" --model {name}" for name in arguments.model)
    flags += "".join(f" --set {name}={json.dumps(value)}" for name, value in arguments.set)
    flags += "".join(f" --{f}" for f in ("fresh", "turns") if getattr(arguments, f))
    peer = " --peer-python PATH" if arguments.peer_python else ""
    command = f"python -m headroom_evals replay{named}{flags}{peer} --markdown FILE"
    parts = [
        f"# Replay\n\nWritten by `{command}`. {intro}",
        "\n".join(f"- {t}" for t in tables.LEGEND),
    ]
    parts += [f"## {title}\n\n{as_markdown(c, rows, left)}" for title, c, rows, left in sections]
    if skipped:
        files = ", ".join(f"`{file}`" for file in skipped)
        parts.append(f"Files in which no model answers, so that there is no request: {files}.")
    arguments.markdown.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
