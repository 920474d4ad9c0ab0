"""Real inputs: the demo's recordings, and the data folder beside the checkout if there is one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RECORDINGS = ROOT / "examples" / "recordings"
OPEN_DATA = ROOT.parent / "shared" / "data" / "open"
IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"})

Messages = list[dict[str, Any]]


def recorded_files() -> list[Path]:
    """Return the demo's recorded tool outputs."""
    return sorted(p for p in RECORDINGS.iterdir() if p.suffix in {".json", ".log", ".txt"})


def open_files(under: str = "") -> list[Path]:
    """Return every text file of the data folder; empty where there is no such folder."""
    found = (OPEN_DATA / under).rglob("*")
    return sorted(p for p in found if p.is_file() and p.suffix.lower() not in IMAGES)


def read_text(path: Path) -> str:
    """Return a file's text; bytes that are not UTF-8 become lone surrogates, none is lost."""
    return path.read_bytes().decode("utf-8", errors="surrogateescape")


def name_of(path: Path) -> str:
    """Return a short name for a test's id."""
    home = OPEN_DATA if path.is_relative_to(OPEN_DATA) else ROOT
    return path.relative_to(home).as_posix()


def conversation_in(path: Path) -> Messages:
    """Return the longest conversation in a file, or its text as the result of one tool."""
    text = read_text(path)
    found = max(_conversations(_parsed(text)), key=len, default=[])
    if len(found) < 2:
        return [
            {"role": "user", "content": "What happened here?"},
            {"role": "tool", "tool_call_id": "call_1", "content": text},
        ]
    return found


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _conversations(value: object) -> Iterator[Messages]:
    if isinstance(value, dict):
        for below in value.values():
            yield from _conversations(below)
    elif isinstance(value, list):
        if all(isinstance(m, dict) and m.get("role") for m in value):
            yield value
        else:
            for below in value:
                yield from _conversations(below)
