"""A worker of the embedded backend in a process of its own: `python embedded_process.py <folder> <point>`.

It says on its standard output that it is ready, and when it has come to the point at which it stops and waits to be killed:
`before`, `during` or `after` the effect, or none. The effects are lines of the file `effects`.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.services.clock import SystemClock
from pikku_queue import WorkerConfig
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.queue.outcome import Completed, Outcome, Returned

if TYPE_CHECKING:
    from pikku_queue.queue.message import Delivery

CONFIG = WorkerConfig(visibility="1s", attempts=3)
QUEUE = "letters"


def note(file: Path, line: str) -> None:
    """Writes a line, in one piece."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{line}\n")


async def main(folder: str, point: str) -> None:
    """Works until SIGTERM."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)

    async def come_to(here: str) -> None:
        if here == point:
            print(here, flush=True)
            await asyncio.Event().wait()

    async def execute(delivery: Delivery) -> Outcome:
        try:
            await come_to("before")
            note(Path(folder, "half"), delivery.message.id)
            await come_to("during")
            note(Path(folder, "effects"), delivery.message.id)
            await come_to("after")
        except asyncio.CancelledError:
            return Returned()
        return Completed(result=b'"done"')

    async with EmbeddedBackend(str(Path(folder, "jobs.db")), clock=SystemClock()) as backend:
        await backend.work(
            {QUEUE: CONFIG},
            execute,
            concurrency=10,
            stopping=stopping,
            ready=lambda: print("ready", flush=True),
            grace=0.2,
        )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
