"""Where the grammars of programming languages come from; the one module that loads tree-sitter.

Two sources, chosen by name (`CompressionConfig.grammars`), never by what happens to be installed:

- ``official``: the runtime and one wheel for each grammar, dependencies of the core.
- ``tree-sitter-languages``: the bundle of that name, for environments that hold tree-sitter at
  0.21 (Python up to 3.12). It replaces the runtime of the core's own dependencies.
"""

from __future__ import annotations

import functools
import importlib
import warnings
from collections.abc import Sequence
from typing import Any, Protocol

from headroom.errors import MissingGrammarsError

OFFICIAL = "official"
BUNDLE = "tree-sitter-languages"
SOURCES = (OFFICIAL, BUNDLE)

# Language -> module of the official wheel, and the function in it that gives the grammar.
_WHEELS = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "go": ("tree_sitter_go", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "java": ("tree_sitter_java", "language"),
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
}
LANGUAGES = tuple(_WHEELS)


class Node(Protocol):
    """What is used of a node of a syntax tree; the same in every release of tree-sitter."""

    @property
    def type(self) -> str:
        """Name of the grammar's rule."""
        ...

    @property
    def is_named(self) -> bool:
        """False for punctuation and keywords."""
        ...

    @property
    def has_error(self) -> bool:
        """True if something below could not be parsed."""
        ...

    @property
    def children(self) -> Sequence[Node]:
        """All nodes right below, in order."""
        ...

    @property
    def start_point(self) -> tuple[int, int]:
        """Row and column of the first byte, from 0."""
        ...

    @property
    def end_point(self) -> tuple[int, int]:
        """Row and column after the last byte, from 0."""
        ...

    @property
    def start_byte(self) -> int:
        """Offset of the first byte."""
        ...

    @property
    def end_byte(self) -> int:
        """Offset after the last byte."""
        ...

    def child_by_field_name(self, name: str, /) -> Node | None:
        """Return the child in a role, such as ``name``."""
        ...


class Grammars(Protocol):
    """A source of grammars: turns source code into a syntax tree."""

    def parse(self, language: str, data: bytes) -> Node:
        """Return the root of the syntax tree of UTF-8 source code.

        Raises:
            MissingGrammarsError: If the source has no such grammar.
        """
        ...


class OfficialGrammars:
    """The runtime and the wheels that the core depends on."""

    def parse(self, language: str, data: bytes) -> Node:
        """Return the root of the syntax tree of UTF-8 source code.

        Raises:
            MissingGrammarsError: If a wheel is missing or does not fit the runtime.
        """
        runtime, grammar = _official(language)
        # A parser holds state while it parses: one for each text, they cost microseconds.
        root: Node = runtime.Parser(grammar).parse(data).root_node
        return root


class BundledGrammars:
    """The grammars of the ``tree-sitter-languages`` bundle."""

    def parse(self, language: str, data: bytes) -> Node:
        """Return the root of the syntax tree of UTF-8 source code.

        Raises:
            MissingGrammarsError: If the bundle is missing or does not fit the runtime.
        """
        runtime, grammar = _bundled(language)
        parser = runtime.Parser()
        parser.set_language(grammar)
        root: Node = parser.parse(data).root_node
        return root


def grammars_from(source: str) -> Grammars:
    """Return the source of grammars of a name.

    Raises:
        MissingGrammarsError: If the bundle was asked for and cannot be used here.
    """
    if source == OFFICIAL:
        return OfficialGrammars()
    _bundled(LANGUAGES[0])
    return BundledGrammars()


@functools.cache
def _official(language: str) -> tuple[Any, Any]:
    # Loaded on first use: importing headroom stays fast without them.
    module, function = _WHEELS[language]
    try:
        runtime = importlib.import_module("tree_sitter")
        pointer = getattr(importlib.import_module(module), function)()
        return runtime, runtime.Language(pointer)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise MissingGrammarsError(
            f"the official grammar of {language} cannot be loaded: {error}"
        ) from error


@functools.cache
def _bundled(language: str) -> tuple[Any, Any]:
    try:
        runtime = importlib.import_module("tree_sitter")
        bundle = importlib.import_module("tree_sitter_languages")
        with warnings.catch_warnings():
            # Said about the way in which the bundle calls the runtime, once for each language.
            warnings.simplefilter("ignore", FutureWarning)
            return runtime, bundle.get_language(language)
    except (ImportError, TypeError) as error:
        raise MissingGrammarsError(
            f'grammars="{BUNDLE}" needs tree-sitter-languages 1.10 and tree-sitter 0.21, '
            f"which exist up to Python 3.12: {error}"
        ) from error
