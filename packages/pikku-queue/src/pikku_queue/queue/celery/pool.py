"""Celery's pool whose place of execution is the event loop of an App, and the order in which it takes from queues."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from pikku_queue.queue.celery.bridge import Bridge, Reserved
from pikku_queue.queue.celery.envelope import TASKS
from pikku_queue.queue.celery.library import BasePool, RoundRobin

if TYPE_CHECKING:
    from collections.abc import Callable


def pool_of(bridge: Bridge, revoked: Callable[[Reserved], None]) -> type[Any]:
    """The pool that hands requests to a bridge.

    Args:
        revoked: Cancels a job; called in Celery's thread.
    """

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
        ) -> Reserved:
            """Takes a request."""
            name, _identity, request, body, *_rest = args
            if accept_callback is not None:
                accept_callback(os.getpid(), time.monotonic())
            reserved = Reserved(
                queue=name.removeprefix(TASKS),
                request=request,
                body=body,
                trace=lambda: target(*args, **(kwargs or {})),
                done=callback,
                revoked=revoked,
            )
            bridge.take(reserved)
            return reserved

        def terminate_job(self, pid: int, signal: Any = None) -> None:
            """A task is not a process here; `Reserved.terminate` cancels it."""

    return LoopPool


def order_of(bridge: Bridge) -> type[Any]:
    """The order of queues that passes over those of which the process holds enough."""

    class Order(RoundRobin):  # type: ignore[misc] # it has no type
        """Round robin over the queues with room."""

        def consume(self, n: int) -> list[str]:
            """The queues to take from next."""
            return [queue for queue in self.items[:n] if bridge.has_room(queue)]

    return Order
