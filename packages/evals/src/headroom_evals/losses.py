"""Where Headroom loses: facts that it does not show, and inputs on which others do better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from headroom_evals.quality import HEAD_AND_TAIL, Answered
from headroom_evals.quality_report import mean_kept

COLUMNS = ("input", "user", "kept", "not shown", "who does better")

_OTHERS = ("headroom-ai", "headroom-ai-agent")
# A share of tokens by which an output has to be smaller before that is worth a line.
_CLEARLY = 0.02


def rows(answered: Sequence[Answered], ours: str) -> list[tuple[str, ...]]:
    """Return a row for each input on which ``ours`` loses something."""
    found: list[tuple[str, ...]] = []
    inputs: defaultdict[tuple[str, bool], defaultdict[str, list[Answered]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for a in answered:
        inputs[a.case, a.hidden][a.system].append(a)
    for (case, hidden), systems in inputs.items():
        mine = systems.get(ours, [])
        lost, better = _lost(mine), _better(mine, systems)
        if mine and (lost or better):
            asked = "says: go on" if hidden else "asks"
            found.append(
                (case, asked, f"{mean_kept(mine):.2f}", "; ".join(lost), "; ".join(better))
            )
    return found


def _lost(mine: Sequence[Answered]) -> list[str]:
    """Name what the outputs for one input do not show."""
    lost = [f"failed: {a.error}" for a in mine if a.error]
    lost += ["the input did not come back" for a in mine if a.restored is False][:1]
    for a in mine:
        facts = ", ".join(" … ".join(strings) for strings in a.missing)
        fetched = a.recoverable - a.inline
        if facts:
            lost.append(facts if not fetched else f"{facts} (fetched {fetched})")
    return lost


def _better(mine: Sequence[Answered], systems: Mapping[str, Sequence[Answered]]) -> list[str]:
    """Name who shows more facts in as many tokens, or as many in fewer."""
    better = []
    control = systems.get(HEAD_AND_TAIL, [])
    if (shown := _inline(control)) > _inline(mine):
        better.append(f"{HEAD_AND_TAIL} shows {shown} facts, not {_inline(mine)}")
    for name in _OTHERS:
        other = systems.get(name, [])
        fewer = bool(other) and mean_kept(other) < mean_kept(mine) - _CLEARLY
        if fewer and _inline(other) >= _inline(mine) and not any(a.error for a in other):
            better.append(f"{name} keeps {mean_kept(other):.2f}")
    return better


def _inline(answered: Sequence[Answered]) -> int:
    return sum(a.inline for a in answered)
