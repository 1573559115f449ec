"""The Celery app of a project: a task for each queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core.duration import seconds_of
from pikku_queue.queue.celery.bridge import JobError
from pikku_queue.queue.celery.envelope import STEPS, TASKS
from pikku_queue.queue.celery.library import Celery, Queue
from pikku_queue.queue.celery.pool import order_of
from pikku_queue.queue.wiring import attribute_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_queue.queue.celery.bridge import Bridge
    from pikku_queue.queue.worker_config import WorkerConfig


def celery_app(url: str, queues: Mapping[str, WorkerConfig], bridge: Bridge) -> Any:
    """The Celery app of a project.

    Args:
        url: The broker, `redis://` or `rediss://`.
        queues: Those that have a task.
        bridge: To the event loop that its workers run attempts on.
    """
    names = sorted(queues)
    # How long a message that was taken and not begun belongs to its worker.
    visibility = min((seconds_of(one.visibility) for one in queues.values()), default=60.0)
    app = Celery("pikku", broker=url, backend=url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        broker_transport="pikku_queue.queue.celery.transport:Transport",
        broker_transport_options={
            "begun": bridge.begun,
            # For how long Redis is asked at once: a worker that ends waits for the answer.
            "polling_interval": 0.25,
            "priority_steps": list(STEPS),
            "queue_order_strategy": order_of(bridge),
            "refuse": bridge.refuse,
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
        # A job is its worker's as long as there are signs of life, whatever becomes of Celery's connection.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_prefetch_count_reduction=False,
        worker_enable_soft_shutdown_on_idle=False,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
    )
    for name in names:
        app.task(name=TASKS + name, throws=(JobError,), shared=False, bind=False)(
            _named(bridge.body, name)
        )
    app.finalize()
    return app


def _named(body: Callable[[], Any], queue: str) -> Callable[..., Any]:
    def run(*_args: Any, **_kwargs: Any) -> Any:
        return body()

    # Celery compiles a function of this name: a queue's may have a dash in it, or be a keyword.
    run.__name__ = f"run_{attribute_name(queue)}"
    return run
