"""Cases from a folder of files and a ``needles.jsonl``.

Each line of ``needles.jsonl`` is an object with ``file``, ``query`` and ``must_contain`` (strings
that together state the fact). ``kind`` may name the kind of fact, ``match`` how the strings stand
in the file (``image``: in a picture; skipped), and ``scope`` a part of a JSON file, as keys joined
by dots: where that part is a list of messages, the case is a conversation, of which what the agent
read counts. Results are summed up by the first folder of ``file``. Files of question-answering
sets in SQuAD's shape give one case per question: ten neighbouring paragraphs.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from headroom_evals.cases import Case, Message, Needle, read_observations

# Nothing larger is read in one tool result.
LARGEST_CHARACTERS = 3_000_000

_PARAGRAPHS = 10
_MESSAGE_FIELDS = ("role", "content", "tool_calls", "tool_call_id", "name")
_TOOLS = {
    "ci_log": "ci_log",
    "csv": "read_csv",
    "html": "fetch_page",
    "json": "http_get",
    "k8s": "kubectl",
    "logs": "read_log",
    "markdown": "read_doc",
    "qa": "search_docs",
    "stack_trace": "bash",
    "test_output": "run_tests",
    "tool_output": "bash",
}

Row = Mapping[str, Any]


def folder_cases(root: Path) -> tuple[Case, ...]:
    """Read every case of a folder, by file name.

    Raises:
        FileNotFoundError: If the folder has no ``needles.jsonl``.
    """
    rows: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for line in (root / "needles.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if line.strip() else {}
        if row and row.get("match") != "image" and (root / row["file"]).exists():
            rows[row["file"], row.get("scope") or ""].append(row)
    cases = (
        case
        for (file, scope), needles in sorted(rows.items())
        for case in _cases(root, file, scope, needles)
    )
    return tuple(case for case in cases if len(case.text) <= LARGEST_CHARACTERS)


def _cases(root: Path, file: str, scope: str, rows: Sequence[Row]) -> Iterator[Case]:
    text = (root / file).read_bytes().decode("utf-8", errors="replace")
    folder = file.split("/")[0]
    needles = tuple(Needle(row["query"], tuple(row["must_contain"])) for row in rows)
    name = f"{file}#{scope}" if scope else file
    tool, arguments = _TOOLS.get(folder, "tool"), {"target": Path(file).name}
    if folder == "qa" and file.endswith(".json"):
        paragraphs = [p["context"] for a in json.loads(text)["data"] for p in a["paragraphs"]]
        for row, needle in zip(rows, needles, strict=True):
            part = "\n\n".join(_passages(paragraphs, row))
            yield Case(f"{file}#{row['id']}", folder, tool, arguments, (needle,), part)
    elif scope or folder == "workloads":
        value = _part(json.loads(text), scope)
        messages = _messages(value)
        if messages:
            yield _conversation(name, folder, tool, needles, messages)
        else:
            part = (
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
            )
            yield Case(name, folder, tool, arguments, needles, part)
    else:
        yield Case(name, folder, tool, arguments, needles, text)


def _part(document: Any, scope: str) -> Any:
    for key in scope.split(".") if scope else ():
        document = document[key]
    return document


def _passages(paragraphs: Sequence[str], row: Row) -> Sequence[str]:
    """Pick neighbouring paragraphs with the answer somewhere among them."""
    start = row.get("context_start", "")
    hit = next(
        (
            i
            for i, paragraph in enumerate(paragraphs)
            if paragraph.startswith(start) and any(m in paragraph for m in row["must_contain"])
        ),
        0,
    )
    before = sum(map(ord, row["id"])) % _PARAGRAPHS
    first = max(0, min(hit - before, len(paragraphs) - _PARAGRAPHS))
    return paragraphs[first : first + _PARAGRAPHS]


def _messages(value: Any) -> tuple[Message, ...]:
    if not isinstance(value, list) or not all(isinstance(m, dict) and m.get("role") for m in value):
        return ()
    return tuple({k: m[k] for k in _MESSAGE_FIELDS if k in m} for m in value)


def _conversation(
    name: str, folder: str, tool: str, needles: Sequence[Needle], messages: tuple[Message, ...]
) -> Case:
    observed = _observed(messages)
    read = read_observations(messages, observed)
    rest = "\n".join(
        json.dumps([m.get("content"), m.get("tool_calls")], ensure_ascii=False)
        for i, m in enumerate(messages)
        if i not in observed
    )
    # A fact that also stands in what a person or the model said proves nothing.
    proving = tuple(
        n
        for n in needles
        if all(m in read for m in n.must_contain) and not all(m in rest for m in n.must_contain)
    )
    return Case(name, f"{folder}-chat", tool, {}, proving, read, messages, observed)


def _observed(messages: Sequence[Message]) -> tuple[int, ...]:
    """Return where the agent reads: tool messages, else user messages after its first turn."""
    tools = tuple(i for i, m in enumerate(messages) if m["role"] in ("tool", "function"))
    if tools:
        return tools
    first = next((i for i, m in enumerate(messages) if m["role"] == "assistant"), len(messages))
    return tuple(i for i, m in enumerate(messages) if i > first and m["role"] == "user")
