"""Originals given back by the app itself, to whom they belong."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from apps import Recording, chat_request, send
from starlette.applications import Starlette
from starlette.routing import Mount

from headroom import CompressionConfig, Compressor, MemoryStore, StoreError
from headroom_asgi import CompressionMiddleware

BODY = chat_request()
HANDLE = re.compile(r"\b[0-9a-f]{16}\b")
PATH = "/headroom/retrieve"


def compressed(app: Any, recording: Recording, **headers: str) -> tuple[str, str]:
    """Send a conversation; return a handle in what arrived, and what it stands for."""
    send(app, BODY, headers)
    before, after = json.loads(BODY)["messages"], recording.request["messages"]
    for one, other in zip(before, after, strict=True):
        if isinstance(one["content"], str) and one["content"] != other["content"]:
            found = HANDLE.search(other["content"])
            if found:
                return found.group(), one["content"]
    raise AssertionError("nothing was left out")


def get(app: Any, handle: str, query: str = "", **headers: str) -> tuple[int, dict[str, Any]]:
    response = send(app, b"", headers, path=f"{PATH}/{handle}{query}", method="GET")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, response.json()


@pytest.fixture
def recording() -> Recording:
    return Recording()


@pytest.fixture
def app(recording: Recording) -> CompressionMiddleware:
    compressor = Compressor(store=MemoryStore())
    return CompressionMiddleware(recording, compressor=compressor, retrieve_path=PATH)


def test_an_original_comes_back_whole(app: Any, recording: Recording) -> None:
    handle, original = compressed(app, recording)
    status, said = get(app, handle)
    assert status == 200
    assert said["text"] == original
    assert said["complete"] is True
    assert said["selected"] == said["total"] == len(original.split("\n"))
    assert (said["unit"], said["next_cursor"]) == ("lines", None)


def test_an_original_comes_back_in_parts_and_pages(app: Any, recording: Recording) -> None:
    handle, original = compressed(app, recording)
    assert get(app, handle, "?lines=2-3")[1]["text"].endswith("\n".join(original.split("\n")[1:3]))
    first = get(app, handle, "?max_tokens=200")[1]
    assert first["complete"] is False
    second = get(app, handle, f"?max_tokens=200&cursor={first['next_cursor']}")[1]
    assert second["text"] != first["text"]
    assert get(app, handle, "?query=failed%20payment")[1]["selected"] > 0
    assert get(app, handle, "?pattern=%5Ba-z%5D")[0] == 200


def test_an_unknown_handle_says_what_to_do(app: Any) -> None:
    status, said = get(app, "0" * 16)
    assert status == 404
    assert said["error"].startswith("no original is kept under 0000000000000000; run the tool")
    assert get(app, "no%2Fhandle")[0] == 404


@pytest.mark.parametrize(
    "query",
    [
        "?lines=x",
        "?rows=1&lines=1",
        "?line=1",
        "?max_tokens=many",
        "?max_tokens=1",
        "?path=%24..%5B",
    ],
)
def test_a_wrong_selector_says_what_is_wrong(query: str, app: Any, recording: Recording) -> None:
    handle, _ = compressed(app, recording)
    status, said = get(app, handle, query)
    assert status == 400
    assert said["error"]


def test_a_store_that_cannot_be_read_is_no_unknown_handle(recording: Recording) -> None:
    class Down(MemoryStore):
        def get(self, handle: str, *, namespace: str = "") -> str | None:
            raise StoreError("connection refused")

    app = CompressionMiddleware(recording, compressor=Compressor(store=Down()), retrieve_path=PATH)
    assert get(app, "0" * 16)[0] == 503


def test_only_get_is_answered(app: Any) -> None:
    response = send(app, b"", path=f"{PATH}/{'0' * 16}")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET"


def test_nothing_is_given_back_unless_asked_for(recording: Recording) -> None:
    compressor = Compressor(store=MemoryStore())
    closed = CompressionMiddleware(recording, compressor=compressor)
    handle, _ = compressed(closed, recording)
    assert send(closed, b"", path=f"{PATH}/{handle}", method="GET").text == "answer"


def test_a_mounted_app_has_its_own_endpoint(app: Any, recording: Recording) -> None:
    handle, original = compressed(app, recording)
    outer = Starlette(routes=[Mount("/llm", app)])
    response = send(outer, b"", path=f"/llm{PATH}/{handle}", method="GET")
    assert response.json()["text"] == original


def own_stores() -> Callable[[str], Compressor]:
    return functools.cache(lambda tenant: Compressor(store=MemoryStore()))


def own_namespaces() -> Callable[[str], Compressor]:
    shared = Compressor(store=MemoryStore())
    return functools.cache(lambda name: shared.with_config(CompressionConfig(namespace=name)))


@pytest.mark.parametrize("tenancy", [own_stores, own_namespaces])
def test_a_tenants_handle_is_unknown_to_every_other_one(tenancy: Any, recording: Recording) -> None:
    of_tenant = tenancy()

    def compressor_for(scope: Any) -> Compressor | None:
        tenant = dict(scope["headers"]).get(b"x-tenant")
        return None if tenant is None else of_tenant(tenant.decode())

    app = CompressionMiddleware(recording, compressor_for=compressor_for, retrieve_path=PATH)
    handle, original = compressed(app, recording, **{"x-tenant": "one"})
    assert get(app, handle, **{"x-tenant": "one"})[1]["text"] == original
    assert get(app, handle, **{"x-tenant": "two"})[0] == 404
    assert get(app, handle)[0] == 404


def test_a_request_without_a_compressor_or_with_a_choice_that_raises_goes_on(
    recording: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(scope: Any) -> Compressor:
        raise KeyError("tenant seven is secret")

    nobody = CompressionMiddleware(recording, compressor_for=lambda scope: None)
    assert send(nobody, BODY).headers["x-headroom-skipped"] == "no-compressor"
    assert recording.body == BODY
    failing = CompressionMiddleware(recording, compressor_for=fail)
    assert send(failing, BODY).headers["x-headroom-skipped"] == "error"
    assert recording.body == BODY
    assert "KeyError" in caplog.text
    assert "secret" not in caplog.text
