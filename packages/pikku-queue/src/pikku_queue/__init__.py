"""The queue transport of Pikku: `wire_queue_worker` lets a typed function work off jobs.

Every name is imported when it is first used, so that neither the plugin nor a module of wirings loads a backend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_queue.queue.backoff import Backoff as Backoff
    from pikku_queue.queue.backoff import exponential as exponential
    from pikku_queue.queue.backoff import fixed as fixed
    from pikku_queue.queue.backoff import linear as linear
    from pikku_queue.queue.blocking import SyncJobHandle as SyncJobHandle
    from pikku_queue.queue.blocking import SyncQueue as SyncQueue
    from pikku_queue.queue.claim import Claims as Claims
    from pikku_queue.queue.connection import queue as queue_service
    from pikku_queue.queue.connection import queue_connection as queue_connection
    from pikku_queue.queue.errors import JobDiscardedError as JobDiscardedError
    from pikku_queue.queue.errors import JobFailedError as JobFailedError
    from pikku_queue.queue.errors import JobTimeoutError as JobTimeoutError
    from pikku_queue.queue.handle import JobHandle as JobHandle
    from pikku_queue.queue.handle import JobNotCompletedError as JobNotCompletedError
    from pikku_queue.queue.job import Job as Job
    from pikku_queue.queue.job import SyncJob as SyncJob
    from pikku_queue.queue.job_options import JobOptions as JobOptions
    from pikku_queue.queue.job_options import OptionsOfMany as OptionsOfMany
    from pikku_queue.queue.producer import Queue as Queue
    from pikku_queue.queue.record import Counts as Counts
    from pikku_queue.queue.record import JobRecord as JobRecord
    from pikku_queue.queue.wiring import QueueDeclaration as QueueDeclaration
    from pikku_queue.queue.wiring import QueueWiring as QueueWiring
    from pikku_queue.queue.wiring import wire_queue as wire_queue
    from pikku_queue.queue.wiring import wire_queue_worker as wire_queue_worker
    from pikku_queue.queue.worker_config import WorkerConfig as WorkerConfig

__version__ = "0.1.0"

__all__ = [
    "Backoff",
    "Claims",
    "Counts",
    "Job",
    "JobDiscardedError",
    "JobFailedError",
    "JobHandle",
    "JobNotCompletedError",
    "JobOptions",
    "JobRecord",
    "JobTimeoutError",
    "OptionsOfMany",
    "Queue",
    "QueueDeclaration",
    "QueueWiring",
    "SyncJob",
    "SyncJobHandle",
    "SyncQueue",
    "WorkerConfig",
    "exponential",
    "fixed",
    "linear",
    "queue_connection",
    "queue_service",
    "wire_queue",
    "wire_queue_worker",
]

_MODULES = {
    "Backoff": "backoff",
    "Claims": "claim",
    "Counts": "record",
    "Job": "job",
    "JobDiscardedError": "errors",
    "JobFailedError": "errors",
    "JobHandle": "handle",
    "JobNotCompletedError": "handle",
    "JobOptions": "job_options",
    "JobRecord": "record",
    "JobTimeoutError": "errors",
    "OptionsOfMany": "job_options",
    "Queue": "producer",
    "QueueDeclaration": "wiring",
    "QueueWiring": "wiring",
    "SyncJob": "job",
    "SyncJobHandle": "blocking",
    "SyncQueue": "blocking",
    "WorkerConfig": "worker_config",
    "exponential": "backoff",
    "fixed": "backoff",
    "linear": "backoff",
    "queue_connection": "connection",
    "queue_service": "connection",
    "wire_queue": "wiring",
    "wire_queue_worker": "wiring",
}


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f'module "pikku_queue" has no attribute "{name}"')
    from importlib import import_module

    found = import_module(f"pikku_queue.queue.{module}")
    value = getattr(found, "queue" if name == "queue_service" else name)
    globals()[name] = value
    return value
