"""Reading a request's body ahead of the app, and letting the app read it again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from headroom_asgi.asgi import Message, Receive

# What a message takes beside its bytes: a body sent one byte at a time must not take many times its
# limit. A few messages are always allowed.
_MESSAGE_BYTES = 256
_FEW_MESSAGES = 16


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """What was read of a body.

    Args:
        messages: As the server gave them.
        is_whole: False: the limit was reached or the client left, and there is no body.
    """

    messages: tuple[Message, ...]
    is_whole: bool

    @property
    def body(self) -> bytes:
        """All bytes that were read."""
        parts = [message.get("body", b"") for message in self.messages]
        return bytes(parts[0]) if len(parts) == 1 else b"".join(parts)


async def read_ahead(receive: Receive, limit: int) -> ReadAhead:
    """Read a request's body until its end, or until more than ``limit`` bytes are held."""
    most_messages = _FEW_MESSAGES + limit // _MESSAGE_BYTES
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request":
            return ReadAhead(tuple(messages), is_whole=False)
        size += len(message.get("body", b""))
        if size > limit or len(messages) > most_messages:
            return ReadAhead(tuple(messages), is_whole=False)
        if not message.get("more_body", False):
            return ReadAhead(tuple(messages), is_whole=True)


def replaying(messages: tuple[Message, ...], receive: Receive) -> Receive:
    """Return a ``receive`` that gives these messages, and from then on is the server's own.

    So the app learns of a client that leaves while it answers.
    """
    ahead = deque(messages)

    async def replay() -> Message:
        return ahead.popleft() if ahead else await receive()

    return replay
