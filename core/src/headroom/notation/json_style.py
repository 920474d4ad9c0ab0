"""How a JSON text was laid out: white space around the lexemes, detected and written again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import count, islice, repeat

from headroom.notation.json_tree import LEXEME, Node, compact, depth_of

_FIRST_KEY = re.compile(r'[{,]\s*"[^"\\]*(?:\\.[^"\\]*)*"(\s*:\s*)')
_LEAD = re.compile(r"\n([ \t]*)")
_LEAD_OF_ROW = re.compile(r",([ \t]{0,9}\r?\n[ \t]{0,9})(?![ \t])")
_WORDS = re.compile(
    r"(?:(?P<lines>lines of )?(?P<base>minified|spaced|indent (?P<unit>tab|[0-8])))"
    r"(?: to depth (?P<depth>\d{1,3}))?(?P<flat>, flat arrays)?(?P<single>, single inline)?"
    r"(?:, (?P<mixed>tight keys|tight lists|loose keys|wide keys))?(?P<padded>, padded)?"
    r"(?P<hugged>, lists hugged)?(?:, empty (?P<empty>spaced|on lines))?"
    r"(?:, inline(?P<inline>(?: \d{1,6}(?:-\d{1,6})?){1,200}))?(?P<crlf>, CRLF)?"
    r"(?:, rows of (?P<broken>\d{1,6}) (?:on lines|after (?P<lead>\"(?: |\\[tnr]){1,20}\")))?"
    r"(?P<end>, newline at end)?"
)
_EMPTY = re.compile(r"[\[{](\s+)[\]}]")
_EMPTY_FORMS = {"": "", "spaced": " ", "on lines": "\n"}
_ALL = 1_000
_MOST_INLINE = 60
_LARGEST_INLINE = 100_000
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Style:
    """The layout of a JSON text.

    Args:
        indent: White space of one level; None: everything stands on one line.
        colon: What stands between a key and its value.
        comma: What stands between values on one line.
        depth: Containers deeper than this stand on one line.
        flat_arrays: Arrays of scalars stand on one line.
        single: Containers of one scalar stand on one line.
        broken: Number of the container (in the order of their opening, empty ones not counted)
            whose elements stand on lines of their own in a text that is else on one line; -1: none.
        lead: White space between the comma and the next of these elements.
        padded: Objects on one line have a space inside their brackets.
        inline: Which containers stand on one line: numbers in the order of their opening,
            counting from 0, empty ones and those inside of others on one line not counted.
        hugged: Arrays have spaces inside their brackets and add no level, as Jackson writes them.
        empty: What stands in an empty container of an indented text: nothing, a space, or a line
            break and the indentation.
        lines: The text is JSON Lines: one document a line.
        crlf: Lines end in CR LF.
        final_newline: The text ends in a line break.
    """

    indent: str | None
    colon: str
    comma: str
    depth: int = _ALL
    flat_arrays: bool = False
    single: bool = False
    broken: int = -1
    padded: bool = False
    lead: str = "\n"
    inline: tuple[int, ...] = ()
    hugged: bool = False
    empty: str = ""
    lines: bool = False
    crlf: bool = False
    final_newline: bool = False

    def words(self) -> str:
        """Return the style as words that `style_of` reads.

        >>> Style("  ", ": ", ", ").words()
        'indent 2'
        """
        if self.indent is None:
            base = "spaced" if self.comma == ", " else "minified"
            usual = (": ", ", ") if base == "spaced" else (":", ",")
        else:
            base = "indent tab" if self.indent == "\t" else f"indent {len(self.indent)}"
            usual = (": ", ", ")
        return "".join(
            (
                "lines of " if self.lines else "",
                base,
                f" to depth {self.depth}" if self.depth < _ALL else "",
                ", flat arrays" if self.flat_arrays else "",
                ", single inline" if self.single else "",
                _MIXED[self.colon == usual[0], self.comma == usual[1], self.colon],
                ", padded" if self.padded else "",
                ", lists hugged" if self.hugged else "",
                {"": "", " ": ", empty spaced", "\n": ", empty on lines"}[self.empty],
                f", inline {_ranges(self.inline)}" if self.inline else "",
                ", CRLF" if self.crlf else "",
                self._rows_apart(),
                ", newline at end" if self.final_newline else "",
            )
        )

    def _rows_apart(self) -> str:
        if self.broken < 0:
            return ""
        how = "on lines" if self.lead == "\n" else f"after {json.dumps(self.lead)}"
        return f", rows of {self.broken} {how}"


_MIXED = {
    (True, True, ": "): "",
    (True, True, ":"): "",
    (False, True, ":"): ", tight keys",
    (False, True, ": "): ", loose keys",
    (True, False, ": "): ", tight lists",
    (False, False, ":"): ", tight keys, tight lists",
    (False, True, " : "): ", wide keys",
    (False, False, " : "): ", wide keys, tight lists",
}


def _ranges(numbers: tuple[int, ...]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join([f"{a}" if a == b else f"{a}-{b}" for a, b in runs])


def _numbers(ranges: str) -> tuple[int, ...] | None:
    numbers: list[int] = []
    for part in ranges.split():
        first, _, last = part.partition("-")
        run = range(int(first), int(last or first) + 1)
        if len(numbers) + len(run) > _LARGEST_INLINE:
            return None
        numbers.extend(run)
    return tuple(numbers)


def style_of(words: str) -> Style | None:
    """Return the style that `Style.words` wrote as ``words``; None for other words."""
    both = "keys, tight lists" in words
    found = _WORDS.fullmatch(words.replace("keys, tight lists", "keys") if both else words)
    if found is None:
        return None
    inline = _numbers(found["inline"] or "")
    if inline is None:
        return None
    unit = found["unit"]
    indent = None if unit is None else "\t" if unit == "tab" else " " * int(unit)
    tight = found["base"] == "minified"
    colon, comma = (":", ",") if tight else (": ", ", ")
    mixed = found["mixed"]
    colons = {"tight keys": ":", "loose keys": ": ", "wide keys": " : "}
    return Style(
        indent=indent,
        colon=colons.get(mixed, colon),
        comma="," if mixed == "tight lists" or both else comma,
        depth=int(found["depth"]) if found["depth"] else _ALL,
        flat_arrays=found["flat"] is not None,
        single=found["single"] is not None,
        broken=int(found["broken"] or -1),
        lead=json.loads(found["lead"] or '"\\n"'),
        hugged=found["hugged"] is not None,
        empty=_EMPTY_FORMS[found["empty"] or ""],
        padded=found["padded"] is not None,
        inline=inline,
        lines=found["lines"] is not None,
        crlf=found["crlf"] is not None,
        final_newline=found["end"] is not None,
    )


def render(node: Node, style: Style) -> str:
    """Return the node as JSON text in the style.

    >>> render({"a": ["1", "2"]}, Style(None, ": ", ", "))
    '{"a": [1, 2]}'
    """
    inline = _inline(style)
    end = "\r\n" if style.crlf else "\n"
    if style.lines:
        text = end.join([inline(row) for row in node])
    elif style.broken >= 0:
        text = _broken(node, style, end)
    elif style.indent is None:
        text = inline(node)
    else:
        text = _indented(node, style, inline, end)
    return text + end if style.final_newline else text


def render_rows(rows: Iterable[Node], style: Style) -> str:
    """Return an array of ``rows`` as `render` does, in a style without indentation."""
    inline = _inline(style)
    end = "\r\n" if style.crlf else "\n"
    comma = end if style.lines else style.comma
    # Some rows at a time: a list of them all takes more memory than the text.
    own = iter(rows)
    blocks: list[str] = []
    while texts := [inline(row) for row in islice(own, _BLOCK)]:
        blocks.append(comma.join(texts))
    text = comma.join(blocks)
    if not style.lines:
        text = f"[{text}]"
    return text + end if style.final_newline else text


def _writes(text: str, node: Node, style: Style) -> bool:
    """Say whether `render` writes ``node`` as ``text``; a list of rows is compared row by row."""
    if style.indent is not None or style.broken >= 0 or not isinstance(node, list):
        return render(node, style) == text
    inline = _inline(style)
    end = "\r\n" if style.crlf else "\n"
    comma = end if style.lines else style.comma
    lead = "" if style.lines else "["
    at = 0
    for row in node:
        if not text.startswith(lead, at):
            return False
        written = inline(row)
        at += len(lead)
        if not text.startswith(written, at):
            return False
        at += len(written)
        lead = comma
    tail = ("" if style.lines else "]" if node else "[]") + (end if style.final_newline else "")
    return text.startswith(tail, at) and at + len(tail) == len(text)


def _inline(style: Style) -> Callable[[Node], str]:
    if style.colon == ":" and style.comma == "," and not style.padded:
        return compact
    colon, comma, pad = style.colon, style.comma, " " if style.padded else ""

    def write(node: Node) -> str:
        if isinstance(node, str):
            return node
        if isinstance(node, dict):
            parts = comma.join([f'"{k}"{colon}{write(v)}' for k, v in node.items()])
            return f"{{{pad}{parts}{pad}}}" if parts else "{}"
        return "[" + comma.join([v if isinstance(v, str) else write(v) for v in node]) + "]"

    return write


def _broken(node: Node, style: Style, end: str) -> str:
    """Write on one line, but for the elements of one container."""
    number = count()
    lead = "," + style.lead.replace("\n", end)

    def write(node: Node) -> str:
        if isinstance(node, str):
            return node
        here = bool(node) and next(number) == style.broken
        comma = lead if here else style.comma
        if isinstance(node, dict):
            return (
                "{" + comma.join([f'"{k}"{style.colon}{write(v)}' for k, v in node.items()]) + "}"
            )
        return "[" + comma.join([v if isinstance(v, str) else write(v) for v in node]) + "]"

    return write(node)


def _indented(node: Node, style: Style, inline: Callable[[Node], str], end: str) -> str:
    unit, colon = style.indent or "", style.colon
    flat, single = style.flat_arrays, style.single
    deepest, numbered = style.depth, frozenset(style.inline)
    number = count() if numbered else repeat(-1)

    def write(node: Node, level: int) -> str:
        if not node and style.empty:
            inside = end + unit * (level - 1) if style.empty == "\n" else style.empty
            return f"{{{inside}}}" if isinstance(node, dict) else f"[{inside}]"
        if isinstance(node, str) or not node or level > deepest or next(number) in numbered:
            return inline(node)
        if style.hugged and isinstance(node, list):
            return f"[ {', '.join([v if isinstance(v, str) else write(v, level) for v in node])} ]"
        if single and len(node) == 1 and _is_single(node):
            return inline(node)
        lead = end + unit * level
        inner = level + 1
        if isinstance(node, dict):
            parts = [
                f'"{k}"{colon}{v if isinstance(v, str) else write(v, inner)}'
                for k, v in node.items()
            ]
            return "{" + lead + ("," + lead).join(parts) + end + unit * (level - 1) + "}"
        if flat and all(isinstance(v, str) for v in node):
            return inline(node)
        parts = [v if isinstance(v, str) else write(v, inner) for v in node]
        return "[" + lead + ("," + lead).join(parts) + end + unit * (level - 1) + "]"

    return write(node, 1)


def _is_single(node: dict[str, Node] | list[Node]) -> bool:
    (value,) = node.values() if isinstance(node, dict) else node
    return isinstance(value, str)


def detect_style(text: str, node: Node) -> Style | None:
    """Return the style that writes ``node`` as exactly ``text``, or None if there is none."""
    crlf = "\r\n" in text
    end = "\r\n" if crlf else "\n"
    final = text.endswith(end)
    body = text[: -len(end)] if final else text
    if body != body.strip():
        return None
    key = _FIRST_KEY.search(text)
    colon = key[1] if key is not None else ": "
    if colon not in (":", ": ", " : "):
        return None
    base = Style(None, colon, ",", crlf=crlf and "\n" in text, final_newline=final)
    guesses = _guesses(body, node, base)
    found = next((s for s in guesses if _writes(text, node, s)), None)
    if found is not None or len(guesses) < 3:
        return found
    mixed = _with_inline(text, replace(guesses[0], depth=_ALL, flat_arrays=False, comma=", "))
    return next((s for s in mixed if render(node, s) == text), None)


def _with_inline(text: str, base: Style) -> list[Style]:
    """Return styles that name each container on one line, if those are few."""
    inline: list[int] = []
    number = hidden = 0
    padded = False
    for lexeme in LEXEME.finditer(text):
        at = lexeme.start()
        if text[at] in "]}":
            hidden -= hidden > 0
        elif text[at] in "[{":
            if hidden:
                hidden += 1
                continue
            follows = text[at + 1 : at + 2]
            if follows in "]}" or _EMPTY.match(text, at):
                hidden = 1
                continue
            if follows not in "\r\n":
                inline.append(number)
                hidden = 1
                padded |= text[at] == "{" and follows == " "
            number += 1
    if not 0 < len(inline) <= _LARGEST_INLINE or _ranges(tuple(inline)).count(" ") >= _MOST_INLINE:
        return []
    style = replace(base, inline=tuple(inline), padded=padded)
    return [style, replace(style, comma=",")]


def detect_lines_style(text: str, rows: list[Node]) -> Style | None:
    """Return the style that writes ``rows`` as exactly ``text``, a row a line."""
    crlf = "\r\n" in text
    colon = ": " if '": ' in text[:2_000] else ":"
    base = Style(None, colon, ",", lines=True, crlf=crlf, final_newline=text.endswith("\n"))
    guesses = (base, replace(base, comma=", "))
    return next((s for s in guesses if _writes(text, rows, s)), None)


def _guesses(body: str, node: Node, base: Style) -> list[Style]:
    if "\n" not in body:
        usual = ", " if ", " in body[:20_000] else ","
        return [replace(base, comma=usual), replace(base, comma="," if usual == ", " else ", ")]
    if body[1] not in "\r\n" and not body.startswith("[ {"):
        broken = _broken_at(body)
        if broken is None:
            return []
        found = _LEAD_OF_ROW.search(body)
        lead = found[1].replace("\r\n", "\n") if found is not None else "\n"
        rows = replace(base, broken=broken, lead=lead)
        return [rows, replace(rows, comma=", ")]
    leads = _LEAD.findall(body)
    unit = leads[0]
    if len(unit) > 8 or (unit.strip(" ") and unit != "\t"):
        return []
    empty = _EMPTY.search(body)
    inside = "" if empty is None else "\n" if "\n" in empty[1] else " "
    whole = replace(base, indent=unit, comma=", ", empty=inside)
    if base.colon == " : ":
        hugged = replace(whole, hugged=True)
        return [hugged, whole, replace(whole, flat_arrays=True), replace(hugged, empty="")]
    guesses = [whole]
    deepest = max(map(len, leads)) // len(unit) if unit else 0
    if deepest < depth_of(node):
        shallow = replace(whole, depth=max(1, deepest))
        guesses = [shallow, replace(shallow, comma=","), whole]
    flat = replace(whole, flat_arrays=True)
    guesses += [flat, replace(flat, comma=","), replace(whole, single=True, comma=",")]
    # White space in brackets may stand in a string, too.
    return [*guesses, *([replace(whole, empty="")] if inside else [])]


def _broken_at(body: str) -> int | None:
    """Return the number of the container that the first line break stands in."""
    stop = body.index("\n")
    number = -1
    inside: list[int] = []
    for lexeme in LEXEME.finditer(body, 0, stop):
        at = lexeme.start()
        if body[at] in "[{":
            number += body[at + 1] not in "]}"
            inside.append(number)
        elif body[at] in "]}":
            inside.pop()
    return inside[-1] if inside else None
