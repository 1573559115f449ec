"""Between Celery's thread and the event loop of an App.

Celery's own thread hands requests over and gets outcomes back; what it does before and after an attempt (results, events, signals,
acknowledgements) it does in that thread, as it does with its own pools.
"""

from __future__ import annotations

import json
import logging
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pikku_queue.queue.celery.library import Ignore, Retry, worker_state
from pikku_queue.queue.outcome import Completed, Failed, Outcome, Retried

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Collection, Mapping

    from pikku_queue.queue.celery.refusal import Refusal

log: Final = logging.getLogger("pikku.queue")


class JobError(Exception):
    """What Celery is told of an attempt that failed."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Reserved:
    """A message in the hands of this process.

    Attributes:
        queue: Its queue.
        request: Its headers, and what Celery adds to them.
        body: As it came.
        trace: Runs the task as Celery does; the task gives what the attempt came to.
        done: Tells Celery that the task was run.
        revoked: Called where Celery is told to terminate the task.
    """

    queue: str
    request: Mapping[str, Any]
    body: Any
    trace: Callable[[], Any]
    done: Callable[[Any], None]
    revoked: Callable[[Reserved], None]

    @property
    def tag(self) -> str:
        """The delivery tag."""
        return str(self.request["properties"]["delivery_tag"])

    def terminate(self, _signal: int) -> None:
        """What Celery calls for `revoke(terminate=True)`, and for each task when it ends at once. In Celery's thread."""
        if self.request["id"] in worker_state.revoked:
            self.revoked(self)


class Bridge:
    """Hands messages to the event loop, and outcomes to Celery.

    Attributes:
        begun: The delivery tags of messages that the ledger has acknowledged.
        outcome: What the task that runs in Celery's thread gives.
    """

    def __init__(self) -> None:
        self.begun: set[str] = set()
        self.outcome: Outcome | None = None
        self._open = False
        self._hub: Any | None = None
        self._limits: Mapping[str, int] = {}
        self._held: dict[str, int] = {}
        self._paced: frozenset[str] = frozenset()
        self._asking: set[str] = set()
        self._closed_until: dict[str, float] = {}
        self._arrived: deque[Reserved | Refusal] = deque()
        self._ended: deque[tuple[Reserved, Outcome | None]] = deque()

    def open(
        self,
        loop: asyncio.AbstractEventLoop,
        receive: Callable[[Reserved | Refusal], None],
        *,
        limits: Mapping[str, int],
        paced: Collection[str] = (),
    ) -> None:
        """Takes messages from now on.

        Args:
            loop: Where `receive` is called.
            receive: Begins with a message, or records that nobody can.
            limits: How many jobs of each queue this process holds at most.
            paced: Queues with a rate limit, of which a second message is not taken before it is known whether the first may begin.
        """
        self._loop = loop
        self._receive = receive
        self._limits = limits
        self._held = dict.fromkeys(limits, 0)
        self._paced = frozenset(paced)
        # An acknowledgement is queued in Celery's loop, which looks at that queue before it waits for sockets and not
        # after: what runs because a socket can be read is followed by it at once.
        self._bell, self._rope = socket.socketpair()
        for end in (self._bell, self._rope):
            end.setblocking(False)
        self._open = True

    def shut(self) -> None:
        """Takes no more messages."""
        self._open = False

    def close(self) -> None:
        """Celery's loop has ended."""
        self.shut()
        self._bell.close()
        self._rope.close()

    def has_room(self, queue: str) -> bool:
        """Whether this process takes another job of a queue; of one that is Celery's own always. In Celery's thread."""
        limit = self._limits.get(queue)
        return limit is None or (
            self._open
            and self._held[queue] < limit
            and queue not in self._asking
            and self._closed_until.get(queue, 0.0) <= time.monotonic()
        )

    def take(self, reserved: Reserved) -> None:
        """Hands a message to the event loop. In Celery's thread."""
        if not self._open:
            return  # Celery gives back what is not acknowledged when it ends.
        self._held[reserved.queue] += 1
        if reserved.queue in self._paced:
            self._asking.add(reserved.queue)
        self._arrive(reserved)

    def refuse(self, refusal: Refusal) -> None:
        """Hands a message to the event loop that nobody can begin. In Celery's thread."""
        self._arrive(refusal)

    def pace(self, queue: str, seconds: float) -> None:
        """Whether a job of a queue could begin is known: the next one is taken in so many seconds. In the event loop."""
        if queue in self._paced:
            self._closed_until[queue] = time.monotonic() + seconds
            self._asking.discard(queue)
            self._loop.call_later(seconds, self._ring)

    def acknowledge(self, reserved: Reserved) -> None:
        """The ledger has a message, whatever becomes of its job. In the event loop."""
        self.begun.add(reserved.tag)

    def give_back(self, reserved: Reserved, outcome: Outcome | None) -> None:
        """Hands an outcome to Celery; None: it was not begun. In the event loop."""
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
        self._hub = hub
        hub.add_reader(self._bell, self.finish)
        self._ring()

    def call_soon(self, call: Callable[[], None]) -> None:
        """Calls something in Celery's thread, where its loop runs."""
        if self._hub is not None:
            self._hub.call_soon(call)
            self._ring()

    @property
    def is_attached(self) -> bool:
        """Whether Celery's loop has run."""
        return self._hub is not None

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

    def _ring(self) -> None:
        with suppress(OSError):  # It rings already, or nobody listens any more.
            self._rope.send(b"!")

    def _arrive(self, what: Reserved | Refusal) -> None:
        self._arrived.append(what)
        if len(self._arrived) == 1:
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        while self._arrived:
            self._receive(self._arrived.popleft())
