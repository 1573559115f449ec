"""`celery -A pikku_app.queue worker`: Celery's own command runs the worker, and the App runs in a thread beside it."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError
from pikku_queue.queue.celery.app import celery_app
from pikku_queue.queue.celery.bridge import Bridge
from pikku_queue.queue.celery.library import pool_named, worker_init, worker_state
from pikku_queue.queue.celery.pool import pool_of
from pikku_queue.queue.wiring import QueueWiring
from pikku_queue.scheduler import QUEUE as SCHEDULES
from pikku_queue.scheduler.firing import CONFIG as FIRINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike

    from pikku_core.runtime.host import Host
    from pikku_queue.queue.celery.bridge import Reserved
    from pikku_queue.queue.celery.worker import Worker
    from pikku_queue.queue.worker_config import WorkerConfig

log: Final = logging.getLogger("pikku.queue")

HOST: Final[ContextVar[Hosting | None]] = ContextVar("pikku_celery_host", default=None)
"""What runs Celery's worker where the App does not."""
POLL: Final = 0.05
"""Seconds between two looks for outcomes while the worker ends."""


def project_app(directory: str | PathLike[str]) -> Any:
    """The Celery app of a project, for Celery's own commands.

    Args:
        directory: The project's generated files.

    Raises:
        DeclarationError: The project's jobs are not in Redis, or what was generated is older than the source.
    """
    from pikku_core.runtime.host import Host

    host = Host.load(directory)
    settings = host.settings["queue"]
    if settings["broker"] == "embedded":
        raise DeclarationError(
            'The setting "queue.broker" is "embedded": the jobs are in a file, which "pikku serve" works off and Celery cannot.'
        )
    bridge = Bridge()
    app = celery_app(settings["broker"], configs_of(host), bridge)
    pool = hosting_pool(host, bridge)
    app.conf.update(
        worker_concurrency=settings["concurrency"], worker_hijack_root_logger=True, worker_pool=pool
    )

    def refuse_others(sender: Any, **_: Any) -> None:
        if sender.app is app and pool_named(sender.pool_cls) is not pool:
            # An error that a signal raises is logged, and the worker goes on: this one ends it.
            raise SystemExit(
                "The functions of this project run on an event loop: leave the pool (-P, --pool) out."
            )

    worker_init.connect(refuse_others, weak=False)
    return app


def configs_of(host: Host) -> Mapping[str, WorkerConfig]:
    """What the workers of a project say, by queue."""
    wirings = [row.load() for row in host.app.wirings("queue", QueueWiring)]
    configs = {wiring.name: wiring.config for wiring in wirings}
    return {**configs, SCHEDULES: FIRINGS} if "scheduler" in host.app.kinds() else configs


class Hosting:
    """Runs the App in a thread, and gives its worker what Celery hands over.

    Args:
        queues: Those that Celery takes from.
        concurrency: How many jobs Celery holds at once.
    """

    def __init__(self, host: Host, bridge: Bridge, queues: list[str], concurrency: int) -> None:
        self.bridge = bridge
        self._host = host
        self._queues = queues
        self._concurrency = concurrency
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pikku-app", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._late: asyncio.Event | None = None
        self._error: BaseException | None = None
        self._revoked: Callable[[Reserved], None] | None = None

    def start(self) -> None:
        """Returns when the App takes jobs. In Celery's thread.

        Raises:
            Exception: What the App did not start for.
        """
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            raise self._error

    def stop(self, *, cold: bool) -> None:
        """Returns when the App has ended, which finishes what it has; a cold one returns it. In Celery's thread."""
        self._set(self._stopping)
        while self._thread.is_alive():
            if cold or worker_state.should_terminate is not None:
                self._set(self._late)
            self._thread.join(POLL)
            self.bridge.finish()
        self.bridge.close()

    def revoked(self, reserved: Reserved) -> None:
        """Cancels a job. In Celery's thread."""
        if self._revoked is not None:
            self._revoked(reserved)

    async def work(
        self,
        worker: Worker,
        *,
        revoked: Callable[[Reserved], None],
        stopping: asyncio.Event,
        ready: Callable[[], None],
    ) -> None:
        """Works until Celery ends; what `CeleryBackend.work` does here."""
        self._revoked = revoked
        late = asyncio.Event()
        self._late = late
        worker.open()
        ready()
        try:
            await stopping.wait()
            ways = [
                asyncio.create_task(worker.finish(None)),
                asyncio.create_task(late.wait()),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            ways[-1].cancel()
        finally:
            await worker.leave()

    def _set(self, event: asyncio.Event | None) -> None:
        if event is not None and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(event.set)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._error = error
            if self._ready.is_set():
                log.exception("The application has failed.")
                worker_state.should_stop = 1
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        from pikku_core.runtime.serving import Serving
        from pikku_queue.queue.serve import serve

        HOST.set(self)
        settings = {name: dict(table) for name, table in self._host.settings.items()}
        settings["queue"]["concurrency"] = self._concurrency
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        serving = Serving(root=Path(), settings=settings, stopping=self._stopping)
        async with self._host.app as app:
            serving_it = asyncio.create_task(serve(app, serving, self._queues))
            started = asyncio.create_task(serving.started.wait())
            await asyncio.wait({serving_it, started}, return_when=asyncio.FIRST_COMPLETED)
            started.cancel()
            if not serving_it.done():
                self._ready.set()
            await serving_it


def hosting_pool(host: Host, bridge: Bridge) -> type[Any]:
    """The pool of Celery's own command."""
    hosting: list[Hosting] = []

    def revoked(reserved: Reserved) -> None:
        for one in hosting:
            one.revoked(reserved)

    loop_pool: Any = pool_of(bridge, revoked)

    class Pool(loop_pool):  # type: ignore[misc] # it has no type
        """Starts and ends the App with the worker."""

        def on_start(self) -> None:
            """Starts the App."""
            queues = sorted(self.app.amqp.queues.consume_from)
            one = Hosting(host, bridge, queues, self.limit)
            hosting.append(one)
            one.start()

        def on_close(self) -> None:
            """Takes no more."""
            bridge.shut()

        def on_stop(self) -> None:
            """Finishes what there is."""
            for one in hosting:
                one.stop(cold=False)
            hosting.clear()

        def on_terminate(self) -> None:
            """Returns what there is."""
            for one in hosting:
                one.stop(cold=True)
            hosting.clear()

    return Pool
