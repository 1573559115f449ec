"""What a test of a backend runs jobs with, and what it waits for."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any, Final

from pikku_queue.queue.message import Message
from pikku_queue.queue.outcome import Completed, Outcome, Returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.message import Delivery
    from pikku_queue.queue.record import JobRecord

QUEUE: Final = "letters"
PATIENCE: Final = 10.0
"""Seconds after which something that was expected counts as not happening."""


class Recorder:
    """Runs attempts in a test: notes each, and gives the outcomes that were asked for.

    Attributes:
        deliveries: The attempts, in the order in which they were begun.
    """

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.outcomes: dict[str, list[Outcome]] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.clinging: dict[str, asyncio.Event] = {}
        self.active = 0
        self.most = 0

    @property
    def ids(self) -> list[str]:
        """The jobs that were begun, in order."""
        return [one.message.id for one in self.deliveries]

    def gives(self, job: str, *outcomes: Outcome) -> None:
        """What the attempts of a job come to, one after the other; then it is completed."""
        self.outcomes[job] = list(outcomes)

    def holds(self, job: str) -> asyncio.Event:
        """Lets the attempts of a job wait until the event is set."""
        return self.gates.setdefault(job, asyncio.Event())

    def clings(self, job: str) -> asyncio.Event:
        """Lets the first attempt of a job go on after it was cancelled, until the event is set, and return `"late"`."""
        return self.clinging.setdefault(job, asyncio.Event())

    async def execute(self, delivery: Delivery) -> Outcome:
        """One attempt."""
        self.deliveries.append(delivery)
        self.active += 1
        self.most = max(self.most, self.active)
        clinging = self.clinging.pop(delivery.message.id, None)
        try:
            if clinging is not None:
                await _until_set(clinging)
                return Completed(result=b'"late"')
            if (gate := self.gates.get(delivery.message.id)) is not None:
                await gate.wait()
            left = self.outcomes.get(delivery.message.id)
            if left:
                return left.pop(0)
            return Completed(result=delivery.message.data)
        except asyncio.CancelledError:
            return Returned()
        finally:
            self.active -= 1


async def _until_set(event: asyncio.Event) -> None:
    """Waits, whatever cancels it."""
    while not event.is_set():
        try:
            await event.wait()
        except asyncio.CancelledError:
            continue


numbers = iter(range(1_000_000))


def message(*, id: str = "", data: Any = None, **options: Any) -> Message:
    """A message with an id of its own."""
    return Message(
        id=id or f"job-{next(numbers)}",
        queue=QUEUE,
        data=json.dumps(data).encode(),
        enqueued=time.time(),
        **options,
    )


async def settled(backend: Backend, job: str) -> JobRecord:
    """A job once it is settled."""
    record = await backend.settled(QUEUE, job, PATIENCE)
    assert record is not None
    assert record.ended is not None, f"the job is {record.status} still"
    return record


async def found(backend: Backend, job: str) -> JobRecord:
    """A job as it is."""
    record = await backend.get(QUEUE, job)
    assert record is not None
    return record


async def until(condition: Callable[[], bool]) -> None:
    """Returns when a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - a condition of many things is looked at, not told
            await asyncio.sleep(0.005)
