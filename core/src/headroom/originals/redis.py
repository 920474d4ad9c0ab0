"""A store of originals in Redis or Valkey, shared by many machines (extra ``redis``)."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from headroom.errors import HandleCollisionError, StoreError
from headroom.originals.handles import original_bytes

try:
    import redis
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "RedisStore needs the extra: pip install 'headroom-core[redis]'", name="redis"
    ) from error

if TYPE_CHECKING:
    from redis import Redis

_ZLIB_LEVEL = 1  # see headroom.originals.sqlite
_DIGEST_BYTES = 32


class RedisStore:
    """Keep originals in Redis or Valkey, for any number of machines.

    One key for each original: ``PREFIX:NAMESPACE:HANDLE``. Nothing expires unless
    ``expire_after_seconds`` is set; then each `put` starts the time anew. Whether an original
    survives a restart, and what happens when memory is full, is the server's configuration:
    use ``appendonly yes``, and ``maxmemory-policy noeviction`` so that a full server refuses
    (the text then stays as it was) instead of forgetting.

    Args:
        client: A client that returns bytes, e.g. ``redis.Redis.from_url("redis://…")``; give it
            socket time-outs. The store never closes it.
        prefix: First part of every key.
        expire_after_seconds: Delete an original this long after its last `put`; None never does.

    Raises:
        ValueError: If the client decodes responses, or the time is not positive.
    """

    def __init__(
        self,
        client: Redis,
        *,
        prefix: str = "headroom",
        expire_after_seconds: int | None = None,
    ) -> None:
        if client.get_encoder().decode_responses:
            raise ValueError("RedisStore needs a client with decode_responses=False")
        if expire_after_seconds is not None and expire_after_seconds <= 0:
            raise ValueError(f"expire_after_seconds must be positive, got {expire_after_seconds}")
        self._client = client
        self._prefix = prefix
        self._seconds = expire_after_seconds

    def put(self, handle: str, original: str, *, namespace: str = "") -> None:
        """Keep an original; one that is known only has its time of expiry renewed.

        Raises:
            HandleCollisionError: If another original stands under the handle.
            StoreError: If the server refused, failed or could not be reached.
        """
        data = original_bytes(original)
        digest = hashlib.sha256(data).digest()
        key = self._key(handle, namespace)
        try:
            known = self._client.getrange(key, 0, _DIGEST_BYTES - 1)
            if not known:
                value = digest + zlib.compress(data, _ZLIB_LEVEL)
                if self._client.set(key, value, nx=True, ex=self._seconds):
                    return
                known = self._client.getrange(key, 0, _DIGEST_BYTES - 1)  # someone was faster
            if self._seconds is not None:
                self._client.expire(key, self._seconds)
        except (redis.RedisError, OSError) as error:
            raise StoreError(f"Redis failed: {type(error).__name__}") from error
        if known != digest:
            raise HandleCollisionError(f"another original stands under handle {handle}")

    def get(self, handle: str, *, namespace: str = "") -> str | None:
        """Return the original, or None where the namespace has none under this handle.

        Raises:
            StoreError: If the server could not be reached, or the value is damaged.
        """
        try:
            value = self._client.get(self._key(handle, namespace))
        except (redis.RedisError, OSError) as error:
            raise StoreError(f"Redis failed: {type(error).__name__}") from error
        if value is None:
            return None
        return _unpacked(handle, cast(bytes, value))  # decoding clients are refused

    def _key(self, handle: str, namespace: str) -> str:
        # Quoted, so that no namespace can reach into another's keys.
        space = quote(original_bytes(namespace), safe="")
        return f"{self._prefix}:{space}:{quote(handle, safe='')}"


def _unpacked(handle: str, value: bytes) -> str:
    try:
        data = zlib.decompress(value[_DIGEST_BYTES:])
        if hashlib.sha256(data).digest() == value[:_DIGEST_BYTES]:
            return data.decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError):
        pass
    raise StoreError(f"the original under handle {handle} is damaged")
