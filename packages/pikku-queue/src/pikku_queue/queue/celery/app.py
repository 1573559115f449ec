"""The Celery app of a project: a task for each queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_queue.queue.celery.envelope import STEPS, TASKS
from pikku_queue.queue.celery.library import Celery, Queue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class JobError(Exception):
    """What Celery is told of an attempt that failed."""


def celery_app(
    url: str,
    queues: Iterable[str],
    body: Callable[[], Any],
    *,
    visibility: float = 60.0,
    order: type | str = "round_robin",
    begun: set[str] | None = None,
) -> Any:
    """The Celery app of a project.

    Args:
        url: The broker, `redis://` or `rediss://`.
        queues: Those that have a task.
        body: What each task runs.
        visibility: Seconds for which a message that was taken but not begun belongs to its worker.
        begun: The delivery tags of messages that the ledger has acknowledged.
        order: The strategy by which a worker takes from several queues: a class of `kombu.utils.scheduling`.
    """
    names = sorted(queues)
    app = Celery("pikku", broker=url, backend=url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        broker_transport="pikku_queue.queue.celery.transport:Transport",
        broker_transport_options={
            "begun": set() if begun is None else begun,
            "priority_steps": list(STEPS),
            "queue_order_strategy": order,
            # Apart from those of other Celery programs, whose visibility timeout may be another.
            "unacked_index_key": "pikku:unacked_index",
            "unacked_key": "pikku:unacked",
            "unacked_mutex_key": "pikku:unacked_mutex",
            "unacked_restore_interval": max(0.1, min(10.0, visibility / 4)),
            "unacked_restore_throttle": 1,
            "visibility_timeout": visibility,
        },
        enable_utc=True,
        task_acks_late=True,
        task_create_missing_queues=False,
        task_queues=[Queue(name) for name in names],
        task_reject_on_worker_lost=True,
        task_routes={TASKS + name: {"queue": name, "routing_key": name} for name in names},
        worker_enable_soft_shutdown_on_idle=False,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
    )
    for name in names:
        app.task(name=TASKS + name, throws=(JobError,), shared=False, bind=False)(
            _named(body, name)
        )
    app.finalize()
    return app


def _named(body: Callable[[], Any], queue: str) -> Callable[..., Any]:
    def run(*_args: Any, **_kwargs: Any) -> Any:
        return body()

    run.__name__ = queue
    return run
