"""What a page shows besides text: form fields, pictures, embedded media, formulas."""

from __future__ import annotations

import re

from headroom.compressors.html_tree import Element

# Of longer lists of options the first, and those that are chosen.
_MOST_OPTIONS = 40
_FIRST_OPTIONS = 20
_LONGEST_VALUE = 200

_CUT = ("..>", "...", "\u2026")
_FIELD_ATTRIBUTES = ("id", "value", "placeholder", "min", "max", "step", "pattern", "aria-label")
_FIELD_FLAGS = ("checked", "required", "disabled", "readonly", "multiple")
# Buttons that serve the reading of the page itself.
_GADGETS = re.compile(r"(?i)copy|clipboard|theme|toggle")
_MEDIA = ("iframe", "video", "audio", "embed", "object")
_SHOWN = frozenset(("img", "input", "textarea", "select", "button", "svg", "math", *_MEDIA))


def text_of(element: Element) -> str:
    """Return all text below an element, white space folded."""
    pieces: list[str] = []
    stack: list[Element | str] = [element]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif item.tag not in ("script", "style", "#comment"):
            stack.extend(reversed(item.children))
    return " ".join("".join(pieces).split())


def raw_text_of(element: Element) -> str:
    """Return all text below an element as it stands, a break where the page breaks the line."""
    pieces: list[str] = []
    stack: list[Element | str] = [element]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif item.tag == "a" and text_of(item).endswith(_CUT):
            # Directory listings cut long names; the target has all of it.
            stack.extend((f" ({item.get('href')})", *reversed(item.children)))
        elif item.tag == "br":
            pieces.append("\n")
        elif item.tag not in ("script", "style", "#comment") and "lineno" not in item.get("class"):
            stack.extend(reversed(item.children))
    return "".join(pieces).replace("\r\n", "\n")


def _elements(element: Element) -> list[Element]:
    return [child for child in element.children if isinstance(child, Element)]


def shown(element: Element) -> str | None:
    """Return what stands for a field, picture or formula; None for an element that holds text."""
    tag = element.tag
    if tag not in _SHOWN:
        return None
    if tag == "img":
        alt = " ".join(element.get("alt").split())
        return f"![{alt}]" if alt else ""
    if tag in ("input", "textarea", "select", "button"):
        return _field(element)
    if tag in _MEDIA:
        what = element.get("title") or element.get("src") or element.get("data")
        return f"[{tag}: {what}]" if what and len(what) <= _LONGEST_VALUE else ""
    if tag == "svg":
        title = next((e for e in _elements(element) if e.tag == "title"), None)
        return f"![{text_of(title)}]" if title is not None else ""
    if tag == "math":
        formula = element.get("alttext")
        return f"${formula}$" if formula else None
    return None


def _field(element: Element) -> str:
    tag = element.tag
    if tag == "button" and _GADGETS.search(f"{element.get('class')} {element.get('id')}"):
        return ""
    what = tag if tag != "input" else f"input {element.get('type') or 'text'}"
    parts = [what]
    if element.get("name"):
        parts.append(f"name={element.get('name')}")
    for name in _FIELD_ATTRIBUTES:
        value = " ".join(element.get(name).split())
        if value and (name != "id" or value != element.get("name")):
            quoted = f'"{value}"' if " " in value else value
            parts.append(f"{name}={quoted[:_LONGEST_VALUE]}")
    parts.extend(name for name in _FIELD_FLAGS if name in element.attributes)
    said = " ".join(parts)
    inside = _options(element) if tag == "select" else text_of(element)
    return f"[{said}: {inside}]" if inside else f"[{said}]"


def _options(select: Element) -> str:
    options: list[tuple[str, bool]] = []
    stack = [select]
    while stack:
        element = stack.pop()
        if element.tag == "option":
            text, value = text_of(element), element.get("value")
            said = text if value in ("", text) else f"{value} {text}"
            options.append((said, "selected" in element.attributes))
        stack.extend(reversed(_elements(element)))
    few = len(options) <= _MOST_OPTIONS
    shown = [
        f"{said} (selected)" if chosen else said
        for i, (said, chosen) in enumerate(options)
        if few or chosen or i < _FIRST_OPTIONS
    ]
    if len(shown) < len(options):
        shown.append(f"[{len(options) - len(shown)} options omitted]")
    return ", ".join(shown)
