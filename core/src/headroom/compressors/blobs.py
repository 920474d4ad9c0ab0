"""Blobs: a preview, kind, size and digest stand for data that nobody reads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.errors import DecodingError
from headroom.originals.handles import original_bytes
from headroom.routing.blob_kind import BLOB, Blob, find_blobs, looks_like_blob
from headroom.routing.sample import sample_of
from headroom.selection.named import name_scores

# Characters of a blob that stay: of data, and of code, where they may say whose it is.
_PREVIEW = 60
_CODE_PREVIEW = 160

# Around what the question names, in characters; places at most.
_WINDOW = 240
_MOST_WINDOWS = 6
_SAME_AS_BEST = 0.5

# Words of the question that are looked for in data, from this length on.
_LEAST_WORD = 6
_WORD = re.compile(r"[^\s\"'`]{6,200}")

_DIGEST = 12


class BlobCompressor:
    """Compress base64, hex, embeddings, certificates and minified code.

    There is no lossless form. A selection keeps the text around the blobs, the beginning of each
    blob, and what the question names inside it.

    >>> from headroom.counting.o200k import O200kCounter
    >>> content = Content("key = " + "deadbeef" * 400, O200kCounter())
    >>> BlobCompressor().select(content, Goal("balanced", 100, False)).body[66:]
    '...[3140 characters omitted: hex, 1600 bytes, sha256 f7cdb3f5e99d]'
    """

    name = "blobs"
    kinds = (BLOB,)
    notations = ()

    def detect(self, content: Content) -> str | None:
        """Return ``"blob"`` if blobs make up much of the text, else None."""
        return BLOB if looks_like_blob(content.text, sample_of(content)) else None

    def encode(self, content: Content) -> Encoding | None:
        """Return None: what nobody reads has no shorter form that somebody reads."""
        return None

    def decode(self, encoding: Encoding) -> str:
        """Raise, as there are no encodings to undo.

        Raises:
            DecodingError: Always.
        """
        raise DecodingError("blobs have no notation")

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Return the text with each blob cut to its beginning, or None if there is none."""
        out: list[str] = []
        at = omitted = 0
        for blob in find_blobs(content.text):
            out.append(content.text[at : blob.start])
            shown, less = _shortened(content, goal, blob)
            out.append(shown)
            omitted += less
            at = blob.end
        if not omitted:
            return None
        total = len(content.text)
        out.append(content.text[at:])
        return Selection("characters", total - omitted, total, "".join(out))


def _shortened(content: Content, goal: Goal, blob: Blob) -> tuple[str, int]:
    """Return what is shown of a blob, and how many of its characters are not."""
    text = content.text[blob.start : blob.end]
    is_code = blob.kind == "minified code"
    spans = [(0, _CODE_PREVIEW if is_code else _PREVIEW)]
    spans += _kept(text, content.keep)
    if goal.asked:
        question = f"{content.question}\n{content.arguments}"
        spans += _named(text, question) if is_code else _kept(text, _WORD.findall(question))
    return _cut(text, _merged(spans, len(text)), _words(blob, text))


def _named(text: str, question: str) -> list[tuple[int, int]]:
    """Return the parts of code that the question names."""
    # Half a window apart, so that some window holds each name with what stands around it.
    windows = [text[i : i + _WINDOW] for i in range(0, len(text), _WINDOW // 2)]
    scores = name_scores(question, windows)
    best = max(scores.values(), default=0.0)
    ranked = sorted(scores, key=lambda i: (-scores[i], i))
    found = [i for i in ranked if scores[i] >= _SAME_AS_BEST * best][:_MOST_WINDOWS]
    return [(i * _WINDOW // 2, i * _WINDOW // 2 + _WINDOW) for i in found]


def _kept(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return the surroundings of words that stand in the text as they are."""
    found: list[tuple[int, int]] = []
    for word in dict.fromkeys(words):
        at = text.find(word) if word else -1
        if at >= 0:
            found.append((at - _PREVIEW, at + len(word) + _PREVIEW))
    return found


def _merged(spans: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return spans in order, clipped, and those that touch as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted((max(0, a), min(size, b)) for a, b in spans):
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return out


def _words(blob: Blob, text: str) -> str:
    digest = hashlib.sha256(original_bytes(text)).hexdigest()[:_DIGEST]
    if blob.kind == "numbers":
        count = len(text.replace(",", " ").split())
        return f"{count} {blob.kind}, sha256 {digest}"
    size = blob.decoded if blob.decoded is not None else len(original_bytes(text))
    return f"{blob.kind}, {size} bytes, sha256 {digest}"


def _cut(text: str, spans: Sequence[tuple[int, int]], words: str) -> tuple[str, int]:
    out: list[str] = []
    at = omitted = 0
    for start, end in [*spans, (len(text), len(text))]:
        less = start - at
        if less:
            said = "" if omitted else f": {words}"
            out.append(f"...[{less} characters omitted{said}]" + "..." * (start < len(text)))
            omitted += less
        out.append(text[start:end])
        at = end
    return "".join(out), omitted
