"""A page as a tree of our own: what the parser made of it, read once.

The parser is lexbor (https://lexbor.com) through selectolax: it follows the HTML standard's rules
for broken markup, so that we see the page that a browser would show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# Browsers stop nesting at 512 elements; the parser's time grows with the square of the depth.
DEEPEST = 600

_LONG_TAG = 1_000

# The parser compares each attribute of a tag with all before it.
_MOST_ATTRIBUTES = 400

# The parser goes through a list of choices again with each new one.
_MOST_OPTION_STEPS = 10_000_000

# Unclosed formatting is opened again in every paragraph: bounds the nodes that this makes.
_MOST_REOPENED = 2_000_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,20})[^<>]{0,1000}(/?)>?")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Closed by what follows them, or by nothing: their end tags are often left out.
_UNNESTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd option tr td "
    "th thead tbody tfoot colgroup html head body rt rp optgroup".split()
)


@dataclass(slots=True)
class Element:
    """An element: its tag, attributes, and children in order.

    Args:
        tag: Lower-case name; ``#comment`` for a comment, ``#page`` for the root.
        attributes: As parsed; a value is "" where there is none.
        children: Elements, and texts as they stand in the page, entities decoded.
        text: Characters of text inside, white space folded, that a browser may show.
        linked: How many of them stand in links.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    text: int = 0
    linked: int = 0

    def get(self, name: str) -> str:
        """Return an attribute's value, or ""."""
        return self.attributes.get(name, "")


# Their text is not shown.
UNSHOWN = frozenset(
    "script style template noscript head title iframe object audio video canvas #comment".split()
)


def read_page(text: str) -> Element | None:
    """Return a page's tree, or None for one that no browser shows: nested too deep, say."""
    if _is_too_much(text) or _has_monstrous_tags(text):
        return None
    page = _parse(text)
    top = page.root
    root = Element("#page")
    if top is not None:
        # The document's comments stand beside its root element.
        first = top
        while first.prev is not None:
            first = first.prev
        _copy(first, root)
    return root


def _parse(text: str) -> LexborHTMLParser:
    # Imported on first use: an agent that never meets a page never loads the parser.
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

    return LexborHTMLParser(text.encode("utf-8", "replace").decode("utf-8"))


def _is_too_much(text: str) -> bool:
    depth = formatting = deepest = most = blocks = options = steps = 0
    for found in _TAG.finditer(text):
        tag = found[2].lower()
        if tag == "option" or tag == "select":
            options = 0 if tag == "select" else options + 1
            steps += options
        if tag in _FORMATTING:
            formatting = max(0, formatting + (-1 if found[1] else 1))
            most = max(most, formatting)
        elif tag in _UNNESTED:
            blocks += 1
        elif not found[3]:
            depth = max(0, depth + (-1 if found[1] else 1))
            deepest = max(deepest, depth)
    return (
        max(deepest, most) > DEEPEST or most * blocks > _MOST_REOPENED or steps > _MOST_OPTION_STEPS
    )


def _has_monstrous_tags(text: str) -> bool:
    for found in _TAG.finditer(text):
        if found.end() - found.start() > _LONG_TAG:
            end = text.find(">", found.end())
            tag = text[found.start() : end if end >= 0 else len(text)]
            if len(_QUOTED.sub("", tag).split()) > _MOST_ATTRIBUTES:
                return True
    return False


def _copy(first: LexborNode, root: Element) -> None:
    """Copy a node, those beside it and all below them, without recursion."""
    node = first
    path = [root]
    while True:
        below = _copied(node, path[-1])
        child = node.child if below is not None else None
        if below is not None and child is not None:
            path.append(below)
            node = child
            continue
        if below is not None:
            _add_up(path[-1], below)
        following = node.next
        while following is None:
            if len(path) == 1:
                return
            done = path.pop()
            _add_up(path[-1], done)
            parent = node.parent
            if parent is None:
                return
            node = parent
            following = node.next
        node = following


def _copied(node: LexborNode, into: Element) -> Element | None:
    """Add a node to the element that it stands in; return it if it is an element."""
    if node.is_element_node:
        element = Element(node.tag or "", {k: v or "" for k, v in node.attributes.items()})
        into.children.append(element)
        return element
    if node.is_text_node:
        text = node.text_content or ""
        into.children.append(text)
        into.text += len("".join(text.split()))
    elif node.is_comment_node:
        into.children.append(Element("#comment", children=[node.comment_content or ""]))
    return None


def _add_up(parent: Element, done: Element) -> None:
    if done.tag in UNSHOWN:
        return
    parent.text += done.text
    parent.linked += done.text if done.tag == "a" and done.get("href") else done.linked
