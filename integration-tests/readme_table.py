"""The table in the README: what the demo measured. ``python readme_table.py`` writes it anew."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples"))

from investigate_a_failure import Report, investigate  # noqa: E402  # found on the path just set

README = ROOT / "README.md"
BEGIN = "<!-- demo:begin (written by integration-tests/readme_table.py; do not edit) -->"
END = "<!-- demo:end -->"

WHAT = {
    "bash/log": "a server's log under load",
    "http_get/json": "orders from the shop's API",
    "run_tests/test": "a failing test run",
    "read_file/code": "a source file",
    "bash/paths": "a list of installed files",
    "search_code/search": "`grep -rn` over installed packages",
    "bash/json": "the package manager's report",
}
LEAST_TOKENS = 1_000

HEAD = "An agent looks into a failing checkout, and its model reads a fraction of the tokens:"
FOOT = (
    "All {} of the {} facts that its task needs are visible in what was sent, and every line that\n"
    "was left out can be fetched back. Measured on the wire by the demo, in exact o200k tokens."
)


def table(report: Report) -> str:
    """Return the README's block: each large tool result, then the totals on the wire."""
    rows = ["| what the agent read | tokens | sent | |", "|---|---:|---:|---|"]
    for index, before in enumerate(report.tokens_bare):
        if before < LEAST_TOKENS:
            continue
        decision = next(d for d in report.decisions if d.index == index)
        what = WHAT[f"{decision.tool_name}/{decision.kind}"]
        done = {"kept": "untouched", "encoded": "lossless", "selected": "parts left out"}
        sent = report.tokens_wrapped[index]
        rows.append(f"| {what} | {before:,} | {sent:,} | {done[decision.action]} |")
    total, sent = sum(report.tokens_bare), sum(report.tokens_wrapped)
    rows.append(
        f"| **the whole conversation** | **{total:,}** | **{sent:,}** | {report.saved:.0%} saved |"
    )
    shown = len(report.facts) - len(report.hidden)
    return "\n".join((BEGIN, HEAD, "", *rows, "", FOOT.format(shown, len(report.facts)), END))


def main() -> None:
    """Write the block into the README."""
    text = README.read_text(encoding="utf-8")
    start, end = text.index("<!-- demo:begin"), text.index(END) + len(END)
    README.write_text(
        text[:start] + table(investigate()) + text[end:], encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
