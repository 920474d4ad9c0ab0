"""Signs of programming languages in single lines."""

from __future__ import annotations

import re

# What a line of some code begins with, and ends with.
BEGINS = re.compile(
    r"(?:def|class|import|from|return|if|for|while|func|fn|let|const|var|use|pub|type|package|public"
    r"|private|protected|static|struct|enum|raise|yield|async|export|impl|elif|else|try|function"
    r"|switch|case|namespace|template|typedef|with|self|this|throw|await)\b|//|/\*|\*|@\w|[})\]]"
    r"|#(?:include|define|if|endif|\[|!)|[\w.\[\]>-]{1,60} [-+*/%|&^:]{0,2}= \S|[\w.]{1,60}\("
)
ENDS = ("{", ";", "}", ":", "(", ")", "[", "],", "),", "\\")

# What a line of each language begins with, and of hardly any other.
BEGINNINGS = {
    "python": re.compile(
        r"(?:async )?def \w+\(|class \w+(?:\([^;{]*)?:|from [\w.]+ import\b|elif\b.*:$|except\b.*:$"
        r"|(?:try|else|finally):$|(?:if|for|while|with)\b[^{;]*:$|import [\w.]+(?: as \w+)?$"
        r"|self\.\w[^;]*$|raise \w[^;]*$|@\w[\w.]*$|\"\"\"|(?:return|yield|assert) [^;{]*$|pass$"
    ),
    "go": re.compile(
        r"func (?:\(\w* ?\*?[\w\[\], .]+\) )?\w*(?:\[[^\]]*\])?\([^;]*$|package \w+$"
        r"|import (?:\(|\")"
        r"|type \w+(?:\[[^\]]*\])? (?:struct|interface|func)\b|if err [!=]= nil|defer \w"
        r"|(?:if|for|switch|select)\b(?! ?\()[^;:]*\{$|[\w, ]+ := [^;]*$|go func\(|var \w+ [^=;]*$"
        r"|return\b[^;]*(?:, (?:err|nil)|fmt\.\w+\(.*)$|case [^;{]*:$|chan "
    ),
    "rust": re.compile(
        r"(?:pub(?:\([a-z ]+\))? )?(?:(?:async|const|unsafe) )*fn \w+|impl\b[^;]*$|let mut \w"
        r"|(?:pub )?use [\w:]+.*;$|#!?\[\w|match [^;(]*\{$|(?:pub )?mod \w+|pub(?:\([a-z ]+\))? \w"
        r"|let [\w(][^=]* = .*;$|[\w:]+(?:\([^()]*\))? => [^;]*,?$|if let |while let "
        r"|\w+!\("
        r"|(?:if|for|while)\b (?!\()[^;]*\{$"
    ),
    "java": re.compile(
        r"package [\w.]+;|import (?:static )?[\w]+\.[\w.*]+;|@Override|@[A-Z]\w+"
        r"|(?:(?:public|private|protected|abstract|final|synchronized) )+(?:static |final )*[\w<]"
        r"|(?:[A-Z]\w*(?:<[^=]*>)?(?:\[\])?|int|long|boolean|double|String) \w+ = .*;?$"
        r""
    ),
    "c": re.compile(
        r"#[ \t]*(?:include|define|ifdef|ifndef|endif|if|undef|elif|pragma)\b|typedef\b|goto \w+;"
        r"|(?:static |extern |inline |const |unsigned |signed )*(?:int|char|void|size_t|long|float"
        r"|short|double|bool|u?int\d+_t|FILE|ssize_t|struct \w+)\b[ *]+\w+[ \w,*]*[(=;\[]"
        r"|(?:struct|union|enum)\b[^()]*\{?$"
        r"|[\w.>\[\]-]*->\w+|sizeof\b|\w+_t \*?\w+|free\("
    ),
    "cpp": re.compile(
        r"template ?<|namespace\b[^;]*\{?$|using (?:namespace )?[\w:]+"
        r"|(?:public|private|protected):$"
        r"|#include <[a-z_]+>|std::|class \w+[^:;]*(?: : .*)?[{;]?$|virtual\b|const auto|auto[ &*]"
        r"|explicit "
        r"|[\w:<>*& ]+\b\w+::~?\w+\(|friend |constexpr |static_cast|inline "
    ),
    "javascript": re.compile(
        r"(?:export )?(?:default )?(?:async )?function\b"
        r"|(?:const|let|var) (?:[\w$]+|[{\[].*)(?:: .*)? ="
        r"|(?:module\.)?exports\b|import .*['\"];?$|export\b|\}\)+;?$|this\.\w|['\"]use strict"
        r"|await \w|console\.\w|\w[\w$.]*\(.*=> ?\{$"
        r"|(?:static |async |get |set )*[\w$]+\([^;]*\) \{$|(?:const|let|var) "
        r"|(?:readonly )?[\w$]+\??: [^;]*;$|[\w$]+(?:<[^;]*>)?\([^;]*\): [^;]*;$|declare "
        r"|type \w+[^;]* =$"
    ),
}

# What a line of C, Java and JavaScript begins with alike.
CURLY = re.compile(r"(?:if|while|for|switch|catch) ?\(.*[{;)]$|return\b.*;$|\} else|break;$")
CURLY_LANGUAGES = ("c", "java", "javascript")

# What may stand anywhere in a line of each language, and of hardly any other.
INSIDE = {
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
COMMENT = ("//", "/*", "*", "#!", "--")

_FLAGS = re.MULTILINE
TYPES = re.compile(
    r"^[ \t]*(?:export )?(?:default )?(?:declare )?(?:abstract )?(?:interface \w+.*\{|type \w+.*="
    r"|enum \w+ \{|import type |namespace \w+ \{)"
    r"|^[ \t]*(?:public|private|protected|readonly|abstract) \w+.*"
    r"|[\w)\]?]\??: (?:string|number|boolean|void|any|unknown|never|Promise<|Record<|Array<)"
    r"|\bas (?:const|unknown|any|string|[A-Z]\w+)\b|\): [A-Z][\w<>\[\]|, ]* (?:\{|=>)"
    r"|\b(?:useState|useRef|Map|Set|Promise)<",
    _FLAGS,
)
JSX = re.compile(
    r"^[ \t]*(?:return \(?)?<(?:[A-Z][\w.]*|[a-z][\w-]*)?(?: [\w-]+=[{\"']|/?>|>|\s*$)"
    r"|/>\s*[,;)]?\s*$|</[\w.]+>"
    r"|^[ \t]*\)?\s*</",
    _FLAGS,
)
FOREIGN = re.compile(
    r"\s*(?:<\?php|using [\w.]+;\s*$|fun \w+|val \w+ ?[:=]|end\s*$|fi\s*$|done\s*$|esac\s*$"
    r"|then\s*$|local \w+|sub \w+ \{|guard let|func \w+\(.*\) (?:throws )?-> |object \w+ \{"
    r"|my [$@%]|\$\w+ ?=|[^;]*\{ get; |\w[\w.]* do \|\w+|[.#][\w-]+[^;()]*\{$"
    r"|@media\b|[a-z]+(?:-[a-z]+)+: [^;]*;$)"
)
# Lines that no source begins with: fences, places in reports, rules around names, prompts.
SHOWS_CODE = re.compile(
    r"\s*(?:`{3}|~{3})|[^\s:(]+:\d+(?::\d+)?: |\S+\(\d+,\d+\)|[=-]{4,} \S|\$ \w|#{2,6} \w|FAIL"
    r"|ok \d|Traceback \(|[EF>] {2,}\S"
)
