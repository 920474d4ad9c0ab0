"""Retrieved documents: what answers the query stays, and each keeps its place and metadata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import Callbacks
from langchain_core.documents import BaseDocumentCompressor, Document
from pydantic import ConfigDict, Field

from headroom import CompressionConfig, Compressor
from headroom_langchain.compression import compressor_without_tool


class HeadroomDocumentCompressor(BaseDocumentCompressor):
    """Shorten the documents that a retriever found, for the query they were found by.

    For ``ContextualCompressionRetriever`` and wherever else LangChain takes a document compressor.
    No document is dropped or moved, ids and metadata stay, and a document that was not shortened
    is the same object.

    Args:
        compressor: Decides what is shortened.
        config: Instead of a compressor: how to compress.

    Raises:
        ValueError: If both a compressor and a configuration are given.
    """

    compressor: Compressor = Field(exclude=True, repr=False)

    model_config = ConfigDict(arbitrary_types_allowed=True)

    def __init__(
        self, *, compressor: Compressor | None = None, config: CompressionConfig | None = None
    ) -> None:
        fields: dict[str, Any] = {"compressor": compressor_without_tool(compressor, config)}
        super().__init__(**fields)

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Callbacks | None = None
    ) -> list[Document]:
        """Return the documents, in order, shortened where that pays."""
        return [self._shortened(document, query) for document in documents]

    def _shortened(self, document: Document, query: str) -> Document:
        done = self.compressor.compress_text(document.page_content, query=query)
        if done.output is document.page_content:
            return document
        changes: dict[str, Any] = {"page_content": done.output}
        return document.model_copy(update=changes)
