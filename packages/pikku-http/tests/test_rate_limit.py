"""How often callers may call, and what the answers say of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator  # noqa: TC003 -- the App reads the annotation
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import (
    App,
    DeclarationError,
    Next,
    Rpc,
    ServiceUnavailableError,
    Sessions,
    TooManyRequestsError,
    Wire,
    global_middleware,
    pikku_func,
    pikku_middleware,
    pikku_service,
    pikku_sessionless_func,
    tag_middleware,
)
from pikku_core.services import MemoryRateLimitStore, RateLimit, RateLimitState, RateLimitStore
from pikku_core.testing import FakeSessions, MovableClock
from pikku_http import Http, by_session, http_middleware, problem_details, rate_limit, wire_http
from pikku_http.http.wiring import http_errors
from pikku_http.testing import FakeHttp, client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from httpx2 import AsyncClient, Response

    from pikku_core import Declaration, Middleware

pytestmark = pytest.mark.anyio


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


@pikku_sessionless_func
async def broken() -> str:
    raise RuntimeError("broken")


@pikku_sessionless_func
async def numbers() -> AsyncIterator[int]:
    for number in range(3):
        yield number


class Away:
    """A store that cannot count."""

    async def take(self, key: str, limit: RateLimit, cost: int = 1) -> RateLimitState:  # noqa: ARG002 -- as every store
        raise ServiceUnavailableError


class Rounding:
    """A store that says in whole seconds when to come back, and has none left of the window."""

    async def take(self, key: str, limit: RateLimit, cost: int = 1) -> RateLimitState:  # noqa: ARG002 -- as every store
        return RateLimitState(allowed=False, remaining=0, reset_after=0, retry_after=0)


@asynccontextmanager
async def serving(
    *declarations: Declaration,
    clock: MovableClock | None = None,
    store: RateLimitStore | None = None,
    **options: Any,
) -> AsyncGenerator[AsyncClient]:
    chosen = store or MemoryRateLimitStore(clock=clock or MovableClock())

    @pikku_service
    def rate_limit_store() -> RateLimitStore:
        return chosen

    app = App(declarations, services=[rate_limit_store], **options)
    async with app, client_of(app) as client:
        yield client


def limited(limit: str = "2/minute", *, func: Any = hello, **options: Any) -> Declaration:
    return wire_http(method="get", route="/", func=func, middleware=[rate_limit(limit, **options)])


def facts(answer: Response) -> tuple[int, str | None, str | None, str | None]:
    names = ("ratelimit-policy", "ratelimit", "retry-after")
    policy, state, retry = (answer.headers.get(name) for name in names)
    return answer.status_code, policy, state, retry


async def test_answers_say_what_is_left_and_a_call_too_many_when_to_come_back() -> None:
    clock = MovableClock()
    async with serving(limited(), clock=clock) as client:
        policy = '"default";q=2;w=60'
        assert facts(await client.get("/")) == (200, policy, '"default";r=1;t=60', None)
        clock.move(20)
        assert facts(await client.get("/")) == (200, policy, '"default";r=0;t=40', None)
        clock.move(0.5)
        refused = await client.get("/")
        assert facts(refused) == (429, policy, '"default";r=0;t=40', "40")
        assert refused.json()["error"] | {"trace_id": ""} == {
            "code": "too_many_requests",
            "message": "Too many requests.",
            "payload": {"limit": "default", "retry_after": 40},
            "trace_id": "",
        }
        clock.move(39.5)
        assert facts(await client.get("/")) == (200, policy, '"default";r=0;t=20', None)


async def test_an_error_says_what_is_left_too() -> None:
    async with serving(limited(func=broken)) as client:
        assert facts(await client.get("/"))[:3] == (500, '"default";q=2;w=60', '"default";r=1;t=60')


async def test_a_refusal_has_the_form_of_the_projects_errors() -> None:
    async with serving(limited("1/minute"), http_errors(problem_details)) as client:
        await client.get("/")
        answer = await client.get("/")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"] == "60"


async def test_head_takes_of_the_limit_and_says_so() -> None:
    async with serving(limited()) as client:
        assert facts(await client.head("/"))[2] == '"default";r=1;t=60'


async def test_of_several_limits_each_is_said_and_the_first_that_is_reached_refuses() -> None:
    both = [rate_limit("1/second", name="burst"), rate_limit("2/day", name="daily")]
    wiring = wire_http(method="get", route="/", func=hello, middleware=both)
    clock = MovableClock()
    async with serving(wiring, clock=clock) as client:
        _, policy, state, _ = facts(await client.get("/"))
        assert policy == '"burst";q=1;w=1, "daily";q=2;w=86400'
        assert state == '"burst";r=0;t=1, "daily";r=1;t=86400'
        assert facts(await client.get("/"))[3] == "1"
        clock.move(1)
        assert (await client.get("/")).status_code == 200
        clock.move(1)
        assert facts(await client.get("/"))[3] == "86398"


async def test_a_cost_is_taken_of_the_limit_of_that_name() -> None:
    cheap, dear = (rate_limit("10/minute", name="api", cost=cost) for cost in (1, 5))
    wirings = (
        wire_http(method="get", route="/cheap", func=hello, middleware=[cheap]),
        wire_http(method="get", route="/dear", func=hello, middleware=[dear]),
    )
    async with serving(*wirings) as client:
        answers = [await client.get(path) for path in ("/dear", "/cheap", "/dear")]
        assert [facts(one)[2] for one in answers[:2]] == ['"api";r=5;t=60', '"api";r=4;t=60']
        assert answers[2].status_code == 429


async def test_limits_of_other_names_are_counted_apart() -> None:
    wirings = (
        wire_http(method="get", route="/a", func=hello, middleware=[rate_limit("1/day", name="a")]),
        wire_http(method="get", route="/b", func=hello, middleware=[rate_limit("1/day", name="b")]),
        wire_http(method="get", route="/c", func=hello, middleware=[rate_limit("2/day", name="b")]),
    )
    async with serving(*wirings) as client:
        assert [(await client.get(path)).status_code for path in ("/a", "/b", "/c")] == [200] * 3


@pikku_sessionless_func(middleware=[rate_limit("1/minute")])
async def on_function() -> str:
    return "done"


@pikku_sessionless_func(tags=["slow:very"])
async def tagged() -> str:
    return "done"


WHEREVER: dict[str, list[Declaration]] = {
    "global": [
        global_middleware([rate_limit("1/minute")]),
        wire_http(method="get", route="/", func=hello),
    ],
    "pattern": [
        http_middleware("/*", [rate_limit("1/minute")]),
        wire_http(method="get", route="/", func=hello),
    ],
    "tag": [
        tag_middleware("slow", [rate_limit("1/minute")]),
        wire_http(method="get", route="/", func=tagged),
    ],
    "wiring": [limited("1/minute")],
    "function": [wire_http(method="get", route="/", func=on_function)],
    "stream": [limited("1/minute", func=numbers)],
    "events": [
        wire_http(
            method="get", route="/", func=numbers, sse=True, middleware=[rate_limit("1/minute")]
        )
    ],
}


@pytest.mark.parametrize("where", WHEREVER)
async def test_wherever_it_stands_a_call_is_counted_once(where: str) -> None:
    async with serving(*WHEREVER[where]) as client:
        for accept in ("text/event-stream", "application/json"):
            answer = await client.get("/", headers={"accept": accept})
            expected = 200 if accept == "text/event-stream" else 429
            assert (answer.status_code, answer.headers["ratelimit"]) == (
                expected,
                '"default";r=0;t=60',
            )


@pikku_sessionless_func(middleware=[rate_limit("3/minute", name="inner")])
async def inner() -> str:
    return "inner"


@pikku_sessionless_func
async def outer(*, rpc: Rpc) -> list[str]:
    return [await rpc.inner(), await rpc.inner()]


async def test_what_a_call_calls_is_not_counted_again() -> None:
    wirings = (
        global_middleware([rate_limit("2/minute")]),
        wire_http(method="get", route="/", func=outer),
    )
    async with serving(*wirings, functions=[inner]) as client:
        answers = [await client.get("/") for _ in range(3)]
        assert facts(answers[0])[2] == '"default";r=1;t=60, "inner";r=2;t=60, "inner";r=1;t=60'
        assert [one.status_code for one in answers] == [200, 429, 429]


async def test_a_limit_of_a_function_holds_for_who_calls_it_by_name() -> None:
    async with serving(wire_http(method="get", route="/", func=outer), functions=[inner]) as client:
        answers = [await client.get("/") for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 429]
        assert answers[1].headers["retry-after"] == "60"


@pikku_sessionless_func
async def catching(*, rpc: Rpc) -> list[str]:
    found: list[str] = []
    for _ in range(4):
        try:
            found.append(await rpc.inner())
        except TooManyRequestsError:
            found.append("later")
    return found


async def test_who_answers_although_it_was_refused_does_not_say_when_to_come_back() -> None:
    wiring = wire_http(method="get", route="/", func=catching)
    async with serving(wiring, functions=[inner]) as client:
        answer = await client.get("/")
        assert (answer.status_code, "retry-after" in answer.headers) == (200, False)
        assert answer.json() == ["inner", "inner", "inner", "later"]


@pikku_sessionless_func
async def calling(*, rpc: Rpc) -> AsyncIterator[str]:
    yield "first"
    yield await rpc.inner()


@pikku_sessionless_func
async def calling_with_http(*, rpc: Rpc, http: Http) -> AsyncIterator[str]:
    yield http.method
    yield await rpc.inner()


@pytest.mark.parametrize(("func", "first"), [(calling, "first"), (calling_with_http, "GET")])
async def test_a_stream_that_has_begun_calls_what_is_limited_without_a_word_in_the_log(
    func: Any, first: str, caplog: pytest.LogCaptureFixture
) -> None:
    wiring = wire_http(method="get", route="/", func=func)
    async with serving(wiring, functions=[inner]) as client:
        assert (await client.get("/")).text == f'"{first}"\n"inner"\n'
    assert caplog.records == []


@pikku_sessionless_func
async def fan_out(*, rpc: Rpc) -> list[str]:
    return list(await asyncio.gather(*(rpc.inner() for _ in range(4))))


async def test_calls_that_are_made_at_once_are_each_counted() -> None:
    wiring = wire_http(method="get", route="/", func=fan_out)
    async with serving(wiring, functions=[inner]) as client:
        assert (await client.get("/")).status_code == 429


def seven(http: Http | None, session: Any) -> Any:
    return 7


async def test_a_key_that_is_no_text_is_refused() -> None:
    limit = rate_limit("2/minute", by=seven)
    wiring = wire_http(method="get", route="/", func=hello, middleware=[limit])
    async with serving(wiring) as client:
        assert (await client.get("/")).status_code == 500


class Member:
    def __init__(self, user_id: str) -> None:
        self.user_id = user_id


@pikku_middleware
async def named(next: Next, *, http: Http, sessions: Sessions[Member]) -> Any:
    name = http.header("x-user")
    if name:
        sessions.set(Member(name))
    return await next()


@pikku_func
async def whoami(*, session: Member) -> str:
    return session.user_id


async def test_each_user_has_a_limit_wherever_it_calls_from() -> None:
    members = [named, rate_limit("1/minute", by=by_session("user_id"))]
    wiring = wire_http(method="get", route="/", func=whoami, middleware=members)
    async with serving(wiring) as client:
        statuses = [
            (await client.get("/", headers={"x-user": name})).status_code
            for name in ("ada", "grace", "ada", "", "")
        ]
        assert statuses == [200, 200, 429, 401, 429]


def nobody(http: Http | None, session: Any) -> None:
    return None


async def test_a_call_without_a_key_is_not_limited() -> None:
    async with serving(limited("1/minute", by=nobody)) as client:
        for _ in range(3):
            assert facts(await client.get("/")) == (200, None, None, None)


@pytest.mark.parametrize(("outage", "status"), [("allow", 200), ("refuse", 503)])
async def test_while_nothing_can_be_counted_calls_go_as_was_said(outage: str, status: int) -> None:
    async with serving(limited(outage=outage), store=Away()) as client:
        answer = await client.get("/")
        assert facts(answer) == (status, None, None, None)


async def test_what_a_store_refuses_is_refused_however_soon_it_will_be_let_in() -> None:
    async with serving(limited(), store=Rounding()) as client:
        assert facts(await client.get("/"))[::3] == (429, "1")


async def test_without_http_only_who_is_known_is_limited() -> None:
    async def done() -> str:
        return "done"

    store, sessions = MemoryRateLimitStore(clock=MovableClock()), FakeSessions(Member("ada"))
    needs: dict[str, Any] = {"rate_limit_store": store, "sessions": sessions}
    by_address: Middleware = rate_limit("1/minute")
    for _ in range(2):
        assert await by_address(done, wire=Wire("f", "f"), **needs) == "done"
    by_user: Middleware = rate_limit("1/minute", by=by_session("user_id"))
    await by_user(done, wire=Wire("f", "f"), **needs)
    with pytest.raises(TooManyRequestsError) as caught:
        await by_user(done, wire=Wire("f", "f"), http=FakeHttp(), **needs)
    assert caught.value.payload == {"limit": "default", "retry_after": 60}


async def asynchronous(http: Http | None, session: Any) -> str:
    return "x"


@pytest.mark.parametrize(
    ("limit", "options", "reason"),
    [
        ("100", {}, 'write "100/minute"'),
        ("2/minute", {"cost": 0}, "1 to 2"),
        ("2/minute", {"cost": 3}, "1 to 2"),
        ("2/minute", {"name": ""}, "cannot stand in quotes"),
        ("2/minute", {"name": 'a"b'}, "cannot stand in quotes"),
        ("2/minute", {"name": "a\r\nb"}, "cannot stand in quotes"),
        ("2/minute", {"by": asynchronous}, "async function"),
        ("2/minute", {"outage": "ignore"}, '"allow" or "refuse"'),
    ],
)
def test_what_would_limit_nothing_is_refused(
    limit: str, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(DeclarationError, match=reason):
        rate_limit(limit, **options)
