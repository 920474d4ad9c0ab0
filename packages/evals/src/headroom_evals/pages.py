"""Real befores and afters in documentation pages, written by a command.

In a page stands a comment that says what to show, and everything up to its end is replaced:

    <!-- shown: json/orders.json
    question: Which order failed, and why?
    before: 1-12
    after: 1-20
    -->
    <!-- end of shown -->

``fidelity`` may be given too. ``before`` and ``after`` are the lines that the page has room for;
the numbers above them speak of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom.config import Fidelity
from headroom.counting.default import default_counter
from headroom_evals.cases import Case, shipped_cases

_BLOCK = re.compile(
    r"(?P<head><!-- shown: (?P<input>\S+)\n(?P<options>(?:[a-z]+: [^\n]*\n)*)-->\n)"
    r".*?"
    r"(?P<end><!-- end of shown -->)",
    re.DOTALL,
)
_OPTION = re.compile(r"([a-z]+): (.*)\n")
_OPTIONS = frozenset({"question", "fidelity", "before", "after"})

# Characters of a line that are shown: of the input enough to know it, of the output to read it.
_WIDEST_BEFORE = 110
_WIDEST_AFTER = 220
_ALL_LINES = "1-40"


@dataclass(frozen=True, slots=True)
class Shown:
    """A shipped input, and what became of it.

    Args:
        case: The input.
        question: What the user asked; empty for nothing.
        fidelity: How much may be left out.
        after: The compressed text.
    """

    case: Case
    question: str
    fidelity: str
    after: str

    def as_markdown(self, before: str = _ALL_LINES, after: str = _ALL_LINES) -> str:
        """Return both as Markdown, with sizes of the whole.

        Args:
            before: Which lines of the input to show, counted from 1, such as ``1-12``.
            after: Which lines of the output to show.
        """
        counter = default_counter()
        tokens, left = counter.count(self.case.text), counter.count(self.after)
        asked = (
            f"when the user asks “{self.question}”" if self.question else "when nothing is asked"
        )
        made = f"`{self.fidelity}`, {asked}: {left:,} tokens, {left / max(1, tokens):.0%} of them"
        what = f"`{self.case.id}` as `{self.case.tool}` returned it: {tokens:,} tokens"
        return "\n\n".join(
            (
                f"**Before.** {what}; {_fenced(self.case.text, before, _WIDEST_BEFORE)}",
                f"**After.** {made}; {_fenced(self.after, after, _WIDEST_AFTER)}",
            )
        )


def shown(name: str, question: str, fidelity: str) -> Shown:
    """Compress a shipped input as the benches do.

    Raises:
        ValueError: If no input has this name.
    """
    case = next((c for c in shipped_cases() if c.id == name), None)
    if case is None:
        raise ValueError(f"{name} is not among the shipped inputs")
    config = CompressionConfig(fidelity=cast(Fidelity, fidelity))
    compressor = Compressor(config, store=MemoryStore())
    # A user who asks nothing still has said something.
    messages = compressor.compress(case.messages(question or "Go on."), model="gpt-4o").messages
    return Shown(case, question, fidelity, messages[-1]["content"])


def refreshed(page: str) -> str:
    """Return a page with everything that it shows written anew.

    Raises:
        ValueError: If a comment names no input, or has an option that is not known.
    """
    return _BLOCK.sub(_written, page)


def refresh(folder: Path, *, write: bool = True) -> list[Path]:
    """Write the pages of a folder anew, and return those that changed, or would.

    Raises:
        ValueError: See `refreshed`.
    """
    changed = []
    for path in sorted(folder.rglob("*.md")):
        page = path.read_text(encoding="utf-8")
        if (new := refreshed(page)) != page:
            changed.append(path)
            if write:
                path.write_text(new, encoding="utf-8")
    return changed


def _written(block: re.Match[str]) -> str:
    options: Mapping[str, str] = dict(_OPTION.findall(block["options"]))
    if unknown := options.keys() - _OPTIONS:
        raise ValueError(f"unknown options for {block['input']}: {', '.join(sorted(unknown))}")
    found = shown(block["input"], options.get("question", ""), options.get("fidelity", "balanced"))
    lines = options.get("before", _ALL_LINES), options.get("after", _ALL_LINES)
    return f"{block['head']}\n{found.as_markdown(*lines)}\n\n{block['end']}"


def _fenced(text: str, wanted: str, widest: int) -> str:
    """Say which lines of a text follow, and show them in a block of code."""
    lines = text.removesuffix("\n").split("\n")
    first, last = (int(number) for number in wanted.split("-"))
    some = [_narrow(line, widest) for line in lines[first - 1 : last]]
    if len(some) == len(lines):
        which = "all of it:"
    else:
        which = f"lines {first}-{first + len(some) - 1} of {len(lines):,}:"
    ticks = max((len(run) for line in some for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, ticks + 1)
    return "\n".join((which, "", f"{fence}text", *some, fence))


def _narrow(line: str, widest: int) -> str:
    return line if len(line) <= widest else f"{line[: widest - 2]} …"
