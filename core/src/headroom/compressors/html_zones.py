"""Which part of a page an element belongs to: its main content, or what stands around that.

Where a page marks its main content (``main``, ``article``, ``role=main``), that is believed unless
most of the running text stands elsewhere. Without such a mark only what plainly is not content is
set aside; a wrong guess must never cost the article.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from enum import Enum

from headroom.compressors.html_tree import Element


class Zone(Enum):
    """What a part of a page is for."""

    MAIN = "main content"
    NAVIGATION = "navigation"
    HEADER = "page header"
    FOOTER = "page footer"
    ASIDE = "beside the content"
    NOTICE = "notices"
    HIDDEN = "hidden"
    METADATA = "metadata"
    SCRIPT = "scripts"
    STYLE = "styles"
    COMMENT = "comments"


# Parts whose text a question may need; the others hold no text for readers.
READABLE = (Zone.HEADER, Zone.NAVIGATION, Zone.ASIDE, Zone.FOOTER, Zone.NOTICE, Zone.HIDDEN)

_OF_TAG = {
    "script": Zone.SCRIPT,
    "style": Zone.STYLE,
    "link": Zone.METADATA,
    "meta": Zone.METADATA,
    "base": Zone.METADATA,
    "head": Zone.METADATA,
    "template": Zone.HIDDEN,
    "noscript": Zone.HIDDEN,
    "datalist": Zone.HIDDEN,
    "nav": Zone.NAVIGATION,
    "#comment": Zone.COMMENT,
}
_OF_ROLE = {
    "navigation": Zone.NAVIGATION,
    "menu": Zone.NAVIGATION,
    "menubar": Zone.NAVIGATION,
    "banner": Zone.HEADER,
    "contentinfo": Zone.FOOTER,
    "complementary": Zone.ASIDE,
    "search": Zone.ASIDE,
    "alertdialog": Zone.NOTICE,
}
_INVISIBLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# What is folded away at first, and opened by a click, is content.
_FOLDED = re.compile(r"(?i)tab|accordion|collaps|panel|expand|toggle|slide|content|answer|spoiler")

_WORD = re.compile(r"[a-z]+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Of longer names, in characters, nothing is remembered.
_SHORT_NAMES = 200
_NOTICE = frozenset("cookie cookies consent gdpr cookiebanner cookieconsent onetrust".split())
_UNREAD = frozenset("linenos lineno linenodiv gutter headerlink skiplink editsection".split())
_AROUND = {
    **dict.fromkeys(
        "nav navbar navigation navbox menu sidebar sphinxsidebar breadcrumb breadcrumbs catlinks "
        "dropdown pagination pager toolbar related sitemap skip".split(),
        Zone.NAVIGATION,
    ),
    **dict.fromkeys("footer printfooter copyright".split(), Zone.FOOTER),
    **dict.fromkeys("header masthead topbar".split(), Zone.HEADER),
    **dict.fromkeys(
        "advert adverts advertisement ads sponsor sponsored promo share sharing social newsletter "
        "subscribe signup popup modal recommended trending widget".split(),
        Zone.ASIDE,
    ),
}

# A named part is set aside if so much of it is links, or it is so small a part of the page.
_LINKED = 0.5
_LARGEST_LINKED = 0.4
_LARGEST_UNLINKED = 0.04

# A larger part is hidden only until a script has run.
_LARGEST_HIDDEN = 0.6

# The page's own mark is believed if it holds this share of the running text.
_LANDMARK_SHARE = 0.5
# Text counts as running where less of it than this is links.
_RUNNING = 0.4
_SHORT = 25


def words_of(names: str) -> list[str]:
    """Return the words of an element's class and id, lower-case, in order."""
    # Names written together in capitals: ``mainMenu`` is two words.
    spaced = _CAPITAL.sub(" ", names)
    return _WORD.findall(f"{spaced} {names}".lower())


def walk(root: Element) -> Iterator[Element]:
    """Yield every element below, parents first, in document order."""
    stack: list[Element] = [root]
    while stack:
        element = stack.pop()
        yield element
        stack += [c for c in reversed(element.children) if isinstance(c, Element)]


def find_landmarks(root: Element) -> list[Element]:
    """Return the elements that hold the main content as the page itself marks it; maybe none."""
    total = max(1, _running_text(root))
    mains = _outermost(root, lambda e: e.tag == "main" or e.get("role") == "main")
    articles = _outermost(root, lambda e: e.tag == "article" or e.get("itemprop") == "articleBody")
    for found in (mains, articles):
        held = sum(map(_running_text, found))
        if found and held >= _LANDMARK_SHARE * total:
            return found
    return []


def _outermost(root: Element, is_wanted: Callable[[Element], bool]) -> list[Element]:
    found: list[Element] = []
    stack: list[Element] = [root]
    while stack:
        element = stack.pop()
        if is_wanted(element):
            found.append(element)
            continue
        stack += [c for c in reversed(element.children) if isinstance(c, Element)]
    return found


def _running_text(root: Element) -> int:
    """Count the characters of texts that are no lists of links, outside plain navigation."""
    total = 0
    stack: list[Element] = [root]
    while stack:
        element = stack.pop()
        if element.tag in _OF_TAG or element.get("role") in _OF_ROLE:
            continue
        if element.tag not in ("html", "body") and is_hidden(element):
            continue
        if element.linked > _RUNNING * element.text and element.text < 2_000:
            continue
        total += sum(len(c) for c in element.children if isinstance(c, str) and len(c) > _SHORT)
        stack += [c for c in element.children if isinstance(c, Element)]
    return total


def is_hidden(element: Element) -> bool:
    """Say whether a browser would never show an element, whatever a reader clicks."""
    attributes = element.attributes
    if not attributes:
        return False
    if element.tag == "input":
        return attributes.get("type", "").lower() == "hidden"
    style = attributes.get("style")
    if "hidden" not in attributes and (style is None or not _INVISIBLE.search(style)):
        return False
    if attributes.get("role") == "tabpanel" or attributes.get("hidden") == "until-found":
        return False
    return _FOLDED.search(f"{attributes.get('class', '')} {attributes.get('id', '')}") is None


def zone_of(element: Element, inside: Zone, page_text: int, *, in_article: bool) -> Zone:
    """Return the zone of an element.

    Args:
        element: The element.
        inside: Zone of the element that it stands in.
        page_text: Characters of text of the whole page.
        in_article: True inside ``main`` or ``article``, where header, footer and aside belong to
            the text.
    """
    tag = element.tag
    plain = _OF_TAG.get(tag)
    if plain is not None and (inside is Zone.MAIN or plain is not Zone.NAVIGATION):
        return Zone.METADATA if tag == "script" and "json" in element.get("type") else plain
    if inside is not Zone.MAIN:
        return inside
    if is_hidden(element) and element.text <= _LARGEST_HIDDEN * page_text:
        return Zone.HIDDEN
    if not element.attributes and tag not in ("header", "footer", "aside"):
        return Zone.MAIN
    role = _OF_ROLE.get(element.get("role"))
    if role is not None and (not in_article or role is not Zone.HEADER):
        return role
    if tag in ("header", "footer", "aside") and not in_article:
        return _of_frame(element, page_text)
    if not (element.get("class") or element.get("id")):
        return Zone.MAIN
    return _by_name(element, page_text, in_article=in_article)


def _of_frame(element: Element, page_text: int) -> Zone:
    if element.text > _LARGEST_LINKED * page_text and element.linked < _LINKED * element.text:
        # The article itself stands in it.
        return Zone.MAIN
    if element.tag == "aside":
        return Zone.ASIDE
    return Zone.HEADER if element.tag == "header" else Zone.FOOTER


def _by_name(element: Element, page_text: int, *, in_article: bool) -> Zone:
    named = f"{element.get('class')} {element.get('id')}"
    is_unread, is_notice, zone = _short(named) if len(named) <= _SHORT_NAMES else _said_by(named)
    if is_unread and element.text < 200:
        return Zone.HIDDEN
    if is_notice and element.text < 0.5 * page_text:
        return Zone.NOTICE
    if zone is None or element.tag in ("body", "html", "form", "h1", "td", "th", "tr"):
        return Zone.MAIN
    linked = element.linked >= _LINKED * element.text
    if linked and element.text <= _LARGEST_LINKED * page_text:
        return zone
    if in_article or linked:
        return Zone.MAIN
    return zone if element.text <= _LARGEST_UNLINKED * page_text else Zone.MAIN


def _said_by(named: str) -> tuple[bool, bool, Zone | None]:
    """Return whether names are of what nobody reads, of a notice, and of which zone else."""
    names = words_of(named)
    return (
        any([name in _UNREAD for name in names]),
        any([name in _NOTICE for name in names]),
        next((_AROUND[name] for name in names if name in _AROUND), None),
    )


# A page has few names, and many elements of each.
_short = functools.lru_cache(maxsize=2_048)(_said_by)
