"""Over every recorded output: what is shown is the original's, and what is not shown can be had."""

from __future__ import annotations

import re
from functools import cache

import pytest

from headroom import CompressionConfig, CompressionResult, Compressor, MemoryStore, expand
from headroom.config import Fidelity
from headroom.originals.markers import read_marker
from headroom_evals.cases import Case, shipped_cases

CASES = {case.id: case for case in shipped_cases()}
FIDELITIES: tuple[Fidelity, ...] = ("lossless", "balanced", "aggressive")

# What users of compressors lost: places, hashes, identifiers, numbers, flags, addresses, errors.
VALUES = re.compile(
    r"[\w./-]+\.\w+:\d+"
    r"|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"
    r"|\b[0-9a-f]{40}\b|\b[0-9a-f]{64}\b"
    r"|https?://[^\s\"'<>)\]]+"
    r"|(?<!\S)--?[a-z][\w-]+"
    r"|\b[A-Z]\w+(?:Error|Exception|Warning)\b"
    r"|\b\d{3,}(?:\.\d+)?\b"
)
# Those that nobody writes by chance: an output that shows one has it from somewhere.
SHOWN = re.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b[0-9a-f]{40}\b|\b[0-9a-f]{64}\b"
    r"|\b[A-Z]\w+(?:Error|Exception|Warning)\b"
)


def values_in(text: str) -> set[str]:
    return {match.group() for match in VALUES.finditer(text)}


@cache
def compressed(name: str, fidelity: Fidelity) -> tuple[CompressionResult[str], tuple[str, ...]]:
    """Compress a text for its first question; return the originals behind its handles as well."""
    case = CASES[name]
    compressor = Compressor(CompressionConfig(fidelity=fidelity), store=MemoryStore())
    done = compressor.compress_text(case.text, tool_name=case.tool, query=case.queries[0])
    return done, tuple(compressor.retrieve(handle).text for handle in done.handles)


EVERY_RUN = pytest.mark.parametrize(
    ("case", "fidelity"),
    [pytest.param(CASES[name], f, id=f"{name}-{f}") for name in CASES for f in FIDELITIES],
)


@EVERY_RUN
def test_every_value_that_is_not_shown_lies_behind_a_handle(case: Case, fidelity: Fidelity) -> None:
    done, originals = compressed(case.id, fidelity)
    if not originals:
        assert expand(done.text) == case.text
        return
    missing = values_in(case.text) - values_in(done.text)
    held = {value for original in originals for value in values_in(original)}
    assert missing <= held
    assert all(f"[headroom {handle}: kept " in done.text for handle in done.handles)


@EVERY_RUN
def test_no_hash_identifier_or_error_is_made_up(case: Case, fidelity: Fidelity) -> None:
    done, _ = compressed(case.id, fidelity)
    invented = [m.group() for m in SHOWN.finditer(done.text) if m.group() not in case.text]
    assert invented == []


@EVERY_RUN
def test_a_marker_counts_what_is_there(case: Case, fidelity: Fidelity) -> None:
    done, originals = compressed(case.id, fidelity)
    markers = [m for line in done.text.split("\n") if (m := read_marker(line)) is not None]
    assert [m.handle for m in markers] == list(done.handles)
    for marker, original in zip(markers, originals, strict=True):
        assert 0 <= marker.kept < marker.total
        if marker.unit == "lines":
            lines = original.count("\n") + (not original.endswith("\n"))
            assert marker.total in (lines, lines + 1)
