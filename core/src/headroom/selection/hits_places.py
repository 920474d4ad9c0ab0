"""What is said of hits that were left out: each file with its count, or folded by directory."""

from __future__ import annotations

from collections.abc import Callable, Mapping

# Characters after which a new bracket starts.
_WIDTH = 400


def _directory(path: str) -> tuple[str, ...]:
    return tuple(path.replace("\\", "/").split("/")[:-1])


def _wrapped(head: str, items: list[str]) -> list[str]:
    lines: list[str] = []
    line = head
    for item in items:
        if line != head and len(line) + len(item) > _WIDTH:
            lines.append(f"[{line}]")
            line = head
        line += (" " if line == head else ", ") + item
    lines.append(f"[{line}]")
    return lines


def by_file(left_out: Mapping[str, int], unit: str) -> list[str]:
    """Name every file with its count.

    >>> by_file({"src/a.py": 12, "src/b.py": 1}, "hits")
    ['[more hits: 12 src/a.py, 1 src/b.py]']
    """
    return _wrapped(f"more {unit}:", [f"{count} {path}" for path, count in left_out.items()])


def by_directory(left_out: Mapping[str, int], unit: str, depth: int) -> list[str]:
    """Count hits and files under each directory, cut at ``depth`` names.

    >>> by_directory({"src/a/x.py": 12, "src/b/y.py": 1}, "hits", 1)
    ['[more hits: 13 in 2 files under src/]']
    """
    hits: dict[tuple[str, ...], int] = {}
    files: dict[tuple[str, ...], int] = {}
    for path, count in left_out.items():
        folder = _directory(path)[:depth]
        hits[folder] = hits.get(folder, 0) + count
        files[folder] = files.get(folder, 0) + 1
    items = []
    for folder, count in hits.items():
        many = f"{files[folder]} file{'s' if files[folder] > 1 else ''}"
        items.append(f"{count} in {many} under {'/'.join(folder) or '.'}/")
    return _wrapped(f"more {unit}:", items)


def summary(
    left_out: Mapping[str, int], unit: str, allowed: float, cost: Callable[[str], float]
) -> list[str]:
    """Return bracketed lines that account for every hit that was left out.

    Every file is named while that stays within ``allowed`` tokens; else files are folded into
    directories, as deep as the allowance permits. The counts add up in each form.

    Args:
        left_out: Hits that were left out, per file, in the text's order.
        unit: What is counted: ``hits`` or ``lines``.
        allowed: Tokens that the lines may take.
        cost: Tokens of a text, roughly.
    """
    if not left_out:
        return []
    lines = by_file(left_out, unit)
    depth = max(len(_directory(path)) for path in left_out)
    depth = min(depth, _DEEPEST)
    while sum(map(cost, lines)) > allowed and depth >= 0:
        lines = by_directory(left_out, unit, depth)
        depth -= 1
    return lines


_DEEPEST = 8
