"""The suites of the kit pass what is right, and fail what is wrong in one way each."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    FunctionNotFoundError,
    InternalError,
    InvalidDataError,
    PikkuError,
    Wire,
    Wiring,
    pikku_service,
)
from pikku_core.runtime import NO_DATA, FunctionRecord, Plan, Read
from pikku_core.services import (
    MemoryRateLimitStore,
    MemorySessionStore,
    RateLimit,
    RateLimitState,
    RateLimitStore,
    SessionStore,
    system_clock,
)
from pikku_core.services.rate_limit_store import check_cost
from pikku_core.testing.conformance import (
    Answer,
    Call,
    Caller,
    RateLimitStoreConformance,
    ServiceConformance,
    SessionStoreConformance,
    TransportConformance,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping

    from pikku_core.testing import MovableClock


@dataclass(frozen=True, slots=True, kw_only=True)
class PostWiring(Wiring):
    """A function behind a name."""

    kind: ClassVar[str] = "post"
    name: str

    @property
    def id(self) -> str:
        return f"post:{self.name}"


class PostWire(Wire):
    __slots__ = ("body",)
    kind = "post"

    def __init__(self, plan: Plan, body: bytes, caller: Caller | None) -> None:
        super().__init__(f"post:{plan.function.id}", plan.function.id)
        self.body = body
        self.session = caller


class TestPost(TransportConformance):
    """A transport as small as can be: texts handed over in this process."""

    def wire(self, name: str, func: Callable[..., Any], **options: Any) -> Wiring:
        for sequence in ("scopes", "middleware", "tags"):
            options[sequence] = tuple(options.get(sequence, ()))
        return PostWiring(name=name, func=func, **options)

    @asynccontextmanager
    async def serve(self, app: App) -> AsyncGenerator[Call]:
        plans = {
            handle.id: self.plan(app, handle.function, handle.load())
            for handle in app.wirings("post")
        }
        pending: set[asyncio.Task[Answer]] = set()

        async def call(
            name: str, data: Mapping[str, Any] | None = None, *, caller: Caller | None = None
        ) -> Answer:
            body = b"" if data is None else json.dumps(data).encode()
            task = asyncio.create_task(self.answer(plans.get(f"post:{name}"), body, caller))
            pending.add(task)
            task.add_done_callback(pending.discard)
            return await asyncio.shield(task)

        yield call
        await self.drain(pending)

    async def drain(self, pending: set[asyncio.Task[Answer]]) -> None:
        if pending:
            await asyncio.wait(pending)

    def plan(self, app: App, function: str, wiring: Wiring) -> Plan:
        record = app.record(function)
        return app.plan(
            function, wiring=wiring, wire=PostWire, read=self.read(record), write=self.write(record)
        )

    def read(self, record: FunctionRecord) -> Read | None:
        codec = record.data
        if codec is None:
            return None

        def read(wire: PostWire) -> Any:
            if not wire.body and record.default is not NO_DATA:
                return NO_DATA
            return codec.read_json(wire.body or b"{}")

        return Read(read)

    def write(self, record: FunctionRecord) -> Callable[[Any], bytes]:
        return record.result.write_json

    async def answer(self, plan: Plan | None, body: bytes, caller: Caller | None) -> Answer:
        if plan is None:
            return self.refusal(FunctionNotFoundError())
        try:
            text: bytes = await plan.invoke(PostWire(plan, body, caller))
        except Exception as error:  # noqa: BLE001 -- a transport answers whatever is raised
            return self.refusal(error if isinstance(error, PikkuError) else InternalError())
        return Answer(text=text.decode(), value=json.loads(text))

    def refusal(self, error: PikkuError) -> Answer:
        message = error.message if error.is_public else error.default_message
        details = error.details if isinstance(error, InvalidDataError) else ()
        return Answer(
            text=f"{error.code} {message} {error.payload if error.is_public else ''}",
            code=error.code,
            message=message,
            locations=tuple(one.location for one in details),
        )


class Ungated(TestPost):
    """Leaves out what the wiring asks for."""

    def plan(self, app: App, function: str, wiring: Wiring) -> Plan:
        assert wiring.kind == "post"
        record = app.record(function)
        return app.plan(function, wire=PostWire, read=self.read(record), write=self.write(record))


class Talkative(TestPost):
    """Shows every error as it is."""

    async def answer(self, plan: Plan | None, body: bytes, caller: Caller | None) -> Answer:
        try:
            return await super().answer(plan, body, caller)
        except Exception as error:  # noqa: BLE001 -- it answers whatever is raised
            return Answer(text=repr(error), code="internal_error")

    def refusal(self, error: PikkuError) -> Answer:
        shown = super().refusal(error)
        cause = error.__cause__ or error.__context__ or error
        return Answer(
            text=f"{error!r} {cause!r}",
            code=shown.code,
            message=shown.message,
            locations=shown.locations,
        )


class Hasty(TestPost):
    """Reads the data before it is known who calls."""

    async def answer(self, plan: Plan | None, body: bytes, caller: Caller | None) -> Answer:
        if plan is not None and plan.function.data is not None and body:
            try:
                plan.function.data.read_json(body)
            except InvalidDataError as error:
                return self.refusal(error)
        return await super().answer(plan, body, caller)


class Leaking(TestPost):
    """Writes results without looking at their types."""

    def write(self, record: FunctionRecord) -> Callable[[Any], bytes]:
        assert record.id

        def write(result: Any) -> bytes:
            return json.dumps(result, default=BaseModel.model_dump).encode()

        return write


class Forgetful(TestPost):
    """Leaves what is being answered behind when it ends."""

    async def drain(self, pending: set[asyncio.Task[Answer]]) -> None:
        for task in pending:
            task.cancel()


class Mixing(TestPost):
    """Keeps who called for the next one."""

    last: Caller | None = None

    async def answer(self, plan: Plan | None, body: bytes, caller: Caller | None) -> Answer:
        self.last = caller or self.last
        return await super().answer(plan, body, self.last)


class OneByOne(TestPost):
    """Answers one call at a time."""

    @asynccontextmanager
    async def serve(self, app: App) -> AsyncGenerator[Call]:
        one = asyncio.Lock()
        async with super().serve(app) as inner:

            async def call(
                name: str, data: Mapping[str, Any] | None = None, *, caller: Caller | None = None
            ) -> Answer:
                async with one, asyncio.timeout(1):
                    return await inner(name, data, caller=caller)

            yield call


def failing(suite: type[Any]) -> set[str]:
    """The tests of a suite that fail, without `test_`."""
    failed: set[str] = set()
    for name in dir(suite):
        if name.startswith("test_"):
            try:
                getattr(suite(), name)()
            except Exception:  # noqa: BLE001 -- however it fails
                failed.add(name.removeprefix("test_"))
    return failed


@pytest.mark.parametrize(
    ("transport", "failed"),
    [
        (
            Ungated,
            {
                "a_wiring_may_ask_for_a_session",
                "a_permission_of_the_wiring_keeps_callers_out",
                "every_step_has_its_place",
                "function_wiring_and_tag_must_all_agree",
                "middleware_may_answer_itself",
                "middleware_may_change_the_result_and_an_error",
                "scopes_of_function_and_wiring_are_asked_for",
            },
        ),
        (
            Hasty,
            {
                "data_is_looked_at_only_when_the_caller_may_call",
            },
        ),
        (
            Leaking,
            {
                "a_result_that_does_not_fit_is_an_internal_error_that_shows_nothing",
                "a_result_that_does_not_fit_is_not_committed",
                "nothing_undeclared_leaves",
            },
        ),
        (Forgetful, {"what_is_being_answered_when_serving_ends_is_answered"}),
        (
            OneByOne,
            {
                "a_sync_function_does_not_block_the_others",
                "calls_at_the_same_time_keep_their_sessions_apart",
                "many_calls_at_the_same_time_are_each_answered_with_their_own",
            },
        ),
    ],
)
def test_a_transport_that_is_wrong_in_one_way_fails_the_tests_of_that(
    transport: type[TransportConformance], failed: set[str]
) -> None:
    assert failing(transport) == failed


@pytest.mark.parametrize(
    ("transport", "failed"),
    [
        (Talkative, "any_other_error_shows_nothing_of_itself"),
        (Mixing, "a_function_that_needs_a_session_is_closed_to_others"),
    ],
)
def test_a_transport_that_gives_something_away_fails(
    transport: type[TransportConformance], failed: str
) -> None:
    assert failed in failing(transport)


class TestMemorySessionStore(SessionStoreConformance):
    @asynccontextmanager
    async def store(self, clock: MovableClock) -> AsyncGenerator[SessionStore]:
        yield MemorySessionStore(clock=clock)


class Eternal(MemorySessionStore):
    """Forgets nothing by itself."""

    async def set(self, key: str, session: bytes, *, ttl: float) -> None:
        await super().set(key, session, ttl=ttl * 1e9)


class Careless(MemorySessionStore):
    """Takes keys for the same that are not."""

    async def set(self, key: str, session: bytes, *, ttl: float) -> None:
        await super().set(key.strip().lower(), session, ttl=ttl)

    async def get(self, key: str) -> bytes | None:
        return await super().get(key.strip().lower())


class Reviving(MemorySessionStore):
    """Keeps a session by setting it again, whatever has happened to it."""

    async def extend(self, key: str, *, ttl: float) -> bool:
        session = await self.get(key)
        await self.set(key, session or b"", ttl=ttl)
        return session is not None


class Obliging(MemorySessionStore):
    """Tells everybody that there was a session to clear."""

    async def clear(self, key: str) -> bool:
        await super().clear(key)
        return True


@pytest.mark.parametrize(
    ("store", "failed"),
    [
        (
            Eternal,
            {
                "a_session_ends_when_its_time_is_over",
                "a_session_that_is_over_or_cleared_is_not_kept_again",
                "of_several_who_clear_a_session_one_is_told_that_there_was_one",
                "reading_a_session_does_not_lengthen_its_time",
                "what_is_set_again_has_the_new_value_and_the_new_time",
            },
        ),
        (Careless, {"sessions_are_told_apart_by_every_character_of_their_keys"}),
        (Reviving, {"a_session_that_is_over_or_cleared_is_not_kept_again"}),
        (
            Obliging,
            {
                "clearing_a_session_that_there_is_not_changes_nothing",
                "of_several_who_clear_a_session_one_is_told_that_there_was_one",
            },
        ),
    ],
)
def test_a_session_store_that_is_wrong_in_one_way_fails_the_tests_of_that(
    store: type[MemorySessionStore], failed: set[str]
) -> None:
    class Suite(SessionStoreConformance):
        @asynccontextmanager
        async def store(self, clock: MovableClock) -> AsyncGenerator[SessionStore]:
            yield store(clock=clock)

    assert failing(Suite) == failed


class Fixed(MemoryRateLimitStore):
    """Begins anew with every minute of the clock."""

    def __init__(self, clock: MovableClock) -> None:
        super().__init__(clock=clock)
        self.clock = clock

    async def take(self, key: str, limit: RateLimit, cost: int = 1) -> RateLimitState:
        return await super().take(f"{key}:{self.clock.monotonic() // limit.window}", limit, cost)


class Torn(MemoryRateLimitStore):
    """Takes a cost bit by bit."""

    async def take(self, key: str, limit: RateLimit, cost: int = 1) -> RateLimitState:
        check_cost(cost, limit)
        return [await super(Torn, self).take(key, limit) for _ in range(cost)][-1]


@pytest.mark.parametrize(
    ("store", "failed"),
    [
        (
            Fixed,
            {
                "there_is_no_moment_at_which_the_limit_is_given_twice",
                "what_is_left_and_when_it_grows_is_said",
                "a_steady_caller_is_never_given_more_than_the_limit",
            },
        ),
        (Torn, {"a_cost_is_taken_whole_or_not_at_all"}),
    ],
)
def test_a_store_of_limits_that_is_wrong_in_one_way_fails_the_tests_of_that(
    store: Callable[..., MemoryRateLimitStore], failed: set[str]
) -> None:
    class Suite(RateLimitStoreConformance):
        @asynccontextmanager
        async def store(self, clock: MovableClock) -> AsyncGenerator[RateLimitStore]:
            yield store(clock=clock)

    assert failing(Suite) == failed


@pikku_service
async def connection(*, url: str) -> AsyncIterator[list[str]]:
    value = [url]
    yield value
    value.clear()


class TestConnection(ServiceConformance):
    def factory(self) -> Callable[..., Any]:
        return connection

    def instances(self) -> Mapping[str, Any]:
        return {"url": "memory:"}

    async def use(self, service: Any) -> None:
        assert service == ["memory:"]


class TestSystemClock(ServiceConformance):
    def factory(self) -> Callable[..., Any]:
        return system_clock

    async def use(self, service: Any) -> None:
        assert service.now().tzinfo is not None


SHARED: list[str] = []


@pikku_service
async def shared() -> AsyncIterator[list[str]]:
    """What a service must not be: one for the whole process."""
    if SHARED:
        raise RuntimeError("It is open already.")
    SHARED.append("open")
    yield SHARED
    SHARED.clear()


def test_a_service_that_only_one_app_can_have_fails() -> None:
    class Suite(ServiceConformance):
        def factory(self) -> Callable[..., Any]:
            return shared

        async def use(self, service: Any) -> None:
            assert service == ["open"]

    assert failing(Suite) == {"two_apps_have_it_at_the_same_time"}
