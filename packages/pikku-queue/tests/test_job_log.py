"""What is logged of jobs."""

from __future__ import annotations

import logging

import pytest

from pikku_queue.queue.job_log import JobLog, logged
from pikku_queue.queue.message import Delivery, Message
from pikku_queue.queue.outcome import Completed, Discarded, Failed, Outcome, Retried, Returned

MESSAGE = Message(id="one", queue="mails", attempts=3, trace_id="abc")


@pytest.fixture
def job_log(caplog: pytest.LogCaptureFixture) -> JobLog:
    """A log that is on."""
    caplog.set_level(logging.INFO, "pikku.queue.jobs")
    made = JobLog()
    made.is_on = True
    return made


def test_a_job_that_was_added_is_told(job_log: JobLog, caplog: pytest.LogCaptureFixture) -> None:
    later = Message(id="two", queue="mails", enqueued=5.0, due=35.0)
    job_log.added([MESSAGE, later])
    assert caplog.messages == ["added mails one", "added mails two, begins in 30 s"]
    assert vars(caplog.records[0])["messaging.message.id"] == "one"
    assert vars(caplog.records[0])["trace_id"] == "abc"


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (Completed(), "done mails one 2.0 ms"),
        (Retried(after=4, error="no"), "retried mails one 2.0 ms, attempt 1 of 3, again in 4.0 s"),
        (Failed(error="no"), "failed mails one 2.0 ms, attempt 1 of 3: no"),
        (Discarded(reason="gone"), "discarded mails one 2.0 ms: gone"),
        (Returned(), "returned mails one 2.0 ms"),
    ],
)
def test_what_an_attempt_came_to_is_told(
    job_log: JobLog, caplog: pytest.LogCaptureFixture, outcome: Outcome, line: str
) -> None:
    job_log.ended(Delivery(message=MESSAGE, attempt=1), outcome, 0.002)
    assert caplog.messages == [line]
    fields = vars(caplog.records[0])
    assert fields["messaging.destination.name"] == "mails"
    assert fields["pikku.job.event"] == line.partition(" ")[0]
    assert (fields["pikku.job.attempt"], fields["pikku.job.attempts"]) == (1, 3)


@pytest.mark.anyio
async def test_one_that_is_off_tells_nothing(
    job_log: JobLog, caplog: pytest.LogCaptureFixture
) -> None:
    async def execute(delivery: Delivery) -> Outcome:
        return Completed()

    delivery = Delivery(message=MESSAGE, attempt=1)
    job_log.is_on = False
    job_log.added([MESSAGE])
    assert await logged(execute, job_log)(delivery) == Completed()
    assert caplog.messages == []
    job_log.is_on = True
    assert await logged(execute, job_log)(delivery) == Completed()
    assert len(caplog.messages) == 1
