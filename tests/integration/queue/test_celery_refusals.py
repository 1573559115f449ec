"""Messages that nobody can begin are dead letters with the reason, and stay nowhere else."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] -- it has no types
from tests.integration.queue.conftest import redis_of, working

from pikku_queue.testing.conformance.recorder import (
    QUEUE,
    Recorder,
    found,
    message,
    settled,
    until,
)

if TYPE_CHECKING:
    from pikku_queue.queue.celery.backend import CeleryBackend
    from pikku_queue.queue.record import JobRecord, Status

pytestmark = [
    pytest.mark.anyio,
    # Celery's own store of results calls what newer releases of redis discourage.
    pytest.mark.filterwarnings("ignore:Call to deprecated setex:DeprecationWarning"),
]


def plain(url: str) -> Any:
    """A Celery app of somebody else."""
    return Celery("plain", broker=url, backend=url, set_as_current=False)


async def put_away(backend: CeleryBackend, status: Status = "failed") -> JobRecord:
    """The job that was put away, once it is."""
    async with asyncio.timeout(10):
        while not (records := await backend.list(QUEUE, status, 10)):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    (record,) = records
    return record


def left_in_hands(url: str) -> int:
    """How many messages are still taken for taken."""
    with redis_of(url) as client:
        taken: int = client.hlen("pikku:unacked")
        return taken


@pytest.mark.parametrize("text", ["rubbish", "[]", "{}", '{"properties": {}}'])
async def test_what_is_no_message_is_a_dead_letter_which_can_be_dropped(
    redis_url: str, text: str
) -> None:
    recorder = Recorder()
    async with working(redis_url, recorder.execute) as backend:
        with redis_of(redis_url) as client:
            client.lpush(QUEUE, text)
        record = await put_away(backend)
        (after,) = await backend.enqueue([message()])
        await settled(backend, after)
        assert record.code == "message_unreadable"
        assert "no message of Celery's" in record.error
        assert await backend.remove(QUEUE, record.id)
    assert recorder.ids == [after]


async def test_a_task_that_the_queue_does_not_have_is_a_dead_letter(redis_url: str) -> None:
    recorder, app = Recorder(), plain(redis_url)
    async with working(redis_url, recorder.execute) as backend:
        await asyncio.to_thread(app.send_task, "other.task", args=[1], queue=QUEUE, task_id="t1")
        record = await put_away(backend)
        assert left_in_hands(redis_url) == 0
    assert (record.id, record.code) == ("t1", "task_not_found")
    assert record.error == (
        'It names the task "other.task": the queue "letters" has the task "pikku.letters" alone.'
    )
    assert recorder.ids == []


async def test_a_content_that_is_no_json_is_a_dead_letter(redis_url: str) -> None:
    recorder, app = Recorder(), plain(redis_url)
    async with working(redis_url, recorder.execute) as backend:
        await asyncio.to_thread(
            app.send_task, "pikku.letters", args=[1], queue=QUEUE, serializer="pickle"
        )
        record = await put_away(backend)
        assert left_in_hands(redis_url) == 0
    assert "application/x-python-serialize" in record.error


async def test_a_message_of_another_version_is_a_dead_letter_that_can_be_replayed(
    redis_url: str,
) -> None:
    recorder = Recorder()
    async with working(redis_url, recorder.execute) as backend:
        with redis_of(redis_url) as client:
            one = message(id="new")
            sent = json.loads(_published(client, redis_url))
            sent["headers"]["pikku"] = {"id": one.id, "attempts": {"of": "a later version"}}
            sent["properties"]["delivery_tag"] = "somebody's"
            client.lpush(QUEUE, json.dumps(sent))
        record = await put_away(backend)
        assert left_in_hands(redis_url) == 0
        assert (record.id, record.code) == (one.id, "message_unreadable")
        assert "cannot be read" in record.error
        assert await backend.retry(QUEUE, one.id)
        assert (await settled(backend, one.id)).status == "failed"


def _published(client: Any, url: str) -> str:
    """A message of a plain producer, taken out of a queue that nobody works off."""
    plain(url).send_task("pikku.letters", args=[1], queue="elsewhere")
    text: str = client.rpop("elsewhere").decode()
    return text


async def test_a_task_that_celery_is_told_to_revoke_is_a_cancelled_job(redis_url: str) -> None:
    recorder, app = Recorder(), plain(redis_url)
    async with working(redis_url, recorder.execute) as backend:
        await asyncio.to_thread(app.control.revoke, "gone", reply=True, timeout=2)
        await asyncio.to_thread(
            app.send_task, "pikku.letters", args=[1], queue=QUEUE, task_id="gone"
        )
        record = await put_away(backend, "cancelled")
        assert left_in_hands(redis_url) == 0
    assert (record.id, record.error) == ("gone", "It was revoked.")


async def test_a_task_that_has_expired_is_discarded(redis_url: str) -> None:
    recorder, app = Recorder(), plain(redis_url)
    await asyncio.to_thread(app.send_task, "pikku.letters", args=[1], queue=QUEUE, expires=0.01)
    await asyncio.sleep(0.05)
    async with working(redis_url, recorder.execute) as backend:
        record = await put_away(backend, "discarded")
    assert (record.error, recorder.ids) == ("It expired before it was begun.", [])


async def test_a_running_task_that_celery_is_told_to_terminate_is_cancelled(
    redis_url: str,
) -> None:
    recorder, app = Recorder(), plain(redis_url)
    async with working(redis_url, recorder.execute) as backend:
        job = message(id="0" * 32)
        other = message(id="1" * 32)
        for one in (job, other):
            recorder.holds(one.id)
        await backend.enqueue([job, other])
        await until(lambda: recorder.active == 2)
        await asyncio.to_thread(app.control.revoke, job.id, terminate=True, reply=True, timeout=2)
        await until(lambda: recorder.active == 1)
        assert (await found(backend, job.id)).status == "cancelled"
        recorder.holds(other.id).set()
        assert (await settled(backend, other.id)).status == "completed"
