"""The part of a text with tables that stays: all lines around them, and the rows that matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from headroom.compressors.interface import Content, Goal, Selection
from headroom.compressors.tables_columns import TableFacts
from headroom.compressors.tables_profile import profile
from headroom.compressors.tables_rows import is_about, must_stay, tiers
from headroom.notation.delimited_tables import Table, TableText

_ASKED = "tables.asked"

# A table with fewer rows is read whole.
_FEWEST_ROWS = 8

# Share of the target for the line about all rows, and characters per token of such lines.
_PROFILE_SHARE = 0.25
_CHARACTERS_PER_TOKEN = 2.5

# With no question, equal rows stay so often.
_REPEATS_KEPT = 2


def named_positions(table: Table, content: Content) -> list[int]:
    """Return the rows that the question names, or asks for as an extreme."""
    if not content.question and not content.arguments:
        return []
    facts = _facts(table, content)
    return [facts.read[i] for i in must_stay(facts, content)]


def is_spoken_of(tables: TableText, content: Content) -> bool:
    """Say whether the question speaks of one of the tables."""
    found = content.scratch.get(_ASKED)
    if not isinstance(found, bool):
        found = any(
            is_about(_facts(table, content), content.question, content.arguments, content.text)
            for table in tables.tables
        )
        content.scratch[_ASKED] = found
    return found


def select_rows(tables: TableText, content: Content, goal: Goal) -> Selection | None:
    """Return the lines around the tables and the rows that matter, or None to leave all."""
    found = tables.tables
    facts = [_facts(table, content) for table in found]
    total = sum([len(f.units) for f in facts])
    if total < _FEWEST_ROWS:
        return None
    goal = replace(goal, asked=is_spoken_of(tables, content))
    kept: list[Collection[int]] = []
    for f in facts:
        share = len(f.units) / total
        kept.append(
            _asked(f, content, goal.target_tokens * share)
            if goal.asked
            else _unrepeated(f, content.keep)
        )
    number = sum(map(len, kept))
    if number >= total:
        return None
    body = list(_body(tables, iter(zip(facts, kept, strict=True))))
    summary = _summary(facts, kept, content, goal)
    return Selection("rows", number, total, "\n".join(body), summary)


def _facts(table: Table, content: Content) -> TableFacts:
    key = f"tables.facts {id(table)}"
    facts = content.scratch.get(key)
    if not isinstance(facts, TableFacts):
        facts = content.scratch[key] = TableFacts(table)
    return facts


def _asked(facts: TableFacts, content: Content, budget: float) -> set[int]:
    table = facts.table
    if len(facts.units) < _FEWEST_ROWS or not facts.read:
        return set(facts.units)
    rate = content.tokens / max(1, len(content.text))
    chosen = dict.fromkeys((0, len(facts.read) - 1, *must_stay(facts, content)))
    chosen.update(dict.fromkeys(_kept_by_wish(facts, content.keep)))

    def cost(i: int) -> float:
        return rate * len(table.rows[facts.read[i]]) + 1

    spent = sum(map(cost, chosen))
    for candidates, share in tiers(facts, content):
        for i in candidates:
            if i not in chosen and spent + cost(i) <= budget * share:
                chosen[i] = None
                spent += cost(i)
    stay = {facts.read[i] for i in chosen}
    # Lines that are no rows (a message, a cut row) are few, or they are no news.
    read = frozenset(facts.read) if len(facts.read) < len(facts.units) else facts.units
    strays = [i for i in facts.units if i not in read]
    stay.update(i for i in strays if any(word in table.rows[i] for word in content.keep))
    for i in strays:
        spent += rate * len(table.rows[i]) + 1
        if spent > budget:
            break
        stay.add(i)
    return stay


def _kept_by_wish(facts: TableFacts, keep: Sequence[str]) -> Iterator[int]:
    if keep:
        for i, at in enumerate(facts.read):
            if any(word in facts.table.rows[at] for word in keep):
                yield i


def _unrepeated(facts: TableFacts, keep: Sequence[str]) -> Collection[int]:
    """Return all rows but those that equal two earlier ones."""
    rows = facts.table.rows
    if len(frozenset(map(hash, rows))) == len(rows):
        return facts.units
    seen: Counter[str] = Counter()
    stay: set[int] = set()
    for i in facts.units:
        row = facts.table.rows[i]
        seen[row] += 1
        if seen[row] <= _REPEATS_KEPT or i == facts.units[-1] or any(k in row for k in keep):
            stay.add(i)
    return stay


def _body(tables: TableText, chosen: Iterator[tuple[TableFacts, Collection[int]]]) -> Iterator[str]:
    for part in tables.parts:
        if not isinstance(part, Table):
            yield from part
            continue
        facts, kept = next(chosen)
        units = facts.units if isinstance(facts.units, range) else frozenset(facts.units)
        last = len(part.rows) - 1
        if part.head is not None:
            yield part.head
        before = False
        for i, row in enumerate(part.rows):
            if i in units:
                before = i in kept
                if before:
                    yield row
            elif i in (0, last) or before:
                # A rule below the names, at the end, or below a row that stays.
                yield row


def _summary(
    facts: Sequence[TableFacts], kept: Sequence[Collection[int]], content: Content, goal: Goal
) -> str:
    if not goal.asked:
        return "left out: rows that equal two earlier ones"
    cut = [f for f, stay in zip(facts, kept, strict=True) if len(stay) < len(f.units)]
    largest = max(cut, key=lambda f: len(f.units))
    characters = round(goal.target_tokens * _PROFILE_SHARE * _CHARACTERS_PER_TOKEN)
    told = profile(largest.columns, content.question, characters)
    if not told:
        return ""
    where = (
        "over all rows" if len(facts) == 1 else f"over the {len(largest.units)} rows of one table"
    )
    return f"{where}: {told}"
