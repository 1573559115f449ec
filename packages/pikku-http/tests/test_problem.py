"""Errors as RFC 9457 describes them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import ConflictError, PikkuError, pikku_sessionless_func
from pikku_http import ErrorReport, http_errors, problem_details, wire_http
from pikku_http.http.problem import pointer, title

if TYPE_CHECKING:
    from conftest import Serve
    from httpx2 import Response

pytestmark = pytest.mark.anyio

ID = {"x-request-id": "r-1"}


class Item(BaseModel):
    count: int


class Order(BaseModel):
    items: list[Item]


@pikku_sessionless_func
async def order(data: Order) -> None:
    if not data.items:
        raise ConflictError("Nothing is ordered.", payload={"left": 3})
    raise RuntimeError("the password is x")


async def answer(serve: Serve, json: Any, path: str = "/", *declarations: Any) -> Response:
    wiring = wire_http(method="post", route="/", func=order)
    async with serve(wiring, *declarations, problem_details=True) as client:
        return await client.post(path, json=json, headers=ID)


async def test_an_error_is_a_problem(serve: Serve) -> None:
    response = await answer(serve, {"items": []})
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Nothing is ordered.",
        "code": "conflict",
        "trace_id": "r-1",
        "payload": {"left": 3},
    }


async def test_each_fault_of_the_data_has_its_pointer(serve: Serve) -> None:
    response = await answer(serve, {"items": [{"count": "many"}]})
    (fault,) = response.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("#/items/0/count", "int_type")
    assert fault["detail"]


async def test_a_problem_of_the_server_says_no_more_than_its_trace_id(serve: Serve) -> None:
    response = await answer(serve, {"items": [{"count": 1}]})
    assert (response.status_code, response.json()["title"]) == (500, "Internal Server Error")
    assert "password" not in response.text


async def test_a_path_without_a_route_is_a_problem_too(serve: Serve) -> None:
    response = await answer(serve, {}, "/nowhere")
    assert (response.json()["status"], response.json()["title"]) == (404, "Not Found")


async def test_a_project_that_renders_errors_goes_first(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(report: ErrorReport) -> Any:
        if report.status == 404:
            raise ValueError
        return {"own": report.code}

    assert (await answer(serve, {"items": []}, "/", http_errors(broken))).json() == {
        "own": "conflict"
    }
    with caplog.at_level(logging.CRITICAL):
        response = await answer(serve, {}, "/nowhere", http_errors(broken))
    assert response.headers["content-type"] == "application/problem+json"


async def test_an_app_by_hand_declares_it(serve: Serve) -> None:
    wiring = wire_http(method="post", route="/", func=order)
    async with serve(wiring, http_errors(problem_details)) as client:
        response = await client.post("/", json={"items": []})
    assert response.json()["title"] == "Conflict"


async def test_a_status_without_a_phrase_has_that_of_its_class(serve: Serve) -> None:
    class OddError(PikkuError):
        status = 499
        code = "odd"

    @pikku_sessionless_func
    async def odd() -> None:
        raise OddError("Odd.")

    async with serve(wire_http(method="get", route="/", func=odd), problem_details=True) as client:
        response = await client.get("/")
    assert (response.status_code, response.json()["title"]) == (499, "Bad Request")
    assert title(599) == "Internal Server Error"


@pytest.mark.parametrize(
    ("location", "expected"), [((), "#"), (("a/b", "~", "ä b", 0), "#/a~1b/~0/%C3%A4%20b/0")]
)
def test_a_pointer_is_the_fragment_of_a_uri(location: Any, expected: str) -> None:
    assert pointer(location) == expected
