"""Celery's pool whose place of execution is the event loop of an App.

Celery's own thread hands requests over and gets outcomes back; what it does before and after an attempt (results, events, signals,
acknowledgements) it does in that thread, as it does with its own pools.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pikku_queue.queue.celery.app import JobError
from pikku_queue.queue.celery.envelope import TASKS
from pikku_queue.queue.celery.library import BasePool, Ignore, Retry, RoundRobin
from pikku_queue.queue.outcome import Completed, Failed, Outcome, Retried

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

log: Final = logging.getLogger("pikku.queue")


@dataclass(frozen=True, slots=True, eq=False)
class Reserved:
    """A message in the hands of this process.

    Attributes:
        queue: Its queue.
        request: Its headers, and what Celery adds to them.
        body: As it came.
        trace: Runs the task as Celery does; the task gives what the attempt came to.
        done: Tells Celery that the task was run.
    """

    queue: str
    request: Mapping[str, Any]
    body: Any
    trace: Callable[[], Any]
    done: Callable[[Any], None]


class Bridge:
    """Between Celery's thread and the event loop.

    Args:
        loop: Where `receive` is called.
        limits: How many jobs of each queue this process holds at most.
        receive: Begins with a message.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        limits: Mapping[str, int],
        receive: Callable[[Reserved], None],
    ) -> None:
        self.hub: Any | None = None
        self.open = True
        self.begun: set[str] = set()
        """The delivery tags of messages that the ledger has acknowledged."""
        self.outcome: Outcome | None = None
        """What the task that runs in Celery's thread gives."""
        self._loop = loop
        self._limits = limits
        self._receive = receive
        self._held = dict.fromkeys(limits, 0)
        self._arrived: deque[Reserved] = deque()
        self._ended: deque[tuple[Reserved, Outcome | None]] = deque()
        # An acknowledgement is queued in Celery's loop, which looks at that queue before it waits for sockets and not
        # after: what runs because a socket can be read is followed by it at once.
        self._bell, self._rope = socket.socketpair()
        for end in (self._bell, self._rope):
            end.setblocking(False)

    def has_room(self, queue: str) -> bool:
        """Whether this process takes another job of a queue. In Celery's thread."""
        return self.open and self._held[queue] < self._limits[queue]

    def take(self, reserved: Reserved) -> None:
        """Hands a message to the event loop. In Celery's thread."""
        if not self.open:
            return  # Celery gives back what is not acknowledged when it ends.
        self._held[reserved.queue] += 1
        self._arrived.append(reserved)
        if len(self._arrived) == 1:
            self._loop.call_soon_threadsafe(self._deliver)

    def give_back(self, reserved: Reserved, outcome: Outcome | None) -> None:
        """Hands an outcome to Celery; None: it was not begun. In the event loop."""
        self.begun.add(reserved.request["properties"]["delivery_tag"])
        self._ended.append((reserved, outcome))
        if len(self._ended) == 1:
            self._ring()

    def body(self) -> Any:
        """The body of every task: what the attempt came to, in Celery's terms."""
        match self.outcome:
            case Completed(result=result):
                return json.loads(result)
            case Retried(after=after, error=error):
                raise Retry(message=error, when=after)
            case Failed(error=error):
                raise JobError(error)
            case _:
                raise Ignore

    def attach(self, hub: Any) -> None:
        """Listens for outcomes in Celery's loop, which forgets its readers when it connects anew. In Celery's thread."""
        self.hub = hub
        hub.add_reader(self._bell, self.finish)
        self._ring()

    def close(self) -> None:
        """Celery's loop has ended."""
        self._bell.close()
        self._rope.close()

    def _ring(self) -> None:
        with suppress(BlockingIOError):  # It rings already.
            self._rope.send(b"!")

    def _deliver(self) -> None:
        while self._arrived:
            self._receive(self._arrived.popleft())

    def finish(self) -> None:
        """Lets Celery take the outcomes that there are. In Celery's thread."""
        with suppress(BlockingIOError):
            self._bell.recv(4096)
        while self._ended:
            reserved, self.outcome = self._ended[0]
            self._held[reserved.queue] -= 1
            try:
                reserved.done(reserved.trace())
            except Exception:
                # The ledger has the outcome: it is Celery's record, or an observer of it, that failed.
                log.exception('Celery did not take what a job of "%s" came to.', reserved.queue)
            finally:
                self._ended.popleft()


def pool_of(bridge: Bridge) -> type[Any]:
    """The pool that hands requests to a bridge."""

    class LoopPool(BasePool):  # type: ignore[misc] # it has no type
        """Runs tasks on an event loop."""

        signal_safe = False
        # Functions do not run in Celery's thread: one may wait for another task.
        task_join_will_block = False

        def register_with_event_loop(self, loop: Any) -> None:
            """Celery's loop runs."""
            bridge.attach(loop)

        def on_apply(
            self,
            target: Callable[..., Any],
            args: Any = (),
            kwargs: Any = None,
            callback: Any = None,
            accept_callback: Any = None,
            **_: Any,
        ) -> None:
            """Takes a request."""
            name, _identity, request, body, *_rest = args
            if accept_callback is not None:
                accept_callback(os.getpid(), time.monotonic())
            bridge.take(
                Reserved(
                    queue=name.removeprefix(TASKS),
                    request=request,
                    body=body,
                    trace=lambda: target(*args, **(kwargs or {})),
                    done=callback,
                )
            )

        def terminate_job(self, pid: int, signal: Any = None) -> None:
            """A task is not a process here."""

    return LoopPool


def order_of(bridge: Bridge) -> type[Any]:
    """The order of queues that passes over those of which the process holds enough."""

    class Order(RoundRobin):  # type: ignore[misc] # it has no type
        """Round robin over the queues with room."""

        def consume(self, n: int) -> list[str]:
            """The queues to take from next."""
            return [queue for queue in self.items[:n] if bridge.has_room(queue)]

    return Order
