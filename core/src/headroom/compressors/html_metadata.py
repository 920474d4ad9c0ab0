"""What a page says of itself outside its text: title, author, dates, data for machines."""

from __future__ import annotations

from dataclasses import dataclass, field

from headroom.compressors.html_controls import text_of
from headroom.compressors.html_tree import Element
from headroom.compressors.html_zones import walk

_AUTHOR = ("author", "article:author", "parsely-author")
_PUBLISHED = ("article:published_time", "date", "pubdate", "datepublished", "dc.date")
_DESCRIPTION = ("description", "og:description", "twitter:description")
_TITLE = ("og:title", "twitter:title")

# Data for machines that is longer than this many characters is not shown.
_LONGEST_DATA = 12_000


@dataclass(slots=True)
class Metadata:
    """What the head of a page says.

    Args:
        title: As a browser's tab shows it; "" if there is none.
        named: ``meta`` elements by lower-case name, the first of each.
        origin: Scheme and host that the page says it stands under; "" if it does not.
        data: JSON that the page carries for machines, in order.
    """

    title: str = ""
    named: dict[str, str] = field(default_factory=dict)
    origin: str = ""
    data: list[str] = field(default_factory=list)


def read_metadata(root: Element) -> Metadata:
    """Return what a page says of itself."""
    found = Metadata()
    for element in walk(root):
        tag = element.tag
        if tag == "title" and not found.title:
            found.title = text_of(element)
        elif tag == "meta":
            name = (
                element.get("property") or element.get("name") or element.get("itemprop")
            ).lower()
            content = " ".join(element.get("content").split())
            if name and content:
                found.named.setdefault(name, content)
        elif (tag == "base" or (tag == "link" and element.get("rel") == "canonical")) and (
            "://" in element.get("href")
        ):
            found.origin = found.origin or _origin(element.get("href"))
        elif tag == "script" and "json" in element.get("type"):
            found.data.extend(c.strip() for c in element.children if isinstance(c, str))
    found.title = found.title or _first(found, _TITLE)
    return found


def heading_lines(metadata: Metadata, main: str) -> list[str]:
    """Return the lines that stand above a page's text: what that text does not say itself."""
    lines = []
    title = metadata.title
    first = main.split("\n", 1)[0].lstrip("# ")
    if title and not (first and first in title):
        lines.append(f"Title: {title}")
    said = (("Author", _AUTHOR), ("Published", _PUBLISHED))
    for label, names in said:
        value = _first(metadata, names)
        if value and value not in main and "://" not in value:
            lines.append(f"{label}: {value}")
    return lines


def description_lines(metadata: Metadata, main: str) -> list[str]:
    """Return what a page with hardly any text says of itself, its data for machines included."""
    description = _first(metadata, _DESCRIPTION)
    lines = [description] if description and description not in main else []
    room = _LONGEST_DATA
    for data in metadata.data:
        room -= len(data)
        if data and room >= 0:
            lines.append(f"```json\n{data}\n```")
    return lines


def _first(metadata: Metadata, names: tuple[str, ...]) -> str:
    return next((metadata.named[name] for name in names if name in metadata.named), "")


def _origin(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.split('/', 1)[0]}"
