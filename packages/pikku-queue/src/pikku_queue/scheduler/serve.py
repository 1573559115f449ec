"""The serve component: the beat beside the other components of `pikku dev` and `pikku serve`, and alone under `pikku beat`."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pikku_queue.scheduler.beat import LEASE, Beat
from pikku_queue.scheduler.timetable import zone_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from pikku_core.runtime.app import App
    from pikku_core.runtime.serving import Serving
    from pikku_queue.scheduler.connection import ScheduleConnection

log: Final = logging.getLogger("pikku.scheduler")

SHOWN: Final = 5
"""How many of the next firings are told at the start."""


async def serve(app: App, serving: Serving) -> None:
    """Fires the schedules of a running App until `serving.stopping`, and runs the firings where no queue's worker does."""
    from pikku_queue.queue.serve import serve as work

    does = serving.options.get("does", "fire" if "queue" in app.kinds() else "both")
    if does == "fire":
        await beat(app, serving)
        return
    if does == "work":
        await work(app, serving)
        return
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(beat(app, serving))
            group.create_task(work(app, serving))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def beat(app: App, serving: Serving) -> None:
    """Fires the schedules until `serving.stopping`; the firings are run by workers, of this process or another."""
    connection: ScheduleConnection = app.service("schedule_connection")
    enabled = [one for one in connection.entries.values() if one.wiring.enabled]
    for line in following(connection):
        log.info("%s", line)
    serving.ready(f"{len(enabled)} schedules ({connection.backend.name})")
    settings = serving.settings.get("scheduler", {})
    await Beat(
        connection.entries.values(),
        store=connection.store,
        backend=connection.backend,
        clock=connection.clock,
        lease=settings.get("lease", LEASE),
    ).run(serving.stopping)


def following(connection: ScheduleConnection, limit: int = SHOWN) -> list[str]:
    """What fires next, in order, in sentences for people."""
    now = connection.now()
    moments = [
        (due, entry)
        for entry in connection.entries.values()
        if entry.wiring.enabled and (due := entry.following(now)) is not None
    ]
    moments.sort(key=lambda one: (one[0], one[1].name))
    lines = [
        f'"{entry.name}" fires next at '
        f"{datetime.fromtimestamp(due, UTC).astimezone(zone_of(entry.wiring.timezone)):%Y-%m-%d %H:%M:%S %Z}."
        for due, entry in moments[:limit]
    ]
    if len(moments) > limit:
        lines.append(f"{len(moments) - limit} more schedules fire after these.")
    return lines


@asynccontextmanager
async def scheduling(
    app: App, *, lease: float = LEASE, grace: float = 10.0
) -> AsyncGenerator[None]:
    """Fires the schedules of a running App, and runs the firings, while the context lasts: for programs and tests."""
    from pikku_core.runtime.serving import Serving

    settings: Mapping[str, Mapping[str, Any]] = {
        "queue": {"concurrency": 100},
        "scheduler": {"lease": lease},
    }
    serving = Serving(root=Path(), grace=grace, settings=settings)
    running = asyncio.create_task(serve(app, serving))
    started = asyncio.create_task(serving.started.wait())
    try:
        await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
        yield
    finally:
        started.cancel()
        serving.stopping.set()
        await running
