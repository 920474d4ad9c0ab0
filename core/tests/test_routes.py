"""Endpoints of providers, by their paths."""

from __future__ import annotations

import pytest

from headroom import format_of_path

KNOWN = {
    "/v1/chat/completions": "openai-chat",
    "/v1/chat/completions/": "openai-chat",
    "/openai/deployments/gpt-4o/chat/completions": "openai-chat",
    "/llm/openai/v1/responses": "openai-responses",
    "/v1/messages": "anthropic",
    "/anthropic/v1/messages": "anthropic",
    "/model/anthropic.claude-x-v1:0/invoke": "anthropic",
    "/model/anthropic.claude-x-v1:0/invoke-with-response-stream": "anthropic",
    "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:rawPredict": "anthropic",
    "/v1beta/models/gemini-x:generateContent": "gemini",
    "/v1/projects/p/locations/l/publishers/google/models/g:streamGenerateContent": "gemini",
    "/model/amazon.nova/converse": "bedrock-converse",
    "/model/amazon.nova/converse-stream": "bedrock-converse",
}


@pytest.mark.parametrize("path", KNOWN)
def test_an_endpoint_is_known_by_the_end_of_its_path(path: str) -> None:
    assert format_of_path(path) == KNOWN[path]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v1/embeddings",
        "/v1/threads/thread_1/messages",
        "/v1/messages/batches",
        "/v1/messages/count_tokens",
        "/v1/responses/resp_1/cancel",
        "/chat/completions.txt",
        "/v1beta/models/gemini-x:countTokens",
    ],
)
def test_other_paths_have_no_format(path: str) -> None:
    assert format_of_path(path) is None
