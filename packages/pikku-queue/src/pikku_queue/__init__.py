"""The queue transport of Pikku: `wire_queue_worker` lets a typed function work off jobs, `wire_scheduler` calls one at times.

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
    from pikku_queue.scheduler.blocking import SyncSchedule as SyncSchedule
    from pikku_queue.scheduler.connection import schedule as schedule_service
    from pikku_queue.scheduler.connection import schedule_connection as schedule_connection
    from pikku_queue.scheduler.errors import ScheduledTaskSkippedError as ScheduledTaskSkippedError
    from pikku_queue.scheduler.errors import ScheduleNotFoundError as ScheduleNotFoundError
    from pikku_queue.scheduler.firing import FiringRecord as FiringRecord
    from pikku_queue.scheduler.options import CallOptions as CallOptions
    from pikku_queue.scheduler.producer import Schedule as Schedule
    from pikku_queue.scheduler.record import ScheduleRecord as ScheduleRecord
    from pikku_queue.scheduler.task import ScheduledTask as ScheduledTask
    from pikku_queue.scheduler.wiring import SchedulerWiring as SchedulerWiring
    from pikku_queue.scheduler.wiring import wire_scheduler as wire_scheduler

__version__ = "0.1.0"

__all__ = [
    "Backoff",
    "CallOptions",
    "Claims",
    "Counts",
    "FiringRecord",
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
    "Schedule",
    "ScheduleNotFoundError",
    "ScheduleRecord",
    "ScheduledTask",
    "ScheduledTaskSkippedError",
    "SchedulerWiring",
    "SyncJob",
    "SyncJobHandle",
    "SyncQueue",
    "SyncSchedule",
    "WorkerConfig",
    "exponential",
    "fixed",
    "linear",
    "queue_connection",
    "queue_service",
    "schedule_connection",
    "schedule_service",
    "wire_queue",
    "wire_queue_worker",
    "wire_scheduler",
]

_MODULES = {
    "Backoff": "queue.backoff",
    "CallOptions": "scheduler.options",
    "Claims": "queue.claim",
    "Counts": "queue.record",
    "FiringRecord": "scheduler.firing",
    "Job": "queue.job",
    "JobDiscardedError": "queue.errors",
    "JobFailedError": "queue.errors",
    "JobHandle": "queue.handle",
    "JobNotCompletedError": "queue.handle",
    "JobOptions": "queue.job_options",
    "JobRecord": "queue.record",
    "JobTimeoutError": "queue.errors",
    "OptionsOfMany": "queue.job_options",
    "Queue": "queue.producer",
    "QueueDeclaration": "queue.wiring",
    "QueueWiring": "queue.wiring",
    "Schedule": "scheduler.producer",
    "ScheduleNotFoundError": "scheduler.errors",
    "ScheduleRecord": "scheduler.record",
    "ScheduledTask": "scheduler.task",
    "ScheduledTaskSkippedError": "scheduler.errors",
    "SchedulerWiring": "scheduler.wiring",
    "SyncJob": "queue.job",
    "SyncJobHandle": "queue.blocking",
    "SyncQueue": "queue.blocking",
    "SyncSchedule": "scheduler.blocking",
    "WorkerConfig": "queue.worker_config",
    "exponential": "queue.backoff",
    "fixed": "queue.backoff",
    "linear": "queue.backoff",
    "queue_connection": "queue.connection",
    "queue_service": "queue.connection",
    "schedule_connection": "scheduler.connection",
    "schedule_service": "scheduler.connection",
    "wire_queue": "queue.wiring",
    "wire_queue_worker": "queue.wiring",
    "wire_scheduler": "scheduler.wiring",
}

_NAMES = {"queue_service": "queue", "schedule_service": "schedule"}
"""Those that are called otherwise in their modules, where `queue` and `schedule` are what functions ask for."""


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f'module "pikku_queue" has no attribute "{name}"')
    from importlib import import_module

    found = import_module(f"pikku_queue.{module}")
    value = getattr(found, _NAMES.get(name, name))
    globals()[name] = value
    return value
