"""Which programming language a text is written in: from a path, and from signs in its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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

PATH = re.compile(
    rf"(?<![\w.])((?:[\w.@~+-]*[/\\])*[\w@+-][\w.@+-]*?)\.({'|'.join(_EXTENSIONS)}|{_OTHERS})"
    r"(?![\w.*-])"
)

# Lines of a glance, and the share of them that must look like some code: beside a path, and alone.
GLANCE = 16
_LOOKS_LIKE_CODE = 0.3
_PLAINLY_CODE = 0.6

# Signs in the sample that settle the language, also as a share of the lines; how much more than any
# other's; and how many are enough beside a path.
_LEAST_SIGNS = 4
_LEAST_SHARE = 0.2
_MOST_SIGNS = 120
_MARGIN = 1.5
_LEAST_BESIDE_PATH = 1

# Longer lines on average are no source that people write, in characters.
_LONGEST_MEAN = 160

# What a line of some code begins with, and ends with.
_BEGINS = re.compile(
    r"(?:def|class|import|from|return|if|for|while|func|fn|let|const|var|use|pub|type|package|public"
    r"|private|protected|static|struct|enum|raise|yield|async|export|impl|elif|else|try|function"
    r"|switch|case|namespace|template|typedef|with|self|this|throw|await)\b|//|/\*|\*|@\w|[})\]]"
    r"|#(?:include|define|if|endif|\[|!)|[\w.\[\]>-]{1,60} :?= \S|[\w.]{1,60}\("
)
_ENDS = ("{", ";", "}", ":", "(", ")", "[", "],", "),", "\\")

# What a line of each language begins with, and of hardly any other.
_BEGINNINGS = {
    "python": re.compile(
        r"(?:async )?def \w+\(|class \w+(?:\([^;{]*)?:|from [\w.]+ import\b|elif\b.*:$|except\b.*:$"
        r"|(?:try|else|finally):$|(?:if|for|while|with)\b[^{;]*:$|import [\w.]+(?: as \w+)?$"
        r"|self\.\w[^;]*$|raise \w[^;]*$|@\w[\w.]*$|\"\"\"|(?:return|yield|assert) [^;{]*$|pass$"
    ),
    "go": re.compile(
        r"func (?:\(\w* ?\*?[\w\[\], .]+\) )?\w*(?:\[[^\]]*\])?\([^;]*$|package \w+$|import (?:\(|\")"
        r"|type \w+(?:\[[^\]]*\])? (?:struct|interface|func)\b|if err [!=]= nil|defer \w"
        r"|(?:if|for|switch|select)\b(?! ?\()[^;:]*\{$|[\w, ]+ := [^;]*$|go func\(|var \w+ [^=;]*$"
        r"|return\b[^;]*(?:, (?:err|nil)|fmt\.\w+\(.*)$|case [^;{]*:$|chan "
    ),
    "rust": re.compile(
        r"(?:pub(?:\([a-z ]+\))? )?(?:(?:async|const|unsafe) )*fn \w+|impl\b[^;]*$|let mut \w"
        r"|(?:pub )?use [\w:]+.*;$|#!?\[\w|match [^;(]*\{$|(?:pub )?mod \w+|pub(?:\([a-z ]+\))? \w"
        r"|let [\w(][^=]* = .*;$|[\w:]+(?:\([^()]*\))? => [^;]*,?$|if let |///? |//!|while let |\w+!\("
        r"|(?:if|for|while)\b (?!\()[^;]*\{$"
    ),
    "java": re.compile(
        r"package [\w.]+;|import (?:static )?[\w]+\.[\w.*]+;|@Override|@[A-Z]\w+"
        r"|(?:(?:public|private|protected|abstract|final|synchronized) )+(?:static |final )*[\w<]"
        r"|(?:[A-Z]\w*(?:<[^=]*>)?(?:\[\])?|int|long|boolean|double|String) \w+ = .*;?$"
        r"|throw new \w+|return .*;$|(?:if|for|while|catch) \(.*\{$"
    ),
    "c": re.compile(
        r"#[ \t]*(?:include|define|ifdef|ifndef|endif|if|undef|elif|pragma)\b|typedef\b|goto \w+;"
        r"|(?:static |extern |inline |const |unsigned |signed )*(?:int|char|void|size_t|long|float|short"
        r"|double|bool|u?int\d+_t|FILE|ssize_t|struct \w+)\b[ *]+\w+[ \w,*]*[(=;\[]"
        r"|(?:struct|union|enum)\b[^()]*\{?$|(?:if|while|for|switch) ?\(.*[^:]$|return\b.*;$"
        r"|[\w.>\[\]-]*->\w+|sizeof\b|\w+_t \*?\w+|free\("
    ),
    "cpp": re.compile(
        r"template ?<|namespace\b[^;]*\{?$|using (?:namespace )?[\w:]+|(?:public|private|protected):$"
        r"|#include <[a-z_]+>|std::|class \w+[^:;]*(?: : .*)?[{;]?$|virtual\b|const auto|auto[ &*]|explicit "
        r"|[\w:<>*& ]+\b\w+::~?\w+\(|friend |constexpr |static_cast|inline "
    ),
    "javascript": re.compile(
        r"(?:export )?(?:default )?(?:async )?function\b|(?:const|let|var) (?:[\w$]+|[{\[].*)(?:: .*)? ="
        r"|(?:module\.)?exports\b|import .*['\"];?$|export\b|\}\)+;?$|this\.\w|['\"]use strict"
        r"|await \w|console\.\w|\w[\w$.]*\(.*=> ?\{$|return [^;]*;?$|(?:if|for|while) \(.*\{$"
        r"|(?:static |async |get |set )*[\w$]+\([^;]*\) \{$|throw new \w+|(?:const|let|var) "
        r"|(?:readonly )?[\w$]+\??: [^;]*;$|[\w$]+(?:<[^;]*>)?\([^;]*\): [^;]*;$|declare |type \w+[^;]* =$"
    ),
}

# What may stand anywhere in a line of each language, and of hardly any other.
_INSIDE = {
    "python": ("self.", " is None", " not in ", "**kwargs", "__init__"),
    "go": (" := ", "err != nil", "[]string", "map[string]", "*testing.T", "fmt."),
    "rust": ("&mut ", "&self", "Some(", "Ok(", ".unwrap(", "-> Result", "::<", "&str", "Self"),
    "java": (
        " throws ",
        " extends ",
        " implements ",
        "new ArrayList",
        "System.",
        "List<",
        "String ",
    ),
    "c": ("NULL", "->", "unsigned ", "size_t ", "char *", "const char", "printf("),
    "cpp": ("std::", "nullptr", "const auto", "&& ", " override", "noexcept", "std_", "::"),
    "javascript": (
        "===",
        "!==",
        " => ",
        "require(",
        "function(",
        "function (",
        "module.exports",
        "${",
    ),
}
_COMMENT = ("//", "/*", "*", "#!", "--")

_FLAGS = re.MULTILINE
_TYPES = re.compile(
    r"^[ \t]*(?:export )?(?:default )?(?:declare )?(?:abstract )?(?:interface \w+.*\{|type \w+.*="
    r"|enum \w+ \{|import type |namespace \w+ \{)"
    r"|^[ \t]*(?:public|private|protected|readonly|abstract) \w+.*"
    r"|[\w)\]?]\??: (?:string|number|boolean|void|any|unknown|never|Promise<|Record<|Array<)"
    r"|\bas (?:const|unknown|any|string|[A-Z]\w+)\b|\): [A-Z][\w<>\[\]|, ]* (?:\{|=>)"
    r"|\b(?:useState|useRef|Map|Set|Promise)<",
    _FLAGS,
)
_JSX = re.compile(
    r"^[ \t]*(?:return \(?)?<(?:[A-Z][\w.]*|[a-z][\w-]*)?(?: [\w-]+=[{\"']|/?>|>|\s*$)"
    r"|/>\s*[,;)]?\s*$|</[\w.]+>"
    r"|^[ \t]*\)?\s*</",
    _FLAGS,
)
_FOREIGN = re.compile(
    r"\s*(?:<\?php|using [\w.]+;\s*$|fun \w+|val \w+ ?[:=]|end\s*$|fi\s*$|done\s*$|esac\s*$"
    r"|then\s*$|local \w+|sub \w+ \{|guard let|func \w+\(.*\) (?:throws )?-> |object \w+ \{"
    r"|my [$@%]|\$\w+ ?=|[^;]*\{ get; |\w[\w.]* do \|\w+|[.#][\w-]+[^;()]*\{$"
    r"|@media\b|[a-z]+(?:-[a-z]+)+: [^;]*;$)"
)
_MOST_FOREIGN = 0.02

# Lines that no source begins with: fences, places in reports, rules around names, prompts.
_SHOWS_CODE = re.compile(
    r"\s*(?:`{3}|~{3})|[^\s:(]+:\d+(?::\d+)?: |\S+\(\d+,\d+\)|[=-]{4,} \S|\$ \w|#{2,6} \w|FAIL|ok \d"
    r"|Traceback \(|[EF>] {2,}\S"
)


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
    for found in PATH.finditer(text):
        language = _EXTENSIONS.get(found[2])
        if language is None:
            foreign = True
        else:
            languages[language] = None
    return Hint(tuple(languages), foreign)


def glance_is_code(few: Sequence[str], hint: Hint) -> bool:
    """Say whether a few lines of a sample, without line numbers, look like some code."""
    if not few or sum(map(len, few)) > _LONGEST_MEAN * len(few):
        return False
    least = _LOOKS_LIKE_CODE if hint.languages else _PLAINLY_CODE
    return sum(map(_is_code_like, few)) >= least * len(few)


def _is_code_like(line: str) -> bool:
    bare = line.strip()
    return bare.endswith(_ENDS) or _BEGINS.match(bare) is not None


def language_of(lines: Sequence[str], hint: Hint) -> str | None:
    """Return the language of a sample of lines, or None if that is not certain.

    Args:
        lines: Lines that are not blank, without line numbers.
        hint: What paths say; signs in the lines must not contradict it.
    """
    if hint.foreign and not hint.languages:
        return None
    bare = [line for line in map(str.strip, lines) if not line.startswith(_COMMENT)][:_MOST_SIGNS]
    signs = {name: _signs(name, bare) for name in _BEGINNINGS}
    # C++ is C with signs of its own; whatever C has, C++ has too.
    cpp = signs.pop("cpp")
    of_c = signs["c"]
    signs["c"] = _Signs(of_c.first + cpp.first, of_c.inside + cpp.inside)
    family = _family_of(hint)
    if family is None:
        family = None if _is_other(lines) else _clear_winner(signs, len(bare))
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


def _signs(name: str, lines: Sequence[str]) -> _Signs:
    beginning, words = _BEGINNINGS[name], _INSIDE[name]
    first = sum([beginning.match(line) is not None for line in lines])
    return _Signs(first, sum([any([word in line for word in words]) for line in lines]))


def _is_other(lines: Sequence[str]) -> bool:
    """Say whether lines show code, or speak of it, rather than being it."""
    if sum([_FOREIGN.match(line) is not None for line in lines]) > _MOST_FOREIGN * len(lines):
        return True
    return _shown(lines) > 0


def _shown(lines: Sequence[str]) -> int:
    return sum([_SHOWS_CODE.match(line) is not None for line in lines])


def _family_of(hint: Hint) -> str | None:
    families = {_FAMILY.get(name, name) for name in hint.languages}
    return families.pop() if len(families) == 1 else None


_FAMILY = {"typescript": "javascript", "tsx": "javascript", "h": "c", "cpp": "c"}


def _clear_winner(signs: dict[str, _Signs], lines: int) -> str | None:
    ranked = sorted(signs, key=lambda name: (-signs[name].all, name))
    best, second = signs[ranked[0]], signs[ranked[1]]
    if best.first < max(_LEAST_SIGNS, _LEAST_SHARE * lines) or best.all < _MARGIN * second.all:
        return None
    return ranked[0]


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
        typed = len(_TYPES.findall(text))
        marked = len(_JSX.findall(text))
        if typed >= 2:
            return "tsx" if marked >= 2 else "typescript"
        return "javascript"
    return family
