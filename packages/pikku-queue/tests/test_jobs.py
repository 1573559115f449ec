"""Jobs of an App: added by functions, worked off through the whole pipeline."""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    ForbiddenError,
    InvalidDataError,
    ServiceUnavailableError,
    Wire,
    pikku_func,
    pikku_service,
    pikku_session,
    pikku_sessionless_func,
)
from pikku_core.services import Signer
from pikku_core.services.clock import system_clock
from pikku_core.testing import MovableClock
from pikku_core.tracing import trace_id
from pikku_queue import (
    Claims,
    Job,
    JobNotCompletedError,
    Queue,
    SyncJob,
    SyncQueue,
    WorkerConfig,
    fixed,
    queue_connection,
    queue_service,
    wire_queue,
    wire_queue_worker,
)
from pikku_queue.plugin import pikku_shutdown, pikku_startup
from pikku_queue.queue.errors import QueueNotFoundError
from pikku_queue.queue.message import Message
from pikku_queue.queue.record import SETTLED
from pikku_queue.queue.serve import working

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from pikku_core.rpc import Rpc
    from pikku_core.services.clock import Clock

pytestmark = pytest.mark.anyio


class Mail(BaseModel):
    to: str


@pikku_session
class Session(BaseModel):
    user: str


@pikku_service(name="queue_claims")
def claims() -> Claims:
    return Claims(Session, Signer(["s" * 32]))


@pikku_sessionless_func
async def ask_for_queue(*, queue: Queue) -> None:
    """Lets the App have queues, as any function does that adds jobs."""


def app_with(
    func: Callable[..., Any],
    *services: Callable[..., Any],
    clock: Clock | None = None,
    functions: Sequence[Callable[..., Any]] = (),
    **config: Any,
) -> App:
    """An App in which a function works off jobs."""
    wiring = wire_queue_worker(
        name="mails", func=func, config=WorkerConfig(backoff=fixed("10ms"), **config)
    )
    return App(
        [wiring],
        functions=[ask_for_queue, *functions],
        services=[queue_service, queue_connection, system_clock, *services],
        instances={} if clock is None else {"clock": clock},
        startup=[pikku_startup],
        shutdown=[pikku_shutdown],
    )


@asynccontextmanager
async def app_of(
    func: Callable[..., Any], *services: Callable[..., Any], **config: Any
) -> AsyncGenerator[App]:
    """Such an App, which runs."""
    app = app_with(func, *services, **config)
    async with app, working(app):
        yield app


@asynccontextmanager
async def queue_of(
    func: Callable[..., Any], *services: Callable[..., Any], **config: Any
) -> AsyncGenerator[Queue]:
    """The queues of such an App."""
    async with app_of(func, *services, **config) as app:
        yield app.service("queue")


@pikku_sessionless_func
async def send(data: Mail, *, job: Job) -> str:
    return f"sent to {data.to}, attempt {job.attempt} of {job.attempts}"


async def test_a_job_is_done() -> None:
    async with queue_of(send) as queue:
        handle = await queue.mails.add(Mail(to="ada"))
        assert await handle.result(within="10s") == "sent to ada, attempt 1 of 3"
        assert await handle.status() == "completed"


async def test_data_that_does_not_fit_is_refused_where_it_is_added() -> None:
    async with queue_of(send) as queue:
        with pytest.raises(InvalidDataError):
            await queue["mails"].add({"to": None})
        with pytest.raises(InvalidDataError):
            await queue.mails.add_many([Mail(to="ada"), {}])


async def test_a_queue_that_is_not_there_is_told_with_what_was_meant() -> None:
    async with queue_of(send) as queue:
        with pytest.raises(QueueNotFoundError, match='Did you mean "mails"'):
            queue["mail"]
        with pytest.raises(AttributeError):
            _ = queue.mail
        assert dir(queue) == ["mails"]


@pytest.mark.parametrize(
    "options",
    [
        {"attempts": 0},
        {"attempts": 2.5},
        {"priority": 11},
        {"priority": 5.0},
        {"job_id": "a b"},
        {"delay": "soon"},
        {"delay": "1h", "expires": "10m"},
        {"backoff": 5},
        {"group": 5},
    ],
)
async def test_an_option_that_is_not_well_formed_is_refused(options: dict[str, Any]) -> None:
    async with queue_of(send) as queue:
        with pytest.raises(DeclarationError):
            await queue.mails.add(Mail(to="ada"), **options)


async def test_a_job_that_raises_is_tried_again_and_then_a_dead_letter() -> None:
    seen: list[int] = []

    @pikku_sessionless_func
    async def fail(data: Mail, *, job: Job) -> None:
        seen.append(job.attempt)
        raise RuntimeError("a detail that nobody shall see")

    async with queue_of(fail) as queue:
        handle = await queue.mails.add(Mail(to="ada"))
        with pytest.raises(JobNotCompletedError, match="is failed"):
            await handle.result(within="10s")
        record = await handle.record()
    assert seen == [1, 2, 3]
    assert record is not None
    assert "detail" not in record.error


@pytest.mark.parametrize("how", ["fail", "discard", "forbid"])
async def test_what_a_function_says_of_its_job_is_what_becomes_of_it(how: str) -> None:
    seen: list[int] = []

    @pikku_sessionless_func
    async def end(data: Mail, *, job: Job) -> None:
        seen.append(job.attempt)
        if how == "forbid":
            raise ForbiddenError("Not for you.")
        getattr(job, how)("enough")

    async with queue_of(end) as queue:
        handle = await queue.mails.add(Mail(to="ada"))
        with pytest.raises(JobNotCompletedError):
            await handle.result(within="10s")
        status = await handle.status()
    expected = {"fail": ("failed", 3), "discard": ("discarded", 1), "forbid": ("failed", 1)}
    assert (status, len(seen)) == expected[how]


async def test_an_attempt_that_takes_too_long_has_failed() -> None:
    @pikku_sessionless_func
    async def hang(data: Mail) -> None:
        await asyncio.Event().wait()

    async with queue_of(hang, timeout="20ms", attempts=2) as queue:
        handle = await queue.mails.add(Mail(to="ada"))
        with pytest.raises(JobNotCompletedError):
            await handle.result(within="10s")
        record = await handle.record()
    assert record is not None
    assert (record.code, record.attempt) == ("job_timeout", 2)


async def test_a_sync_queue_is_made_wherever_functions_are_put_together() -> None:
    async with queue_of(send) as queue:
        sync = await asyncio.to_thread(queue.blocking_twin)  # a thread without an event loop
        handle = await asyncio.to_thread(sync.mails.add, Mail(to="ada"))
        assert (await asyncio.to_thread(handle.result, within="10s")).startswith("sent to ada")


async def test_a_sync_function_adds_jobs_and_waits_for_them() -> None:
    @pikku_sessionless_func
    def add(data: str, *, queue: SyncQueue) -> str:
        result: str = queue.mails.add(Mail(to=data)).result(within="10s")
        return result

    app = App(
        [wire_queue_worker(name="mails", func=send)],
        functions=[add],
        services=[queue_service, queue_connection, system_clock],
        startup=[pikku_startup],
        shutdown=[pikku_shutdown],
    )
    async with app, working(app):
        assert await app.rpc.add("bob") == "sent to bob, attempt 1 of 3"


async def test_a_sync_function_says_how_far_it_is() -> None:
    @pikku_sessionless_func
    def count(data: Mail, *, job: SyncJob) -> int:
        job.progress({"done": 3})
        return job.attempt

    async with queue_of(count) as queue:
        handle = await queue.mails.add(Mail(to="ada"))
        assert await handle.result(within="10s") == 1
        assert await handle.progress() == {"done": 3}


async def test_a_sync_function_that_is_called_by_a_job_says_how_far_that_is() -> None:
    @pikku_sessionless_func
    def inner(*, job: SyncJob) -> None:
        job.progress("inner")

    @pikku_sessionless_func
    async def outer(data: Mail, *, rpc: Rpc) -> None:
        await rpc.invoke("inner")

    async with app_of(outer, functions=[inner]) as app:
        handle = await app.service("queue").mails.add(Mail(to="ada"))
        await handle.result(within="10s")
        assert await handle.progress() == "inner"


async def test_a_sync_function_that_waits_for_a_job_ends_when_it_is_cancelled() -> None:
    begun, ended = asyncio.Event(), list[str]()
    loop = asyncio.get_running_loop()

    @pikku_sessionless_func
    def wait(data: Mail, *, queue: SyncQueue) -> None:
        handle = queue.mails.add(Mail(to="bob"), delay="1h")
        loop.call_soon_threadsafe(begun.set)
        try:
            handle.result(within="1h")
        finally:
            ended.append(handle.id)

    async with queue_of(wait) as queue, asyncio.timeout(10):
        handle = await queue.mails.add(Mail(to="ada"))
        await begun.wait()
        await handle.cancel()
        while not ended:  # noqa: ASYNC110 -- said by another thread
            await asyncio.sleep(0.01)


async def test_a_worker_that_cannot_start_says_so_at_once() -> None:
    app = app_with(send)
    async with app:
        app.service("queue_connection").backend.work = None
        with pytest.raises(TypeError):
            async with working(app):
                raise AssertionError("it did not start")


@pikku_func
async def whoami(data: Mail, *, session: Session) -> str:
    return session.user


async def test_a_job_runs_as_whom_it_carries() -> None:
    async with queue_of(whoami, claims) as queue:
        handle = await queue.mails.add(Mail(to="ada"), session=Session(user="ada"))
        assert await handle.result(within="10s") == "ada"


async def test_a_job_that_carries_nobody_is_refused_by_a_function_that_needs_somebody() -> None:
    async with queue_of(whoami, claims) as queue:
        handle = await queue.mails.add(Mail(to="ada"))
        with pytest.raises(JobNotCompletedError):
            await handle.result(within="10s")
        record = await handle.record()
    assert record is not None
    assert (record.code, record.attempt) == ("unauthorized", 1)


async def test_a_session_that_nobody_signs_is_refused() -> None:
    async with queue_of(whoami) as queue:
        with pytest.raises(DeclarationError, match="queue_claims"):
            await queue.mails.add(Mail(to="ada"), session=Session(user="ada"))


async def test_a_blocking_queue_in_the_event_loop_is_refused() -> None:
    async with queue_of(send) as queue:
        with pytest.raises(RuntimeError, match="the event loop's thread"):
            queue.blocking_twin().mails.add(Mail(to="ada"))


async def test_a_queue_that_is_closed_says_so() -> None:
    async with queue_of(send) as queue:
        producer = queue.mails
    with pytest.raises(ServiceUnavailableError, match="closed"):
        await producer.add(Mail(to="ada"))


async def test_a_job_has_the_trace_id_of_who_added_it() -> None:
    @pikku_sessionless_func
    async def trace(data: Mail, *, wire: Wire) -> list[str]:
        return [wire.trace_id, trace_id.get()]

    async with queue_of(trace) as queue:
        before = trace_id.set("t-of-the-request")
        handle = await queue.mails.add(Mail(to="ada"))
        trace_id.reset(before)
        assert await handle.result(within="10s") == ["t-of-the-request", "t-of-the-request"]
        (own, logged) = await (await queue.mails.add(Mail(to="ada"))).result(within="10s")
        assert own == logged != "t-of-the-request"


async def test_an_app_put_together_by_hand_starts_what_runs_its_workers() -> None:
    app = App(
        [wire_queue_worker(name="mails", func=send), wire_queue(name="bills", data=Mail)],
        services=[queue_service, queue_connection, system_clock],
        startup=[pikku_startup],
        shutdown=[pikku_shutdown],
    )
    async with app, working(app):
        queue = app.service("queue_connection").queue
        await queue.bills.add(Mail(to="ada"))
        with pytest.raises(InvalidDataError):
            await queue.bills.add({})
        assert await (await queue.mails.add(Mail(to="ada"))).result(within="10s")


async def test_a_queue_that_is_declared_twice_is_refused() -> None:
    app = App(
        [wire_queue_worker(name="a", func=send), *[wire_queue(name="b", data=Mail)] * 2],
        services=[queue_service, queue_connection, system_clock],
        startup=[pikku_startup],
    )
    with pytest.raises(DeclarationError, match='"b" is declared twice'):
        await app.start()


async def test_an_app_that_does_not_start_leaves_no_file_open() -> None:
    async def fail(app: App) -> None:
        raise RuntimeError("no")

    app = App(
        [wire_queue_worker(name="mails", func=send)],
        services=[queue_service, queue_connection, system_clock],
        startup=[pikku_startup, fail],
    )
    with pytest.raises(RuntimeError, match="no"):
        await app.start()
    assert "pikku-queue" not in [thread.name for thread in threading.enumerate()]


async def test_a_clock_that_leaps_takes_no_job_from_a_worker_that_lives() -> None:
    clock, attempts = MovableClock(), list[int]()
    begun, end = asyncio.Event(), asyncio.Event()

    @pikku_sessionless_func
    async def hold(data: Mail, *, job: Job) -> None:
        attempts.append(job.attempt)
        begun.set()
        if data.to == "ada":
            await end.wait()

    app = app_with(hold, clock=clock)
    async with app, working(app):
        queue = app.service("queue")
        held = await queue.mails.add(Mail(to="ada"))
        await begun.wait()
        clock.move(days=1)
        await (await queue.mails.add(Mail(to="bob"))).result(within="10s")
        assert await held.status() == "active"
        end.set()
        await held.result(within="10s")
    assert attempts == [1, 1]


async def test_two_queues_of_one_attribute_are_refused() -> None:
    app = App(
        [wire_queue_worker(name="m-a", func=send), wire_queue(name="m_a", data=Mail)],
        services=[queue_service, queue_connection, system_clock],
        startup=[pikku_startup],
    )
    with pytest.raises(DeclarationError, match=r'"m-a" and "m_a" would both be "queue\.m_a"'):
        await app.start()


async def test_a_dead_letter_is_dropped() -> None:
    @pikku_sessionless_func
    async def forbid(data: Mail) -> None:
        raise ForbiddenError("Not for you.")

    async with queue_of(forbid) as queue:
        handle = await queue.mails.add(Mail(to="ada"))
        with pytest.raises(JobNotCompletedError):
            await handle.result(within="10s")
        assert await handle.drop()
        assert await handle.status() is None
        assert not await handle.drop()


async def test_a_job_with_a_session_is_refused_where_nothing_reads_it() -> None:
    async with app_of(send) as app:
        backend = app.service("queue_connection").backend
        claim = Claims(Session, Signer(["s" * 32])).of(
            Session(user="ada"), queue="mails", id="1", data=b'{"to":"ada"}'
        )
        message = Message(id="1", queue="mails", data=b'{"to":"ada"}', claim=claim)
        await backend.enqueue([message])
        record = await backend.settled("mails", "1", 10)
    assert record is not None
    assert (record.status, record.code) == ("failed", "unauthorized")
    assert "queue_claims" in record.error


async def test_a_sync_function_that_does_not_end_is_given_back_when_its_worker_stops() -> None:
    begun, end = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    @pikku_sessionless_func
    def block(data: Mail) -> None:
        loop.call_soon_threadsafe(begun.set)
        end.wait(60)

    app = app_with(block)
    async with app, asyncio.timeout(10):
        async with working(app, grace=0.01):
            handle = await app.service("queue").mails.add(Mail(to="ada"))
            await begun.wait()
        record = await handle.record()
        end.set()
    assert (record.status, record.attempt) == ("waiting", 0)


async def test_a_job_that_says_why_it_failed_is_a_dead_letter_with_the_reason() -> None:
    @pikku_sessionless_func
    async def fail(data: Mail, *, job: Job) -> None:
        job.fail(f"There is no address for {data.to}.")

    async with queue_of(fail, attempts=1) as queue:
        handle = await queue.mails.add(Mail(to="ada"))
        with pytest.raises(JobNotCompletedError, match=r"is failed: There is no address for ada\."):
            await handle.result(within="10s")


@pytest.mark.parametrize(("data", "reason"), [(b'{"to": 5}', "to: "), (b'{"to": ', "JSON")])
async def test_a_job_whose_data_fits_no_more_is_a_dead_letter_with_the_reason(
    data: bytes, reason: str
) -> None:
    async with app_of(send) as app:
        backend = app.service("queue_connection").backend
        await backend.enqueue([Message(id="1", queue="mails", data=data, attempts=3)])
        record = await backend.settled("mails", "1", 10)
    assert record is not None
    assert (record.status, record.code, record.attempt) == ("failed", "invalid_data", 1)
    assert reason in record.error


async def test_a_result_that_does_not_fit_is_not_made_again() -> None:
    @pikku_sessionless_func
    async def wrong(data: Mail) -> int:
        return cast("int", "no number")

    async with queue_of(wrong) as queue:
        handle = await queue.mails.add(Mail(to="ada"))
        with pytest.raises(JobNotCompletedError):
            await handle.result(within="10s")
        record = await handle.record()
    assert record is not None
    assert (record.code, record.attempt) == ("invalid_result", 1)


async def test_a_job_that_was_begun_in_its_time_is_tried_again_after_it() -> None:
    clock = MovableClock()

    @pikku_sessionless_func
    async def later(data: Mail, *, job: Job) -> int:
        if job.attempt == 1:
            clock.move(60)
            job.fail("not yet")
        return job.attempt

    app = app_with(later, clock=clock)
    async with app, working(app):
        handle = await app.service("queue").mails.add(Mail(to="ada"), expires="10s")
        while await handle.status() not in SETTLED:
            clock.move(1)
        assert await handle.result(within="10s") == 2


@pytest.mark.parametrize("how", ["forged", "expired"])
async def test_a_claim_that_is_forged_or_too_old_fails_whatever_the_function_asks_for(
    how: str,
) -> None:
    old = MovableClock(datetime.now(UTC) - timedelta(days=40))
    secret = ("s" if how == "expired" else "f") * 32
    signer = Signer([secret], clock=old if how == "expired" else None)
    data = b'{"to":"ada"}'
    claim = Claims(Session, signer).of(Session(user="ada"), queue="mails", id="1", data=data)
    async with app_of(send, claims) as app:
        backend = app.service("queue_connection").backend
        await backend.enqueue([Message(id="1", queue="mails", data=data, claim=claim, attempts=3)])
        record = await backend.settled("mails", "1", 10)
    assert record is not None
    assert (record.status, record.code, record.attempt) == ("failed", "unauthorized", 1)
