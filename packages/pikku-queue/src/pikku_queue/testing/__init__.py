"""The testing kit of queues: the suite that every backend passes."""

from __future__ import annotations

from pikku_queue.testing.conformance.queues import QueueConformance as QueueConformance

__all__ = ["QueueConformance"]
