"""Tables of replayed traces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from headroom.economics import Pricing, request_bill
from headroom_evals.replay.measured import PART_TOKENS, Replayed, retrieval_cost

LEGEND = (
    "A request is everything that was sent for one answer of the model; a trace of N answers is N "
    "requests, each of which repeats the one before it.",
    "tokens: of all prompts of a trace together, by o200k; providers count a little differently.",
    "kept: share of these tokens that is still sent; observed kept: the same share of what the "
    "agent read, each text counted once.",
    "broken: requests that do not begin with the request before them, byte for byte, so that the "
    "provider's cache is lost from there on.",
    "$: prompts and answers at list price, each request within the cache's lifetime after the one "
    "before it. What both begin with is read from the cache (whole messages, from the provider's "
    "smallest prefix on), the rest is written to it.",
    "would it have paid: the cheaper bill, fetching nothing back; then how many retrievals of at "
    f"most {PART_TOKENS} tokens the saving pays for. With lossless there is nothing to fetch.",
)

TRACE_COLUMNS = ("trace", "requests", "tokens", "kept", "broken")
TURN_COLUMNS = ("request", "tokens", "same bytes", "read", "written", "$")
TOTAL_COLUMNS = ("model", "system", "$ without", "$ with", "saved", "traces that lose")


def pays(without: Replayed, with_it: Replayed, pricing: Pricing) -> str:
    """Say whether a system would have paid on a trace."""
    before, after = without.bill(pricing).usd, with_it.bill(pricing).usd
    saved = before - after
    share = saved / before if before else 0.0
    if abs(share) < 0.0005:
        return "no: makes no difference"
    if saved < 0:
        return f"no: costs {-share:.1%} more"
    retrievals = int(saved / retrieval_cost(with_it, pricing))
    return f"yes: saves {share:.1%} of ${before:.4f}, or {retrievals} retrievals"


def verdicts(
    without: Sequence[Replayed], with_it: Sequence[Replayed], models: Sequence[Pricing]
) -> Iterator[tuple[str, ...]]:
    """Yield a row for each trace: its size, and the verdict for each model."""
    for one, other in zip(without, with_it, strict=True):
        if other.error is not None:
            yield (
                one.trace,
                str(len(one.turns)),
                str(one.tokens),
                "",
                "",
                *[other.error] * len(models),
            )
            continue
        kept = other.tokens / one.tokens if one.tokens else 1.0
        told = (pays(one, other, pricing) for pricing in models)
        yield (
            one.trace,
            str(len(one.turns)),
            str(one.tokens),
            f"{kept:.3f}",
            str(other.broken),
            *told,
        )


def totals(
    without: Sequence[Replayed],
    by_system: Mapping[str, Sequence[Replayed]],
    models: Sequence[Pricing],
) -> Iterator[tuple[str, ...]]:
    """Yield a row for each model and system: all traces together."""
    for pricing in models:
        for system, replayed in by_system.items():
            pairs = [(o, r) for o, r in zip(without, replayed, strict=True) if r.error is None]
            before = sum(o.bill(pricing).usd for o, _ in pairs)
            after = sum(r.bill(pricing).usd for _, r in pairs)
            losing = sum(r.bill(pricing).usd > o.bill(pricing).usd * 1.0005 for o, r in pairs)
            share = (before - after) / before if before else 0.0
            failed = len(replayed) - len(pairs)
            lost = f"{losing} of {len(pairs)}" + (f", {failed} failed" if failed else "")
            yield (
                pricing.family,
                system,
                f"{before:.4f}",
                f"{after:.4f}",
                f"{share:.1%}",
                lost,
            )


GROUP_COLUMNS = (
    *("traces of", "system", "traces", "requests", "tokens", "kept", "observed kept", "broken"),
)
LOSS_COLUMNS = ("trace", "system", "model", "$ without", "$ with", "more")


def group_of(trace: str) -> str:
    """Return what a trace is summed up under: its folder, else the file that it is part of."""
    return trace.split("/")[0] if "/" in trace else trace.split("#")[0]


def groups(
    without: Sequence[Replayed],
    by_system: Mapping[str, Sequence[Replayed]],
    models: Sequence[Pricing],
) -> Iterator[tuple[str, ...]]:
    """Yield a row for each group of traces and system: tokens, and the share of each bill saved."""
    for group in dict.fromkeys(group_of(one.trace) for one in without):
        for system, replayed in by_system.items():
            pairs = [
                (o, r)
                for o, r in zip(without, replayed, strict=True)
                if r.error is None and group_of(o.trace) == group
            ]
            before, after = (sum(p[n].tokens for p in pairs) for n in (0, 1))
            read, still = (sum(p[n].observed for p in pairs) for n in (0, 1))
            yield (
                group,
                system,
                str(len(pairs)),
                str(sum(len(o.turns) for o, _ in pairs)),
                str(before),
                f"{after / before:.3f}" if before else "",
                f"{still / read:.3f}" if read else "",
                str(sum(r.broken for _, r in pairs)),
                *(_saved(pairs, pricing) for pricing in models),
            )


def _saved(pairs: Sequence[tuple[Replayed, Replayed]], pricing: Pricing) -> str:
    before = sum(o.bill(pricing).usd for o, _ in pairs)
    after = sum(r.bill(pricing).usd for _, r in pairs)
    return f"{(before - after) / before:.1%}" if before else ""


def losses(
    without: Sequence[Replayed],
    by_system: Mapping[str, Sequence[Replayed]],
    models: Sequence[Pricing],
) -> Iterator[tuple[str, ...]]:
    """Yield a row for each trace that costs more with a system than without, the worst first."""
    found = []
    for system, replayed in by_system.items():
        for one, other in zip(without, replayed, strict=True):
            for pricing in models:
                before, after = one.bill(pricing).usd, other.bill(pricing).usd
                if other.error is None and after > before * 1.0005:
                    row = (one.trace, system, pricing.family, f"{before:.4f}", f"{after:.4f}")
                    found.append((after / before - 1, (*row, f"{after / before - 1:.1%}")))
    yield from (row for _, row in sorted(found, key=lambda pair: (-pair[0], pair[1])))


SYSTEM_COLUMNS = ("system", "requests", "tokens without", "tokens with", "kept", "broken", "failed")


def systems(
    without: Sequence[Replayed], by_system: Mapping[str, Sequence[Replayed]]
) -> Iterator[tuple[str, ...]]:
    """Yield a row for each system: what it sent, all traces together."""
    for system, replayed in by_system.items():
        pairs = [(o, r) for o, r in zip(without, replayed, strict=True) if r.error is None]
        before, after = (sum(p[n].tokens for p in pairs) for n in (0, 1))
        yield (
            system,
            str(sum(len(o.turns) for o, _ in pairs)),
            str(before),
            str(after),
            f"{after / before:.3f}" if before else "",
            str(sum(r.broken for _, r in pairs)),
            str(len(replayed) - len(pairs)),
        )


def turns(replayed: Replayed, pricing: Pricing) -> Iterator[tuple[str, ...]]:
    """Yield a row for each request of a trace."""
    for n, turn in enumerate(replayed.turns, 1):
        bill = request_bill(turn.prompt, pricing)
        yield (
            str(n),
            str(turn.prompt.tokens),
            f"{turn.same_bytes}/{turn.bytes}",
            str(bill.read),
            str(bill.written + bill.uncached),
            f"{bill.usd:.6f}",
        )
