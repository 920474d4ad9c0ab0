"""The compressors that come with the core, in the order in which they are asked."""

from __future__ import annotations

import functools

from headroom.compressors.blobs import BlobCompressor
from headroom.compressors.checks import CheckCompressor
from headroom.compressors.code import CodeCompressor
from headroom.compressors.config import ConfigCompressor
from headroom.compressors.diff import DiffCompressor
from headroom.compressors.html import HtmlCompressor
from headroom.compressors.interface import ContentCompressor
from headroom.compressors.lines import LinesCompressor
from headroom.compressors.log import LogCompressor
from headroom.compressors.notebook import NotebookCompressor
from headroom.compressors.paths import PathsCompressor
from headroom.compressors.prose import ProseCompressor
from headroom.compressors.search import SearchCompressor
from headroom.compressors.smart_crusher import SmartCrusher
from headroom.compressors.tables import TableCompressor
from headroom.grammars import OFFICIAL


@functools.cache
def bundled_compressors(grammars: str = OFFICIAL) -> tuple[ContentCompressor, ...]:
    """Return one instance of each bundled compressor; they hold no state.

    The order settles what a text is that two detectors would claim: the stricter syntax first.

    Args:
        grammars: Where the grammars for source code come from.

    Raises:
        MissingGrammarsError: If those grammars cannot be used here.
    """
    return (
        NotebookCompressor(),
        SmartCrusher(),
        DiffCompressor(),
        CheckCompressor(),
        HtmlCompressor(),
        BlobCompressor(),
        SearchCompressor(),
        PathsCompressor(),
        TableCompressor(),
        CodeCompressor(grammars),
        ConfigCompressor(),
        LogCompressor(),
        ProseCompressor(),
        LinesCompressor(),
    )
