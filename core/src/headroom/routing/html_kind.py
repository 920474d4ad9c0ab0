"""Recognise HTML: pages, XHTML, and fragments of pages."""

from __future__ import annotations

from headroom.originals.html_elements import is_html

HTML = "html"


def find_html(text: str) -> str | None:
    r"""Return ``"html"`` if a text is a page or a fragment of one, else None.

    Other XML (feeds, drawings, build files, reports of test runs) is not HTML, and neither are the
    templates that pages are made from.

    >>> find_html("<!DOCTYPE html>\n<html><body><p>Hello</p></body></html>")
    'html'
    """
    return HTML if is_html(text) else None
