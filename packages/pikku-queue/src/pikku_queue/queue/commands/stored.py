"""The jobs of a project for a command: its queues, and its backend, open, without the project's services."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pikku_core import DeclarationError, PikkuError
from pikku_core.nearest import nearest_name
from pikku_core.plugin import CommandError, current_tool
from pikku_core.services.clock import SystemClock
from pikku_queue.queue.connection import QueueConnection
from pikku_queue.queue.wiring import QueueWiring
from pikku_queue.scheduler import QUEUE as SCHEDULES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_core import App
    from pikku_queue.queue.backend import Backend

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a command works on.

    Attributes:
        worked: The queues that have a worker in the project, that of schedules included.
        stored: The queues of which there are jobs, and those that the project declares for other processes.
    """

    backend: Backend
    worked: frozenset[str]
    stored: frozenset[str]

    @property
    def names(self) -> list[str]:
        """All queues, sorted."""
        return sorted(self.worked | self.stored)

    def check(self, queue: str) -> str:
        """The name of a queue that there is.

        Raises:
            CommandError: There is none of that name.
        """
        known = self.names
        if queue in known:
            return queue
        near = nearest_name(queue, known)
        hint = f' Did you mean "{near}"?' if near else f" There is {', '.join(known) or 'none'}."
        raise CommandError(f'There is no queue "{queue}".{hint}', 2)


def with_jobs(use: Callable[[Stored], Awaitable[R]]) -> R:
    """What a function gives of the project's jobs.

    Raises:
        CommandError: There are no fresh generated files, or the broker cannot be reached.
    """
    try:
        return asyncio.run(_used(current_tool().load_app(), use))
    except (DeclarationError, PikkuError) as error:
        raise CommandError(str(error)) from error


def functions_of(app: App) -> dict[str, str]:
    """Of each queue the id of its function, by name."""
    rows = app.wirings("queue", QueueWiring)
    return {row.id.removeprefix("queue:"): row.function for row in rows}


async def _used(app: App, use: Callable[[Stored], Awaitable[R]]) -> R:
    connection = QueueConnection(SystemClock())
    await connection.open(app)
    try:
        backend = connection.backend
        worked = {*functions_of(app), *([SCHEDULES] if "scheduler" in app.kinds() else [])}
        elsewhere = [row.id.removeprefix("queue:") for row in app.declarations("queue")]
        stored = frozenset((*await backend.queues(), *elsewhere))
        return await use(Stored(backend=backend, worked=frozenset(worked), stored=stored))
    finally:
        await connection.close()
