r"""The header of a file in git's diffs, which says its path four times, on one line.

====================================  =====================================================
``diff src/a.py (1f0a2c4..9b1d8e0)``  ``diff --git``, ``index … 100644``, ``---``, ``+++``
``diff run.sh (1f…..9b… 100755)``     the same with another mode
``new src/a.py (9b1d8e0)``            with ``new file mode 100644``
``deleted src/a.py (1f0a2c4)``        with ``deleted file mode 100644``
``renamed {a => b}/c.py 95% (…)``     with ``similarity index``, ``rename from``, ``rename to``
====================================  =====================================================

Two paths are written as git writes them in statistics: what they share stands once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.errors import DecodingError

_USUAL_MODE = "100644"
_NOWHERE = "/dev/null"

_HASHES = r" \(([0-9a-f]{4,64})(?:\.\.([0-9a-f]{4,64}))?(?: (\d{6}))?\)"
_CHANGED = re.compile(rf"(diff|new|deleted) (.+){_HASHES}")
_MOVED = re.compile(rf"(renamed|copied) (.+) (\d{{1,3}})%(?:{_HASHES})?")
_INDEX = re.compile(r"index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: (\d{6}))?")
_BRACES = re.compile(r"(.*?)\{(.*?) => (.*?)\}(.*)")
_LONGEST_HEADER = 8
_LONGEST_LINE = 4_000


def looks_written(line: str) -> bool:
    """Say whether a line would be read as a header that we wrote."""
    if len(line) > _LONGEST_LINE:
        return False
    if line.startswith(("diff ", "new ", "deleted ")):
        return line.endswith(")") and _CHANGED.fullmatch(line) is not None
    return line.startswith(("renamed ", "copied ")) and _MOVED.fullmatch(line) is not None


def both_paths(old: str, new: str) -> str:
    """Write two paths as one, what they share once.

    >>> both_paths("old/attr/_cmp.py", "site/attr/_cmp.py"), both_paths("a.py", "a.py")
    ('{old => site}/attr/_cmp.py', 'a.py')
    """
    if old == new:
        return new
    start = 0
    for at, (a, b) in enumerate(zip(old, new, strict=False)):
        if a != b:
            break
        if a == "/":
            start = at + 1
    end = 0
    most = min(len(old), len(new)) - start
    for at in range(1, most + 1):
        if old[-at] != new[-at]:
            break
        if old[-at] == "/":
            end = at
    middle = f"{{{old[start : len(old) - end]} => {new[start : len(new) - end]}}}"
    return f"{new[:start]}{middle}{new[len(new) - end :]}"


def _split_paths(written: str) -> tuple[str, str]:
    found = _BRACES.fullmatch(written)
    if found is None:
        return written, written
    before, old, new, after = found.groups()
    return f"{before}{old}{after}", f"{before}{new}{after}"


def encode_header(lines: Sequence[str]) -> str | None:
    """Return the one line that stands for a file's header, or None if none does."""
    if len(lines) > _LONGEST_HEADER or not lines[0].startswith("diff --git "):
        return None
    line = _write(lines)
    if line is None or not looks_written(line):
        return None
    return line if decode_header(line) == list(lines) else None


def _write(lines: Sequence[str]) -> str | None:
    fields: dict[str, str] = {}
    for line in lines:
        for start in ("new file mode ", "deleted file mode ", "similarity index ", "rename from "):
            if line.startswith(start):
                fields[start[:7]] = line[len(start) :]
        for start in ("rename to ", "copy from ", "copy to ", "--- ", "+++ ", "index "):
            if line.startswith(start):
                fields[start] = line[len(start) :]
    paths = _paths(fields)
    if paths is None:
        return None
    how, written = paths
    percent = f" {fields['similar']}" if "similar" in fields else ""
    if "index " not in fields:
        return f"{how} {written}{percent}" if how in ("renamed", "copied") else None
    found = _INDEX.fullmatch(f"index {fields['index ']}")
    if found is None:
        return None
    old, new, mode = found.groups()
    if how in ("new", "deleted"):
        mode = fields["new fil" if how == "new" else "deleted"]
        hashes = new if how == "new" else old
    else:
        hashes = f"{old}..{new}"
    return f"{how} {written}{percent} ({hashes}{'' if mode == _USUAL_MODE else f' {mode}'})"


def _paths(fields: dict[str, str]) -> tuple[str, str] | None:
    if "rename " in fields and "rename to " in fields:
        return "renamed", both_paths(fields["rename "], fields["rename to "])
    if "copy from " in fields and "copy to " in fields:
        return "copied", both_paths(fields["copy from "], fields["copy to "])
    old, new = fields.get("--- ", ""), fields.get("+++ ", "")
    if "new fil" in fields and old == _NOWHERE:
        return "new", _bare(new)
    if "deleted" in fields and new == _NOWHERE:
        return "deleted", _bare(old)
    return ("diff", both_paths(_bare(old), _bare(new))) if old and new else None


def _bare(name: str) -> str:
    """Return a name without git's prefix; quotes stay."""
    name = name.removesuffix("\t")
    return f'"{name[3:]}' if name[:1] == '"' else name[2:]


def decode_header(line: str) -> list[str]:
    """Return the lines that `encode_header` made one of.

    Raises:
        DecodingError: If the line is not such a header.
    """
    changed = _CHANGED.fullmatch(line)
    if changed is not None:
        return _decode_changed(*changed.groups())
    moved = _MOVED.fullmatch(line)
    if moved is None:
        raise DecodingError("not the header of a file")
    how, written, percent, first, second, mode = moved.groups()
    old, new = _split_paths(written)
    word = "rename" if how == "renamed" else "copy"
    lines = [_first(old, new), f"similarity index {percent}%"]
    lines += [f"{word} from {old}", f"{word} to {new}"]
    return lines if first is None else [*lines, *_decode_names(old, new, first, second, mode)]


def _decode_changed(
    how: str, written: str, first: str, second: str | None, mode: str | None
) -> list[str]:
    old, new = _split_paths(written)
    lines = [_first(old, new)]
    if how == "diff":
        return [*lines, *_decode_names(old, new, first, second, mode)]
    nothing = "0" * len(first)
    lines.append(f"{how} file mode {mode or _USUAL_MODE}")
    if how == "new":
        last = [f"index {nothing}..{first}", f"--- {_NOWHERE}", f"+++ {_ended(_named('b', new))}"]
    else:
        last = [f"index {first}..{nothing}", f"--- {_ended(_named('a', old))}", f"+++ {_NOWHERE}"]
    return lines + last


def _decode_names(
    old: str, new: str, first: str, second: str | None, mode: str | None
) -> list[str]:
    index = f"index {first}..{second} {mode or _USUAL_MODE}"
    return [index, f"--- {_ended(_named('a', old))}", f"+++ {_ended(_named('b', new))}"]


def _first(old: str, new: str) -> str:
    return f"diff --git {_named('a', old)} {_named('b', new)}"


def _named(prefix: str, path: str) -> str:
    return f'"{prefix}/{path[1:]}' if path[:1] == '"' else f"{prefix}/{path}"


def _ended(name: str) -> str:
    # Git ends a name that has spaces with a tab, so that what follows is no part of it.
    return f"{name}\t" if " " in name and name[:1] != '"' else name
