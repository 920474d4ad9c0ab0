"""LiteLLM's proxy as its users run it: a process, a YAML file, its three endpoints for chats."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from conversations import ANTHROPIC, CHAT, RESPONSES, ROWS
from upstream import Upstream

from headroom import CompressionConfig, Compressor, MemoryStore

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        tuple(map(int, version("litellm").split(".")[:2])) < (1, 104),
        reason="a proxy takes ten seconds to start: the newest LiteLLM's is enough",
    ),
]

KEY = "sk-on-loopback-0123456789abcdef"

# Each with a namespace of its own: the handle on the wire tells which of them did it.
MODULE = """
from headroom import CompressionConfig
from headroom_litellm import HeadroomCallback, HeadroomGuardrail

callback = HeadroomCallback(config=CompressionConfig(namespace="callback"))


class Guardrail(HeadroomGuardrail):
    def __init__(self, **settings):
        super().__init__(config=CompressionConfig(namespace="guardrail"), **settings)
"""
CONFIG = """
model_list:
  - model_name: gpt
    litellm_params: {{model: openai/gpt-4o, api_base: {url}, api_key: k}}
  - model_name: claude
    litellm_params: {{model: anthropic/claude-sonnet-4-5, api_base: {url}, api_key: k}}
litellm_settings:
  callbacks: headroom_proxy.callback
guardrails:
  - guardrail_name: headroom
    litellm_params: {{guardrail: headroom_proxy.Guardrail, mode: pre_call, default_on: false}}
general_settings:
  master_key: {key}
"""
ENDPOINTS = {
    "/v1/chat/completions": {"model": "gpt", "messages": CHAT},
    "/v1/messages": {"model": "claude", "messages": ANTHROPIC, "max_tokens": 64},
    "/v1/responses": {"model": "gpt", "input": RESPONSES},
}


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs."""

    url: str

    def ask(self, path: str, body: dict[str, Any], **headers: str) -> bytes:
        """Send a request as a client does, and return the answer."""
        sent = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **headers}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), sent)
        with urllib.request.urlopen(request, timeout=60) as answer:
            read: bytes = answer.read()
            return read


@pytest.fixture(scope="module")
def proxy(provider: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    home = tmp_path_factory.mktemp("proxy")
    (home / "headroom_proxy.py").write_text(MODULE, encoding="utf-8")
    config = home / "config.yaml"
    config.write_text(CONFIG.format(url=provider.url, key=KEY), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("litellm")), "--config", str(config)]
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"]
    with subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "Uvicorn running" in line:
                break
        assert process.poll() is None and "Uvicorn running" in said[-1], "".join(said)
        yield Proxy(f"http://127.0.0.1:{port}")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _written_by(namespace: str) -> str:
    compressor = Compressor(CompressionConfig(namespace=namespace), store=MemoryStore())
    text: str = compressor.compress(CHAT).output[2]["content"]
    return text


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in inner for text in _texts(part)]


@pytest.mark.parametrize("path", ENDPOINTS)
def test_the_callback_compresses_what_an_endpoint_sends_on(
    path: str, proxy: Proxy, upstream: Upstream
) -> None:
    answer = proxy.ask(path, ENDPOINTS[path])
    assert b"Job 17 failed." in answer
    (request,) = upstream.requests
    texts = _texts(request)
    assert _written_by("callback") in texts
    assert ROWS not in texts


@pytest.mark.parametrize("path", ENDPOINTS)
def test_streams_are_compressed_as_well(path: str, proxy: Proxy, upstream: Upstream) -> None:
    assert b"data: " in proxy.ask(path, {**ENDPOINTS[path], "stream": True})
    (request,) = upstream.requests
    assert _written_by("callback") in _texts(request)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_guardrail_that_is_asked_for_compresses_in_its_place(
    path: str, proxy: Proxy, upstream: Upstream
) -> None:
    proxy.ask(path, {**ENDPOINTS[path], "guardrails": ["headroom"]})
    (request,) = upstream.requests
    assert _written_by("guardrail") in _texts(request)


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("guardrails", [[], ["headroom"]], ids=["callback", "guardrail"])
def test_a_client_can_ask_to_be_left_alone(
    guardrails: list[str], path: str, proxy: Proxy, upstream: Upstream
) -> None:
    body = {**ENDPOINTS[path], "guardrails": guardrails}
    proxy.ask(path, body, **{"X-Headroom-Bypass": "true"})
    (request,) = upstream.requests
    assert ROWS in _texts(request)
