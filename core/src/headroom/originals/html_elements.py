"""HTML as a reader of parts sees it: whether a text is a page, and the elements of one.

Nothing is parsed: an element here is what stands from the tag of a block to the next, so that
each is a piece of the page exactly as it was sent, wherever it breaks its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A fragment is judged by the tags at its start.
_SAMPLE = 20_000
_FEWEST_TAGS = 8
_KNOWN = 0.9

_START = re.compile(r"[\ufeff\s]*<")
# What may stand before the root: declarations and comments, bounded.
_PROLOGUE = re.compile(
    r"[\ufeff\s]*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,4000}?-->\s*)*", re.DOTALL
)
_PAGE = re.compile(r"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_TAG = re.compile(r"</?([A-Za-z][\w:-]{0,40})(?=[\s/>])")
# What templates of pages and components have, and pages do not: they are source code.
_SOURCE = re.compile(r"<\?(?:php|=)|<%|\{%-?\s|<script setup|className=|\sv-(?:if|for|model)=|\*ng")

_TAGS = frozenset(
    "a abbr address article aside b blockquote body br button caption center cite code col "
    "colgroup dd del details dfn div dl dt em fieldset figcaption figure font footer form h1 h2 "
    "h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map "
    "mark meta nav noscript ol optgroup option p picture pre q ruby s samp script section select "
    "small source span strong style sub summary sup svg path g table tbody td textarea tfoot th "
    "thead time title tr tt u ul var video wbr".split()
)
_STRUCTURE = frozenset(
    "div p table tr ul ol li section article main body h1 h2 h3 pre form".split()
)


def is_html(text: str) -> bool:
    r"""Say whether a text is a page or a fragment of one.

    Looks at the start of the text only. Other XML (feeds, drawings, build files, reports of test
    runs) is not HTML, and neither are templates that pages are made from.

    >>> is_html("<!DOCTYPE html>\n<html><body><p>Hello</p></body></html>")
    True
    >>> is_html("<project><dependencies><dependency/></dependencies></project>")
    False
    """
    if _START.match(text) is None:
        return False
    sample = text[:_SAMPLE]
    if _SOURCE.search(sample):
        return False
    prologue = _PROLOGUE.match(sample)
    at = prologue.end() if prologue else 0
    if _PAGE.match(sample, at):
        return True
    return not sample.lstrip("\ufeff \t\r\n").startswith("<?xml") and _is_fragment(sample, at)


def _is_fragment(sample: str, at: int) -> bool:
    tags = [found[1].lower() for found in _TAG.finditer(sample, at)]
    if len(tags) < _FEWEST_TAGS or tags[0] not in _TAGS or tags[0] in ("svg", "path", "g"):
        return False
    known = sum(tag in _TAGS for tag in tags)
    if known < _KNOWN * len(tags) or _STRUCTURE.isdisjoint(tags):
        return False
    return "</" in sample


# Tags that begin a part of their own.
_BLOCKS = frozenset(
    "address article aside blockquote body button caption dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html iframe img input label li "
    "link main meta nav ol option p pre script section select style summary table tbody td "
    "textarea tfoot th thead title tr ul video".split()
)
_NAME = re.compile(r"/?([A-Za-z][\w:-]{0,40})")
_RAW = {
    "script": re.compile(r"</script[^>]*>", re.IGNORECASE),
    "style": re.compile(r"</style[^>]*>", re.IGNORECASE),
}
_LOOKS = re.compile(r"\s(?:class|style)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+)")
_TAG_SIGNS = re.compile(r"</?[A-Za-z][\w:-]{0,40}|/?>")
# An attribute that says more than how an element looks.
_SAYS = re.compile(r"\s(?!(?:class|style)\s*=)[\w:@.-]+\s*=")


def element_spans(html: str) -> Iterator[tuple[int, int]]:
    """Yield where the elements of a page stand: start and end, in order, without overlap.

    What holds neither text nor an attribute that says something belongs to none.
    """
    start = last = 0
    says = False
    for at, end, name in _tags(html):
        says = says or not _is_blank(html, last, at)
        last = end
        is_end = html[at + 1] == "/"
        if name in _BLOCKS:
            border = end if is_end else at
            if says:
                yield _trimmed(html, start, border)
            start, says = border, False
        says = says or (not is_end and (name in _RAW or _SAYS.search(html, at, end) is not None))
    if says or not _is_blank(html, last, len(html)):
        yield _trimmed(html, start, len(html))


def _is_blank(html: str, start: int, end: int) -> bool:
    return start >= end or html[start:end].isspace()


def _trimmed(html: str, start: int, end: int) -> tuple[int, int]:
    piece = html[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _tags(html: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and name of each tag; a script or style with all that it holds is one."""
    at = html.find("<")
    while at >= 0:
        found = _NAME.match(html, at + 1)
        end = at + 1
        if found is not None:
            close = html.find(">", found.end())
            end = len(html) if close < 0 else close + 1
            name = found[1].lower()
            raw = _RAW.get(name)
            if raw is not None and html[at + 1] != "/":
                closing = raw.search(html, end)
                end = len(html) if closing is None else closing.end()
            yield at, end, name
        elif html.startswith("<!--", at):
            close = html.find("-->", at + 4)
            end = len(html) if close < 0 else close + 3
        at = html.find("<", end)


def visible_text(element: str) -> str:
    """Return what a question may be compared with: text, and the attributes that say something."""
    return _LOOKS.sub(" ", _TAG_SIGNS.sub(" ", element))
