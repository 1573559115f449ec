"""Celery's worker in a thread, beside the event loop of an App."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pikku_core import ServiceUnavailableError
from pikku_queue.queue.celery.library import (
    WorkController,
    WorkerShutdown,
    set_hub,
    worker_state,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_queue.queue.celery.bridge import Bridge
    from pikku_queue.queue.celery.worker import Worker

log: Final = logging.getLogger("pikku.queue")

PATIENCE: Final = 3.0
"""Seconds that Celery's worker has to end, once with its loop and once without: a thread cannot be ended from outside."""
CREATION: Final = threading.Lock()
"""A worker takes the event loop of kombu that there is: each gets one of its own, none is left over from another."""
PAUSE: Final = 1.0
"""Seconds after which Celery's worker is started again."""
CHATTY: Final = ("celery.app.trace", "celery.worker.strategy")
"""Loggers of Celery that write two lines for each job."""


class CeleryThread(threading.Thread):
    """A thread in which Celery's worker runs.

    Args:
        queues: Those to take from.
        pool: The class of its pool.
        started: Called when it takes messages, in that thread; and `ended` when it ends.
    """

    def __init__(
        self,
        app: Any,
        queues: list[str],
        pool: type[Any],
        concurrency: int,
        *,
        started: Callable[[], object],
        ended: Callable[[], object],
    ) -> None:
        threading.Thread.__init__(self, name="pikku-celery", daemon=True)
        self._app = app
        self._queues = queues
        self._pool = pool
        self._concurrency = concurrency
        self._consuming = started
        self._ended = ended

    def run(self) -> None:
        """Runs the worker."""
        for name in CHATTY:
            if logging.getLogger(name).level == logging.NOTSET:
                logging.getLogger(name).setLevel(logging.WARNING)
        try:
            self._controller().start()
        except Exception:
            log.exception("Celery's worker has failed.")
        finally:
            self._ended()

    def _controller(self) -> Any:
        with CREATION:
            set_hub(None)
            self._app.set_current()
            return WorkController(
                app=self._app,
                hostname=f"pikku{os.getpid()}-{uuid.uuid4().hex[:4]}@%h",
                pool_cls=self._pool,
                concurrency=self._concurrency,
                queues=self._queues,
                ready_callback=self._take_part,
                without_gossip=True,
                without_mingle=True,
            )

    def _take_part(self, _consumer: Any) -> None:
        self._consuming()


async def run_in_thread(
    worker: Worker,
    bridge: Bridge,
    app: Any,
    *,
    queues: list[str],
    pool: type[Any],
    concurrency: int,
    stopping: asyncio.Event,
    ready: Callable[[], None],
    grace: float,
) -> None:
    """Works until `stopping`; then finishes what there is, and returns what is not done after `grace` seconds.

    Raises:
        ServiceUnavailableError: Celery's worker did not start. One that fails later is started again.
    """
    loop, is_ready, ended = asyncio.get_running_loop(), False, asyncio.Event()
    worker.open()
    try:
        while not stopping.is_set():
            consuming, ended = asyncio.Event(), asyncio.Event()
            CeleryThread(
                app,
                queues,
                pool,
                concurrency,
                started=partial(loop.call_soon_threadsafe, consuming.set),
                ended=partial(loop.call_soon_threadsafe, ended.set),
            ).start()
            await _first(consuming, ended, stopping)
            if consuming.is_set() and not is_ready:
                is_ready = True
                ready()
            await _first(stopping, ended)
            if ended.is_set() and not is_ready:
                raise ServiceUnavailableError("Celery's worker did not start; its log says why.")
            if ended.is_set() and not stopping.is_set():
                log.error("Celery's worker has failed, and is started again.")
                await _in_time(stopping, PAUSE)
        await worker.finish(grace)
    finally:
        await worker.leave()
        await _end(bridge, ended)
        bridge.close()


async def _end(bridge: Bridge, ended: asyncio.Event) -> None:
    """Ends Celery's worker, whether or not it has come to its loop."""

    def shut_down() -> None:
        bridge.finish()
        raise WorkerShutdown(0)

    bridge.call_soon(shut_down)
    if not bridge.is_attached or not await _in_time(ended):
        worker_state.should_stop = 0  # It is asked while it tries to connect.
        try:
            if not await _in_time(ended):
                log.warning("Celery's worker did not end in time, and is left behind.")
        finally:
            worker_state.should_stop = None


async def _in_time(event: asyncio.Event, seconds: float = PATIENCE) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
