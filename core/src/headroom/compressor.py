"""The reusable object behind the one-call API: where pure results meet stores."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from typing import Any

from headroom.background import in_thread
from headroom.bundled import bundled_compressors
from headroom.codecs.blocks import why_unread
from headroom.codecs.body import Body, body_of
from headroom.codecs.formats import codec_for
from headroom.codecs.glance import Glance
from headroom.codecs.protocol import MessagesCodec, Path
from headroom.codecs.requests import RequestShape, messages_key, shape_of
from headroom.compressors.interface import ContentCompressor, Relevance
from headroom.config import CompressionConfig
from headroom.conversation.aligner_body import Unaligned, aligned, unaligned
from headroom.conversation.tool_schemas import Tidied, tidied
from headroom.counting.default import default_counter
from headroom.counting.models import counter_label
from headroom.counting.protocol import Counter
from headroom.engine import Engine, kept
from headroom.errors import UnknownHandleError
from headroom.fitting import FittingRewriter
from headroom.ledger import LedgerEntry, compression_entry, retrieval_entry
from headroom.originals.handles import is_handle
from headroom.originals.retrieval import Retrieval, retrieve_part
from headroom.originals.store import MemoryStore, Store
from headroom.originals.tool import RetrievalTool
from headroom.policy import large_results
from headroom.results import CompressionResult, Decision
from headroom.rewriter import OURS_ALREADY, STORE_FAILED
from headroom.routing.router import ContentRouter
from headroom.segments import RewriteResult, Segment

OnResult = Callable[[LedgerEntry], object]

_shared_store = MemoryStore()
_bypassed: ContextVar[frozenset[int]] = ContextVar("headroom_bypassed", default=frozenset())


class Compressor:
    """Compress conversations, requests' messages and single texts; give originals back.

    Safe to share between threads. Everything that a result depends on is in the arguments, the
    configuration and the store.

    Args:
        config: How to compress; the defaults when None.
        store: Where originals go; one bounded store in this process when None.
        counter: Counts tokens; exact o200k when None.
        compressors: Your own compressors; they are asked before the bundled ones, in order.
        relevance: Scores units of a text against the question instead of BM25; must be
            deterministic.
        on_result: Called with the numbers of each call (never with text).

    Raises:
        TypeError: If an argument has the wrong type.
        MissingGrammarsError: If the configuration asks for grammars that are not installed.
    """

    def __init__(
        self,
        config: CompressionConfig | None = None,
        *,
        store: Store | None = None,
        counter: Counter | None = None,
        compressors: Sequence[ContentCompressor] = (),
        relevance: Relevance | None = None,
        on_result: OnResult | None = None,
    ) -> None:
        if config is not None and not isinstance(config, CompressionConfig):
            raise TypeError(f"config must be a CompressionConfig, got {type(config).__name__}")
        self._config = config or CompressionConfig()
        self._store: Store = _shared_store if store is None else store
        self._counter = counter or default_counter()
        self._relevance = relevance
        self._on_result = on_result
        self._custom = tuple(compressors)
        self._engine = Engine(
            config=self._config,
            counter=self._counter,
            router=ContentRouter((*self._custom, *bundled_compressors(self._config.grammars))),
            relevance=relevance,
        )
        self._rewriter = FittingRewriter(self._engine, self._store, self._overhead_tokens)
        is_large = large_results(self._config, self._counter)
        self._glance = None if is_large is None else Glance(is_large)
        self._source = self

    @property
    def config(self) -> CompressionConfig:
        """The configuration in play."""
        return self._config

    @property
    def store(self) -> Store:
        """The store in play."""
        return self._store

    @property
    def counter(self) -> Counter:
        """The counter in play."""
        return self._counter

    @property
    def is_bypassed(self) -> bool:
        """True inside a `bypass` of this compressor, in the thread or task that asked for it."""
        return id(self._source) in _bypassed.get()

    def compress(
        self,
        messages: Any,
        *,
        model: str | None = None,
        query: str | None = None,
        format: str | None = None,  # public name
    ) -> CompressionResult[Any]:
        """Compress the messages of a conversation.

        Args:
            messages: A list or tuple of messages in a known wire format.
            model: Only names what the token counts stand for.
            query: What matters in the texts, instead of the question that stands before each.
                Gives up the promise that earlier messages keep their bytes.
            format: Names the wire format where the shape leaves a doubt.

        Returns:
            The result; ``output`` is the same object when nothing changed.

        Raises:
            TypeError: If ``messages`` is not a list or tuple, or ``query`` not a string.
            UnknownFormatError: If ``format`` names no known format.
            ContextLimitError: If the conversation does not fit ``context_limit``.
        """
        if not isinstance(messages, (list, tuple)):
            raise TypeError(f"messages must be a list or a tuple, got {type(messages).__name__}")
        _check_query(query)
        codec = codec_for(messages, format)
        shape = RequestShape(codec, messages_key(codec.name), model)
        output, done = self._compressed(Body({shape.key: messages}), shape, query, whole=False)
        same = messages if output is None else output.value[shape.key]
        return self._result(same, done, messages, codec.name, model)

    async def acompress(
        self,
        messages: Any,
        *,
        model: str | None = None,
        query: str | None = None,
        format: str | None = None,  # public name
    ) -> CompressionResult[Any]:
        """Do what `compress` does, in a thread; the same bytes come out."""
        return await in_thread(
            lambda: self.compress(messages, model=model, query=query, format=format)
        )

    def compress_request(
        self,
        body: Any,
        *,
        format: str | None = None,
        query: str | None = None,
    ) -> CompressionResult[Any]:
        """Compress the messages inside a provider's whole request.

        Args:
            body: A chat completions, Responses, Anthropic, Converse or Gemini request: a mapping,
                or the bytes of its JSON (UTF-8).
            format: Names the wire format where the shape leaves a doubt.
            query: What matters, see `compress`.

        Returns:
            The result. A mapping shares everything that was not shortened; bytes differ only
            inside the strings that were shortened. A body of unknown shape comes back as it is.

        Raises:
            TypeError: If ``body`` is neither a mapping nor bytes.
            UnknownFormatError: If ``format`` names no known format.
        """
        if not isinstance(body, (Mapping, bytes)):
            raise TypeError(f"body must be a mapping or bytes, got {type(body).__name__}")
        _check_query(query)
        given = body_of(body)
        shape = shape_of(given.value, format)
        if shape is None:
            return self._unread(body, "not a request of a known shape")
        messages = given.value[shape.key]
        tidy = self._tidied(given, shape)
        output, done = self._compressed(tidy.body, shape, query)
        if output is None and done.changed:
            return self._unread(body, "left as it was: a text could not be located")
        if output is None and query is None and format is not None:
            self._learn(given, shape, done.decisions)
        done = done.with_decisions(tidy.decisions)
        if output is None and tidy.body is not given:
            output = tidy.body
        same = body if output is None else output.output
        return self._result(same, done, messages, shape.codec.name, shape.model)

    def leaves_alone(self, body: bytes, *, format: str | None = None) -> bool:
        """Say at a glance whether `compress_request` is certain to leave a body as it is.

        For servers most of whose requests hold no tool result: nothing is read closely or counted,
        which takes a small part of the time that `compress_request` takes. What either of the two
        found out about the messages of a request is remembered, and only what follows them in
        another request is looked at.

        Args:
            body: The bytes of a request's JSON.
            format: Names the wire format; any when None.

        Returns:
            True only if it does. False says nothing, and is the answer wherever something else
            than the size of tool results decides, or ``on_result`` is to hear of every request.

        Raises:
            UnknownFormatError: If ``format`` names no known format.
        """
        if self._glance is None or self._on_result is not None:
            return False
        return not self._glance.may_hold_result(body, format)

    def compress_text(
        self,
        text: str,
        *,
        tool_name: str | None = None,
        arguments: str | Mapping[str, object] | None = None,
        query: str | None = None,
        kind: str | None = None,
    ) -> CompressionResult[str]:
        """Compress one text as the result of a tool.

        Args:
            text: The text.
            tool_name: Finds the tool's rule.
            arguments: The call's own arguments; what they name stays visible.
            query: What matters in the text.
            kind: Kind of content, to skip recognition.

        Raises:
            TypeError: If ``text`` is not a string.
            ValueError: If no compressor serves ``kind``.
        """
        if not isinstance(text, str):
            raise TypeError(f"text must be a str, got {type(text).__name__}")
        _check_query(query)
        if kind is not None:
            self._engine.router.check_kind(kind)
        segment = Segment(text=text, role="tool", tool_name=tool_name, arguments=arguments)
        done = self._rewrite([segment], query=query, kind=kind, alone=True)
        rewrite = done.rewrites[0]
        output = text if rewrite is None else rewrite.text
        return self._result(output, done, (), "text", None)

    def rewrite(
        self,
        segments: Sequence[Segment],
        *,
        query: str | None = None,
        model: str | None = None,
    ) -> RewriteResult:
        """Rewrite the texts of a conversation: what adapters call.

        Args:
            segments: Every text of the conversation, in order, whatever its role.
            query: What matters, instead of the question that stands before each text.
            model: Only names what the token counts stand for.

        Returns:
            Rewrites and decisions, aligned with ``segments``. Originals are stored already.
        """
        _check_query(query)
        done = self._rewrite(segments, query=query)
        self._report(done, "segments", model)
        return replace(done, counter_name=counter_label(done.counter_name, model))

    def retrieve(  # noqa: PLR0913  # the selectors are the public signature
        self,
        handle: str,
        *,
        lines: str | int | tuple[int, int] | None = None,
        rows: str | int | tuple[int, int] | None = None,
        path: str | None = None,
        pattern: str | None = None,
        query: str | None = None,
        max_tokens: int | None = None,
        cursor: str | None = None,
    ) -> Retrieval:
        """Give an original back, whole or in part.

        Args:
            handle: As it stands in a marker.
            lines: Lines by number, from 1: ``"10-20"``.
            rows: Rows by number, from 1, or by a condition: ``"status=failed"``.
            path: A JSON path: ``$.items[3].name``.
            pattern: A regular expression; lines that match.
            query: What to look for; the best matching parts.
            max_tokens: Most tokens of the answer's text.
            cursor: ``next_cursor`` of the answer before.

        Raises:
            UnknownHandleError: If the store has no original under the handle.
            SelectorError: If the original has no such part.
            StoreError: If the store could not be read.
        """
        original = self._rewriter.lookup(handle) if is_handle(handle) else None
        if original is None:
            raise UnknownHandleError(f"no original stands under handle {handle!r}")
        part = retrieve_part(
            original,
            counter=self._counter,
            relevance=self._relevance,
            lines=lines,
            rows=rows,
            path=path,
            pattern=pattern,
            query=query,
            max_tokens=max_tokens,
            cursor=cursor,
        )
        if self._on_result is not None:
            self._record(retrieval_entry(self._counter.count(part.text), self._counter.name))
        return part

    async def aretrieve(self, handle: str, **selectors: Any) -> Retrieval:
        """Do what `retrieve` does, in a thread."""
        return await in_thread(lambda: self.retrieve(handle, **selectors))

    def expand(self, content: Any, *, format: str | None = None) -> Any:
        """Undo every lossless form: from a text alone, or from the messages of a conversation.

        Args:
            content: A text: a re-notation of it is undone. Or a list or tuple of messages in a
                known wire format: references to earlier messages are undone as well.
            format: Names the wire format of messages where the shape leaves a doubt.

        Returns:
            The same type as given; the same object when there was nothing to undo.

        Raises:
            TypeError: If ``content`` is neither a string nor a list or tuple.
            UnknownFormatError: If ``format`` names no known format.
        """
        if isinstance(content, str):
            original = self._engine.decode(content)
            return content if original is None else original
        if not isinstance(content, (list, tuple)):
            kind = type(content).__name__
            raise TypeError(f"expand takes a str, or a list or tuple of messages; got {kind}")
        codec = codec_for(content, format)
        segments = codec.read(content)
        texts: dict[Path, str] = {}
        for segment, text in zip(segments, self.expand_segments(segments), strict=True):
            if text != segment.text and isinstance(segment.location, tuple):
                texts[segment.location] = text
        return codec.write(content, texts)

    def expand_segments(self, segments: Sequence[Segment]) -> tuple[str, ...]:
        """Undo every lossless form in the texts of a conversation: `expand` for adapters.

        Args:
            segments: Every text of the conversation, in order, as the model received it.

        Returns:
            What each text stands for, aligned with ``segments``.
        """
        return self._rewriter.expand(segments)

    def with_config(self, config: CompressionConfig) -> Compressor:
        """Return a compressor with another configuration, everything else shared with this one.

        Store, counter, compressors and ``on_result`` are the same objects, and a `bypass` of this
        compressor holds for the other one as well.
        """
        other = Compressor(
            config,
            store=self._store,
            counter=self._counter,
            compressors=self._custom,
            relevance=self._relevance,
            on_result=self._on_result,
        )
        other._source = self._source
        return other

    @contextmanager
    def bypass(self) -> Iterator[None]:
        """Leave everything untouched inside this context, in this thread or task."""
        token = _bypassed.set(_bypassed.get() | {id(self._source)})
        try:
            yield
        finally:
            _bypassed.reset(token)

    def _learn(self, given: Body, shape: RequestShape, decisions: Sequence[Decision]) -> None:
        """Let `leaves_alone` know of messages that stay as they are, whatever follows them."""
        if self._glance is None or self._on_result is not None or self.is_bypassed:
            return
        depends_on_store = any(d.reason.startswith((STORE_FAILED, OURS_ALREADY)) for d in decisions)
        if given.document is None or depends_on_store:
            return
        messages = given.value[shape.key]
        self._glance.learn(given.output, shape.codec.name, shape.key, messages)

    def _tidied(self, given: Body, shape: RequestShape) -> Tidied:
        if not self._config.tidy_tools or self.is_bypassed:
            return Tidied(given)
        return tidied(given, shape, self._counter)

    def _compressed(
        self, given: Body, shape: RequestShape, query: str | None, *, whole: bool = True
    ) -> tuple[Body | None, RewriteResult]:
        """Return the new body, None where nothing changed or a text could not be located."""
        is_aligned = self._config.align_cache and not self.is_bypassed
        before = unaligned(given, shape) if is_aligned else Unaligned(given, None)
        texts, done = self._texts(shape.codec, before.body.value[shape.key], query)
        output = before.body.with_texts({(shape.key, *path): t for path, t in texts.items()})
        if output is None or not is_aligned:
            return (output if texts else None), done
        output, decisions = aligned(before, output, shape, self._counter, whole=whole)
        done = done.with_decisions(decisions)
        return (None if output.is_same_as(given) else output), done

    def _texts(
        self, codec: MessagesCodec, messages: Sequence[Any], query: str | None
    ) -> tuple[dict[Path, str], RewriteResult]:
        segments = codec.read(messages)
        done = self._rewrite(segments, query=query)
        texts: dict[Path, str] = {}
        for segment, rewrite in zip(segments, done.rewrites, strict=True):
            if rewrite is not None and isinstance(segment.location, tuple):
                texts[segment.location] = rewrite.text
        return texts, done

    def _unread(self, body: Any, reason: str) -> CompressionResult[Any]:
        done = RewriteResult((), (kept(0, reason).decision(0),), 0, 0, 0, self._counter.name)
        return self._result(body, done, (), "unknown", None)

    def _rewrite(
        self,
        segments: Sequence[Segment],
        *,
        query: str | None,
        kind: str | None = None,
        alone: bool = False,
    ) -> RewriteResult:
        bypassed = self.is_bypassed
        rewrites, decisions = self._rewriter.rewrite(
            segments, query=query, kind=kind, alone=alone, bypassed=bypassed
        )
        return RewriteResult(
            rewrites=rewrites,
            decisions=decisions,
            tokens_before=sum(d.tokens_before for d in decisions),
            tokens_after=sum(d.tokens_after for d in decisions),
            overhead_tokens=self._overhead_tokens() if rewrites and not bypassed else 0,
            counter_name=self._counter.name,
        )

    def _overhead_tokens(self) -> int:
        if self._config.retrieval != "tool":
            return 0
        return RetrievalTool(self).overhead_tokens(self._counter)

    def __deepcopy__(self, memo: dict[int, object]) -> Compressor:
        # Frameworks deep-copy the models that hold us. Nothing here can be changed from outside,
        # and the copy must know the same originals.
        return self

    def __reduce__(self) -> tuple[object, ...]:
        store = None if self._store is _shared_store else self._store
        counter = None if self._counter is default_counter() else self._counter
        again = partial(
            Compressor,
            self._config,
            store=store,
            counter=counter,
            compressors=self._custom,
            relevance=self._relevance,
            on_result=self._on_result,
        )
        return (again, ())

    def _result(
        self,
        output: Any,
        done: RewriteResult,
        messages: Sequence[Any],
        format_name: str,
        model: str | None,
    ) -> CompressionResult[Any]:
        self._report(done, format_name, model)
        return CompressionResult(
            output=output,
            decisions=_one_per_message(done.decisions, messages),
            tokens_before=done.tokens_before,
            tokens_after=done.tokens_after,
            overhead_tokens=done.overhead_tokens,
            handles=done.handles,
            format=format_name,
            model=model,
            counter_name=counter_label(done.counter_name, model),
        )

    def _report(self, done: RewriteResult, format_name: str, model: str | None) -> None:
        if self._on_result is not None:
            self._record(compression_entry(done, format_name=format_name, model=model))

    def _record(self, entry: LedgerEntry) -> None:
        if self._on_result is None:
            return
        try:
            self._on_result(entry)
        except Exception as error:  # noqa: BLE001  # a ledger must not cost the user a request
            warnings.warn(f"on_result raised {type(error).__name__}", RuntimeWarning, stacklevel=3)


def _check_query(query: object) -> None:
    if query is not None and not isinstance(query, str):
        raise TypeError(f"query must be a str or None, got {type(query).__name__}")


def _one_per_message(
    decisions: tuple[Decision, ...], messages: Sequence[Any]
) -> tuple[Decision, ...]:
    """Add a decision for each message in which no text was found."""
    by_index: dict[int, list[Decision]] = {}
    for decision in decisions:
        by_index.setdefault(decision.index, []).append(decision)
    for index, message in enumerate(messages):
        if index not in by_index:
            by_index[index] = [kept(0, why_unread(message)).decision(index)]
    return tuple(d for index in sorted(by_index) for d in by_index[index])
