"""What is used of Celery and kombu.

They have no types: looked up by name, what they give is `Any` to a checker, and not whatever it makes of their source.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

Celery: Final[Any] = import_module("celery").Celery
BasePool: Final[Any] = import_module("celery.concurrency.base").BasePool
WorkController: Final[Any] = import_module("celery.worker").WorkController
Ignore: Final[Any] = import_module("celery.exceptions").Ignore
Retry: Final[Any] = import_module("celery.exceptions").Retry
WorkerShutdown: Final[Any] = import_module("celery.exceptions").WorkerShutdown

pool_named: Final[Any] = import_module("celery.concurrency").get_implementation
worker_init: Final[Any] = import_module("celery.signals").worker_init
worker_state: Final[Any] = import_module("celery.worker.state")

Queue: Final[Any] = import_module("kombu").Queue
RoundRobin: Final[Any] = import_module("kombu.utils.scheduling").round_robin_cycle
set_hub: Final[Any] = import_module("kombu.asynchronous").set_event_loop
Empty: Final[Any] = import_module("queue").Empty
dumps: Final[Any] = import_module("kombu.utils.json").dumps
redis: Final[Any] = import_module("kombu.transport.redis")
virtual: Final[Any] = import_module("kombu.transport.virtual")
