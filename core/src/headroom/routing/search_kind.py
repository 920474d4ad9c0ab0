"""Recognise search results and other lists of places: ``path:line:content``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.notation.headings_rows import has_separator, read_row
from headroom.routing.sample import Sample, take_sample

SEARCH = "search"

# At least this share of a sample's rows must begin with a place (measured on logs, YAML and
# code: the nearest wrong text stays under one third), and at least this many.
_SHARE = 0.6
_FEWEST_ROWS = 3

# With fewer among a few lines, the others are not looked at; of each piece so many lines are.
_GLANCED = 0.25
_PIECE = 48

# Extensions of files that people search; a dotted name with another ending may be a host, a Java
# class or a version.
KNOWN_EXTENSIONS = frozenset(
    "ada adb adoc asm astro awk bash bat bazel bib bzl c cc cfg cjs clj cljs cmake cmd cnf "
    "coffee conf cpp cs csproj css csv cts cu cxx d dart diff dockerfile el elm env erb erl "
    "ex exs f90 fish fs fsx gd gemspec go gradle graphql groovy h hbs hcl hh hpp hrl hs htm "
    "html hxx in ini ipynb java jinja jinja2 jl js json json5 jsonc jsonl jsx kt kts lean "
    "less lhs lisp lock log lua m m4 mak map markdown mbox md mdx mjs ml mli mm mod mts nim "
    "nix out patch php pl pm po pom prisma properties props proto ps1 pug pxd py pyi pyx r "
    "rake rb rego rkt robot rs rst s sass sbt scala scm scss sh sln sol sql sum sv svelte svg "
    "swift tcl template tex tf tfvars toml tpl ts tsv tsx txt v vala vb vbs vhd vim vue wat "
    "xaml xhtml xml xsd xsl yaml yml zig zsh".split()
)
_BARE_NAMES = frozenset(
    "Makefile Dockerfile Containerfile Jenkinsfile Vagrantfile Procfile Gemfile Rakefile Podfile "
    "Brewfile Justfile BUILD WORKSPACE LICENSE README CHANGELOG NOTICE AUTHORS TODO NEWS COPYING "
    "INSTALL CODEOWNERS Kconfig makefile justfile".split()
)
_COUNTED = re.compile(r"[^\s:]{1,512}:[0-9]{1,9}")
_ALL_COUNTED = 0.9
_FINDING = re.compile(r"\s{1,6}[0-9]{1,7}:[0-9]{1,7}\s+(?:error|warning|warn|info|note)\b")
_NUMBER_ROW = re.compile(r"([0-9]{1,7})([:-])(?![0-9]{2}(?:[:.\-,\s]|$))")


def sample_lines(sample: Sample) -> list[str]:
    """Return some lines of a sample that are not blank, without their carriage returns."""
    if sample.whole or len(sample.lines) <= 3 * _PIECE:
        lines = sample.lines
    else:
        lines = [x for piece in sample.pieces for x in piece[:_PIECE] if x and not x.isspace()]
    return [line[:-1] if line.endswith("\r") else line for line in lines]


def has_known_name(path: str) -> bool:
    """Say whether a path ends in a name that files have.

    >>> has_known_name("src/main.rs"), has_known_name("example.com"), has_known_name("Makefile")
    (True, False, True)
    """
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, extension = name.rpartition(".")
    if dot and extension.lower() in KNOWN_EXTENSIONS:
        return True
    return name in _BARE_NAMES or (not stem and bool(dot) and len(extension) > 2)


def _is_place(path: str, numbers: str, content: str) -> bool:
    if has_known_name(path):
        # ``values.yaml: key`` is how people write, ``test_a.py::test_b`` names a test; grep puts
        # the line right behind the colon.
        return bool(numbers) or not content.startswith((" ", ":")) or content.startswith("  ")
    return bool(numbers) and has_separator(path) and "://" not in path


def find_search(text: str, sample: Sample | None = None) -> str | None:
    r"""Return ``"search"`` if most lines of a sample begin with a place in a file.

    Args:
        text: The text.
        sample: Its sample, where there is one already.

    >>> find_search("a/b.py:1:x\na/b.py:7:y\na/c.py:2:z\n")
    'search'
    >>> find_search("12:00:01: up\n12:00:02: down\n12:00:03: up\n") is None
    True
    """
    sample = sample or take_sample(text)
    if sample.seldom(_is_row, _GLANCED):
        return None
    lines = [line for line in sample_lines(sample) if line != "--"]
    if len(lines) < _FEWEST_ROWS or _are_counts(lines):
        return None
    if _has_places(lines, max(_FEWEST_ROWS, _SHARE * len(lines))):
        return SEARCH
    return SEARCH if _is_numbered(lines) else None


def _are_counts(lines: Sequence[str]) -> bool:
    """Say whether the lines are paths with a number behind each (``grep -c``): a list of paths."""
    others = len(lines) - _ALL_COUNTED * len(lines)
    for line in lines:
        if _COUNTED.fullmatch(line) is None:
            others -= 1
            if others < 0:
                return False
    return True


def _is_row(line: str) -> bool:
    """Say whether a line by itself may be of a search result."""
    if ":" not in line and "-" not in line:
        return False
    if line == "--" or _NUMBER_ROW.match(line) or _FINDING.match(line):
        return True
    row = read_row(line, "")
    return row is not None and _is_place(row.path, row.numbers, row.content)


def _has_places(lines: Sequence[str], needed: float) -> bool:
    current, places = "", 0
    for line in lines:
        row = read_row(line, current)
        if row is not None and _is_place(row.path, row.numbers, row.content):
            current = row.path
            places += 1
            if places >= needed:
                return True
    return False


def _is_numbered(lines: Sequence[str]) -> bool:
    if sum(bool(_FINDING.match(line)) for line in lines) >= _SHARE * len(lines):
        return True
    # One file's hits (``12:content``), or rg's headings with such rows below: numbers rise and a
    # match stands among them. Clock times do not get here: two digits follow their colon.
    rows = rising = matches = next_lines = 0
    before = 0
    for line in lines:
        found = _NUMBER_ROW.match(line)
        if found is None:
            before = 0
            continue
        rows += 1
        matches += found[2] == ":"
        rising += int(found[1]) > before
        next_lines += found[2] == ":" and int(found[1]) == before + 1
        before = int(found[1])
    # A file shown with line numbers (``1:import os``, ``2:``) is a file, not a list of hits.
    if next_lines > _SHARE * rows:
        return False
    return rows >= max(_FEWEST_ROWS, _SHARE * len(lines)) and matches > 0 and rising >= 0.9 * rows
