"""What of a commit's head stays above its changes: who, when, and what it says it does."""

from __future__ import annotations

from headroom.compressors.interface import Content, Goal
from headroom.notation.patches import Commit
from headroom.originals.markers import write_gap

# Lines of a message that stay, blank ones not counted; a subject and what explains it.
_MESSAGE_LINES = {"balanced": 12, "aggressive": 3}


def shown_of_head(content: Content, goal: Goal, commit: Commit) -> tuple[list[str], int]:
    """Return what stands for a commit's head, and how many of its own lines are among that."""
    body: list[str] = []
    kept = gap = said = 0
    most = _MESSAGE_LINES[goal.fidelity]
    for line in content.lines[commit.start : commit.end]:
        indented = line.startswith("    ") and bool(line.strip())
        said += indented
        if indented and said > most and not any(word in line for word in content.keep):
            gap += 1
            continue
        if gap:
            body.append(write_gap(gap, "lines"))
            gap = 0
        body.append(line)
        kept += 1
    return ([*body, write_gap(gap, "lines")] if gap else body), kept
