"""A page as a document: its main content in Markdown, and the parts that stand around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from headroom.compressors.html_line import Links
from headroom.compressors.html_metadata import (
    description_lines,
    heading_lines,
    read_metadata,
)
from headroom.compressors.html_tree import Element, read_page
from headroom.compressors.html_writer import Block, Page, data_tables, joined, write_page
from headroom.compressors.html_zones import READABLE, Zone, find_landmarks

# A page with less text than this says more of itself elsewhere; with hardly any, it is the shell of
# an application, whose text is there for browsers without scripts.
_LITTLE_TEXT = 400
_NO_TEXT = 10

# What the targets of links may add to the size of a page.
_ALL_LINKS = 1.15
_LISTED_LINKS = 1.3
# A page of which so much is links is a list of links.
_LIST_OF_LINKS = 0.5

_ASKS_FOR_LINKS = re.compile(r"(?i)\b(?:links?|urls?|uris?|hrefs?|hyperlinks?|download|https?:)\b")


@dataclass(frozen=True, slots=True)
class HtmlDocument:
    """A page, read.

    Args:
        text: The main content as Markdown.
        around: Texts of the parts around it, in order.
        left_out: How many parts of each zone stand outside the main content.
        targets_dropped: Links of the main content that are shown without their targets.
        origin: Scheme and host that the links may leave out; "" if unknown.
        title: The page's title.
    """

    text: str
    around: tuple[str, ...]
    left_out: tuple[tuple[Zone, int], ...]
    targets_dropped: int
    origin: str
    title: str


def read_document(html: str, question: str) -> HtmlDocument | None:
    """Return a page as a document; None if it cannot be read, or holds no text.

    Args:
        html: The page.
        question: What was asked: one that asks for links gets them all.
    """
    root = read_page(html)
    if root is None:
        return None
    landmarks = find_landmarks(root)
    page = _with_links(root, landmarks, question)
    main = joined([b for b in page.blocks if b.zone is Zone.MAIN])
    around = [b for b in page.blocks if b.zone is not Zone.MAIN]
    metadata = read_metadata(root)
    parts = [*heading_lines(metadata, main)]
    if len(main) < _NO_TEXT:
        shell = [b for b in around if b.text and b.zone in READABLE]
        main = "\n\n".join(filter(None, (main, joined(shell))))
        around = [b for b in around if not (b.text and b.zone in READABLE)]
    if len(main) < _LITTLE_TEXT:
        parts.extend(description_lines(metadata, main))
    text = "\n".join(parts) + ("\n\n" if parts and main else "") + main
    if not text.strip():
        return None
    return HtmlDocument(
        text=text,
        around=tuple(b.text for b in around if b.text and b.zone in READABLE),
        left_out=_counted(around),
        targets_dropped=page.targets_dropped,
        origin=metadata.origin,
        title=metadata.title,
    )


def _counted(blocks: Sequence[Block]) -> tuple[tuple[Zone, int], ...]:
    counts = Counter(block.zone for block in blocks)
    return tuple((zone, counts[zone]) for zone in Zone if counts[zone])


def _with_links(root: Element, landmarks: Sequence[Element], question: str) -> Page:
    """Write a page with as many targets of links as are worth their place."""
    data = data_tables(root)
    if _ASKS_FOR_LINKS.search(question):
        return write_page(root, landmarks, data, Links.ALL)
    none = write_page(root, landmarks, data, Links.NONE)
    size = _size(none)
    if not none.targets_dropped:
        return none
    if size + none.cost_all <= _ALL_LINKS * size:
        return write_page(root, landmarks, data, Links.ALL)
    parts = landmarks or [root]
    linked = sum(e.linked for e in parts) >= _LIST_OF_LINKS * sum(e.text for e in parts)
    if linked or size + none.cost_listed <= _LISTED_LINKS * size:
        return write_page(root, landmarks, data, Links.LISTED)
    return none


def _size(page: Page) -> int:
    return sum(len(block.text) for block in page.blocks if block.zone is Zone.MAIN)
