"""What is written about the middleware runs as written."""

from __future__ import annotations

import json
import re
import sys
import types
from pathlib import Path
from typing import Any

from apps import CHAT, Recording, chat_request, send
from starlette.applications import Starlette
from starlette.responses import JSONResponse

HOME = Path(__file__).parents[1]
PAGE = HOME.parents[1] / "docs" / "how-to" / "compress-in-an-asgi-app.md"
BODY = chat_request()


def run(page: Path, **names: Any) -> dict[str, Any]:
    code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S))
    exec(compile(code, page.name, "exec"), names)
    return names


def test_the_readmes_app_reads_less(monkeypatch: Any) -> None:
    # Any app with `add_middleware` will do: FastAPI's is Starlette's.
    pretended = types.ModuleType("fastapi")
    pretended.FastAPI = Starlette  # type: ignore[attr-defined]  # a module of one name
    monkeypatch.setitem(sys.modules, "fastapi", pretended)
    app = run(HOME / "README.md")["app"]
    recording = Recording()
    app.mount("/v1", recording)
    send(app, BODY)
    assert len(recording.body) < len(BODY)


def test_the_how_to_page_runs(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    async def chat(request: Any) -> JSONResponse:
        return JSONResponse({"read": len(await request.body())})

    recording = Recording()
    names = run(PAGE, chat=chat, chat_app=recording)
    assert send(names["app"], BODY).json()["read"] < len(BODY)
    assert names["ledger"].totals()[0].tokens_saved > 1_000
    send(names["ask"], BODY, path="/ask")
    assert len(recording.body) < len(BODY)
    send(names["for_tenants"], BODY, {"x-tenant": "one"})
    (handle, *_) = re.findall(r"\b[0-9a-f]{16}\b", json.dumps(recording.request["messages"]))
    path = f"/headroom/retrieve/{handle}"
    statuses = [
        send(names["for_tenants"], b"", {"x-tenant": who}, path=path, method="GET").status_code
        for who in ("one", "two")
    ]
    assert statuses == [200, 404]
    send(names["with_originals"], BODY, path=CHAT)
    assert len(recording.body) < len(BODY)
    names["compressor"].store.close()
    names["ledger"].close()
