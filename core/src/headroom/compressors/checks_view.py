"""A test run or a build as blocks about failures and findings, and lines around them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.compressors.checks_blocks import Block, Role, Sort
from headroom.compressors.checks_essence import read_failure
from headroom.compressors.checks_findings import finding_at
from headroom.compressors.checks_lines import roles_of
from headroom.compressors.checks_tests import (
    Failure,
    GoRun,
    failure_at,
    go_output_at,
    is_section,
    read_go,
)
from headroom.selection.frames import read_trace
from headroom.selection.terminal import seen_lines
from headroom.selection.traces import Trace, find_traces

# Rows of eslint stand below the name of their file.
_FILE = re.compile(r"(?:[A-Za-z]:)?[\w./\\@ -]{1,250}\.\w{1,5}\s*$")
_ROW = re.compile(r"\s{2,6}\d{1,7}:\d{1,5}\s{2,}")
# What heads of failures begin with.
_RULERS = ("=", "_", "-", "#", "\u2500")
_DIGITS = re.compile(r"\d+")
_LONGEST_KEY = 400


@dataclass(frozen=True, slots=True)
class CheckView:
    """A test run or a build.

    Args:
        lines: The lines as they stand, without the empty piece after a last line break.
        seen: The same without colour codes and stamps.
        roles: What each line outside of blocks is; inside of blocks what it would be.
        blocks: The blocks, in order and apart from each other.
        library: How many frames of libraries the traces hold.
    """

    lines: Sequence[str]
    seen: Sequence[str]
    roles: list[Role]
    blocks: list[Block]
    library: int

    def block_of(self) -> dict[int, int]:
        """Return for each line inside a block the block's position."""
        return {i: n for n, block in enumerate(self.blocks) for i in range(block.start, block.end)}


def view_checks(lines: Sequence[str]) -> CheckView:
    """Recognise what a test run or a build consists of."""
    return _Reader(lines).read()


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.seen = seen_lines(lines)
        self.roles = roles_of(self.seen)
        self.traces = find_traces(self.seen)
        self.starts = [trace.start for trace in self.traces]
        self.blocks: list[Block] = []
        self.numbered = False
        self.heading = -1
        self.library = 0

    def read(self) -> CheckView:
        go = read_go(self.seen)
        at = 0
        while at < len(self.seen):
            if self.roles[at] is Role.BLANK:
                at += 1
                continue
            at = self._go(at, go) or self._block(at) or at + 1
        return CheckView(self.lines, self.seen, self.roles, self.blocks, self.library)

    def _go(self, at: int, go: GoRun) -> int:
        if not go.ended or not self.seen[at].startswith("=== "):
            return 0
        found = go_output_at(self.seen, at, go)
        if found is None:
            return 0
        end, failed = found
        if failed and end > at + 1:
            self._add_failure(Failure(at, end, self.seen[at].split()[-1]))
        else:
            for i in range(at, end):
                self.roles[i] = Role.STEP
        return end

    def _block(self, at: int) -> int:
        line, role = self.seen[at], self.roles[at]
        within = bisect_left(self.starts, at)
        traced = within < len(self.starts) and self.starts[within] == at
        quiet = role is Role.PASSING or (role is Role.STEP and not line.startswith(_RULERS))
        if quiet and not traced:
            return 0
        self.numbered = self.numbered or is_section(line)
        failure = failure_at(self.seen, at, numbered=self.numbered)
        if failure is not None:
            self._add_failure(failure)
            return failure.end
        if traced:
            return self._add_trace(self.traces[within])
        if role is Role.STEP:
            return 0
        if _FILE.match(line):
            self.heading = at
        finding = finding_at(self.seen, at)
        if finding is None:
            return 0
        self.blocks.append(self._under_heading(finding))
        return finding.end

    def _under_heading(self, finding: Block) -> Block:
        if self.heading < 0 or not _ROW.match(self.seen[finding.start]):
            return finding
        place = f"{self.seen[self.heading].strip()}{finding.place}"
        core = (self.heading, *finding.core)
        return Block(
            finding.start, finding.end, finding.sort, finding.key, core, finding.detail, place
        )

    def _add_failure(self, failure: Failure) -> None:
        first, last = (bisect_left(self.starts, at) for at in (failure.start, failure.end))
        traces = [t for t in self.traces[max(0, first - 1) : last] if t.end > failure.start]
        inside = [
            Trace(max(t.start, failure.start), min(t.end, failure.end), t.error, t.kind)
            for t in traces
        ]
        self.blocks.append(read_failure(self.seen, failure, inside))

    def _add_trace(self, trace: Trace) -> int:
        reading = read_trace(self.seen, trace)
        self.library += reading.library
        key = _DIGITS.sub("", self.seen[trace.error])[:_LONGEST_KEY]
        self.blocks.append(
            Block(
                trace.start,
                trace.end,
                Sort.TRACE,
                f"{trace.kind} {key}",
                reading.core,
                reading.detail,
            )
        )
        return trace.end
