"""The beat: looks when schedules are due, and fires them. One of all processes does; the others wait for its end."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import uuid
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final, NamedTuple

from pikku_core import ServiceUnavailableError
from pikku_queue.scheduler.entry import AT_ONCE
from pikku_queue.scheduler.overlap import overlapping
from pikku_queue.scheduler.store import Advance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pikku_core.services.clock import Clock
    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.message import Message
    from pikku_queue.scheduler.entry import Entry
    from pikku_queue.scheduler.store import ScheduleState, ScheduleStore

log: Final = logging.getLogger("pikku.scheduler")

LEASE: Final = 15.0
"""Seconds after which another process looks when the one that did has died."""
RETRY: Final = 1.0
"""Seconds after which is tried again what the store did not take."""
STEP: Final = 1.0
"""Seconds by which a clock that goes back has been set."""
CORRECTION: Final = 3 * 3600.0
"""By more seconds is a clock set back that was wrong. By less, and what was fired is not fired again."""


class Step(NamedTuple):
    """What looking at a schedule that is due comes to.

    Attributes:
        since: The moment after which the next one is looked for.
    """

    messages: Sequence[Message]
    change: Advance | None
    since: float


class Beat:
    """Fires the schedules of a process, while it holds the lease for them.

    Processes with the same schedules share a lease: those that a filter has left others to do not wait for each other.

    Args:
        entries: The schedules; those that are not enabled have missed nothing when they are.
        lease: Seconds until another process takes over.

    Attributes:
        is_holding: Whether this process is the one that fires.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        store: ScheduleStore,
        backend: Backend,
        clock: Clock,
        lease: float = LEASE,
    ) -> None:
        self._entries: Mapping[str, Entry] = {one.name: one for one in entries}
        self.store = store
        self._backend = backend
        self._clock = clock
        self._lease = lease
        self._holder = uuid.uuid4().hex
        self._group = _group(self._entries.values())
        self._due: list[tuple[float, str]] = []
        self._looked = 0.0
        self._answers = True
        self.is_holding = False

    async def run(self, stopping: asyncio.Event) -> None:
        """Fires what is due until `stopping`, then lets another process do so."""
        stop = asyncio.ensure_future(stopping.wait())
        try:
            while not stopping.is_set():
                asleep = asyncio.ensure_future(self._clock.sleep(await self.look()))
                try:
                    await asyncio.wait({asleep, stop}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    asleep.cancel()
        finally:
            stop.cancel()
            await self._release()

    async def look(self) -> float:
        """Fires what is due; returns the seconds until it has to look again."""
        try:
            held = await self.store.hold(self._group, self._holder, self._lease)
            now = self._now()
            if held and (not self.is_holding or now < self._looked - STEP):
                await self._begin(now)
            self.is_holding, self._looked = held, now
            if held:
                await self._fire(now)
        except Exception as error:
            level = logging.WARNING if self._answers else logging.DEBUG
            known = isinstance(error, ServiceUnavailableError)
            what = "What is due could not be fired; it is tried again: %s"
            log.log(level, what, error, exc_info=None if known else error)
            self.is_holding = self._answers = False
            return RETRY
        self._answers = True
        renewal = self._lease / 3
        if not held or not self._due:
            return renewal
        return max(0.0, min(renewal, self._due[0][0] - self._now()))

    async def _begin(self, now: float) -> None:
        """Finds out what was fired so far, and when what follows is due."""
        await self.store.begin({one.name: one.spec for one in self._entries.values()}, now)
        states = await self.store.states(list(self._entries))
        ahead = {name: one for name, one in states.items() if one.last > now + CORRECTION}
        if ahead:
            log.warning("The clock was set back by hours: %d schedules go on from now.", len(ahead))
            await self.store.advance(
                [Advance(name=name, was=one.last, last=now) for name, one in ahead.items()]
            )
        self._due = []
        for name, state in states.items():
            self._await(name, now if name in ahead else state.last)
        heapify(self._due)

    async def _fire(self, now: float) -> None:
        names: list[str] = []
        while self._due and self._due[0][0] <= now:
            names.append(heappop(self._due)[1])
        if not names:
            return
        states = await self.store.states(names)
        steps = await asyncio.gather(
            *(self._step(self._entries[name], states.get(name), now) for name in names)
        )
        messages = [message for step in steps for message in step.messages]
        if messages:
            # The jobs first. Should this process end here, the next one adds them once more, which changes nothing.
            await self._backend.enqueue(messages)
        changes = [step.change for step in steps if step.change is not None]
        if changes:
            await self.store.advance(changes)
        for name, step in zip(names, steps, strict=True):
            self._await(name, step.since)

    async def _step(self, entry: Entry, state: ScheduleState | None, now: float) -> Step:
        # What has another spec now was changed by another release of the project, which fires it.
        if state is None or state.spec != entry.spec or state.is_paused:
            return Step((), None, now)
        if state.last >= now:
            return Step((), None, state.last)
        moments = entry.missed(state.last, now)
        skipped = await overlapping(entry, state, self._backend) if moments else ""
        messages = [entry.message(due, now=now, skipped=skipped) for due in moments]
        last = moments[-1] if len(moments) == AT_ONCE else now
        job = messages[-1].id if messages and not skipped else ""
        change = Advance(name=entry.name, was=state.last, last=last, job=job)
        return Step(messages, change, last)

    def _await(self, name: str, since: float) -> None:
        entry = self._entries[name]
        due = entry.following(since) if entry.wiring.enabled else None
        if due is not None:
            heappush(self._due, (due, name))

    async def _release(self) -> None:
        try:
            await self.store.release(self._group, self._holder)
        except Exception as error:  # noqa: BLE001 - another process waits until it is over
            log.warning("The lease of the schedules could not be given back: %s", error)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _group(entries: Iterable[Entry]) -> str:
    text = "\n".join(sorted(f"{one.name} {one.spec}" for one in entries))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
