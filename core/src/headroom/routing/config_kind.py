"""Recognising configuration, manifests, plans and reports of keys and values.

Four kinds: ``yaml``; ``config`` (TOML, ini, properties, HCL, ``key: value`` reports); ``describe``
(what ``kubectl describe`` and ``systemctl status`` print); ``plan`` (Terraform).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from headroom.routing.log_signs import LOGFMT, STAMP
from headroom.routing.sample import Sample, take_sample

YAML = "yaml"
CONFIG = "config"
DESCRIBE = "describe"
PLAN = "plan"

_LEAST_LINES = 4

# Shares of the sample.
_STAMPED = 0.15
_YAML_KEYS = 0.5
_YAML_LINES = 0.85
_INSIDE = 0.5
_TITLES = 0.2
_SETTINGS = 0.85
_REPORTED = 0.9
_COMMENTED = 0.4
_CODE = 0.04
_BRACKETED = 0.12
_DISTINCT = 0.6
_SENTENCES = 0.25
_OUTER = 0.4

# With a smaller share of what is wanted among a few lines, the others are not looked at.
_GLANCED = 0.6
_PLAINLY_CODE = 0.25
_TAGGED = 0.6

# Keys that a record has at least.
_RECORD_KEYS = 6

# Mean length of a report's values, in characters; longer ones are prose.
_LONGEST_VALUE = 70

# A line of a plan has one of these.
_PLANNED = ("Terraform ", "OpenTofu ", "  # ", "Plan: ", "No changes. ", "complete! Resources: ")
_PLAN = re.compile(
    r"Terraform (?:will perform|used the selected|has compared)|OpenTofu (?:will perform|used the)"
    r"|  # \S+ (?:will|must|has) (?:be )?\w+|Plan: \d+ to (?:add|import)"
    r"|No changes\. Your infrastructure|(?:Apply|Destroy) complete! Resources: \d+"
)
_UNIT = re.compile(
    r"[\u25cf\u25cb\u00d7\u21bb*] \S+\.(?:service|socket|timer|mount|target|slice)\b"
)
_DESCRIBED = re.compile(r"Name: {2,}\S")
_FIELD = re.compile(r"[A-Z][\w ./-]{1,30}:(?: {2,}\S|[ \t]*$)")
_YAML_KEY = re.compile(
    r"""\s*(?:- )*(?:[\w.$/@+*-][\w.$/@+-]{0,80}|"[^"]{1,80}"|'[^']{1,80}'):(?: |$)"""
)
_YAML_ITEM = re.compile(r"\s*- \S|---|\.\.\.|%YAML")
_YAML_BLOCK = re.compile(r"(\s*).*(?::|-) [|>][+-]?\d?$")
_BLOCK_STYLES = ("|", "|-", "|+", ">", ">-", ">+")
_OPENS = re.compile(r"\s*(?:- )?[\w./\"'-]{1,80}:$")
_NO_YAML = re.compile(r".*[,;{]$|.*\)\s*(?:->.*)?:$|#{2,6} |```|\s*- \[[ x]\] ")
_CODE_LINE = re.compile(
    r"\s*(?:def |class |import |from \S+ import|return\b|async |function\b|const |let |var "
    r"|public |private |package |using |fn |func |impl |struct |enum |#include|if \(|for \("
    r"|while \(|@\w+\(?|if .*:$|elif |else:$|try:$|except\b.*:$|for .*:$|while .*:$|with .*:$"
    r"|lambda |raise |yield |fi$|done$|then$|esac$|echo |sudo |set -e|if \[|print\(|#!"
    r"|//|/\*)"
    r"|.*(?:\w\(.*\);?|=>.*|;)$"
)
_SECTION = re.compile(r"\[{1,2}[\w.\"'/:@ *-]{1,100}\]{1,2}(?:\s*[#;].*)?$")
_SETTING = re.compile(
    r"\s*(?!\S{1,200}:\d+[:-])(?:export )?[\w.\"'/@:*%+-][\w.\"'/@:*%+ -]{0,80}?\s*"
    r"(?<![:!<>=+*/|&-])=(?!=)(.*)$"
)
_COMMENT = re.compile(r"\s*(?:#|;|//|!)")
_MORE_SETTINGS = re.compile(r"\s[\w.]+=\S")
_BLOCK = re.compile(
    r"\s*(?:resource|data|variable|output|provider|module|locals|terraform|moved|import|removed"
    r"|check|server|location|http|upstream|events|source|build|job|group|task|dynamic|lifecycle)\b"
    r"(?: +[^ (]\S*){0,3} *\{$"
)
_IN_BLOCK = re.compile(
    r"\s*(?:[\w.\"-]+ *=|[\w-]+(?: \"[^\"]*\")* *\{$|[\]})]|\"|#|//|[\w-]+ .*;$)"
)
_DIRECTIVE = re.compile(r"[A-Za-z][\w.-]*(?:\s+|\s*=\s*)\S[^{]{0,110}$")
_TITLE = re.compile(r"# [A-Z][\w ()-]{0,40}$")
_COLON_FIELD = re.compile(r"\s*([A-Za-z_][\w.\[\]-]*):(\S.*)?$")
_REPORT_FIELD = re.compile(r"\s*(?:[-*] )?([A-Za-z_][\w .()/#%-]{0,48}?)\s*:(?:\s+(.*))?$")


def find_config(text: str, sample: Sample | None = None) -> str | None:
    """Return the kind of a configuration text, or None if it is none.

    Args:
        text: The text.
        sample: Its sample, where there is one already.

    >>> find_config("replicas: 3\\nimage:\\n  name: web\\n  tag: '1.4'\\nports:\\n- 80\\n")
    'yaml'
    >>> find_config("[db]\\nhost = a\\nport = 1\\nuser = b\\n")
    'config'
    >>> find_config("Note: prose.\\nIt has a colon: here.\\nNothing else.\\nThe end.")
    """
    sample = sample or take_sample(text)
    lines = [line.rstrip() for line in sample.lines]
    if len(lines) < _LEAST_LINES:
        return None
    if _is_plan(lines):
        return PLAN
    if _is_described(lines):
        return DESCRIBE
    if not sample.seldom(_is_tag, _TAGGED):
        return None
    glance = [line.rstrip() for line in sample.glance]
    may_be_yaml = _may_be_yaml(glance, lines)
    may_be_config = _may_be_config(glance)
    if not (may_be_yaml or may_be_config) or _is_stamped(lines):
        return None
    if may_be_yaml and _is_yaml(lines):
        return YAML
    if may_be_config and (_has_settings(lines) or _has_blocks(lines) or _is_report(lines)):
        return CONFIG
    return None


def _is_tag(line: str) -> bool:
    return line.lstrip().startswith("<")


def _may_be_yaml(glance: Sequence[str], lines: Sequence[str]) -> bool:
    """Say whether a few lines have keys enough, or there is a block that may hide the others."""
    plain = [line for line in glance if not line.lstrip().startswith("#")]
    if _share(_YAML_KEY, plain) >= _GLANCED * _YAML_KEYS:
        return True
    return any(line.endswith(_BLOCK_STYLES) and ":" in line for line in lines)


def _may_be_config(glance: Sequence[str]) -> bool:
    """Say whether a few lines have much of what settings, blocks or reports have."""
    plain = [line for line in glance if not _COMMENT.match(line)]
    commented = len(glance) - len(plain)
    if _share(_REPORT_FIELD, plain) + _share(_COLON_FIELD, plain) >= _GLANCED * _OUTER:
        return True
    if _share(_IN_BLOCK, glance) >= _GLANCED * _SETTINGS:
        return True
    is_set = sum(["=" in line for line in plain]) >= _GLANCED * _SETTINGS * len(plain)
    if not is_set and commented < _GLANCED * _COMMENTED * len(glance):
        return False
    return _share(_CODE_LINE, plain) < _PLAINLY_CODE


def _is_stamped(lines: Sequence[str]) -> bool:
    stamped = sum([1 for x in lines if STAMP.match(x) or ("=" in x and LOGFMT.match(x))])
    return stamped >= _STAMPED * len(lines)


def _is_plan(lines: Sequence[str]) -> bool:
    together = "\n".join(lines)
    if not any(words in together for words in _PLANNED):
        return False
    return any(_PLAN.match(line) for line in lines)


def _is_described(lines: Sequence[str]) -> bool:
    for i, line in enumerate(lines[:8]):
        if _DESCRIBED.match(line):
            return sum(_FIELD.match(x) is not None for x in lines[i : i + 12]) >= 4
        if _UNIT.match(line):
            return any(x.lstrip().startswith(("Loaded: ", "Active: ")) for x in lines[i : i + 6])
    return False


def _share(pattern: re.Pattern[str], lines: Sequence[str]) -> float:
    return sum(pattern.match(line) is not None for line in lines) / max(1, len(lines))


def _is_yaml(lines: Sequence[str]) -> bool:
    keys = fine = odd = opening = total = inside = 0
    block: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if block is not None and indent > block:
            continue
        block = None
        if line.lstrip().startswith("#"):
            if line.startswith("## "):
                odd += 1
            continue
        total += 1
        if _NO_YAML.match(line):
            odd += 1
        is_key = _YAML_KEY.match(line) is not None
        keys += is_key
        inside += is_key and indent > 0
        fine += is_key or _YAML_ITEM.match(line) is not None
        opening += line[-1] == ":" and _OPENS.match(line) is not None
        found = _YAML_BLOCK.match(line) if line[-1] in "|>+-0123456789" else None
        if found:
            block = len(found[1])
    # Members are indented below a key that opens them, or below the item of a list.
    nests = opening >= 1 or (inside >= _INSIDE * total and lines[0].startswith("- "))
    if total < _LEAST_LINES or not nests or keys < _YAML_KEYS * total:
        return False
    if any(line.startswith("apiVersion: ") for line in lines[:6]):
        return True
    if odd > _BRACKETED * total or fine < _YAML_LINES * total:
        return False
    # Headings of Markdown and comments of YAML look the same.
    titles = sum(line.startswith(("## ", "# ")) for line in lines)
    return titles <= _TITLES * len(lines) or keys >= _YAML_LINES * total


def _without_arrays(lines: Sequence[str]) -> list[str]:
    """Return the lines without comments and without the insides of arrays of several lines."""
    out: list[str] = []
    inside = False
    for line in lines:
        if inside:
            inside = line.strip()[:1] not in ("]", "}")
        elif not _COMMENT.match(line):
            out.append(line)
            inside = line.endswith(("= [", "=[")) or line.endswith(('= """', "= '''"))
    return out


def _has_settings(lines: Sequence[str]) -> bool:
    """Say whether the lines are sections and settings, or a commented file of directives."""
    plain = _without_arrays(lines)
    code = sum(_CODE_LINE.match(line) is not None for line in plain)
    if code > _CODE * len(plain) or any(line.startswith(("import ", "#!")) for line in lines):
        return False
    settings = sections = 0
    for line in plain:
        found = _SETTING.match(line)
        if found and len(_MORE_SETTINGS.findall(found[1])) < 2 and not line.endswith(("(", ",")):
            settings += 1
        sections += _SECTION.match(line) is not None
    if settings >= 3 and settings + sections >= _SETTINGS * len(plain):
        return True
    commented = len(lines) - len(plain)
    return (
        len(plain) >= 3
        and commented >= _COMMENTED * len(lines)
        and all(line.startswith(("#", ";")) for line in lines if _COMMENT.match(line))
        and _share(_DIRECTIVE, plain) >= _REPORTED
        and sum(line.endswith((".", ":", ";", ")", ",")) for line in plain) <= 0.1 * len(plain)
    )


def _has_blocks(lines: Sequence[str]) -> bool:
    """Say whether the lines are blocks of HCL or of a server's configuration."""
    blocks = sum(_BLOCK.match(line) is not None for line in lines)
    if not blocks or _share(_IN_BLOCK, lines) < _SETTINGS:
        return False
    return not any(re.match(r"\s*(?:def|class|const|let|var|function|fn|func) ", x) for x in lines)


def _is_report(lines: Sequence[str]) -> bool:
    """Say whether the lines are fields: ``key: value``, or ``key:value`` below titles."""
    titles = sum(_TITLE.match(line) is not None for line in lines)
    plain = [line for line in lines if not line.startswith("#")]
    tight = [m for m in map(_COLON_FIELD.match, plain) if m]
    if titles >= 1 and len(plain) >= 4 and len(tight) >= _REPORTED * len(plain):
        return True
    if len(plain) < len(lines):
        return False
    outer = [line for line in lines if line[0] not in " \t"]
    if len(outer) < _OUTER * len(lines):
        outer = list(lines)
    fields = [m for m in map(_REPORT_FIELD.match, outer) if m]
    if len(fields) < max(6.0, _REPORTED * len(outer)):
        return False
    values = [m[2] for m in fields if m[2]]
    if not values or sum(map(len, values)) > _LONGEST_VALUE * len(values):
        return False
    sentences = sum(v.endswith((".", "?", "!", ",", ";", "{")) for v in values)
    return sentences <= _SENTENCES * len(values) and _are_records([m[1] for m in fields])


def _are_records(keys: Sequence[str]) -> bool:
    """Say whether keys hardly repeat, or all do alike, as those of records."""
    tally = Counter(keys)
    if len(tally) >= _DISTINCT * len(keys):
        return True
    even = len(keys) / len(tally)
    return len(tally) >= _RECORD_KEYS and max(tally.values()) <= 1.5 * even + 1
