"""Calls of scripts in Redis: those that come together go together."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import NoScriptError, RedisError

from pikku_core import ServiceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Generator

    from redis.asyncio import Redis

NAMES: Final = (
    *("add", "begin", "cancel", "refuse", "remove", "renew", "report", "retry", "settle", "tend"),
)
AT_ONCE: Final = 200
"""Calls of one exchange at most."""
ANSWER: Final = 5.0
"""Seconds that Redis may take, where the URL does not say `socket_timeout`."""


@contextmanager
def answered() -> Generator[None]:
    """Says in one way that Redis does not answer, or refuses: memory that is full, a replica, a server that loads.

    Raises:
        ServiceUnavailableError: Instead of any error of the client.
    """
    try:
        yield
    except (RedisError, OSError) as error:
        raise unavailable(error) from error


def unavailable(error: BaseException) -> ServiceUnavailableError:
    """What producers and workers are told of an error of the client."""
    return ServiceUnavailableError(f"The broker of the queues does not answer: {error}")


class Calls:
    """Calls the scripts of a ledger.

    Calls that are made while an exchange is under way share the next one. The client repeats an exchange whose answer is lost:
    each script may run twice with the same arguments.

    Args:
        client: Of `redis.asyncio`; answers with bytes.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._hashes: dict[str, str] = {}
        self._waiting: list[tuple[str, tuple[Any, ...], asyncio.Future[Any]]] = []
        self._exchange: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Gives the scripts to the server."""
        folder = files("pikku_queue.queue.celery") / "lua"
        common = (folder / "common.lua").read_text()
        for name in NAMES:
            text = common + (folder / f"{name}.lua").read_text()
            self._hashes[name] = str(await self._client.script_load(text))

    async def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns.

        Raises:
            ServiceUnavailableError: Redis cannot be reached, or refuses; whether the script ran is not known.
        """
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((script, arguments, future))
        if self._exchange is None:
            self._exchange = asyncio.create_task(self._exchanges())
        return await future

    async def _exchanges(self) -> None:
        try:
            while self._waiting:
                calls, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                results = await self._answers(calls)
                for (_, _, future), result in zip(calls, results, strict=True):
                    if future.done():
                        continue
                    if isinstance(result, BaseException):
                        future.set_exception(unavailable(result))
                    else:
                        future.set_result(result)
        finally:
            self._exchange = None

    async def _answers(self, calls: list[tuple[str, tuple[Any, ...], Any]]) -> list[Any]:
        try:
            results = await self._piped(calls)
            if any(isinstance(one, NoScriptError) for one in results):
                await self.load()  # The server was started anew.
                missing = [i for i, one in enumerate(results) if isinstance(one, NoScriptError)]
                again = await self._piped([calls[i] for i in missing])
                for i, result in zip(missing, again, strict=True):
                    results[i] = result
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait are told
            return [error] * len(calls)
        return results

    async def _piped(self, calls: list[tuple[str, tuple[Any, ...], Any]]) -> list[Any]:
        pipe: Any  # its methods are typed as if each call were awaited
        async with self._client.pipeline(transaction=False) as pipe:
            for script, arguments, _ in calls:
                pipe.evalsha(self._hashes[script], 0, *arguments)
            results: list[Any] = await pipe.execute(raise_on_error=False)
            return results
