"""A script: listen to what the interpreter reports while the core is imported and used."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

# Audit events of CPython, by how they start.
_LOUD = (
    "socket.",
    "http.client.",
    "urllib.",
    "ssl.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "os.putenv",
    "os.unsetenv",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.truncate",
    "shutil.",
    "tempfile.",
    "sqlite3.",
    "webbrowser.",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def listen(events: list[str]) -> None:
    """Note from now on, for as long as the process lives, whatever is not quiet."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _, mode, flags = arguments
            if set(mode or "") & set("wax+") or (flags or 0) & _WRITING:
                events.append(f"open {arguments!r}")
        elif event.startswith(_LOUD):
            events.append(event)

    sys.addaudithook(hook)


if __name__ == "__main__":
    work = json.load(sys.stdin)
    heard: list[str] = []
    listen(heard)
    # Imported here and not above: importing is half of what is listened to.
    from headroom import Compressor, MemoryStore

    compressor = Compressor(store=MemoryStore())
    handles = compressor.compress(work["messages"], format=work["format"]).handles
    for handle in handles:
        compressor.retrieve(handle, query="payment", max_tokens=200)
    sys.stdout.write(json.dumps({"handles": len(handles), "events": heard}))
