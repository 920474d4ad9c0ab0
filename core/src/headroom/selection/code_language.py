"""Which programming language a text is written in: from a path, and from signs in its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.selection.code_signs import (
    BEGINNINGS,
    BEGINS,
    COMMENT,
    CURLY,
    CURLY_LANGUAGES,
    ENDS,
    FOREIGN,
    INSIDE,
    JSX,
    SHOWS_CODE,
    TYPES,
)

_EXTENSIONS = {
    "py": "python",
    "pyi": "python",
    "pyw": "python",
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "ts": "typescript",
    "mts": "typescript",
    "cts": "typescript",
    "tsx": "tsx",
    "go": "go",
    "rs": "rust",
    "java": "java",
    "c": "c",
    "cc": "cpp",
    "cpp": "cpp",
    "cxx": "cpp",
    "hh": "cpp",
    "hpp": "cpp",
    "hxx": "cpp",
    "ipp": "cpp",
    "h": "h",
}

# Languages that look like ours and are not: their paths rule ours out.
_OTHERS = "cs|kt|kts|swift|scala|php|rb|lua|pl|pm|sh|bash|zsh|ps1|sql|vue|svelte|dart|ex|exs|hs|ml"

# The name of a file, without its folders.
FILE_NAME = re.compile(
    rf"(?<![\w.@+~-])([\w@+][\w.@+-]{{0,120}}?)\.({'|'.join(_EXTENSIONS)}|{_OTHERS})(?![\w.*-])"
)

# Lines of a glance, and the share of them that must look like some code: beside a path, and alone.
_GLANCE = 16
_LOOKS_LIKE_CODE = 0.15
_PLAINLY_CODE = 0.35

# Signs in the sample that settle the language, also as a share of the lines; how much more than any
# other's; and how many are enough beside a path.
_LEAST_SIGNS = 4
_LEAST_SHARE = 0.16
_MOST_SIGNS = 120
_MARGIN = 1.5
_LEAST_BESIDE_PATH = 1

# Share of lines that belong to another language, or to a report about code.
_MOST_FOREIGN = 0.02

# Longer lines on average are no source that people write, in characters.
_LONGEST_MEAN = 160


@dataclass(frozen=True, slots=True)
class Hint:
    """What paths say about the language.

    Args:
        languages: Languages of the paths, each once; ``h`` is C or C++.
        foreign: True if a path names a language that is not known here.
    """

    languages: tuple[str, ...] = ()
    foreign: bool = False


def hint_from(text: str) -> Hint:
    """Return what the paths in a call's arguments, or in a header line, say.

    >>> hint_from("sed -n '1,80p' src/app.py").languages
    ('python',)
    """
    languages: dict[str, None] = {}
    foreign = False
    for found in FILE_NAME.finditer(text):
        language = _EXTENSIONS.get(found[2])
        if language is None:
            foreign = True
        else:
            languages[language] = None
    return Hint(tuple(languages), foreign)


def glance_at(lines: Sequence[str]) -> list[str]:
    """Return a few lines from all over a sample, at uneven distances: code may be regular."""
    step = max(1, len(lines) // _GLANCE)
    return [lines[at + at * 5 % 7 % step] for at in range(0, len(lines) - step + 1, step)]


def glance_is_code(few: Sequence[str], hint: Hint) -> bool:
    """Say whether a few lines of a sample, without line numbers, look like some code."""
    if not few or sum(map(len, few)) > _LONGEST_MEAN * len(few):
        return False
    least = _LOOKS_LIKE_CODE if hint.languages else _PLAINLY_CODE
    if sum(map(_is_code_like, few)) < least * len(few):
        return False
    return bool(hint.languages) or any(_begins_so(few, signs) for signs in BEGINNINGS.values())


def _begins_so(few: Sequence[str], beginning: re.Pattern[str]) -> bool:
    signs = sum([beginning.match(line.strip()) is not None for line in few])
    return signs >= _LEAST_SHARE / 3 * len(few)


def _is_code_like(line: str) -> bool:
    bare = line.strip()
    return bare.endswith(ENDS) or BEGINS.match(bare) is not None


def language_of(lines: Sequence[str], hint: Hint) -> str | None:
    """Return the language of a sample of lines, or None if that is not certain.

    Args:
        lines: Lines that are not blank, without line numbers.
        hint: What paths say; signs in the lines must not contradict it.
    """
    if hint.foreign and not hint.languages:
        return None
    bare = [line for line in map(str.strip, lines) if not line.startswith(COMMENT)][:_MOST_SIGNS]
    family = _family_of(hint)
    # Beside a path only the signs of its family matter.
    looked_for = BEGINNINGS if family is None else ("c", "cpp") if family == "c" else (family,)
    signs = {name: _signs(name, bare) for name in looked_for}
    # C++ is C with signs of its own; whatever C has, C++ has too.
    cpp, of_c = signs.pop("cpp", _NO_SIGNS), signs.get("c", _NO_SIGNS)
    if "c" in signs:
        signs["c"] = _Signs(of_c.first + cpp.first, of_c.inside + cpp.inside)
    if family is None:
        family = None if _is_other(lines) else _clear_winner(signs, bare)
        if family is None:
            return None
    elif signs[family].all < _LEAST_BESIDE_PATH or _shown(lines) > _MOST_FOREIGN * len(lines):
        return None
    return _member(family, hint, lines, cpp.all, of_c.all)


@dataclass(frozen=True, slots=True)
class _Signs:
    """Lines that begin as in a language, and that have something of it inside."""

    first: int
    inside: int

    @property
    def all(self) -> int:
        return self.first + self.inside


_NO_SIGNS = _Signs(0, 0)


def _signs(name: str, lines: Sequence[str]) -> _Signs:
    beginning = BEGINNINGS[name]
    first = sum([beginning.match(line) is not None for line in lines])
    together = "\n".join(lines)
    words = [word for word in INSIDE[name] if word in together]
    return _Signs(first, sum([any([word in line for word in words]) for line in lines]))


def _is_other(lines: Sequence[str]) -> bool:
    """Say whether lines show code, or speak of it, rather than being it."""
    if sum([FOREIGN.match(line) is not None for line in lines]) > _MOST_FOREIGN * len(lines):
        return True
    return _shown(lines) > 0


def _shown(lines: Sequence[str]) -> int:
    return sum([SHOWS_CODE.match(line) is not None for line in lines])


def _family_of(hint: Hint) -> str | None:
    families = {_FAMILY.get(name, name) for name in hint.languages}
    return families.pop() if len(families) == 1 else None


_FAMILY = {"typescript": "javascript", "tsx": "javascript", "h": "c", "cpp": "c"}


def _clear_winner(signs: dict[str, _Signs], lines: Sequence[str]) -> str | None:
    ranked = sorted(signs, key=lambda name: (-signs[name].all, name))
    best, second = signs[ranked[0]], signs[ranked[1]]
    if best.first < _LEAST_SIGNS or best.all < _MARGIN * second.all:
        return None
    first = best.first
    if ranked[0] in CURLY_LANGUAGES:
        first += sum([CURLY.match(line) is not None for line in lines])
    return ranked[0] if first >= _LEAST_SHARE * len(lines) else None


def _member(family: str, hint: Hint, lines: Sequence[str], cpp: int, c: int) -> str:
    """Return which language of a family a text is written in."""
    named = hint.languages[0] if len(hint.languages) == 1 else None
    if family == "c":
        if named in ("c", "cpp"):
            return named
        return "cpp" if cpp >= 3 and cpp >= 0.1 * c else "c"
    if family == "javascript":
        if named in ("javascript", "tsx"):
            return named
        if named == "typescript":
            return "typescript"
        text = "\n".join(lines)
        typed = len(TYPES.findall(text))
        marked = len(JSX.findall(text))
        if typed >= 2:
            return "tsx" if marked >= 2 else "typescript"
        return "javascript"
    return family
