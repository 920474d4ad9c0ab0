"""An observation as one line: what it was, how long, and its handle."""

from __future__ import annotations

from headroom.originals.handles import handle_of
from headroom.originals.markers import Marker, one_line, write_marker

_LONGEST_CALL = 80


def line_for(
    text: str, *, tool_name: str | None, arguments: str, namespace: str, callable_hint: bool
) -> tuple[str, str]:
    r"""Return the line that stands for a text, and the handle in it.

    >>> line_for("a\nb", tool_name="bash", arguments="ls", namespace="", callable_hint=False)[0]
    '[headroom 3c81ecf4254f7e86: kept 0 of 2 lines; earlier result of bash ls]'
    """
    handle = handle_of(text, namespace=namespace)
    asked = one_line(arguments)
    if len(asked) > _LONGEST_CALL:
        asked = f"{asked[:_LONGEST_CALL]}..."
    said = " ".join(filter(None, ["earlier result", tool_name and f"of {tool_name}", asked]))
    lines = text.count("\n") + (not text.endswith("\n"))
    marker = Marker(handle, "lines", 0, max(1, lines), one_line(said))
    return write_marker(marker, callable_hint=callable_hint), handle
