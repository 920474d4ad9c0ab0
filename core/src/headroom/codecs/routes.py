"""Which wire format a provider's endpoint takes, by the path of its address."""

from __future__ import annotations

import re

from headroom.codecs.formats import ANTHROPIC, CHAT, CONVERSE, GEMINI, RESPONSES

# Ends of paths, because gateways and mounted applications put their own in front. Bedrock's and
# Vertex's paths for Anthropic's models name the model; OpenAI's threads have messages as well.
_ENDS = (
    (CHAT.name, r"/chat/completions"),
    (RESPONSES.name, r"/responses"),
    (ANTHROPIC.name, r"/v1/messages|/model/[^/]+/invoke(?:-with-response-stream)?"),
    (ANTHROPIC.name, r"/anthropic/models/[^/]+:(?:rawPredict|streamRawPredict)"),
    (GEMINI.name, r"/models/[^/]+:(?:generateContent|streamGenerateContent)"),
    (CONVERSE.name, r"/model/[^/]+/converse(?:-stream)?"),
)
_ENDPOINTS = tuple((name, re.compile(rf".*(?:{ends})/?", re.DOTALL)) for name, ends in _ENDS)


def format_of_path(path: str) -> str | None:
    """Return the wire format of the requests that a path takes; None for any other path.

    Args:
        path: The path of an address, without its query; whatever stands before the endpoint's
            own part, such as a gateway's prefix, is allowed.

    >>> format_of_path("/gateway/v1/chat/completions")
    'openai-chat'
    >>> format_of_path("/v1/embeddings") is None
    True
    """
    return next((name for name, ends in _ENDPOINTS if ends.fullmatch(path)), None)
