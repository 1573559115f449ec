"""What there is: the jobs that Redis has, as they are now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from pikku_queue.queue.celery.calls import answered
from pikku_queue.queue.celery.envelope import base_of, lists_of, opened
from pikku_queue.queue.celery.refusal import record_of_unreadable
from pikku_queue.queue.record import Counts, JobRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_queue.queue.record import Status

STATUSES = ("delayed", "active", "completed", "failed", "discarded", "cancelled")
"""Those for which a queue has a sorted set; jobs that wait are in Celery's lists."""


class Shelf:
    """Reads the ledger.

    Each method raises `ServiceUnavailableError` where Redis does not answer.

    Args:
        client: Of `redis.asyncio`, whose types say that it may answer with str; it answers with bytes.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    async def get(self, queue: str, id: str) -> JobRecord | None:
        """A job."""
        with answered():
            row = await self._client.hgetall(f"{base_of(queue)}:job:{id}")
        return record_of(queue, id, row) if row else None

    async def queues(self) -> list[str]:
        """The queues that have jobs, by name."""
        with answered():
            bases = await self._client.smembers("pikku:queues")
        names = sorted(base.decode().removeprefix(base_of("")) for base in bases)
        return [name for name in names if any(await self._sizes(name))]

    async def counts(self, queue: str) -> Counts:
        """How many jobs there are; those that other Celery programs have added are among those that wait."""
        sizes = await self._sizes(queue)
        waiting, rest = sum(sizes[: -len(STATUSES)]), sizes[-len(STATUSES) :]
        return Counts(waiting=waiting, **dict(zip(STATUSES, rest, strict=True)))

    async def list(self, queue: str, status: Status, limit: int) -> Sequence[JobRecord]:
        """The next jobs of a status."""
        if status == "waiting":
            return await self._waiting(queue, limit)
        key = f"{base_of(queue)}:{status}"
        newest_first = status not in ("delayed", "active")
        with answered():
            found = await self._client.zrange(key, 0, limit - 1, desc=newest_first)
        records = [await self.get(queue, one.decode()) for one in found]
        return [record for record in records if record is not None]

    async def _sizes(self, queue: str) -> Sequence[int]:
        base = base_of(queue)
        pipe: Any
        with answered():
            async with self._client.pipeline() as pipe:
                for name in lists_of(queue):
                    pipe.llen(name)
                pipe.scard(f"{base}:parked")
                for status in STATUSES:
                    pipe.zcard(f"{base}:{status}")
                found: Sequence[int] = await pipe.execute()
                return found

    async def _waiting(self, queue: str, limit: int) -> Sequence[JobRecord]:
        records: list[JobRecord] = []
        for name in lists_of(queue):
            left = limit - len(records)
            if left <= 0:
                break
            with answered():
                texts = await self._client.lrange(name, -left, -1)
            records += [await self._published(queue, text) for text in reversed(texts)]
        return records

    async def _published(self, queue: str, text: bytes) -> JobRecord:
        try:
            message = opened(text)
        except (ValueError, KeyError, TypeError, IndexError):
            return record_of_unreadable(queue, "", text, "waiting")
        found = await self.get(queue, message.id)
        return found or JobRecord(
            id=message.id,
            queue=queue,
            status="waiting",
            data=message.data,
            priority=message.priority,
        )


def record_of(queue: str, id: str, row: Mapping[bytes, bytes]) -> JobRecord:
    """The record of a job's hash."""
    status = cast("Status", row[b"status"].decode())
    text = row[b"head"] + row[b"number"] + row[b"tail"]
    progress = row.get(b"progress")
    facts: dict[str, Any] = {
        "status": status,
        "attempt": int(row[b"attempt"]),
        "progress": None if progress is None else json.loads(progress),
        "result": row.get(b"result"),
        "error": row.get(b"error", b"").decode(),
        "code": row.get(b"code", b"").decode(),
        "due": _moment(row.get(b"due")),
        "started": _moment(row.get(b"started")),
        "ended": _moment(row.get(b"ended")),
    }
    try:
        message = opened(text)
    except (ValueError, KeyError, TypeError, IndexError):
        unread = record_of_unreadable(queue, id, text, status)
        return JobRecord(id=id, queue=queue, data=unread.data, **facts)
    return JobRecord(
        id=id,
        queue=queue,
        data=message.data,
        attempts=message.attempts,
        priority=message.priority,
        enqueued=_moment(row.get(b"renewed")) or message.enqueued or None,
        **facts,
    )


def _moment(text: bytes | None) -> float | None:
    return float(text) if text else None
