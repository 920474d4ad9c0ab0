"""Finding blobs: data that nobody reads, such as base64, hex, embeddings and minified code.

What is found is strict: prose, source code, tables and JSON hold no blobs by their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from headroom.routing.sample import Sample, take_sample

BLOB = "blob"

# Shorter runs stay, in characters: about 200 tokens of base64, of numbers, of code.
_LEAST = 400
_LEAST_NUMBERS = 64
_LEAST_CODE = 1_500
_LEAST_WIDTH = 60

# A text is taken for one with blobs if this share of it is, in characters.
_SHARE = 0.4

# The sample: so many characters from the start, the middle and the end.
_SAMPLE = 12_000

# A long line may be a blob if it has a window without spaces, one of some that are tried, or a good
# share of commas or braces; a short one if it has a blob's characters. Below such a share of either
# blobs are not looked for.
_WINDOW = 64
_WINDOWS = 8
_COMMAS = 0.04
_BRACES = 0.0025
_SUSPECTED = 0.1
_BLOB_LINE = re.compile(
    r"(?:[A-Za-z0-9+/=_-]{24,}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){4,}:?|[-+\d.,eE\[\] \t]+)\Z"
    r"|[0-9a-f]{6,16}:?[ \t]|-----BEGIN|[^\[\n]*\[[-+\d., eE]{60}"
)

_DATA_URI = re.compile(
    r"data:([\w.+-]{1,40}/[\w.+-]{1,60})(?:;[\w=.-]{1,40}){0,4},[\w+/=%.~-]{400,}"
)
_PEM_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----[ \t]*(?:\r?\n)")
_WRAPPED = re.compile(
    r"^(?:[ \t]{0,32}[A-Za-z0-9+/]{60,100}\r?\n){6,}"
    r"(?:[ \t]{0,32}[A-Za-z0-9+/]{1,100}={0,2}(?=\s|\Z))?",
    re.M,
)
_RUN = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{400,}={0,2}(?![A-Za-z0-9+/_=-])")
_COLON_HEX = re.compile(
    r"(?<![0-9A-Za-z:])(?:[0-9a-fA-F]{2}:(?:\r?\n[ \t]{1,32})?){130,}"
    r"(?:[0-9a-fA-F]{2})?(?![0-9A-Za-z])"
)
_DUMP_LINE = r"[0-9a-f]{6,16}:?[ \t]{1,4}(?:[0-9a-f]{2,8}[ \t]{1,4}){3,32}.*\n"
_DUMP = re.compile(rf"^(?:{_DUMP_LINE}){{12,}}", re.M)
_OFFSET = re.compile(r"([0-9a-f]{6,16}):?[ \t]")
_NUMBERS = re.compile(
    r"\[\s{0,40}(?:[-+]?\d{1,40}(?:\.\d{0,40})?(?:[eE][-+]?\d{1,5})?(?:,\s{0,40}|\s{1,40})){63,}"
)
_NUMBER = re.compile(r"[-+]?\d{1,40}(?:\.\d{0,40})?(?:[eE][-+]?\d{1,5})?\s{0,40}")
_CLASSES = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[+/_-]+")
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]+\Z")
_REPEATED_A = re.compile(r"A{3,}")

# Characters of a run that are looked at to tell what it is.
_REACH = 4_000

# Runs of letters of one case, of digits, of signs: so many per character has base64 and no name.
_CHANGES = 0.35

# What the first characters of base64 say about the bytes.
_MAGIC = (
    ("iVBORw0KGg", "PNG"),
    ("/9j/", "JPEG"),
    ("R0lGOD", "GIF"),
    ("UklGR", "RIFF"),
    ("JVBERi", "PDF"),
    ("H4sI", "gzip"),
    ("UEsDB", "zip"),
    ("AGFzbQ", "WebAssembly"),
    ("d09GM", "WOFF2"),
    ("PHN2Zy", "SVG"),
    ("MII", "DER"),
    ("eyJ", "JSON"),
)


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob's place in a text, in characters, and what it is.

    Args:
        start: First character.
        end: Index after the last one.
        kind: What it is, in words: ``base64 PNG``, ``hex dump``, ``minified code``.
        decoded: Bytes that it stands for; None where that says nothing.
    """

    start: int
    end: int
    kind: str
    decoded: int | None = None


def looks_like_blob(text: str, sample: Sample | None = None) -> bool:
    """Say whether blobs make up much of a text, from a bounded sample.

    Args:
        text: The text.
        sample: Its sample, where there is one already.

    >>> looks_like_blob("deadbeef" * 100), looks_like_blob("no blob here " * 100)
    (True, False)
    """
    if len(text) <= 3 * _SAMPLE:
        parts = [text]
    else:
        middle = len(text) // 2
        parts = [text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]]
    if sum(map(_in_long_runs, parts)) < _SUSPECTED * sum(map(len, parts)):
        sample = sample or take_sample(text)
        if sample.seldom(_may_be_of_blob, _SUSPECTED):
            return False
    size = sum(blob.end - blob.start for part in parts for blob in find_blobs(part))
    return size >= _SHARE * sum(map(len, parts)) and size >= _LEAST


def _may_be_of_blob(line: str) -> bool:
    return _BLOB_LINE.match(line.strip()) is not None


def _in_long_runs(part: str) -> int:
    """Return how many characters stand in long lines that may not be made of words."""
    if len(part) < _LEAST:
        return 0
    return sum([len(x) for x in part.split("\n") if len(x) >= _LEAST and not _is_worded(x)])


def _is_worded(line: str) -> bool:
    size = len(line)
    if line.count(",") > _COMMAS * size or line.count("}") > _BRACES * size:
        return False
    starts = range(0, size - _WINDOW, size // _WINDOWS)
    return all([" " in line[start : start + _WINDOW] for start in starts])


def find_blobs(text: str) -> list[Blob]:
    """Return the blobs of a text in order; they do not overlap. Takes time linear in the text."""
    candidates = sorted(_candidates(text), key=lambda blob: (blob.start, -blob.end))
    found: list[Blob] = []
    at = 0
    for blob in candidates:
        if blob.start >= at:
            found.append(blob)
            at = blob.end
    return found


def _candidates(text: str) -> Iterator[Blob]:
    longest = max(map(len, text.split("\n")))
    if "data:" in text:
        yield from map(_data_uri, _DATA_URI.finditer(text))
    if "-----BEGIN" in text:
        yield from _pem(text)
    if longest >= _LEAST_WIDTH:
        yield from _wrapped(text)
    if longest >= _LEAST:
        for found in _RUN.finditer(text):
            yield from _run(found)
        yield from _code(text)
    if "[" in text:
        yield from (_numbers(text, found) for found in _NUMBERS.finditer(text))
    for found in _COLON_HEX.finditer(text):
        yield Blob(found.start(), found.end(), "hex", found[0].count(":") + 1)
    for found in _DUMP.finditer(text):
        if _is_dump(found[0]):
            yield Blob(found.start(), found.end() - 1, "hex dump")


def _wrapped(text: str) -> Iterator[Blob]:
    for found in _WRAPPED.finditer(text):
        run = "".join(found[0].split())
        if _is_base64(run):
            end = found.start() + len(found[0].rstrip())
            yield _base64(found.start(), end, run)


def _data_uri(found: re.Match[str]) -> Blob:
    comma = found[0].index(",")
    if ";base64" in found[0][:comma]:
        size = _decoded(found[0][comma + 1 :])
        return Blob(found.start(), found.end(), f"base64 {found[1]}", size)
    return Blob(found.start(), found.end(), found[1])


def _pem(text: str) -> Iterator[Blob]:
    at = 0
    while found := _PEM_BEGIN.search(text, at):
        end = text.find(f"-----END {found[1]}-----", found.end())
        if end < 0:
            return
        inside = text[found.end() : end]
        if len(inside) >= _LEAST:
            start = found.end() + len(inside) - len(inside.lstrip())
            stop = end - (len(inside) - len(inside.rstrip()))
            yield Blob(start, stop, f"PEM {found[1].lower()}", _decoded("".join(inside.split())))
        at = end


def _run(found: re.Match[str]) -> Iterator[Blob]:
    run = found[0]
    if _HEX.match(run):
        if len(set(run[:_REACH])) > 2:
            yield Blob(found.start(), found.end(), "hex", len(run) // 2)
    elif _is_base64(run):
        yield _base64(found.start(), found.end(), run)


def _base64(start: int, end: int, run: str) -> Blob:
    what = next((f" {name}" for magic, name in _MAGIC if run.startswith(magic)), "")
    return Blob(start, end, f"base64{what}", _decoded(run))


def _decoded(run: str) -> int:
    return len(run.rstrip("=")) * 3 // 4


def _is_base64(run: str) -> bool:
    sample = _REPEATED_A.sub("A", run[:_REACH])
    changes = len(_CLASSES.findall(sample))
    has_all = any(map(str.islower, sample)) and any(map(str.isupper, sample))
    return has_all and changes >= _CHANGES * len(sample) and any(map(str.isdigit, sample))


def _is_dump(lines: str) -> bool:
    """Say whether the first column counts up evenly, as offsets do."""
    offsets = [found[1] for found in map(_OFFSET.match, lines.split("\n")[:4]) if found]
    if len(offsets) < 4:
        return False
    for base in (16, 8):
        try:
            numbers = [int(offset, base) for offset in offsets]
        except ValueError:
            continue
        steps = {after - before for before, after in pairwise(numbers)}
        if steps in ({16}, {32}, {8}):
            return True
    return False


def _numbers(text: str, found: re.Match[str]) -> Blob:
    last = _NUMBER.match(text, found.end())
    end = last.end() if last else found.end()
    if text[end : end + 1] == "]":
        end += 1
    return Blob(found.start(), end, "numbers")


def _code(text: str) -> Iterator[Blob]:
    at = 0
    for line in text.split("\n"):
        if len(line) >= _LEAST_CODE and _is_minified(line):
            yield Blob(at, at + len(line), "minified code")
        at += len(line) + 1


def _is_minified(line: str) -> bool:
    size = len(line)
    return (
        (line.count(";") >= size / 250 or line.count("=>") >= size / 400)
        and line.count("{") >= size / 400
        and line.count("}") >= size / 400
        and line.count(" ") <= 0.12 * size
        and line.count("<") <= 0.02 * size
        and not line.lstrip().startswith(('{"', '[{"', "<"))
    )
