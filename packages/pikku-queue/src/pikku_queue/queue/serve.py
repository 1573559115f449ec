"""The serve component: works jobs off beside the other components of `pikku dev`, and alone under `pikku worker`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_queue.queue.runner import QueueRunner

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection

    from pikku_core.runtime.app import App
    from pikku_core.runtime.serving import Serving
    from pikku_queue.queue.connection import QueueConnection


@asynccontextmanager
async def working(app: App, *, concurrency: int = 100, grace: float = 10.0) -> AsyncGenerator[None]:
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
    runner = QueueRunner(
        app, report=backend.report, now=connection.now, claims=connection.claims, queues=queues
    )
    settings = serving.settings["queue"]
    await backend.work(
        runner.configs,
        runner.execute,
        concurrency=settings["concurrency"],
        stopping=serving.stopping,
        ready=lambda: serving.ready(f"queues {', '.join(sorted(runner.configs))} ({backend.name})"),
        grace=serving.grace,
    )


async def open_queues(app: App) -> None:
    """Opens the queues of an App in which something uses them: a startup hook."""
    connection = connection_of(app)
    if connection is not None:
        await connection.open(app)


async def close_queues(app: App) -> None:
    """Closes them again: a shutdown hook."""
    connection = connection_of(app)
    if connection is not None:
        await connection.close()


def connection_of(app: App) -> QueueConnection | None:
    """The connection of a running App; None where nothing uses queues."""
    from pikku_core import MissingServiceError

    try:
        found: QueueConnection = app.service("queue_connection")
    except MissingServiceError:
        return None
    return found
