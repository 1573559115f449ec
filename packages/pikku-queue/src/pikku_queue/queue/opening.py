"""The hooks round an App's life: its queues are opened when its services have started, and closed before they stop.

They run in every App of an installation, and import nothing that works jobs off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_core.runtime.app import App
    from pikku_queue.queue.connection import QueueConnection


async def open_queues(app: App) -> None:
    """Opens the queues of an App in which something uses them, and its schedules: a startup hook."""
    connection = connection_of(app)
    if connection is not None:
        await connection.open(app)
    schedules = opened_service(app, "schedule_connection")
    if schedules is not None:
        schedules.open(app)


async def close_queues(app: App) -> None:
    """Closes them again: a shutdown hook."""
    connection = connection_of(app)
    if connection is not None:
        await connection.close()


def connection_of(app: App) -> QueueConnection | None:
    """The connection of a running App; None where nothing uses queues."""
    found: QueueConnection | None = opened_service(app, "queue_connection")
    return found


def opened_service(app: App, name: str) -> Any:
    """A service of a running App; None where nothing uses it."""
    from pikku_core import MissingServiceError

    try:
        return app.service(name)
    except MissingServiceError:
        return None
