"""A worker in a process of its own: `python worker_process.py <url> <point> <file>`.

It says on its standard output that it is ready, and when it has come to the point at which it stops and waits to be killed:
`begin` (it has the message, and has not begun), `before`, `during` and `after` the effect, or none. The effect is a line in the file.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.services.clock import SystemClock
from pikku_queue import WorkerConfig
from pikku_queue.queue.celery.backend import CeleryBackend
from pikku_queue.queue.celery.ledger import Ledger
from pikku_queue.queue.outcome import Completed, Outcome, Returned

if TYPE_CHECKING:
    from pikku_queue.queue.message import Delivery

CONFIG = WorkerConfig(visibility="1s", attempts=3)
QUEUE = "letters"


async def main(url: str, point: str, file: str) -> None:
    """Works until SIGTERM."""
    effects = Path(file).open("a", buffering=1)  # noqa: ASYNC230, SIM115 - a line, which is written at once
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)

    async def come_to(here: str) -> None:
        if here == point:
            print(here, flush=True)
            await asyncio.Event().wait()

    async def execute(delivery: Delivery) -> Outcome:
        try:
            await come_to("before")
            await asyncio.sleep(0)
            await come_to("during")
            effects.write(f"{delivery.message.id}\n")
            await come_to("after")
        except asyncio.CancelledError:
            return Returned()
        return Completed(result=b'"done"')

    async def begin(*_: object) -> None:
        await come_to("begin")

    if point == "begin":
        setattr(Ledger, "begin", begin)  # noqa: B010 - its type is another
    async with CeleryBackend(url, clock=SystemClock()) as backend:
        await backend.work(
            {QUEUE: CONFIG},
            execute,
            concurrency=10,
            stopping=stopping,
            ready=lambda: print("ready", flush=True),
            grace=0.2,
        )
    effects.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
