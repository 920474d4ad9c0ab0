"""Shrink what an AI agent reads, keep every original retrievable."""

from headroom.adapting import (
    BYPASS_HEADER,
    asks_for_bypass,
    compressor_from,
    failure_without_text,
    headers_of,
    without_tool,
)
from headroom.api import acompress, compress, expand, retrieve
from headroom.background import in_thread
from headroom.codecs.routes import format_of_path
from headroom.compressor import Compressor
from headroom.compressors.interface import (
    Content,
    ContentCompressor,
    Encoding,
    Goal,
    Relevance,
    Selection,
)
from headroom.config import CompressionConfig, ToolRule
from headroom.conversation.aligner import CacheAligner, CacheFinding, CacheReport
from headroom.conversation.budget import IntelligentContext
from headroom.counting.protocol import Counter
from headroom.errors import (
    ContextLimitError,
    DecodingError,
    HandleCollisionError,
    HeadroomError,
    MissingGrammarsError,
    SelectorError,
    StoreError,
    UnknownFormatError,
    UnknownHandleError,
)
from headroom.exchange.events import EventStream
from headroom.exchange.exchange import Attempt, Exchange, Exchanges, StreamedExchange
from headroom.ledger import Ledger, LedgerEntry, LedgerLine
from headroom.originals.loop import LoopStep, RetrievalLoop, ToolCall, summed_usage
from headroom.originals.retrieval import Retrieval
from headroom.originals.sqlite import SQLiteStore
from headroom.originals.store import MemoryStore, Store
from headroom.originals.tool import RetrievalTool
from headroom.results import CompressionResult, Decision
from headroom.routing.router import ContentRouter
from headroom.sdk_clients import compressing_client
from headroom.segments import Rewrite, RewriteResult, Segment
from headroom.shared_context import SharedContext, SharedEntry
from headroom.sqlite_ledger import LedgerTotals, SQLiteLedger

__all__ = (
    "BYPASS_HEADER",
    "Attempt",
    "CacheAligner",
    "CacheFinding",
    "CacheReport",
    "CompressionConfig",
    "CompressionResult",
    "Compressor",
    "Content",
    "ContentCompressor",
    "ContentRouter",
    "ContextLimitError",
    "Counter",
    "Decision",
    "DecodingError",
    "Encoding",
    "EventStream",
    "Exchange",
    "Exchanges",
    "Goal",
    "HandleCollisionError",
    "HeadroomError",
    "IntelligentContext",
    "Ledger",
    "LedgerEntry",
    "LedgerLine",
    "LedgerTotals",
    "LoopStep",
    "MemoryStore",
    "MissingGrammarsError",
    "Relevance",
    "Retrieval",
    "RetrievalLoop",
    "RetrievalTool",
    "Rewrite",
    "RewriteResult",
    "SQLiteLedger",
    "SQLiteStore",
    "Segment",
    "Selection",
    "SelectorError",
    "SharedContext",
    "SharedEntry",
    "Store",
    "StoreError",
    "StreamedExchange",
    "ToolCall",
    "ToolRule",
    "UnknownFormatError",
    "UnknownHandleError",
    "acompress",
    "asks_for_bypass",
    "compress",
    "compressing_client",
    "compressor_from",
    "expand",
    "failure_without_text",
    "format_of_path",
    "headers_of",
    "in_thread",
    "retrieve",
    "summed_usage",
    "without_tool",
)
