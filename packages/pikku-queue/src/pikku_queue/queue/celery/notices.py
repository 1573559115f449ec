"""What other processes have done to jobs, as Redis tells it: no notice is sure to arrive, so that nobody relies on one."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable

CHANNEL: Final = "pikku:notices"
PAUSE: Final = 0.5
"""Seconds between two attempts to listen."""


class Notices:
    """Listens once somebody asks.

    Args:
        client: Of `redis.asyncio`, whose types leave out what is heard.
        heard: Called with the status, the queue and the id of a job that is over.
    """

    def __init__(self, client: Any, heard: Callable[[str, str, str], None]) -> None:
        self._client = client
        self._heard = heard
        self._listening: asyncio.Task[None] | None = None
        self._subscribed = asyncio.Event()

    async def listen(self) -> None:
        """Returns when notices arrive, or cannot be had at the moment."""
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._subscribed.wait(), PAUSE)

    async def close(self) -> None:
        """Ends it."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])

    async def _listen(self) -> None:
        while True:
            with suppress(
                RedisError, OSError, ValueError
            ):  # a lost connection, or no notice of ours
                async with self._client.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL)
                    self._subscribed.set()
                    async for notice in channel.listen():
                        status, base, identity = json.loads(notice["data"])
                        self._heard(status, base.partition(":")[2], identity)
            self._subscribed.clear()
            await asyncio.sleep(PAUSE)
