"""What Redis knows of jobs beside Celery's messages: their state, and who has them.

A job is taken out of Celery's hands when it is begun, and is acknowledged then: from there on the ledger has it, with a lease that its
worker renews. A job whose lease is over is published anew. Whether an attempt counts and what becomes of it is recorded in one step.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_queue.queue.celery.envelope import (
    Envelope,
    base_of,
    envelope_of,
    lists_of,
    number_of,
    opened,
)
from pikku_queue.queue.message import PRIORITIES, Delivery
from pikku_queue.queue.outcome import Completed, Discarded, Failed, Outcome, Retried, Returned
from pikku_queue.queue.record import Counts, JobRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pikku_queue.queue.celery.calls import Calls
    from pikku_queue.queue.message import Message
    from pikku_queue.queue.record import Status

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


class Ledger:
    """The ledger of a project's queues.

    Args:
        client: Of `redis.asyncio`, whose types say that it may answer with str; it answers with bytes.
    """

    def __init__(self, client: Any, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    async def add(self, messages: Iterable[Message]) -> None:
        """Takes messages, all or none, and publishes those that are due."""
        arguments: list[Any] = []
        for message in messages:
            envelope = envelope_of(message)
            due = "" if message.due is None else repr(message.due)
            arguments += (base_of(message.queue), message.id, envelope.list, due, message.group)
            arguments += (envelope.head, envelope.tail)
        if arguments:
            await self._calls.run("add", *arguments)

    async def begin(
        self,
        message: Message,
        envelope: Envelope | None,
        request: Mapping[str, Any],
        terms: Terms,
        token: str,
    ) -> Delivery | None:
        """Makes a job active; None where it is not to be begun, or not yet."""
        arguments = (
            base_of(message.queue),
            message.id,
            number_of(request, message),
            token,
            terms.visibility,
            "" if terms.per_group is None else terms.per_group,
            terms.interval,
            request["properties"]["delivery_tag"] if envelope else "",
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

    async def tend(self, queues: Mapping[str, Terms]) -> tuple[float | None, list[Lost]]:
        """Publishes what is due; returns seconds until the next job is, and attempts whose workers were lost."""
        arguments: list[Any] = []
        for name, terms in queues.items():
            arguments += (base_of(name), terms.visibility, terms.keep)
        following, rows = await self._calls.run("tend", *arguments)
        lost: list[Lost] = []
        for base, identity, token, attempt, text in rows:
            message = replace(opened(text), id=identity.decode(), queue=base.decode()[6:])
            lost.append(Lost(message=message, attempt=int(attempt), token=token.decode()))
        return (float(following) if following else None), lost

    async def renew(
        self, held: Sequence[tuple[str, str]], token: str, queues: Mapping[str, Terms]
    ) -> list[tuple[str, str]]:
        """Gives a sign of life for jobs; returns those that this worker has no more."""
        arguments: list[Any] = []
        for name, identity in held:
            arguments += (base_of(name), identity, token, queues[name].visibility)
        gone: list[int] = await self._calls.run("renew", *arguments) if held else []
        return [held[number] for number in gone]

    async def cancel(self, queue: str, id: str, keep: float) -> bool:
        """Makes a job that is not settled `cancelled`; says whether there was one."""
        return bool(await self._calls.run("cancel", base_of(queue), id, keep))

    async def retry(self, queue: str, id: str) -> bool:
        """Publishes a failed, discarded or cancelled job anew; says whether there was one."""
        return bool(await self._calls.run("retry", base_of(queue), id))

    async def report(self, queue: str, id: str, progress: Any) -> None:
        """Records the progress of an active job."""
        await self._calls.run("report", base_of(queue), id, json.dumps(progress))

    async def get(self, queue: str, id: str) -> JobRecord | None:
        """A job."""
        row = await self._client.hgetall(f"{base_of(queue)}:job:{id}")
        return record_of(queue, id, row) if row else None

    async def counts(self, queue: str) -> Counts:
        """How many jobs there are; those that other Celery programs have added are among those that wait."""
        base, lists = base_of(queue), lists_of(queue)
        names = ("delayed", "active", "completed", "failed", "discarded", "cancelled")
        async with self._client.pipeline() as pipe:
            for name in lists:
                pipe.llen(name)
            pipe.scard(f"{base}:parked")
            for status in names:
                pipe.zcard(f"{base}:{status}")
            found: list[int] = await pipe.execute()
        waiting = sum(found[: len(lists) + 1])
        return Counts(waiting=waiting, **dict(zip(names, found[len(lists) + 1 :], strict=True)))

    async def list(self, queue: str, status: Status, limit: int) -> Sequence[JobRecord]:
        """The next jobs of a status."""
        if status == "waiting":
            return await self._waiting(queue, limit)
        key = f"{base_of(queue)}:{status}"
        newest_first = status not in ("delayed", "active")
        found = await self._client.zrange(key, 0, limit - 1, desc=newest_first)
        records = [await self.get(queue, one.decode()) for one in found]
        return [record for record in records if record is not None]

    async def _waiting(self, queue: str, limit: int) -> Sequence[JobRecord]:
        records: list[JobRecord] = []
        for name in lists_of(queue):
            left = limit - len(records)
            if left <= 0:
                break
            texts = await self._client.lrange(name, -left, -1)
            for text in reversed(texts):
                message = opened(text)
                found = await self.get(queue, message.id)
                records.append(
                    found
                    or JobRecord(
                        id=message.id,
                        queue=queue,
                        status="waiting",
                        data=message.data,
                        priority=message.priority,
                    )
                )
        return records


def record_of(queue: str, id: str, row: Mapping[bytes, bytes]) -> JobRecord:
    """The record of a job's hash."""
    message = opened(row[b"head"] + row[b"number"] + row[b"tail"])
    progress = row.get(b"progress")
    return JobRecord(
        id=id,
        queue=queue,
        status=cast("Status", row[b"status"].decode()),
        data=message.data,
        attempt=int(row[b"attempt"]),
        attempts=message.attempts,
        priority=message.priority,
        progress=None if progress is None else json.loads(progress),
        result=row.get(b"result"),
        error=row.get(b"error", b"").decode(),
        code=row.get(b"code", b"").decode(),
        enqueued=_moment(row.get(b"renewed")) or message.enqueued or None,
        due=_moment(row.get(b"due")),
        started=_moment(row.get(b"started")),
        ended=_moment(row.get(b"ended")),
    )


def _moment(text: bytes | None) -> float | None:
    return float(text) if text else None


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
