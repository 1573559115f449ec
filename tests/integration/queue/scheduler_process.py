"""Schedules in a process of its own: `python scheduler_process.py <folder> beat|all [broker]`.

`beat` fires the schedule `ticks` each second, and makes up for what was missed; `all` runs the firings too, whose effects are lines of
the file `effects`. The jobs are in a file of the folder, or in a broker. It says on its standard output when it is ready.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from pikku_core import App, pikku_sessionless_func
from pikku_core.services.clock import SystemClock, system_clock
from pikku_queue import ScheduledTask, queue_connection, schedule_connection, wire_scheduler
from pikku_queue.plugin import pikku_shutdown, pikku_startup
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.scheduler.beat import Beat
from pikku_queue.scheduler.entry import Entry
from pikku_queue.scheduler.serve import scheduling

LEASE = 1.0


@pikku_sessionless_func
def tick(*, scheduled_task: ScheduledTask) -> None:
    """Writes which firing this is, in one piece."""
    with Path(sys.argv[1], "effects").open("a", encoding="utf-8") as lines:
        lines.write(f"{scheduled_task.id}\n")


TICKS = wire_scheduler(
    name="ticks", schedule="* * * * * *", func=tick, misfire="all", overlap="allow"
)


async def beat(folder: str, stopping: asyncio.Event) -> None:
    """Fires."""
    clock = SystemClock()
    async with EmbeddedBackend(str(Path(folder, "jobs.db")), clock=clock) as backend:
        print("ready", flush=True)
        store = backend.schedules()
        running = Beat([Entry.of(TICKS)], store=store, backend=backend, clock=clock, lease=LEASE)
        await running.run(stopping)


async def fire_and_run(folder: str, stopping: asyncio.Event, broker: str) -> None:
    """Fires, and runs what is fired."""
    app = App(
        [TICKS],
        services=[schedule_connection, queue_connection, system_clock],
        startup=[pikku_startup],
        shutdown=[pikku_shutdown],
        settings={"queue": {"broker": broker} if broker else {"database": "jobs.db"}},
    )
    app.directory = Path(folder, ".pikku")  # As one that was generated: its jobs are in a file.
    async with app, scheduling(app, lease=LEASE):
        print("ready", flush=True)
        await stopping.wait()


async def main(folder: str, what: str, broker: str = "") -> None:
    """Runs until SIGTERM."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    if what == "beat":
        await beat(folder, stopping)
    else:
        await fire_and_run(folder, stopping, broker)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
