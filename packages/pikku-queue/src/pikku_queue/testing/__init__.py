"""The testing kit of queues: the suites that every backend passes."""

from __future__ import annotations

from pikku_queue.testing.conformance.processes import (
    SharedQueueConformance as SharedQueueConformance,
)
from pikku_queue.testing.conformance.queues import QueueConformance as QueueConformance

__all__ = ["QueueConformance", "SharedQueueConformance"]
