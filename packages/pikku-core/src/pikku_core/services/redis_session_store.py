"""Sessions in Redis, or another server that speaks its protocol."""

from __future__ import annotations

import asyncio
from math import ceil, isinf
from typing import TYPE_CHECKING, Any

from pikku_core.services.outage import Outage
from pikku_core.services.session_store import check_ttl

if TYPE_CHECKING:
    from collections.abc import Awaitable

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

    Where Redis cannot be reached, or does not answer in time, each call raises `ServiceUnavailableError` (503). The log has
    one error when that begins, and one line when it is over.

    Args:
        client: Of `redis.asyncio`, which answers with bytes: without `decode_responses`. The caller closes it.
        prefix: What stands before the keys, so that others may use the server too.
        timeout: For how many seconds Redis is waited for, whatever the client's own timeouts and retries are.
    """

    def __init__(self, client: Redis, *, prefix: str = "session:", timeout: float = 2.0) -> None:
        if not timeout > 0:
            raise ValueError(f'"timeout" is {timeout}: wait for Redis for more than 0 seconds.')
        self._client = client
        self._prefix = prefix
        self._timeout = timeout
        self._outage = Outage("The session store in Redis")

    async def get(self, key: str) -> bytes | None:
        """The session; None where there is none, or its time is over.

        Raises:
            TypeError: The client decodes what Redis answers.
        """
        found = await self._ask(self._client.get(self._prefix + key))
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
        await self._ask(self._client.set(self._prefix + key, session, px=milliseconds(ttl)))

    async def extend(self, key: str, *, ttl: float) -> bool:
        """Keeps a session that there is for `ttl` seconds from now; returns whether there was one.

        Raises:
            ValueError: They are 0 or less.
        """
        time, name = milliseconds(ttl), self._prefix + key
        if time is None:
            # PERSIST answers 0 for a session that is kept for ever already.
            await self._ask(self._client.persist(name))
            return bool(await self._ask(self._client.exists(name)))
        return bool(await self._ask(self._client.pexpire(name, time)))

    async def clear(self, key: str) -> bool:
        """Forgets a session; returns whether there was one."""
        return bool(await self._ask(self._client.delete(self._prefix + key)))

    async def _ask(self, answer: Awaitable[Any]) -> Any:
        from redis.exceptions import RedisError

        try:
            async with asyncio.timeout(self._timeout):
                found: Any = await answer
        except (RedisError, OSError) as error:
            raise self._outage.met(error) from error
        self._outage.over()
        return found


def milliseconds(ttl: float) -> int | None:
    """A time as Redis takes it; None for one without an end.

    Raises:
        ValueError: It is 0 seconds or less.
    """
    check_ttl(ttl)
    return None if isinf(ttl) else ceil(ttl * 1000)
