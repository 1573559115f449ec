"""Middleware of every level, over HTTP: its order, and the state that it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.conftest import ProjectOf

pytestmark = pytest.mark.anyio

GUARDS = """
    from __future__ import annotations

    from typing import Any

    from pikku_core import Middleware, Next, Priority, TooManyRequestsError, pikku_middleware, pikku_service

    class Log:
        def __init__(self) -> None:
            self.lines: list[str] = []

    @pikku_service
    def log() -> Log:
        return Log()

    def noting(name: str) -> Middleware:
        @pikku_middleware
        async def note(next: Next, *, log: Log) -> Any:
            log.lines.append(name)
            result = await next()
            log.lines.append(f"/{name}")
            return result

        return note

    def urgent(name: str) -> Middleware:
        @pikku_middleware(priority=Priority.HIGHEST)
        async def first(next: Next, *, log: Log) -> Any:
            log.lines.append(name)
            return await next()

        return first

    def rate_limit(most: int) -> Middleware:
        calls = 0

        @pikku_middleware
        async def limit(next: Next) -> Any:
            nonlocal calls
            calls += 1
            if calls > most:
                raise TooManyRequestsError()
            return await next()

        return limit

    @pikku_middleware
    async def shouting(next: Next) -> Any:
        return (await next()).upper()

    @pikku_middleware
    async def closing(next: Next) -> Any:
        return "closed"

    @pikku_middleware
    async def silent(next: Next) -> Any:
        return None
    """
FUNCTIONS = """
    from __future__ import annotations

    from app.guards import Log, noting
    from pikku_core import pikku_sessionless_func

    @pikku_sessionless_func(tags=["news:local"], middleware=[noting("function")])
    async def read(*, log: Log) -> list[str]:
        return [*log.lines]

    @pikku_sessionless_func
    async def lines(*, log: Log) -> list[str]:
        return log.lines

    @pikku_sessionless_func
    async def hello() -> str:
        return "hello"

    @pikku_sessionless_func
    async def quiet() -> None:
        raise RuntimeError("it is not called")
    """
ORDER = """
    from app.functions import lines, read
    from app.guards import noting, urgent
    from pikku_core import global_middleware, tag_middleware
    from pikku_http import http_middleware, wire_http

    tag_middleware("news", [noting("tag")])
    wire_http(method="get", route="/news", func=read, middleware=[noting("wiring"), urgent("urgent")])
    wire_http(method="get", route="/log", func=lines)
    http_middleware("/news*", [noting("pattern")])
    global_middleware([noting("global")])
    """
SHARED = """
    from app.functions import hello
    from app.guards import closing, rate_limit, shouting
    from pikku_http import wire_http

    limiter = rate_limit(3)

    wire_http(method="get", route="/one", func=hello, middleware=[limiter])
    wire_http(method="get", route="/two", func=hello, middleware=[limiter])
    wire_http(method="get", route="/own", func=hello, middleware=[rate_limit(3)])
    wire_http(method="get", route="/loud", func=hello, middleware=[shouting])
    wire_http(method="get", route="/closed", func=hello, middleware=[closing, rate_limit(0)])
    """
AGAIN = """
    from app.functions import hello, lines, quiet, read
    from app.guards import noting, silent
    from pikku_core import global_middleware, tag_middleware
    from pikku_http import http_middleware, wire_http

    global_middleware([noting("global 1")])
    global_middleware([noting("global 2")])
    http_middleware("/news", [noting("pattern 1")])
    http_middleware("/news", [noting("pattern 2")])
    http_middleware("/new", [noting("another pattern")])
    tag_middleware("news", [noting("tag above 1")])
    tag_middleware("news:local", [noting("tag")])
    tag_middleware("news", [noting("tag above 2")])
    wire_http(method="get", route="/news", func=read)
    wire_http(method="get", route="/new", func=lines)
    wire_http(method="get", route="/quiet", func=quiet, middleware=[silent])
    """
BASE = {"app/__init__.py": "", "app/guards.py": GUARDS, "app/functions.py": FUNCTIONS}


async def test_middleware_runs_from_global_to_function_and_back(project_of: ProjectOf) -> None:
    async with project_of(BASE | {"app/wirings.py": ORDER}).serve() as client:
        inward = (await client.get("/news")).json()
        both = (await client.get("/log")).json()
    assert inward == ["urgent", "global", "pattern", "tag", "wiring", "function"]
    assert both == [*inward, *[f"/{name}" for name in reversed(inward[1:])], "global"]


async def test_a_limiter_that_two_routes_share_counts_the_calls_of_both(
    project_of: ProjectOf,
) -> None:
    project = project_of(BASE | {"app/wirings.py": SHARED})
    async with project.serve() as client:
        paths = ["/one", "/two", "/own", "/one", "/two", "/one", "/own"]
        statuses = [(await client.get(path)).status_code for path in paths]
    assert statuses == [200, 200, 200, 200, 429, 429, 200]
    async with project.serve() as client:
        assert (await client.get("/one")).status_code == 200, "a second App has state of its own"


async def test_middleware_may_answer_in_place_of_the_function_or_change_its_result(
    project_of: ProjectOf,
) -> None:
    async with project_of(BASE | {"app/wirings.py": SHARED}).serve() as client:
        assert (await client.get("/loud")).json() == "HELLO"
        assert (await client.get("/closed")).json() == "closed"


async def test_what_is_declared_again_for_a_pattern_or_a_tag_is_added(
    project_of: ProjectOf,
) -> None:
    async with project_of(BASE | {"app/wirings.py": AGAIN}).serve() as client:
        assert (await client.get("/news")).json() == [
            *["global 1", "global 2", "pattern 1", "pattern 2"],
            *["tag", "tag above 1", "tag above 2", "function"],
        ]


async def test_middleware_that_does_not_go_on_may_leave_the_answer_empty(
    project_of: ProjectOf,
) -> None:
    async with project_of(BASE | {"app/wirings.py": AGAIN}).serve() as client:
        answer = await client.get("/quiet")
        assert (answer.status_code, answer.content) == (204, b"")
