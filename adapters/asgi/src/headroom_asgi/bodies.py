"""Reading a request's body ahead of the app, and letting the app read it again."""

from __future__ import annotations

from collections.abc import Iterable

from headroom_asgi.asgi import Message, Receive

# What a message takes beside its bytes: a body sent one byte at a time must not take many times its
# limit. A few messages are always allowed.
_MESSAGE_BYTES = 256
_FEW_MESSAGES = 16


async def read_ahead(receive: Receive, limit: int) -> tuple[list[Message], bytes | None]:
    """Read a request's body until its end, or until more than ``limit`` bytes are held.

    Returns:
        The messages as the server gave them, and the body; None in its place where the limit was
        reached or the client left.
    """
    most_messages = _FEW_MESSAGES + limit // _MESSAGE_BYTES
    messages: list[Message] = []
    parts: list[bytes] = []
    size = 0
    while size <= limit and len(messages) < most_messages:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size <= limit and not message.get("more_body", False):
            return messages, b"".join(parts)
    return messages, None


def replaying(messages: Iterable[Message], receive: Receive) -> Receive:
    """Return a ``receive`` that gives these messages, and from then on is the server's own.

    So the app learns of a client that leaves while it answers.
    """
    ahead = iter(messages)

    async def replay() -> Message:
        for message in ahead:
            return message
        return await receive()

    return replay
