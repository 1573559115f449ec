from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import (
    ConflictError,
    Next,
    NotFoundError,
    PikkuError,
    ServiceUnavailableError,
    UnauthorizedError,
    pikku_func,
    pikku_middleware,
    pikku_sessionless_func,
)
from pikku_http import (
    ErrorAnswer,
    ErrorReport,
    Http,
    http_errors,
    http_middleware,
    wire_http,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Serve
    from httpx2 import Response

    from pikku_core import Declaration

pytestmark = pytest.mark.anyio


def raises(error: BaseException) -> Callable[..., Any]:
    @pikku_sessionless_func
    async def fail() -> None:
        raise error

    return fail


async def answer(
    serve: Serve, error: BaseException, *declarations: Declaration, **headers: str
) -> Response:
    wiring = wire_http(method="get", route="/", func=raises(error))
    async with serve(wiring, *declarations) as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.get("/", headers=named)


async def test_an_error_below_500_says_what_it_is(serve: Serve) -> None:
    error = ConflictError("Taken.", payload={"name": "Ada"})
    response = await answer(serve, error, x_request_id="abc")
    assert response.status_code == 409
    assert response.headers["x-request-id"] == "abc"
    assert response.json() == {
        "error": {
            "code": "conflict",
            "message": "Taken.",
            "trace_id": "abc",
            "payload": {"name": "Ada"},
        }
    }


class OutOfTeaError(PikkuError):
    status = 418
    code = "out_of_tea"
    default_message = "There is no tea."


async def test_a_projects_own_error_is_answered_with_its_status(serve: Serve) -> None:
    response = await answer(serve, OutOfTeaError())
    assert (response.status_code, response.json()["error"]["code"]) == (418, "out_of_tea")


@pytest.mark.parametrize(
    ("error", "status"),
    [(RuntimeError("the password is x"), 500), (ServiceUnavailableError("host db-1 is down"), 503)],
)
async def test_an_error_of_the_server_is_logged_and_only_its_trace_id_shown(
    serve: Serve, caplog: pytest.LogCaptureFixture, error: Exception, status: int
) -> None:
    with caplog.at_level(logging.ERROR, "pikku.http"):
        response = await answer(serve, error)
    assert response.status_code == status
    shown = response.json()["error"]
    assert set(shown) == {"code", "message", "trace_id"}
    assert str(error) not in response.text
    assert (shown["trace_id"] in caplog.text, str(error) in caplog.text) == (True, True)
    assert caplog.records[-1].exc_info is not None


async def test_an_error_says_when_to_come_back(serve: Serve) -> None:
    response = await answer(serve, ServiceUnavailableError(retry_after=30))
    assert (response.status_code, response.headers["retry-after"]) == (503, "30")
    assert "retry-after" not in (await answer(serve, ServiceUnavailableError())).headers


@pytest.mark.parametrize("sync", [False, True])
@pytest.mark.parametrize("error", [SystemExit("the password is x"), asyncio.CancelledError()])
async def test_what_would_end_a_program_ends_the_call(
    serve: Serve, error: BaseException, sync: bool
) -> None:
    @pikku_sessionless_func
    def fail() -> None:
        raise error

    wiring = wire_http(method="get", route="/", func=fail if sync else raises(error))
    async with serve(wiring) as client:
        response = await client.get("/", headers={"x-request-id": "abc"})
    assert response.status_code == 500
    assert response.json()["error"] == {
        "code": "internal_error",
        "message": PikkuError.default_message,
        "trace_id": "abc",
    }


async def test_a_request_that_is_cancelled_is_not_answered(serve: Serve) -> None:
    reached = asyncio.Event()

    @pikku_sessionless_func
    async def wait() -> None:
        reached.set()
        await asyncio.Event().wait()

    async with serve(wire_http(method="get", route="/", func=wait)) as client:
        request = asyncio.create_task(client.get("/"))
        await reached.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request


async def test_an_error_below_500_is_not_logged(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    await answer(serve, NotFoundError())
    assert caplog.records == []


async def test_a_missing_session_is_401_with_a_challenge(serve: Serve) -> None:
    @pikku_func
    async def private() -> None: ...

    async with serve(wire_http(method="get", route="/", func=private)) as client:
        response = await client.get("/")
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    ("challenge", "sent"), [('Token realm="x"', 'Token realm="x"'), ("a\r\nb: c", "Bearer")]
)
async def test_a_challenge_is_the_errors_own(serve: Serve, challenge: str, sent: str) -> None:
    response = await answer(serve, UnauthorizedError(challenge=challenge))
    assert (response.status_code, response.headers["www-authenticate"]) == (401, sent)


def as_problem(report: ErrorReport) -> ErrorAnswer:
    body = {"title": report.message, "status": report.status, "kind": type(report.error).__name__}
    headers = {"content-type": "application/problem+json", "x-kind": "problem"}
    return ErrorAnswer(body=body, headers=headers)


async def test_a_project_answers_errors_in_its_own_form(serve: Serve) -> None:
    response = await answer(serve, NotFoundError("No such."), http_errors(as_problem))
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.headers["x-kind"], "x-request-id" in response.headers) == ("problem", True)
    assert response.json() == {"title": "No such.", "status": 404, "kind": "NotFoundError"}


async def test_a_renderer_may_return_a_body_alone(serve: Serve) -> None:
    def render(report: ErrorReport) -> dict[str, list[str]]:
        return {"errors": [report.message]}

    response = await answer(serve, NotFoundError("No such."), http_errors(render))
    assert (response.status_code, response.json()) == (404, {"errors": ["No such."]})


async def test_the_renderer_answers_for_what_is_no_route(serve: Serve) -> None:
    async with serve(http_errors(as_problem)) as client:
        assert (await client.get("/nowhere")).json()["status"] == 404


def raising(report: ErrorReport) -> object:
    raise RuntimeError(report.code)


def unserialisable(_: ErrorReport) -> object:
    return {"thing": object()}


def wrong_status(_: ErrorReport) -> ErrorAnswer:
    return ErrorAnswer(body={}, status=200)


def splitting(_: ErrorReport) -> ErrorAnswer:
    return ErrorAnswer(body={}, headers={"x": "a\r\nb"})


@pytest.mark.parametrize("render", [raising, unserialisable, wrong_status, splitting])
async def test_a_renderer_that_fails_is_logged_and_replaced(
    serve: Serve, caplog: pytest.LogCaptureFixture, render: Callable[[ErrorReport], object]
) -> None:
    response = await answer(serve, NotFoundError(), http_errors(render))
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    assert "http_errors" in caplog.text


async def test_a_payload_that_is_no_json_is_left_out(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    response = await answer(serve, NotFoundError("No.", payload={"thing": object()}))
    assert response.json()["error"]["message"] == "No."
    assert "payload" in caplog.text


class RedirectedError(PikkuError):
    status = 302


@pytest.mark.parametrize("error", [NotFoundError("half a character: \ud800"), RedirectedError("/")])
async def test_an_error_that_cannot_be_sent_is_one_of_the_server(
    serve: Serve, caplog: pytest.LogCaptureFixture, error: PikkuError
) -> None:
    response = await answer(serve, error, x_request_id="abc")
    assert response.status_code == 500
    assert response.json()["error"] == {
        "code": "internal_error",
        "message": PikkuError.default_message,
        "trace_id": "abc",
    }
    assert caplog.records[-1].exc_info is not None


async def test_a_number_that_json_has_not_is_null(serve: Serve) -> None:
    response = await answer(serve, NotFoundError("No.", payload={"share": float("nan")}))
    assert response.json()["error"]["payload"] == {"share": None}


async def test_headers_that_were_set_stay_on_an_error_but_not_those_of_the_content(
    serve: Serve,
) -> None:
    @pikku_middleware
    async def dressed(next: Next, *, http: Http) -> Any:
        http.set_header("x-frame-options", "DENY")
        http.set_header("etag", '"1"')
        http.set_header("content-type", "text/html")
        http.status = 201
        return await next()

    response = await answer(serve, NotFoundError(), http_middleware("*", [dressed]))
    assert response.status_code == 404
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["content-type"] == "application/json"
    assert "etag" not in response.headers


async def test_the_trace_id_of_the_call_is_the_one_that_is_answered(serve: Serve) -> None:
    seen: list[str] = []

    @pikku_middleware
    async def note(next: Next, *, wire: Any) -> Any:
        seen.append(wire.trace_id)
        return await next()

    response = await answer(serve, NotFoundError(), http_middleware("*", [note]))
    assert seen == [response.json()["error"]["trace_id"]]
