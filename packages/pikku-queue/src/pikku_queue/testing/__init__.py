"""The testing kit of queues and schedules: the suites that every backend passes."""

from __future__ import annotations

from pikku_queue.testing.conformance.processes import (
    SharedQueueConformance as SharedQueueConformance,
)
from pikku_queue.testing.conformance.queues import QueueConformance as QueueConformance
from pikku_queue.testing.conformance.schedules import SchedulerConformance as SchedulerConformance

__all__ = ["QueueConformance", "SchedulerConformance", "SharedQueueConformance"]
