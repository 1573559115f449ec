"""The thread in which Celery's worker runs."""

from __future__ import annotations

import logging
import os
import threading
import uuid
from typing import TYPE_CHECKING, Any, Final

from pikku_queue.queue.celery.library import WorkController, WorkerShutdown

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_queue.queue.celery.pool import Bridge

log: Final = logging.getLogger("pikku.queue")

CHATTY: Final = ("celery.app.trace", "celery.worker.strategy")
"""Loggers of Celery that write two lines for each job."""


class CeleryThread(threading.Thread):
    """A thread in which Celery's worker runs.

    Args:
        queues: Those to take from.
        pool: The class of its pool.
        started: Called when it takes messages, in that thread; and `ended` when it ends.
    """

    def __init__(
        self,
        app: Any,
        queues: list[str],
        pool: type[Any],
        concurrency: int,
        *,
        started: Callable[[], object],
        ended: Callable[[], object],
    ) -> None:
        threading.Thread.__init__(self, name="pikku-celery", daemon=True)
        self._app = app
        self._queues = queues
        self._pool = pool
        self._concurrency = concurrency
        self._consuming = started
        self._ended = ended
        self.failed = False

    def run(self) -> None:
        """Runs the worker."""
        for name in CHATTY:
            if logging.getLogger(name).level == logging.NOTSET:
                logging.getLogger(name).setLevel(logging.WARNING)
        try:
            self._app.set_current()
            controller = WorkController(
                app=self._app,
                hostname=f"pikku{os.getpid()}-{uuid.uuid4().hex[:4]}@%h",
                pool_cls=self._pool,
                concurrency=self._concurrency,
                queues=self._queues,
                ready_callback=self._take_part,
                without_gossip=True,
                without_mingle=True,
            )
            controller.start()
            self.failed = bool(controller.exitcode)
        except Exception:
            self.failed = True
            log.exception("Celery's worker has failed.")
        finally:
            self._ended()

    def _take_part(self, _consumer: Any) -> None:
        self._consuming()

    def stop(self, bridge: Bridge) -> None:
        """Lets the worker finish."""
        if bridge.hub is not None:
            bridge.hub.call_soon(_shut_down, bridge)


def _shut_down(bridge: Bridge) -> None:
    bridge.finish()
    raise WorkerShutdown(0)
