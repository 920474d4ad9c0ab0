"""Reading a request's body ahead of the app, and letting the app read it again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from headroom_asgi.asgi import Message, Receive

# What a message takes beside its bytes: a body sent one byte at a time must not outgrow its limit.
_MESSAGE_BYTES = 256


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
    messages: list[Message] = []
    held = 0
    while True:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request":
            return ReadAhead(tuple(messages), is_whole=False)
        held += len(message.get("body", b"")) + _MESSAGE_BYTES
        is_last = not message.get("more_body", False)
        if is_last or held > limit + _MESSAGE_BYTES:
            return ReadAhead(tuple(messages), is_whole=is_last and held <= limit + _MESSAGE_BYTES)


def replaying(messages: tuple[Message, ...], receive: Receive) -> Receive:
    """Return a ``receive`` that gives these messages, and from then on is the server's own.

    So the app learns of a client that leaves while it answers.
    """
    ahead = deque(messages)

    async def replay() -> Message:
        return ahead.popleft() if ahead else await receive()

    return replay
