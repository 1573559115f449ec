"""Sessions in Redis, or another server that speaks its protocol."""

from __future__ import annotations

from math import ceil, isinf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redis.asyncio import Redis


class RedisSessionStore:
    """Keeps sessions in Redis; needs the extra `pikku-core[redis]`.

    ```python
    @pikku_service
    async def session_store(*, secrets: Secrets) -> AsyncIterator[SessionStore]:
        async with Redis.from_url(secrets.redis_url.reveal()) as client:
            yield RedisSessionStore(client)
    ```

    Redis forgets a session when its time is over. Keys can only be guessed by who can list them: give the store a server
    or a user that others do not read.

    Args:
        client: Of `redis.asyncio`, which answers with bytes: without `decode_responses`. The caller closes it.
        prefix: What stands before the keys, so that others may use the server too.
    """

    def __init__(self, client: Redis, *, prefix: str = "session:") -> None:
        self._client = client
        self._prefix = prefix

    async def get(self, key: str) -> bytes | None:
        """The session; None where there is none, or its time is over.

        Raises:
            TypeError: The client decodes what Redis answers.
        """
        found: object = await self._client.get(self._prefix + key)
        if found is None or isinstance(found, bytes):
            return found
        raise TypeError(
            'The client of "RedisSessionStore" decodes answers, and sessions are bytes: make it without "decode_responses".'
        )

    async def set(self, key: str, session: bytes, *, ttl: float) -> None:
        """Keeps a session for `ttl` seconds.

        Raises:
            ValueError: They are 0 or less.
        """
        if not ttl > 0:
            raise ValueError(f'A session cannot be kept for {ttl} seconds: "ttl" is more than 0.')
        milliseconds = None if isinf(ttl) else ceil(ttl * 1000)
        await self._client.set(self._prefix + key, session, px=milliseconds)

    async def clear(self, key: str) -> None:
        """Forgets a session."""
        await self._client.delete(self._prefix + key)
