"""Which lines of a configuration stay: named, failing, changed and rare ones, below their paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from headroom.compressors.config_named import named_lines, names_of, subjects
from headroom.compressors.config_view import View, failing_lines, fields, odd_lines, value_of
from headroom.compressors.interface import Content, Goal

# Characters that a kept line costs beside its own: its break and its share of gaps.
_OVERHEAD = 3

# Lines that the question names: those with at least this share of the best score, so many at
# most; the first ones stay whatever they cost.
_NAMED_SHARE = {"config": 0.3}
_NAMED_SHARE_ELSE = 0.45
_NAMED_MOST = 40
_MOST_SUBJECTS = 4
_SUBJECT_SHARE = 0.4
_NAMED_ANYWAY = {"balanced": 5, "aggressive": 2}
_SAME = 2
_NOTHING = 1e-9

# What belongs to a named line stays with it up to so many lines.
_BUNDLE = 10

# Room as a multiple of the target: the lines that lead to a kept line are no choice.
_ROOM = {"balanced": 1.3, "aggressive": 2.0}
_LARGEST = 0.35

# Room for each sort of line, as a multiple of the target.
_NAMED_ROOM = 0.7
_FAILING_ROOM = {"balanced": 0.8, "aggressive": 1.5}
_HEADERS_ROOM = 3.0
_CHANGES_ROOM = 0.6

# Fields whose odd values are looked for because the question speaks of them.
_ASKED_FIELDS = 8
_ODD_EACH = 4

# A line above that no room is left for: a text nested this deep is not read by a person.
_DEEPEST_CHAIN = 40

# What stands out or comes first is added up to this share of the text.
_FILLED = 0.25

# With at most this share of lines that are no comments, those stand out.
_SET_SHARE = 0.6

# A file with more comments than this is its own manual: of each comment, and of each description
# of several lines, so many lines stay, and lines of so few words, which are settings.
_MANUAL_SHARE = 0.3
_COMMENT_LINES = 1
_MOST_WORDS = 4

# With no question, a value that so many stanzas had before says nothing new.
_SHOWN_BEFORE = 1

# Parts of a dotted key, from so many on, that name what it is set for and what is set.
_DOTTED = 4

_SUMMARY_STARTS = (
    "Plan: ",
    "Apply complete",
    "Destroy complete",
    "No changes",
    "Changes to Outputs",
)
_STATE_KEYS = frozenset(
    "Name Namespace Status State Reason Ready Image Node Phase phase Message Active Loaded "
    "Conditions Events Type reason message Last_State Exit_Code Restart_Count Health_Status "
    "Sync_Status Replicas Node-Selectors".split()
)


@dataclass(slots=True)
class _Choice:
    view: View
    headings: list[int]
    documents: int
    kept: set[int] = field(default_factory=set)
    names: dict[int, list[int]] = field(default_factory=dict)
    chars: float = 0.0

    def named(self, heading: int) -> list[int]:
        """Return the lines that name a stanza."""
        found = self.names.get(heading)
        if found is None:
            found = self.names[heading] = names_of(self.view, heading)
        return found

    def whole(self, wanted: Iterable[int]) -> list[int]:
        """Return the lines that are new, with the lines above them and what names their stanzas."""
        fresh: set[int] = set()
        parents = self.view.tree.parents
        for i in wanted:
            here = i
            for _ in range(_DEEPEST_CHAIN):
                if here < 0 or here in self.kept or here in fresh:
                    break
                fresh.add(here)
                here = parents[here]
            heading = self.headings[i]
            if self.view.kind == "yaml" and i < self.documents:
                fresh.update(n for n in self._first_names() if n not in self.kept)
            for _ in range(_DEEPEST_CHAIN):
                if heading < 0:
                    break
                for name in self.named(heading):
                    while name >= 0 and name not in self.kept and name not in fresh:
                        fresh.add(name)
                        name = parents[name]
                heading = self.headings[heading]
        return sorted(fresh)

    def _first_names(self) -> list[int]:
        """Return what names the first document, with the lines above."""
        found = [name for name in self.named(-1) if name < self.documents]
        return [
            *found,
            *(self.view.tree.parents[i] for i in found if i and self.view.tree.parents[i] >= 0),
        ]

    def cost(self, fresh: Iterable[int]) -> float:
        """Return the characters that lines take."""
        return sum(len(self.view.lines[i]) + _OVERHEAD for i in fresh)

    def add(self, wanted: Iterable[int]) -> None:
        """Keep lines whatever they cost."""
        fresh = self.whole(wanted)
        self.chars += self.cost(fresh)
        self.kept.update(fresh)

    def add_while(self, bundles: Iterable[Sequence[int]], room: float) -> None:
        """Keep bundles, in order, that fit into ``room`` characters."""
        for bundle in bundles:
            if room < _OVERHEAD + 1:
                return
            fresh = self.whole(i for i in bundle if i not in self.kept)
            cost = self.cost(fresh)
            if cost <= room:
                room -= cost
                self.chars += cost
                self.kept.update(fresh)


def choose_lines(view: View, content: Content, goal: Goal) -> list[int]:
    """Return the indices of the lines that stay, ascending."""
    choice = _Choice(view, _headings(view), _first_document(view))
    kept_words = [word for word in content.keep if word]
    if kept_words:
        choice.add(i for i, x in enumerate(view.lines) if any(w in x for w in kept_words))
    if not goal.asked:
        choice.add(_unrepeated(view))
        return sorted(choice.kept)
    per_token = len(content.text) / max(1, content.tokens)
    tokens = min(_ROOM[goal.fidelity] * goal.target_tokens, _LARGEST * content.tokens)
    room = tokens * per_token
    if view.kind == "plan":
        _add_plan(choice, room)
    _add_named(choice, content, goal, room)
    _fill(choice, room, only_odd=goal.fidelity == "aggressive")
    _fill_small_gaps(choice)
    return sorted(choice.kept)


def _headings(view: View) -> list[int]:
    """Return for each line the nearest line above it that starts a stanza, or -1."""
    tree = view.tree
    found = [-1] * len(view.lines)
    for i, parent in enumerate(tree.parents):
        if parent >= 0:
            found[i] = parent if tree.headings[parent] else found[parent]
    return found


def _first_document(view: View) -> int:
    """Return where the first document of several ends, 0 if there are no others."""
    return next((i for i, path in enumerate(view.tree.paths) if path == 0), 0)


def _add_plan(choice: _Choice, room: float) -> None:
    view = choice.view
    headers = [i for i, x in enumerate(view.lines) if x.startswith("  # ") and x[4:5] != "("]
    choice.add(i for i, x in enumerate(view.lines) if x.startswith(_SUMMARY_STARTS))
    lesser = {i for i in headers if view.lines[i].endswith(("created", "read during apply"))}
    choice.add_while(([i] for i in headers if i not in lesser), _HEADERS_ROOM * room)
    choice.add_while(([i] for i in headers if i in lesser), _HEADERS_ROOM * room)


def _add_named(choice: _Choice, content: Content, goal: Goal, room: float) -> None:
    """Keep what the question names best, then what fails, then what else the question names."""
    view = choice.view
    question = f"{content.question}\n{content.arguments}"
    if content.relevance is None:
        scores = named_lines(view, question, view.lines, choice.headings.__getitem__)
    else:
        scores = dict(enumerate(content.relevance(question, view.lines)))
    best = max(scores.values(), default=0.0)
    ranked = _without_repeats(view, sorted(scores, key=lambda i: (-scores[i], i)))
    least = _NAMED_SHARE.get(view.kind, _NAMED_SHARE_ELSE)
    ranked = [i for i in ranked if scores[i] >= max(least * best, _NOTHING)]
    bundles = [_bundle(view, i) for i in ranked[:_NAMED_MOST]]
    anyway = _NAMED_ANYWAY[goal.fidelity]
    choice.add(i for bundle in bundles[:anyway] for i in bundle[:2])
    _add_failing(choice, _FAILING_ROOM[goal.fidelity] * room)
    choice.add_while(_odd_among(view, question, scores), _NAMED_ROOM * room)
    choice.add_while(bundles, _NAMED_ROOM * room)
    about = subjects(view, question, choice.headings)[:_MOST_SUBJECTS]
    about += [i for i in ranked[:anyway] if view.size(i) > _BUNDLE]
    # What most of the text is about singles nothing out.
    sections = [i for i in about if _size(view, i) <= _SUBJECT_SHARE * len(view.lines)]
    choice.add_while(_inside(view, sections), _NAMED_ROOM * room)


def _size(view: View, section: int) -> int:
    return view.size(section) if section >= 0 else _first_document(view)


def _inside(view: View, sections: Sequence[int]) -> Iterable[list[int]]:
    """Return the lines of stanzas, one by one."""
    for section in sections:
        end = view.tree.ends[section] if section >= 0 else _first_document(view)
        for i in range(section + 1, end):
            if not view.noise[i] and view.size(i) == 1:
                yield [i]


def _without_repeats(view: View, ranked: Sequence[int]) -> list[int]:
    """Return lines without those that say what better ones say, of whatever is named above them."""
    seen: Counter[str] = Counter()
    found: list[int] = []
    for i in ranked:
        seen[view.lines[i]] += 1
        if seen[view.lines[i]] <= _SAME or view.tree.ends[i] > i + 1:
            found.append(i)
    return found


def _bundle(view: View, at: int) -> list[int]:
    if view.size(at) > _BUNDLE:
        return [at]
    return [i for i in range(at, view.tree.ends[at]) if view.lines[i].strip()]


def _odd_among(view: View, question: str, scores: dict[int, float]) -> list[list[int]]:
    """Return the values that stand out in the fields that the question speaks of."""
    named: dict[int, float] = {}
    for i, score in scores.items():
        path = view.tree.paths[i]
        named[path] = named.get(path, 0.0) + score
    columns = fields(view)
    wanted = sorted((p for p in named if p in columns), key=lambda p: (-named[p], p))
    return [
        [i]
        for path in wanted[:_ASKED_FIELDS]
        for i in odd_lines(view, columns[path], with_extremes=True)[:_ODD_EACH]
    ]


def _add_failing(choice: _Choice, room: float) -> None:
    view = choice.view
    failing = failing_lines(view)
    tree = view.tree
    bundles: list[list[int]] = []
    for i in failing:
        heading = choice.headings[i]
        # The item of a list of conditions says what failed, when and why.
        if heading >= 0 and view.kind == "yaml" and view.size(heading) <= _BUNDLE:
            bundles.append(list(range(heading, tree.ends[heading])))
        else:
            bundles.append([*_above(view, i), i, *range(i + 1, min(tree.ends[i], i + _BUNDLE))])
    choice.add_while(bundles, room)


def _above(view: View, at: int) -> list[int]:
    """Return the title of the table that a row stands in."""
    first = view.tree.parents[at] + 1
    if view.kind == "describe" and view.lines[first].lstrip().startswith("Type "):
        return [first]
    return []


def _fill(choice: _Choice, room: float, *, only_odd: bool) -> None:
    """Use what room is left for what stands out, then for what comes first."""
    size = sum(map(len, choice.view.lines))
    for bundles in _fillings(choice, only_odd=only_odd):
        left = min(room, _FILLED * size) - choice.chars
        if left <= 0:
            return
        choice.add_while(bundles, left)


def _fillings(choice: _Choice, *, only_odd: bool) -> Iterable[list[list[int]]]:
    view, tree = choice.view, choice.view.tree
    states = [i for i, key in enumerate(tree.keys) if key.replace(" ", "_") in _STATE_KEYS]
    if view.kind == "describe":
        yield [[i] for i in states if not view.noise[i]]
    if view.kind == "plan":
        yield [
            [i]
            for i, x in enumerate(view.lines)
            if "# forces replacement" in x or (" -> " in x and not x.endswith(("null", "apply)")))
        ]
    yield [
        [i] for lines in fields(view).values() for i in odd_lines(view, lines, with_extremes=False)
    ]
    if only_odd:
        return
    if view.kind == "config":
        settings = [[i] for i, x in enumerate(view.lines) if _is_setting(x)]
        # In a file of comments, what is no comment was set by somebody.
        if len(settings) <= _SET_SHARE * len(view.lines):
            yield settings
    yield [[i] for i in range(min(3, len(view.lines))) if not view.noise[i]]
    yield [[i] for i, heading in enumerate(tree.headings) if heading and not view.noise[i]]
    if view.kind in ("yaml", "plan"):
        yield [[i] for i in range(len(view.lines)) if not view.noise[i]]


def _is_setting(line: str) -> bool:
    return line.lstrip()[:1] not in ("#", ";", "!", "/", "")


def _fill_small_gaps(choice: _Choice) -> None:
    lines = choice.view.lines
    for i in sorted(choice.kept):
        if i + 2 in choice.kept and len(lines[i + 1]) <= 24:
            choice.kept.add(i + 1)


def _unrepeated(view: View) -> list[int]:
    """Return the lines that say something: no noise, no value that others of its field had."""
    tree = view.tree
    shown: Counter[tuple[object, str]] = Counter()
    found: list[int] = []
    manual = _manual(view) if view.kind == "config" else frozenset()
    for i, line in enumerate(view.lines):
        if view.noise[i] or i in manual:
            continue
        if tree.ends[i] > i + 1 and not tree.headings[i]:
            continue
        at = _field(view, i), line if tree.headings[i] else value_of(view, i)
        shown[at] += 1
        if shown[at] <= _SHOWN_BEFORE or tree.headings[i]:
            found.append(i)
    return found


def _field(view: View, at: int) -> object:
    """Return what lines share that set the same field: whatever a dotted key's last part but one.

    ``net.ipv4.conf.eth0.rp_filter`` and ``net.ipv4.conf.lo.rp_filter`` set one for two interfaces.
    """
    key = view.tree.keys[at]
    parts = key.split(".")
    if view.kind != "config" or len(parts) < _DOTTED:
        return view.tree.paths[at]
    return view.tree.parents[at], *parts[:-2], parts[-1]


def _manual(view: View) -> frozenset[int]:
    """Return the lines of comments, if there are many, and of descriptions that go on.

    The first line of each stays, and so does what is commented out.
    """
    comments = [not _is_setting(line) for line in view.lines]
    explains = sum(comments) > _MANUAL_SHARE * len(view.lines)
    found: list[int] = []
    run = 0
    for i, line in enumerate(view.lines):
        words = line.lstrip("#;! \t")
        described = line[:1] == " " and view.tree.keys[i] in ("", words.partition(" ")[0])
        if not words.strip() or not ((explains and comments[i]) or described):
            run = 0 if words.strip(" .") else run
            continue
        run += 1
        if run > _COMMENT_LINES and len(words.split()) > _MOST_WORDS and "=" not in words[:40]:
            found.append(i)
    return frozenset(found)
