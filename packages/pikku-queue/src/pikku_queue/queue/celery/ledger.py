"""What Redis knows of jobs beside Celery's messages: their state, and who has them.

A job is taken out of Celery's hands when it is begun, and is acknowledged then: from there on the ledger has it, with a lease that its
worker renews. A job whose lease is over is published anew. Whether an attempt counts and what becomes of it is recorded in one step.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pikku_queue.queue.celery.envelope import Envelope, base_of, envelope_of, number_of, opened
from pikku_queue.queue.celery.refusal import (
    envelope_of_refused,
    identity_of,
    publication_of,
)
from pikku_queue.queue.message import PRIORITIES, Delivery, Message
from pikku_queue.queue.outcome import Completed, Discarded, Failed, Outcome, Retried, Returned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pikku_queue.queue.celery.calls import Calls
    from pikku_queue.queue.celery.refusal import Refusal

log: Final = logging.getLogger("pikku.queue")

UNKNOWN: Final = b"unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the jobs of a queue are begun and kept, in seconds; see `WorkerConfig`."""

    visibility: float = 60.0
    keep: float = 3600.0
    per_group: int | None = None
    interval: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """An attempt whose worker gave no sign of life."""

    message: Message
    attempt: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """The rate of a queue does not admit a job now; its message is the next one again.

    Attributes:
        after: In so many seconds it does.
    """

    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An attempt that a worker runs.

    Attributes:
        token: Its own: an attempt of the same job that was begun later has another.
    """

    queue: str
    id: str
    token: str


class Ledger:
    """What is done to the jobs of a project's queues; `shelf.py` reads them."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def add(self, messages: Iterable[Message]) -> None:
        """Takes messages, all or none, and publishes those that are due."""
        arguments: list[Any] = []
        for message in messages:
            envelope = envelope_of(message)
            due = "" if message.due is None else repr(message.due)
            arguments += (base_of(message.queue), message.id, envelope.list, due, message.group)
            arguments += (envelope.head, envelope.tail, int(message.once))
        if arguments:
            await self._calls.run("add", *arguments)

    async def begin(
        self,
        message: Message,
        envelope: Envelope | None,
        request: Mapping[str, Any],
        terms: Terms,
        token: str,
    ) -> Delivery | NotYet | None:
        """Makes a job active; None where it is not to be begun, or waits for others of its group.

        Args:
            envelope: That of a message which another program has published.
            token: That of the attempt.
        """
        tag = str(request["properties"]["delivery_tag"])
        arguments = (
            base_of(message.queue),
            message.id,
            number_of(tag, message.queue, message.id),
            token,
            terms.visibility,
            "" if terms.per_group is None else terms.per_group,
            terms.interval,
            tag if envelope else "",
            PRIORITIES[-1] - message.priority,
            message.group,
        )
        sent = () if envelope is None else (envelope.list, envelope.head, envelope.tail)
        found = await self._calls.run("begin", *arguments, *sent)
        if found == UNKNOWN:  # It has waited for longer than the ledger remembers.
            own = envelope_of(message)
            found = await self._calls.run("begin", *arguments, own.list, own.head, own.tail)
        if found is None:
            return None
        attempt, renewed = found
        if not attempt:
            return NotYet(after=float(renewed))
        if renewed:
            message = replace(message, expires=None, enqueued=float(renewed))
        return Delivery(message=message, attempt=attempt, headers={"task_id": str(request["id"])})

    async def settle(
        self,
        message: Message,
        attempt: int,
        token: str,
        outcome: Outcome,
        keep: float,
        *,
        lost: bool = False,
    ) -> bool:
        """Records what an attempt came to, if it is that worker's still; says whether."""
        kind, text, code, after = _columns(outcome)
        arguments = (base_of(message.queue), message.id, token, attempt, kind, keep)
        settled = await self._calls.run("settle", *arguments, text, code, after, int(lost))
        return bool(settled)

    async def refuse(self, refusal: Refusal, keep: float) -> bool:
        """Records a message that cannot be begun; says whether it was one of a job that waits."""
        identity = identity_of(refusal)
        number, tag = publication_of(refusal, identity)
        envelope = envelope_of_refused(refusal, identity)
        arguments = (base_of(refusal.queue), identity, number, tag)
        recorded = await self._calls.run(
            "refuse",
            *arguments,
            refusal.status,
            refusal.reason,
            refusal.code,
            keep,
            envelope.list,
            envelope.head,
            envelope.tail,
        )
        return bool(recorded)

    async def tend(self, queues: Mapping[str, Terms]) -> tuple[float | None, list[Lost]]:
        """Publishes what is due; returns seconds until the next job is, and attempts whose workers were lost."""
        arguments: list[Any] = []
        for name, terms in queues.items():
            arguments += (base_of(name), terms.visibility, terms.keep)
        following, rows = await self._calls.run("tend", *arguments)
        lost: list[Lost] = []
        for base, identity, token, attempt, text in rows:
            queue = base.decode().removeprefix(base_of(""))
            try:
                message = replace(opened(text), id=identity.decode(), queue=queue)
            except (ValueError, KeyError, TypeError):
                # It was begun, so that whoever began it could read it: another version of this program.
                log.exception('The lost job "%s" of "%s" cannot be read.', identity.decode(), queue)
                message = Message(id=identity.decode(), queue=queue)
            lost.append(Lost(message=message, attempt=int(attempt), token=token.decode()))
        return (float(following) if following else None), lost

    async def renew(self, held: Sequence[Held], queues: Mapping[str, Terms]) -> list[Held]:
        """Gives a sign of life for attempts; returns those whose job is another's, or nobody's, by now."""
        arguments: list[Any] = []
        for one in held:
            visibility = queues[one.queue].visibility
            arguments += (base_of(one.queue), one.id, one.token, visibility)
        gone: list[int] = await self._calls.run("renew", *arguments) if held else []
        return [held[number] for number in gone]

    async def cancel(self, queue: str, id: str, keep: float) -> bool:
        """Makes a job that is not settled `cancelled`; says whether there was one."""
        return bool(await self._calls.run("cancel", base_of(queue), id, keep))

    async def retry(self, queue: str, id: str) -> bool:
        """Publishes a failed, discarded or cancelled job anew; says whether there was one."""
        return bool(await self._calls.run("retry", base_of(queue), id))

    async def remove(self, queue: str, id: str) -> bool:
        """Forgets a job that is settled; says whether there was one."""
        return bool(await self._calls.run("remove", base_of(queue), id))

    async def report(self, queue: str, id: str, progress: Any) -> None:
        """Records the progress of an active job."""
        await self._calls.run("report", base_of(queue), id, json.dumps(progress))


def _columns(outcome: Outcome) -> tuple[str, str | bytes, str, float]:
    match outcome:
        case Completed(result=result):
            return "completed", result, "", 0.0
        case Retried(after=after, error=error, code=code):
            return "retried", error, code, after
        case Failed(error=error, code=code):
            return "failed", error, code, 0.0
        case Discarded(reason=reason):
            return "discarded", reason, "", 0.0
        case Returned():
            return "returned", "", "", 0.0
