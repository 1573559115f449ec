"""Waiting for jobs in a test."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from pikku_core.duration import seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core import App
    from pikku_core.duration import Duration
    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.record import Counts, Status

PENDING: Final[tuple[Status, ...]] = ("waiting", "active", "delayed")


async def all_settled(app: App, *, within: Duration = "30s") -> None:
    """Returns when no job of an App's queues is waiting, delayed or active any more; its queues must be worked off.

    ```python
    async with pikku.app() as app, working(app):
        await app.rpc.sign_up(SignUp(name="Ada"))
        await all_settled(app)
    ```

    Args:
        within: How long that may take.

    Raises:
        TimeoutError: There are jobs still.
    """
    backend: Backend = app.service("queue_connection").backend
    before: Mapping[str, Counts] = {}
    async with asyncio.timeout(seconds_of(within)):
        while True:
            counts = {queue: await backend.counts(queue) for queue in await backend.queues()}
            pending = [queue for queue, one in counts.items() if _unsettled(one)]
            # A job of a queue that was looked at last may have added one to the first: nothing has happened in between.
            if not pending and counts == before:
                return
            before = counts
            for queue in pending:
                await _wait(backend, queue)


def _unsettled(counts: Counts) -> int:
    return counts.waiting + counts.delayed + counts.active


async def _wait(backend: Backend, queue: str) -> None:
    """Waits for one of the jobs of a queue that are not settled; there may be none any more."""
    for status in PENDING:
        for job in await backend.list(queue, status, 1):
            await backend.settled(queue, job.id, None)
            return
