"""What a question names in source code: symbols, lines, places in an error's trace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.selection.code_language import FILE_NAME

_SYMBOL = re.compile(
    r"(?P<tick>[`'\"])?(?P<scope>(?:[^\W\d][\w$]*(?:\.|::|#|->))+)?(?P<name>[^\W\d][\w$]*)"
    r"(?P<call>\()?"
)
_SHAPED = re.compile(r"[^\W_]_+[^\W_]|^_|[a-z][A-Z]|[A-Z]{2}[a-z]|\w\d|^[A-Z][A-Z_]{2,}$|\$")
_SCOPE = re.compile(r"[^\W\d][\w$]*")
_PYTHON_PLACE = re.compile(r'File "([^"\n]{1,400})", line (\d{1,8})')
_PLACE = re.compile(r"(?<![\w.@+-])([\w@+][\w.@+-]{0,120}?\.\w{1,4}):(\d{1,8})\b")
_LINES = re.compile(r"\blines?\s+#?(\d{1,8})(?:\s*(?:-|\u2013|to)\s*(\d{1,8}))?", re.IGNORECASE)
_CHUNK = re.compile(r"\S+")
_SEPARATOR = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A word of a question that may be a symbol's name.

    Args:
        name: The name.
        scope: Names written before it: ``a.b.name`` has ``a`` and ``b``.
        shaped: True if it is written as people write code, not as a word of a sentence.
    """

    name: str
    scope: tuple[str, ...] = ()
    shaped: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question and a call's arguments name.

    Args:
        symbols: Words that may be symbols, each once.
        places: File name ("" for any) and line, from traces and from what is said.
        words: Question and arguments without paths: what relevance is measured against.
    """

    symbols: tuple[Symbol, ...]
    places: tuple[tuple[str, int], ...]
    words: str


def read_asked(question: str, arguments: str) -> Asked:
    """Return what a question, and what a call's arguments say beside paths and numbers.

    >>> [s.name for s in read_asked("Why does Parser.next_token() loop?", "").symbols if s.shaped]
    ['next_token']
    """
    said = "\n".join((question, *_words_of(arguments)))
    words = _CHUNK.sub(_unless_path, FILE_NAME.sub(" ", said))
    symbols: dict[Symbol, None] = {}
    for found in _SYMBOL.finditer(words):
        scope = tuple(_SCOPE.findall(found["scope"] or ""))
        name = found["name"]
        ticked = found["tick"] is not None and words[found.end() : found.end() + 1] == found["tick"]
        shaped = bool(scope or found["call"] or ticked or _SHAPED.search(name))
        symbols[Symbol(name, scope, shaped)] = None
    return Asked(tuple(symbols), tuple(_places(said)), words)


def _words_of(arguments: str) -> list[str]:
    """Return the lines of a call's arguments that are not just a number."""
    lines = (line.strip() for line in arguments.split("\n"))
    return [x for x in lines if x and not x.isdecimal()]


def _unless_path(chunk: re.Match[str]) -> str:
    return " " if _SEPARATOR.search(chunk[0]) else chunk[0]


def _places(said: str) -> list[tuple[str, int]]:
    places: dict[tuple[str, int], None] = {}
    for pattern in (_PYTHON_PLACE, _PLACE):
        for found in pattern.finditer(said):
            places[_SEPARATOR.split(found[1])[-1], int(found[2])] = None
    plain = _PYTHON_PLACE.sub(" ", said)
    for found in _LINES.finditer(plain):
        for number in {int(found[1]): None, int(found[2] or found[1]): None}:
            places["", number] = None
    return list(places)


def file_names(arguments: str, above: Sequence[str]) -> frozenset[str]:
    """Return the names of the files that the arguments and the lines above the code name."""
    found = FILE_NAME.finditer("\n".join((arguments, *above)))
    return frozenset(match[0] for match in found)
