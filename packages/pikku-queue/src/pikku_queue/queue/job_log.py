"""The log of jobs: a record when one is added, and one when an attempt has ended."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from pikku_queue.queue.outcome import Completed, Discarded, Failed, Retried

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_queue.queue.backend import Execute
    from pikku_queue.queue.message import Delivery, Message
    from pikku_queue.queue.outcome import Outcome

log: Final = logging.getLogger("pikku.queue.jobs")


class JobLog:
    """Logs jobs to the logger `pikku.queue.jobs`, at the level `INFO`.

    The attributes of a record are named as OpenTelemetry's semantic conventions name them, where they do:
    `messaging.destination.name`, which is the queue, `messaging.message.id`, `messaging.process.duration` in seconds; beside
    these `trace_id`, `pikku.job.event`, `pikku.job.attempt` and `pikku.job.attempts`. The event is `added`, `done`, `retried`,
    `failed`, `discarded` or `returned`.

    Attributes:
        is_on: Whether anything is logged.
    """

    __slots__ = ("is_on",)

    def __init__(self) -> None:
        self.is_on = False

    def added(self, messages: Iterable[Message]) -> None:
        """Logs that jobs were added; one whose id was taken is among them."""
        if not self.is_on or not log.isEnabledFor(logging.INFO):
            return
        for message in messages:
            wait = 0.0 if message.due is None else message.due - message.enqueued
            _tell("added", message, f", begins in {wait:g} s" if wait else "", {})

    def ended(self, delivery: Delivery, outcome: Outcome, duration: float) -> None:
        """Logs what an attempt came to.

        Args:
            duration: Seconds that it took.
        """
        if not self.is_on or not log.isEnabledFor(logging.INFO):
            return
        message, attempt = delivery.message, delivery.attempt
        event, more = _said(outcome)
        if isinstance(outcome, (Retried, Failed)):
            more = f", attempt {attempt} of {message.attempts}{more}"
        fields = {
            "messaging.process.duration": round(duration, 6),
            "pikku.job.attempt": attempt,
            "pikku.job.attempts": message.attempts,
        }
        _tell(event, message, f" {duration * 1000:.1f} ms{more}", fields)


def logged(execute: Execute, told: JobLog) -> Execute:
    """What runs attempts, and logs what they came to."""

    async def run(delivery: Delivery) -> Outcome:
        since = perf_counter()
        outcome = await execute(delivery)
        told.ended(delivery, outcome, perf_counter() - since)
        return outcome

    return run


def _said(outcome: Outcome) -> tuple[str, str]:
    match outcome:
        case Completed():
            return "done", ""
        case Retried(after=after):
            return "retried", f", again in {after:.1f} s"
        case Failed(error=error):
            return "failed", f": {error}"
        case Discarded(reason=reason):
            return "discarded", f": {reason}"
        case _:
            return "returned", ""


def _tell(event: str, message: Message, more: str, fields: dict[str, Any]) -> None:
    arguments = (event, message.queue, message.id, more)
    # Not by `log.info`, which looks for the line that logs, and refuses attributes that a record factory has set.
    record = log.makeRecord(log.name, logging.INFO, __file__, 0, "%s %s %s%s", arguments, None)
    vars(record).update(
        fields
        | {
            "pikku.job.event": event,
            "messaging.destination.name": message.queue,
            "messaging.message.id": message.id,
        }
    )
    if message.trace_id:
        record.trace_id = message.trace_id
    log.handle(record)
