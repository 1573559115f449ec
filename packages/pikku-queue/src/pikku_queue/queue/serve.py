"""The serve component: works jobs off beside the other components of `pikku dev`, and alone under `pikku worker`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pikku_queue.queue.job_log import logged
from pikku_queue.queue.opening import opened_service
from pikku_queue.queue.runner import QueueRunner
from pikku_queue.scheduler import QUEUE as SCHEDULES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Mapping

    from pikku_core.runtime.app import App
    from pikku_core.runtime.serving import Serving
    from pikku_queue.queue.backend import Execute
    from pikku_queue.queue.connection import QueueConnection
    from pikku_queue.queue.message import Delivery
    from pikku_queue.queue.outcome import Outcome
    from pikku_queue.queue.worker_config import WorkerConfig


@asynccontextmanager
async def working(app: App, *, concurrency: int = 200, grace: float = 10.0) -> AsyncGenerator[None]:
    """Works off the queues of a running App while the context lasts: for programs and tests.

    Raises:
        DeclarationError: A wiring does not fit its function, or the backend cannot honour an option.
    """
    from pikku_core.runtime.serving import Serving

    serving = Serving(root=Path(), grace=grace, settings={"queue": {"concurrency": concurrency}})
    worker = asyncio.create_task(serve(app, serving))
    started = asyncio.create_task(serving.started.wait())
    try:
        await asyncio.wait({worker, started}, return_when=asyncio.FIRST_COMPLETED)
        if worker.done():
            await worker
        yield
    finally:
        started.cancel()
        serving.stopping.set()
        await worker


async def serve(app: App, serving: Serving, queues: Collection[str] | None = None) -> None:
    """Works off the queues of a running App until `serving.stopping`.

    Args:
        queues: Their names. Default: all.

    Raises:
        DeclarationError: A wiring does not fit its function, or the backend cannot honour an option.
    """
    connection: QueueConnection = app.service("queue_connection")
    backend = connection.backend
    queues = serving.options.get("queues", queues)
    runner = QueueRunner(
        app,
        report=backend.report,
        now=connection.now,
        claims=connection.claims,
        queues=None if queues is None else set(queues) - {SCHEDULES},
    )
    settings = serving.settings["queue"]
    if serving.development and settings.get("job_log") == "dev":
        connection.job_log.is_on = True
    work = with_firings(app, runner, connection, queues)
    await backend.work(
        work.configs,
        logged(work.execute, connection.job_log),
        concurrency=serving.options.get("concurrency", settings["concurrency"]),
        stopping=serving.stopping,
        ready=lambda: serving.ready(f"queues {', '.join(sorted(work.configs))} ({backend.name})"),
        grace=serving.grace,
    )


class Work(NamedTuple):
    """What a process works off: its queues, and what runs their jobs."""

    configs: Mapping[str, WorkerConfig]
    execute: Execute


def with_firings(
    app: App,
    runner: QueueRunner,
    connection: QueueConnection,
    queues: Collection[str] | None,
) -> Work:
    """The queues of a worker, and that of the firings where the App has schedules."""
    work = Work(runner.configs, runner.execute)
    schedules = opened_service(app, "schedule_connection")
    if schedules is None or (queues is not None and SCHEDULES not in queues):
        return work
    from pikku_queue.scheduler.firing import CONFIG
    from pikku_queue.scheduler.runner import SchedulerRunner

    firings = SchedulerRunner(app, now=connection.now, claims=connection.claims)

    async def execute(delivery: Delivery) -> Outcome:
        run = firings.execute if delivery.message.queue == SCHEDULES else work.execute
        return await run(delivery)

    return Work({**work.configs, SCHEDULES: CONFIG}, execute)
