"""Where one text consists of several: shell transcripts, files in a row, answers with headers.

Only borders that are sure count, and a text that has none is one part. A wrong border would lose
nothing, as every part keeps its bytes or its own handle; it would only make parts of a text that
is better read as a whole.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A text is looked at further only if one of its first lines is a border; so far is looked for one.
_FIRST_LINES = 12
_REACH = 300

# More parts than this are no longer several texts in one.
_MOST_PARTS = 200

# So many lines are looked at closely before a text counts as one.
_MOST_LOOKS = 50_000

# Parts of fewer characters stay as they are.
_SMALLEST_PART = 200

# What stands in fences is worth parts of its own if it is so much of the document, or so large.
_FENCED_SHARE = 0.5
_LARGE_FENCE = 6_000

_PROMPT = re.compile(
    r"(?:\([\w.-]+\) )?(?:\$|[\w.-]+@[\w.-]+[: ][^\s$#]{0,100} ?[$#]|PS [A-Z]:\\[^>]{0,100}>"
    r"|\u276f|\u279c) (?P<said>\S.*)"
)
_FILE_HEAD = re.compile(r"==> (?P<said>\S.{0,250}) <==")
_STREAM = re.compile(
    r"(?:[A-Z][a-z]+ )?(?:[Oo]utput|OUTPUT|[Ss]tdout|STDOUT|[Ss]tderr|STDERR|[Rr]esponse)"
    r"(?: [Bb]ody)?:|-{3,5} ?(?:std(?:out|err)|output) ?-{3,5}"
)
_OPENING = re.compile(
    r"<(?P<tag>file|document|document_content|documents|file_content|source|stdout|stderr|output"
    r"|error|result|results|contents?|tool_result|returncode)"
    r"(?P<said>(?: [\w-]+=(?:\"[^\"]*\"|'[^']*'))*)>"
)
_CLOSING = re.compile(
    r"</(?:file|document|document_content|documents|file_content|source|stdout|stderr|output|error"
    r"|result|results|contents?|tool_result)>"
)
_STATUS = re.compile(r"HTTP/\d(?:\.\d)? \d{3}\b")
_FIELD = re.compile(r"[A-Za-z][\w-]{0,60}:(?: |$|\r)")
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<said>[^`]{0,100})$")
_PAGE = re.compile(r"<(?:!doctype html|html[ >])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: whole lines, without the last one's line break.

    Args:
        start: Where it begins, in characters.
        end: Where it ends.
        said: What its border says of it: a command, the name of a file.
    """

    start: int
    end: int
    said: str = ""


def find_parts(text: str) -> list[Part]:
    r"""Return the parts of a text in order; [] if it is one text, or nobody can tell.

    What stands between parts are their borders, and parts that are too small to matter.

    >>> text = "$ cat a\n" + "one\n" * 60 + "$ cat b\n" + "two\n" * 60
    >>> [part.said for part in find_parts(text)]
    ['cat a', 'cat b']
    """
    head = text[: _FIRST_LINES * _REACH].split("\n", _FIRST_LINES)[:_FIRST_LINES]
    first = next((line for line in head if line.strip()), "")
    parts: list[Part] = []
    if _STATUS.match(first):
        parts = _below_headers(text)
    elif any(map(_is_border, (line.rstrip("\r") for line in head))):
        parts = _between_borders(text)
    elif "\n```" in text or text.startswith("```") or "\n~~~" in text:
        parts = _in_fences(text)
    if not parts:
        parts = _page_below(text, head)
    return parts if len(parts) <= _MOST_PARTS else []


def _is_border(line: str) -> bool:
    return _said_by(line) is not None


def _said_by(line: str) -> str | None:
    """Return what a border says of the part below it; None for a line that is no border."""
    if len(line) > 2 * _REACH:
        return None
    for pattern in (_PROMPT, _FILE_HEAD, _OPENING):
        found = pattern.fullmatch(line)
        if found is not None:
            return found["said"].strip()
    return "" if _STREAM.fullmatch(line) or _CLOSING.fullmatch(line) else None


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while True:
        end = text.find("\n", start)
        if end < 0:
            yield start, len(text)
            return
        yield start, end
        start = end + 1


def _between_borders(text: str) -> list[Part]:
    """Return what stands below each line that is a border like one at the start of the text."""
    parts: list[Part] = []
    at = borders = looks = 0
    said = ""
    for start, end in _lines(text):
        if end - start > 2 * _REACH or not _may_be_border(text, start, end):
            continue
        looks += 1
        if looks > _MOST_LOOKS:
            return []
        found = _said_by(text[start:end].rstrip("\r"))
        # A key of a settings file has what it names indented below it.
        if found is None or (not found and text[end + 1 : end + 2] in (" ", "\t")):
            continue
        borders += 1
        parts.extend(_part(text, at, start, said))
        at, said = min(end + 1, len(text)), found
        if len(parts) > _MOST_PARTS:
            return []
    parts.extend(_part(text, at, len(text), said))
    return parts if borders else []


def _may_be_border(text: str, start: int, end: int) -> bool:
    """Glance at a line; nearly all lines of a long text are seen to be no border by their ends."""
    if start == end:
        return False
    if text[start] in _BORDER_STARTS or text[end - 1] in ":\r":
        return True
    return text.startswith("PS ", start) or text.find("@", start, min(end, start + 60)) >= 0


# What a border may begin with, if it does not end with a colon or name a host.
_BORDER_STARTS = frozenset("$(\u276f\u279c=<-")


def _part(text: str, start: int, end: int, said: str) -> Iterator[Part]:
    """Yield the part between two places, blank lines around it left out, if it is large enough."""
    while start < end and text[start] == "\n":
        start += 1
    while end > start and text[end - 1] == "\n":
        end -= 1
    if end - start >= _SMALLEST_PART:
        yield Part(start, end, said)


def _below_headers(text: str) -> list[Part]:
    """Return the body of an HTTP answer; of several in a row, the last one's."""
    after_blank = 0
    in_headers = True
    for start, end in itertools.islice(_lines(text), _MOST_LOOKS):
        line = text[start : min(end, start + _REACH)].rstrip("\r")
        if not line:
            in_headers = False
            after_blank = end + 1
        elif not in_headers and not _STATUS.match(line):
            break
        elif _STATUS.match(line):
            in_headers = True
        elif not _FIELD.match(line):
            return []
    return list(_part(text, after_blank, len(text), "")) if after_blank else []


def _in_fences(text: str) -> list[Part]:
    """Return what stands in fences, if that is most of a document or very large."""
    fenced: list[Part] = []
    mark = said = ""
    start = looks = 0
    for at, end in _lines(text):
        if text[at : at + 1] not in "`~ " or end - at > _REACH:
            continue
        looks += text[at : at + 1] != " "
        if looks > _MOST_LOOKS:
            return []
        found = _FENCE.match(text[at:end].rstrip("\r"))
        if found is None:
            continue
        if not mark:
            mark, said, start = found["mark"], found["said"].strip(), end + 1
        elif found["mark"].startswith(mark) and not found["said"].strip():
            fenced.extend(_part(text, start, at, said))
            mark = ""
    inside = sum(part.end - part.start for part in fenced)
    if inside < _FENCED_SHARE * len(text) and not _any_large(fenced):
        return []
    return _with_rest(text, fenced)


def _any_large(parts: Sequence[Part]) -> bool:
    return any(part.end - part.start >= _LARGE_FENCE for part in parts)


def _with_rest(text: str, fenced: Sequence[Part]) -> list[Part]:
    """Return the parts in fences and what stands around these, the fences left out."""
    parts: list[Part] = []
    at = 0
    for part in fenced:
        # The line of the fence stands above the part, and another below it.
        above = text.rfind("\n", 0, max(0, part.start - 1))
        while above > at and not _FENCE.match(text[above + 1 : part.start].split("\n")[0]):
            above = text.rfind("\n", 0, above)
        parts.extend(_part(text, at, max(at, above + 1), ""))
        parts.append(part)
        below = text.find("\n", text.find("\n", part.end) + 1)
        at = len(text) if below < 0 else below + 1
    parts.extend(_part(text, at, len(text), ""))
    return parts


def _page_below(text: str, head: Sequence[str]) -> list[Part]:
    """Return the web page that stands below some lines of another kind."""
    at = 0
    if "".join(head).lstrip("\ufeff \t\r")[:1] == "<":
        return []
    for i, line in enumerate(head):
        if i and _PAGE.match(line):
            return list(_part(text, at, len(text), ""))
        at += len(line) + 1
    return []
