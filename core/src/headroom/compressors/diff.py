"""Patches and logs of version control, blame and statistics."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from headroom.compressors.diff_history import select_blame, select_history, select_statistics
from headroom.compressors.diff_selection import select_patch
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.errors import DecodingError
from headroom.notation.blame import NOTE as BLAME_NOTE
from headroom.notation.blame import decode_blame, encode_blame
from headroom.notation.diffstat import NOTE as STATISTICS_NOTE
from headroom.notation.diffstat import decode_diffstat, encode_diffstat
from headroom.notation.patch_text import decode_patch, encode_patch
from headroom.notation.patches import MAIL, FilePatch, read_patch
from headroom.notation.status import decode_status, encode_status
from headroom.notation.status import note_of as status_note
from headroom.routing.diff_kind import BLAME, DIFF, HISTORY, STATISTICS, STATUS, find_diff

_PATCH = "diff"
_Encode = Callable[[Sequence[str]], list[str] | None]

# For each kind with a notation of its own: how it is written, what a reader must know, and back.
_ENCODED: dict[str, tuple[_Encode, Callable[[Sequence[str]], str]]] = {
    BLAME: (encode_blame, lambda _: BLAME_NOTE),
    STATISTICS: (encode_diffstat, lambda _: STATISTICS_NOTE),
    STATUS: (encode_status, status_note),
}
_DECODED: dict[str, Callable[[Sequence[str]], list[str]]] = {
    BLAME: decode_blame,
    STATISTICS: decode_diffstat,
    STATUS: decode_status,
}

_CRLF = "lines end in CRLF"
_BETWEEN_NOTES = "; "

# Git's binary patches and mails are made for being applied; so is what is read from such a file,
# and what a command that applies patches is told.
_BINARY = "\nGIT binary patch"
_APPLIED = re.compile(
    r"(?:\.(?:patch|diff|mbox|eml)\b)|(?:^|[\s/;&|\"'])(?:apply|am|patch|apply_patch)(?=[\s\"']|$)",
    re.MULTILINE,
)


class DiffCompressor:
    r"""Compress patches, and what else version control says about versions of files.

    Lossless: the header of a file stands on one line, hunks that repeat point to the first, a
    commit's author and ``blame``'s columns are said once.
    Selection: hunks near the question stay byte for byte; changes of lock files and generated,
    minified and vendored files are counted. Every file keeps a heading with its counts, every
    commit its hash, author, date and subject. Without a question only those counts are made.

    A patch that is about to be applied stays as it is: one in a mail, one with binary contents,
    one that a file ``*.patch`` or ``*.diff`` was read from, or that a call's arguments hand to
    ``git apply``, ``git am`` or ``patch``.

    >>> from headroom.counting.o200k import O200kCounter
    >>> text = "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-x\n+y\n"
    >>> DiffCompressor().detect(Content(text, O200kCounter()))
    'diff'
    """

    name = "diff"
    kinds = (DIFF, HISTORY, BLAME, STATISTICS, STATUS)
    notations = (_PATCH, BLAME, STATISTICS, STATUS)

    def detect(self, content: Content) -> str | None:
        """Return one of `kinds` if the text plainly is of it, else None."""
        return find_diff(content)

    def encode(self, content: Content) -> Encoding | None:
        """Write headers, authors and hunks that repeat once."""
        if is_for_applying(content):
            return None
        lines = content.lines
        crlf = content.text.count("\r\n")
        is_crlf = crlf > 0 and crlf == len(lines) - 1
        if is_crlf:
            lines = content.text.split("\r\n")
        kind = content.kind or find_diff(content)
        found = _encode(lines, kind)
        if found is None:
            return None
        body, notes = found
        if is_crlf:
            notes = [*notes, _CRLF]
        notation = kind if kind in _ENCODED else _PATCH
        return Encoding(notation, _BETWEEN_NOTES.join(notes), "\n".join(body))

    def decode(self, encoding: Encoding) -> str:
        """Undo `encode`.

        Raises:
            DecodingError: If the body is not in this notation.
        """
        notes = encoding.note.split(_BETWEEN_NOTES)
        lines = encoding.body.split("\n")
        if encoding.notation == _PATCH:
            decoded = decode_patch(lines, notes)
        elif encoding.notation in _DECODED:
            decoded = _DECODED[encoding.notation](lines)
        else:
            raise DecodingError(f"not a notation of patches: {encoding.notation!r}")
        return ("\r\n" if _CRLF in notes else "\n").join(decoded)

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Keep what the question is about; count what nobody reads."""
        if content.kind == STATUS or is_for_applying(content):
            return None
        if content.kind == BLAME:
            return select_blame(content, goal)
        if content.kind == STATISTICS:
            return select_statistics(content, goal)
        parts = read_patch(content.lines)
        if any(isinstance(part, FilePatch) for part in parts):
            return select_patch(content, goal, parts)
        return select_history(content, goal, parts)


def _encode(lines: Sequence[str], kind: str | None) -> tuple[list[str], list[str]] | None:
    if kind not in _ENCODED:
        return encode_patch(lines)
    encode, note = _ENCODED[kind]
    body = encode(lines)
    return None if body is None or body == list(lines) else (body, [note(body)])


def is_for_applying(content: Content) -> bool:
    """Say whether a patch is one that a program will read, so that no byte of it may change.

    Told from the text and the call's arguments alone; where they leave a doubt, it is.
    """
    if _BINARY in content.text or MAIL.match(content.text.split("\n", 1)[0]):
        return True
    return _APPLIED.search(f"{content.tool_name or ''}\n{content.arguments}") is not None
