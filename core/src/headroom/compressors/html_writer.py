"""A page's tree as blocks of Markdown, each with the zone of the page that it stands in.

Headings, paragraphs, lists, definition lists, quotations, tables and code keep their form. Text
keeps its words and loses its looks: emphasis, colours and layout are not written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from headroom.compressors.html_controls import raw_text_of, shown
from headroom.compressors.html_line import Line, Links, target_of
from headroom.compressors.html_tables import Cell, Table, is_data, span_of, written
from headroom.compressors.html_tree import Element
from headroom.compressors.html_zones import Zone, walk, zone_of

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol "
    "optgroup p pre section summary table tbody td tfoot th thead tr ul #page caption noscript "
    "search frameset noframes listing xmp plaintext dir".split()
)
# Counted as one part each, and never looked into.
_ATOMS = frozenset("script style link meta base template title #comment datalist".split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PRE = frozenset("pre listing xmp plaintext".split())
_WRAPPED = {"code": "`", "kbd": "`", "samp": "`", "del": "~~", "s": "~~", "strike": "~~"}
_INLINE_ENDS = frozenset(("a", "q", "abbr", "time", "sup", *_WRAPPED))
_RAISED = re.compile(r"[-+\u2212]?\d{1,3}")
_YEAR = re.compile(r"\d{4}")
_LANGUAGE = re.compile(
    r"\b(?:language|lang|highlight(?:-source)?|brush:)[- ]?([a-z][\w+#]{0,15})\b"
)
_NO_LANGUAGE = frozenset("source default text none notranslate plaintext highlight wrapper".split())
_PERMALINKS = frozenset("\u00b6 # \u00a7 \U0001f517 \uf0c1 \u2693".split())
_TICKS = re.compile(r"`{3,}")

# Lines of code, with its fences, that pages of errors write as a block each.
_SHORT_CODE = 6

# So many elements of an item are looked at for a heading.
_CARD_ELEMENTS = 12

# Lists nested deeper are not indented further.
_DEEPEST_INDENT = 12


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page.

    Args:
        text: Markdown; "" for a part without text for readers.
        zone: Where in the page it stands.
        is_tight: True if no blank line stands before it.
    """

    text: str
    zone: Zone
    is_tight: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of a page in order, and what became of the links of its main content.

    Args:
        blocks: The blocks.
        targets_dropped: Links that are shown without their targets.
        cost_all: Characters that those targets would have added.
        cost_listed: The same for links that stand by themselves.
    """

    blocks: list[Block]
    targets_dropped: int
    cost_all: int
    cost_listed: int


@dataclass(slots=True)
class _Indent:
    first: str
    rest: str
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class _Leave:
    """What to go back to when an element ends."""

    element: Element
    zone: Zone
    in_article: bool
    line: Line | None = None
    start: int = 0
    is_indented: bool = False
    in_cell: bool = False


@dataclass(slots=True)
class _Writer:
    links: Links
    page_text: int
    landmarks: frozenset[int]
    data: frozenset[int]
    zone: Zone = Zone.MAIN
    in_article: bool = False
    line: Line = field(default_factory=Line)
    blocks: list[Block] = field(default_factory=list)
    indents: list[_Indent] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    in_cell: bool = False
    in_code: bool = False
    dropped: int = 0
    cost_all: int = 0
    cost_listed: int = 0
    margin: str = ""

    def run(self, root: Element) -> None:
        stack: list[Element | str | _Leave] = [root]
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                self.line.add(item)
            elif isinstance(item, _Leave):
                self.leave(item)
            else:
                self.enter(item, stack)
        self.flush()

    def enter(self, element: Element, stack: list[Element | str | _Leave]) -> None:
        tag = element.tag
        is_block = tag in _BLOCKS or ("-" in tag and element.text > 0)
        zone = self.zone_of(element)
        if tag in _ATOMS:
            self.blocks.append(Block("", zone))
            return
        if is_block:
            self.flush()
        if tag == "form" and element.get("action") and zone is Zone.MAIN:
            self.emit(f"[form {element.get('method').lower() or 'get'} {element.get('action')}]")
        said = shown(element)
        whole = _code_block(element) if tag in _PRE else None
        if said is None and whole is None and tag not in ("br", "wbr"):
            stack.append(self.begin(element, zone))
            stack += element.children[::-1]
        elif tag == "br":
            self.line.add(" ") if self.in_cell else self.line.add_break()
        elif zone is not self.zone:
            self.blocks.append(Block(whole or said or "", zone))
        elif whole:
            self.emit_code(whole)
        elif said:
            self.line.add(" ")
            self.line.add_whole(said)
            self.line.add(" ")

    def zone_of(self, element: Element) -> Zone:
        if self.is_landmark(element):
            return Zone.MAIN
        is_outside = self.zone is Zone.ASIDE and bool(self.landmarks)
        inside = Zone.MAIN if is_outside else self.zone
        zone = zone_of(element, inside, self.page_text, in_article=self.in_article)
        return Zone.ASIDE if is_outside and zone is Zone.MAIN else zone

    def is_landmark(self, element: Element) -> bool:
        return bool(self.landmarks) and id(element) in self.landmarks

    def begin(self, element: Element, zone: Zone) -> _Leave:
        """Take up an element's state; return what to go back to."""
        tag = element.tag
        line, in_cell = None, self.in_cell
        if zone is not self.zone:
            # Inside a line, what is hidden must not tear the line apart.
            line, self.line, self.in_cell = self.line, Line(), False
        is_indented = self.indent(element)
        start = len(self.line.pieces)
        leave = _Leave(element, self.zone, self.in_article, line, start, is_indented, in_cell)
        self.zone = zone
        if tag in ("article", "main") or self.is_landmark(element):
            self.in_article = True
        if tag == "table" and id(element) in self.data:
            self.tables.append(Table())
        elif tag in ("td", "th") and self.tables and line is None:
            self.in_cell = True
        elif tag == "q":
            self.line.add_whole('"')
        elif tag == "span" and element.get("class"):
            self.line.begin_span()
        elif tag in _WRAPPED:
            self.in_code = True
        return leave

    def indent(self, element: Element) -> bool:
        """Begin a list, an item, a quotation or a definition; say whether it is indented."""
        tag = element.tag
        if tag in ("ul", "ol", "menu", "dir"):
            start = element.get("start")
            first = int(start) if start.isdigit() and len(start) < 7 else 1
            self.numbers.append(first if tag == "ol" else 0)
            return False
        if self.in_cell or len(self.indents) >= _DEEPEST_INDENT:
            return False
        if tag == "li" and _is_card(element):
            return False
        if tag == "li":
            number = self.numbers[-1] if self.numbers else 0
            if number:
                self.numbers[-1] += 1
            mark = f"{number}. " if number else "- "
            self.indents.append(_Indent(mark, " " * len(mark)))
        elif tag == "blockquote":
            self.indents.append(_Indent("> ", "> "))
        elif tag == "dd":
            self.indents.append(_Indent(": ", "  "))
        else:
            return False
        return True

    def leave(self, before: _Leave) -> None:
        element = before.element
        tag = element.tag
        if tag in _INLINE_ENDS:
            self.end_inline(element, before.start)
        elif tag == "span" and element.get("class") and not self.in_code:
            self.line.end_span()
        elif tag in ("td", "th") and self.in_cell and not before.in_cell:
            self.end_cell(element)
        elif tag in _BLOCKS or ("-" in tag and element.text > 0):
            self.end_block(element)
        if before.line is not None:
            self.flush()
            self.line = before.line
        if before.is_indented:
            self.indents.pop()
        self.zone, self.in_article = before.zone, before.in_article
        self.in_cell = before.in_cell

    def end_inline(self, element: Element, start: int) -> None:
        tag, line = element.tag, self.line
        said = "".join(line.pieces[start:]).strip()
        if tag in _WRAPPED:
            self.in_code = False
        if tag == "a":
            self.end_link(element, start)
        elif tag == "q":
            line.add_whole('"')
        elif tag == "abbr" and element.get("title") not in ("", said):
            line.add(f" ({element.get('title')})")
        elif tag == "time" and not _YEAR.search(said) and element.get("datetime"):
            line.add(f" ({element.get('datetime')})")
        elif tag == "sup" and _RAISED.fullmatch(said) and _ends_in_word(line, start):
            line.wrap(start, "^", "")
        elif tag in _WRAPPED and said and _WRAPPED[tag] not in said and "\n" not in said:
            line.wrap(start, _WRAPPED[tag], _WRAPPED[tag])

    def end_link(self, element: Element, start: int) -> None:
        target = target_of(element.get("href"))
        pieces = self.line.pieces
        if "".join(pieces[start:]).strip() in _PERMALINKS:
            del pieces[start:]
        elif target:
            self.line.link(start, target)

    def end_cell(self, element: Element) -> None:
        text = " ".join(self.finished().split())
        self.in_cell = False
        rows = self.tables[-1].rows
        if not rows:
            rows.append([])
        spans = span_of(element, "colspan"), span_of(element, "rowspan")
        rows[-1].append(Cell(text, *spans, element.tag == "th"))

    def end_block(self, element: Element) -> None:
        tag = element.tag
        if self.tables and tag == "tr":
            self.tables[-1].rows.append([])
            self.line = Line()
        elif self.tables and tag == "thead":
            self.tables[-1].heads = sum(map(bool, self.tables[-1].rows))
        elif self.tables and tag == "table":
            self.end_table()
        elif tag in _HEADINGS and not self.in_cell:
            text = " ".join(self.finished().split())
            self.emit(f"{'#' * _HEADINGS[tag]} {text}" if text else "")
        else:
            self.flush()
        if tag in ("ul", "ol", "menu", "dir") and self.numbers:
            self.numbers.pop()

    def end_table(self) -> None:
        table = self.tables.pop()
        table.rows = [row for row in table.rows if row]
        self.emit(written(table))

    def finished(self) -> str:
        text = self.line.finish(self.links)
        if self.zone is Zone.MAIN:
            self.dropped += self.line.dropped
            self.cost_all += self.line.cost_all
            self.cost_listed += self.line.cost_listed
        self.line = Line()
        return text

    def flush(self) -> None:
        """End the line that is being read; inside a cell, put a space."""
        if self.in_cell:
            self.line.add(" ")
        else:
            self.emit(self.finished())

    def emit_code(self, text: str) -> None:
        """Add a block of code; short ones that follow each other become one."""
        before = self.blocks[-1] if self.blocks else None
        if before is not None and before.zone is self.zone and text.startswith("```\n"):
            margin = "".join(indent.rest for indent in self.indents)
            lines = text.split("\n")
            opening = f"{margin}```"
            is_code = before.text.startswith(opening) and before.text.endswith(f"\n{opening}")
            if is_code and margin == self.margin and len(lines) <= _SHORT_CODE:
                inside = f"\n{margin}".join(lines[1:])
                text = f"{before.text[: -len(opening)]}{margin}{inside}"
                self.blocks[-1] = Block(text, self.zone, before.is_tight)
                return
        self.emit(text)

    def emit(self, text: str) -> None:
        if not text:
            return
        first = rest = ""
        is_new = False
        for indent in self.indents:
            is_new = is_new or not (indent.is_used or indent.first == indent.rest)
            first += indent.rest if indent.is_used else indent.first
            rest += indent.rest
            indent.is_used = True
        self.margin = rest
        if first or rest:
            text = first + text.replace("\n", f"\n{rest}")
        self.blocks.append(Block(text, self.zone, is_new))


def _ends_in_word(line: Line, at: int) -> bool:
    """Say whether a letter or digit stands right before a piece of a line."""
    return at > 0 and line.pieces[at - 1][-1:].isalnum()


def _is_card(item: Element) -> bool:
    """Say whether an item of a list has a heading of its own: then it is a section."""
    waiting = [item]
    for _ in range(_CARD_ELEMENTS):
        if not waiting:
            return False
        element = waiting.pop()
        if element.tag in _HEADINGS:
            return True
        below = (c for c in element.children if isinstance(c, Element) and c.tag != "li")
        waiting.extend(reversed(list(below)))
    return False


def _code_block(element: Element) -> str:
    text = raw_text_of(element).strip("\n")
    if not text.strip():
        return ""
    longest = max(map(len, _TICKS.findall(text)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{_language_of(element)}\n{text}\n{fence}"


def _language_of(pre: Element) -> str:
    inner = next((c for c in pre.children if isinstance(c, Element) and c.tag == "code"), pre)
    for element in (pre, inner):
        found = _LANGUAGE.search(element.get("class").lower())
        if found and found[1] not in _NO_LANGUAGE:
            return found[1]
    return ""


def write_page(
    root: Element, landmarks: Sequence[Element], data: frozenset[int], links: Links
) -> Page:
    """Return the blocks of a page.

    Args:
        root: The page's tree.
        landmarks: Elements that hold the main content; none if the page does not say.
        data: What `data_tables` says of the tree.
        links: Which links keep their targets.
    """
    outside = Zone.ASIDE if landmarks else Zone.MAIN
    marked = frozenset(map(id, landmarks))
    writer = _Writer(links, root.text, marked, data, zone=outside)
    writer.run(root)
    return Page(writer.blocks, writer.dropped, writer.cost_all, writer.cost_listed)


def data_tables(root: Element) -> frozenset[int]:
    """Return the `id` of each table of data; looks into each once, however deep they are nested."""
    data: list[int] = []
    layouts: list[int] = []
    stack: list[tuple[Element, Element | None]] = [(root, None)]
    while stack:
        element, table = stack.pop()
        if element.tag == "table":
            if table is not None:
                layouts.append(id(table))
            table = element
        stack += [(c, table) for c in element.children if isinstance(c, Element)]
    nesting = frozenset(layouts)
    for element in walk(root):
        if element.tag == "table" and id(element) not in nesting and is_data(element):
            data.append(id(element))
    return frozenset(data)


def joined(blocks: Sequence[Block]) -> str:
    """Return blocks as one Markdown text."""
    pieces: list[str] = []
    for block in blocks:
        if block.text:
            if pieces:
                pieces.append("\n" if block.is_tight else "\n\n")
            pieces.append(block.text)
    return "".join(pieces)
