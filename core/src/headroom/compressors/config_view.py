"""What the lines of a configuration are recognised as: failing, noise, repeated, rare."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from headroom.notation.stanzas_tree import Tree
from headroom.selection.outliers import as_numbers, extremes, outliers, rare_values

_BLANKS = " \t\r"
_QUOTES = "\"' :\t\r"

# Lines are looked at up to this length, in characters.
_REACH = 400

# Values of one field from this many lines on show what is rare among them.
_LEAST_VALUES = 5

# Fields with more values than this are looked at in their first ones.
_MOST_VALUES = 5_000

# Some part of each word of failure: lines with none of them are not looked at.
_FAILING_PARTS = (
    "error fail crash back-off backoff oom evict healthy available degraded ready killed denied "
    "refused timeout timed invalid missing outofsync found able cannot could didn't does warning "
    "reachable exceeded insufficient expired conflict unknown pending dead lost inactive false "
    "\u2502 \u2577 \u2575"
).split()
_FAILING = re.compile(
    r"(?i)(?:\b|_)(?:\w*error|fail(?:ed|ure|ing|s)?|\w*failed|crash\w*|\w*back-?off|oom\w*|evicted"
    r"|unhealthy|(?:un|not )available|degraded|notready|not ready|killed|denied|refused|timeout"
    r"|timed out|invalid|missing|outofsync|not found|unable|cannot|could not|didn't|does not"
    r"|warning|unreachable|exceeded|insufficient|expired|conflict|unknown|pending|inactive|dead|lost)\b"
)
_MARKED = re.compile(r"[\u2502\u2577\u2575]|Error:|Warning:")
# Keys whose very value says that something is wrong, or was.
_COUNTS = frozenset(("exitcode", "exit code", "restartcount", "restart count"))
_TELLING = frozenset(("message", "reason", "error", "lastError", "Message"))
_MOST_WORDS = 3
# So many equal lines may say what is usual, and so many of them are enough to say it.
_USUAL = 4
_SHOWN = 2
# Settings about failures, which say nothing about one.
_SETTING_WORDS = re.compile(
    r"(?i)(?:policy|threshold|limit|seconds|path|timeout|log|level|max\w*)$"
)

_NOISE_KEYS = frozenset(
    "managedFields kubectl.kubernetes.io/last-applied-configuration uid resourceVersion generation "
    "selfLink pod-template-hash controller-revision-hash terminationMessagePath "
    "terminationMessagePolicy schedulerName dnsPolicy enableServiceLinks preemptionPolicy "
    "tolerationSeconds containerID imageID QoS_Class Container_ID Image_ID Host_Port Tolerations "
    "TokenExpirationSeconds ConfigMapName ConfigMapOptional DownwardAPI observedGeneration "
    "lastProbeTime".split()
)
_NOISE = re.compile(
    r"(?:[\w ./-]{1,40}:\s+(?:<none>|<unset>|<nil>|null|\{\}|\[\])$|/var/run/secrets/kubernetes"
    r"|node\.kubernetes\.io/(?:not-ready|unreachable):|kube-api-access-\w+:|# \(\d+ unchanged"
    r"|.*\(known after apply\)$|\S+: (?:Refreshing state|Reading|Read complete|Still )|[})\]],?$"
    r"|Terraform used the|plan\. Resource actions|Note: You didn't use|guarantee to take|\u2500{9}"
    r"|Normal {2}|\{\".*\}\s*$|#?[ \t\r]*$"
    r"|[\w./-]{1,60}\s?=\s?(?:null|\"\"|''|\{\}|\[\])?,?\s*$"
    # What lock files say to machines: digests, and where packages are downloaded from.
    r"|\{ ?(?:url|file) ?= ?\".{0,300}\bhash ?=|--hash=sha|integrity:? \"?sha\d"
    r"|resolved:? \"https?:|/\S+ [0-9a-f]{32,128}(?: obsolete)?\s*$"
    r"|(?:checksum|content-hash|sha\d{1,3}(?:sum)?) ?[:=] ?\"?[0-9a-fA-F]{32})"
)


@dataclass(frozen=True, slots=True)
class View:
    """A configuration's lines, and what they were recognised as.

    Args:
        lines: The lines, without the empty piece after a last line break.
        tree: What belongs to what.
        kind: Kind of content.
        noise: True for lines that say nothing about this case.
    """

    lines: Sequence[str]
    tree: Tree
    kind: str
    noise: list[bool]

    def size(self, at: int) -> int:
        """Return the number of lines of the stanza that starts at a line."""
        return self.tree.ends[at] - at


def view_config(lines: Sequence[str], tree: Tree, kind: str) -> View:
    """Recognise noise among the lines."""
    noise = [False] * len(lines)
    spreading = [False] * len(lines)
    for i, line in enumerate(lines):
        parent = tree.parents[i]
        inherited = parent >= 0 and spreading[parent]
        noise[i] = (
            inherited
            or tree.keys[i].replace(" ", "_") in _NOISE_KEYS
            or _NOISE.match(line.lstrip(_BLANKS)[:_REACH]) is not None
        )
        # The first key of a list item says nothing about its other keys.
        spreading[i] = inherited or (noise[i] and not tree.headings[i])
    return View(lines, tree, kind, noise)


def failing_lines(view: View) -> list[int]:
    """Return the lines that say that something is or was wrong."""
    if view.kind == "config":
        return []
    likely = {i for i, key in enumerate(view.tree.keys) if key.lower() in _COUNTS}
    likely.update(_with_parts(view.lines))
    return [
        i
        for i in _unusual(view, sorted(likely))
        if not view.noise[i] and _fails(view, i, view.lines[i][:_REACH])
    ]


def _unusual(view: View, likely: list[int]) -> list[int]:
    """Return lines without most of those that most lines of the same key equal.

    What nearly all say is a setting like ``restart: on-failure``, or one failure of all alike.
    """
    keys = Counter(view.tree.keys)
    same = Counter(view.lines[i] for i in likely)
    seen: Counter[str] = Counter()
    found: list[int] = []
    for i in likely:
        line = view.lines[i]
        seen[line] += 1
        if seen[line] <= _SHOWN or same[line] < _USUAL or 2 * same[line] < keys[view.tree.keys[i]]:
            found.append(i)
    return found


def _with_parts(lines: Sequence[str]) -> set[int]:
    """Return the lines that hold a part of a word of failure."""
    together = "\n".join(lines).lower()
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    # Lower case may be longer, as that of a capital I with a dot.
    if len(together) + 1 != starts[-1]:
        together = "\n".join(line if not line.isascii() else line.lower() for line in lines)
    found: set[int] = set()
    for part in _FAILING_PARTS:
        at = together.find(part)
        while at >= 0:
            line = bisect_right(starts, at) - 1
            found.add(line)
            at = together.find(part, starts[line + 1])
    return found


def _fails(view: View, at: int, line: str) -> bool:
    key = view.tree.keys[at]
    if _MARKED.match(line):
        return True
    if key.lower() in _COUNTS:
        return line.partition(":")[2].strip(_QUOTES) != "0"
    if key and _SETTING_WORDS.search(key):
        return False
    begin = line.find(key) + len(key) if key else 0
    value = line[begin:]
    if view.kind == "describe" or (view.kind == "yaml" and key in ("status", "ready")):
        said = value.strip(_QUOTES).lower()
        if said == "false" or (view.kind == "describe" and said.endswith(" false")):
            return True
    # In a file of settings, what is said of failures at length is documentation.
    if view.kind == "yaml" and key not in _TELLING and value.count(" ") > _MOST_WORDS:
        return False
    return _FAILING.search(value) is not None


def fields(view: View) -> dict[int, list[int]]:
    """Return the lines of each field that several stanzas have, by the number of its path."""
    found: dict[int, list[int]] = {}
    tree = view.tree
    for i, path in enumerate(tree.paths):
        if tree.keys[i] and path and not view.noise[i]:
            found.setdefault(path, []).append(i)
    return {path: lines for path, lines in found.items() if len(lines) >= _LEAST_VALUES}


def odd_lines(view: View, lines: Sequence[int], *, with_extremes: bool) -> list[int]:
    """Return those lines of one field whose values stand out among the others."""
    lines = lines[:_MOST_VALUES]
    column: list[str | None] = [value_of(view, i) for i in lines]
    found = rare_values(column)
    numbers = as_numbers([_plain_number(cell or "") for cell in column])
    if numbers is not None:
        found = [*found, *outliers(numbers, 2)]
        if with_extremes:
            found = [*extremes(numbers), *found]
    return [lines[at] for at in dict.fromkeys(found)]


_QUANTITY = re.compile(r"\W*(-?\d+(?:\.\d+)?)([A-Za-z%]{0,3})\W*$")
_UNITS = {
    "m": 1e-3, "ms": 1e-3, "us": 1e-6, "k": 1e3, "K": 1e3, "kB": 1e3, "M": 1e6, "MB": 1e6,
    "G": 1e9, "GB": 1e9, "T": 1e12, "TB": 1e12, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30,
    "Ti": 2.0**40, "min": 60.0, "h": 3600.0, "d": 86400.0,
}  # fmt: skip


def _plain_number(value: str) -> str | None:
    if value.isalpha():
        return value
    found = _QUANTITY.match(value)
    if found is None:
        return value
    return repr(float(found[1]) * _UNITS.get(found[2], 1.0))


def value_of(view: View, at: int) -> str:
    """Return what stands behind a line's key."""
    line, key = view.lines[at][:_REACH], view.tree.keys[at]
    return line[line.find(key) + len(key) :].strip(" :=\t\r") if key else line.strip()
