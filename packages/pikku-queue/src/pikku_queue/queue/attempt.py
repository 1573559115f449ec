"""What an attempt came to: the one place that decides whether a job is tried again, and when."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from pikku_core import InvalidDataError, InvalidResultError, PikkuError
from pikku_core.runtime import error_facts, is_outcome
from pikku_queue.queue.errors import JobDiscardedError, JobFailedError, JobTimeoutError
from pikku_queue.queue.outcome import (
    Completed,
    Discarded,
    Failed,
    Outcome,
    Retried,
    Returned,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_queue.queue.message import Delivery, Message

log: Final = logging.getLogger("pikku.queue")

PASSING: Final = frozenset({408, 409, 423, 425, 429})
"""Statuses below 500 of errors that time may mend (RFC 9110, RFC 4918, RFC 8470, RFC 6585)."""


class Attempted(Protocol):
    """The wire of an attempt: a job's, or a scheduled task's."""

    @property
    def delivery(self) -> Delivery:
        """What the backend gave."""
        ...

    @property
    def trace_id(self) -> str:
        """What logs carry."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Runs the attempts of a queue, or of a schedule.

    Attributes:
        invoke: The compiled pipeline; returns the result as JSON.
        final: Errors after which a job is not tried again.
        timeout: Seconds for an attempt; None: no limit.
        chance: For the jitter of waits.
    """

    invoke: Callable[[Any], Awaitable[bytes]]
    final: tuple[type[BaseException], ...] = ()
    timeout: float | None = None
    chance: Callable[[], float] = random.random

    async def run(self, wire: Attempted) -> Outcome:
        """One attempt.

        A worker that stops cancels it, and the job is returned; what the function itself cancels has failed.
        """
        task, limit = asyncio.current_task(), asyncio.timeout(self.timeout)
        try:
            async with limit:
                return Completed(result=await self.invoke(wire))
        except BaseException as error:  # a function may raise anything, even SystemExit
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                return Returned()
            if limit.expired() and isinstance(error, TimeoutError):
                error = JobTimeoutError(f"The job took longer than {self.timeout:g} s.")
            elif not isinstance(error, asyncio.CancelledError) and not is_outcome(error):
                raise
            return self.failed(wire, error)

    def failed(self, wire: Attempted, error: BaseException) -> Outcome:
        """What a failure of an attempt means for the job."""
        if isinstance(error, JobDiscardedError):
            return Discarded(reason=error.message)
        message, attempt = wire.delivery.message, wire.delivery.attempt
        facts = error_facts(error, wire.trace_id)
        again = attempt < message.attempts and not self._is_final(error)
        what = "is tried again" if again else "has failed for good"
        log.log(
            logging.WARNING if again else logging.ERROR,
            'The job "%s" of "%s" %s (attempt %d of %d, trace id %s).',
            message.id,
            message.queue,
            what,
            attempt,
            message.attempts,
            wire.trace_id,
            exc_info=error,
        )
        # Who looks at dead letters may know the kind of an error whose message is kept to the log.
        code = error.code if isinstance(error, PikkuError) else facts.code
        reason = reason_of(error, facts.message)
        if not again:
            return Failed(error=reason, code=code)
        return Retried(after=self._wait(message, attempt), error=reason, code=code)

    def _is_final(self, error: BaseException) -> bool:
        if self.final and isinstance(error, self.final):
            return True
        if isinstance(error, InvalidResultError):  # The effect is made, and would be made again.
            return True
        return isinstance(error, PikkuError) and error.status < 500 and error.status not in PASSING

    def _wait(self, message: Message, attempt: int) -> float:
        return message.backoff.wait(attempt, chance=self.chance)


def reason_of(error: BaseException, public: str) -> str:
    """What a record says of an error: what may be shown, with what is wrong with the data, or what was said of the job.

    Args:
        public: What a caller may know of it.
    """
    if isinstance(error, JobFailedError | JobTimeoutError):
        return error.message
    if isinstance(error, InvalidDataError):
        details = (
            f"{'.'.join(map(str, one.location)) or 'data'}: {one.message}" for one in error.details
        )
        return f"{public} ({'; '.join(details)})"
    return public


def lost(
    message: Message, attempt: int, *, chance: Callable[[], float] = random.random
) -> Retried | Failed:
    """What a backend records of an attempt whose worker was lost: it counts, like one that failed."""
    error = "The worker that had it was lost."
    if attempt < message.attempts:
        return Retried(
            after=message.backoff.wait(attempt, chance=chance), error=error, code="worker_lost"
        )
    return Failed(error=error, code="worker_lost")
