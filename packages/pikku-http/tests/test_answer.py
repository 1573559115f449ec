from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast

import pytest
from pydantic import BaseModel, Field

from pikku_core import App, DeclarationError, pikku_sessionless_func
from pikku_http import Http, HttpApplication, Redirect, wire_http

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Serve
    from httpx2 import Response

pytestmark = pytest.mark.anyio


class Public(BaseModel):
    name: str


class Account(Public):
    password: str


@dataclass
class Point:
    x: int


def gives(result: Any, value: Any) -> Callable[..., Any]:
    """A function that returns `value` and says that it returns `result`."""

    async def give() -> Any:
        return value

    give.__annotations__["return"] = result
    return pikku_sessionless_func(give)


async def answer(serve: Serve, result: Any, value: Any, **options: Any) -> Response:
    wiring = wire_http(method="get", route="/", func=gives(result, value), **options)
    async with serve(wiring) as client:
        return await client.get("/")


async def test_a_model_is_json(serve: Serve) -> None:
    response = await answer(serve, Public, Public(name="Ada"))
    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-length"] == "14"
    assert response.content == b'{"name":"Ada"}'


async def test_text_is_json(serve: Serve) -> None:
    assert (await answer(serve, str, "hello")).content == b'"hello"'


async def test_bytes_are_sent_as_they_are(serve: Serve) -> None:
    response = await answer(serve, bytes, b"\x00\xff")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.content == b"\x00\xff"


@pytest.mark.parametrize("result", [None, Public | None, Any])
async def test_none_is_no_content(serve: Serve, result: Any) -> None:
    response = await answer(serve, result, None)
    assert response.status_code == 204
    assert response.content == b""
    assert "content-length" not in response.headers
    assert "content-type" not in response.headers


async def test_an_answer_that_resets_a_form_has_no_body_but_a_length(serve: Serve) -> None:
    async with serve(wire_http(method="get", route="/", func=reset)) as client:
        response = await client.get("/")
    assert (response.status_code, response.content) == (205, b"")
    assert response.headers["content-length"] == "0"
    assert "content-type" not in response.headers


async def test_none_keeps_a_status_of_the_wiring(serve: Serve) -> None:
    response = await answer(serve, None, None, status=202)
    assert (response.status_code, response.headers["content-length"]) == (202, "0")


async def test_a_result_has_the_status_of_the_wiring(serve: Serve) -> None:
    assert (await answer(serve, Public, Public(name="Ada"), status=201)).status_code == 201


async def test_a_redirect_sends_elsewhere(serve: Serve) -> None:
    response = await answer(serve, Redirect | Public, Redirect("/there", 307))
    assert (response.status_code, response.headers["location"]) == (307, "/there")
    assert response.content == b""


async def test_text_under_bytes_is_bytes(serve: Serve) -> None:
    response = await answer(serve, bytes, "text")
    assert (response.headers["content-type"], response.content) == (
        "application/octet-stream",
        b"text",
    )


async def test_a_union_is_answered_by_what_it_is(serve: Serve) -> None:
    assert (await answer(serve, bytes | Public, b"x")).content == b"x"
    assert (await answer(serve, bytes | Public, Public(name="a"))).json() == {"name": "a"}
    assert (await answer(serve, Annotated[bytes | None, "x"], b"x")).content == b"x"


async def test_a_result_without_annotation_is_answered_by_what_it_is(serve: Serve) -> None:
    assert (await answer(serve, Any, b"x")).content == b"x"
    assert (await answer(serve, Any, {"a": [1]})).json() == {"a": [1]}
    assert (await answer(serve, Any, Redirect("/x"))).status_code == 303


async def test_aliases_are_what_the_client_sees(serve: Serve) -> None:
    class Out(BaseModel):
        user_id: int = Field(serialization_alias="userId")

    assert (await answer(serve, Out, Out(user_id=1))).json() == {"userId": 1}


async def test_a_list_of_dicts_shows_nothing_undeclared(serve: Serve) -> None:
    response = await answer(serve, list[Public], [{"name": "Ada", "password": "secret"}])
    assert response.json() == [{"name": "Ada"}]


async def test_a_dict_becomes_the_model_that_is_declared(serve: Serve) -> None:
    response = await answer(serve, Public, {"name": "Ada", "password": "secret"})
    assert response.json() == {"name": "Ada"}


async def test_a_subclass_shows_nothing_of_its_own(serve: Serve) -> None:
    account = Account(name="Ada", password="secret")
    assert (await answer(serve, Public, account)).json() == {"name": "Ada"}


@pytest.mark.parametrize(
    ("result", "value"),
    [
        (Public, {"nope": 1}),
        (Public, None),
        (Public, Public.model_construct(name=7)),
        (None, "something"),
        (bytes, 7),
        (list[Public], [1]),
        (Point, Point(cast("int", "seven"))),
    ],
)
async def test_a_result_of_another_type_is_a_logged_500(
    serve: Serve, caplog: pytest.LogCaptureFixture, result: Any, value: Any
) -> None:
    with caplog.at_level(logging.ERROR, "pikku.http"):
        response = await answer(serve, result, value)
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "internal_error"
    assert response.json()["error"]["trace_id"] in caplog.text


async def test_a_status_without_a_body_needs_a_function_without_a_result() -> None:
    wiring = wire_http(method="get", route="/", func=gives(Public, None), status=204)
    async with App([wiring]) as app:
        with pytest.raises(DeclarationError, match="The status 204 has no body"):
            HttpApplication(app).open()


@pikku_sessionless_func
async def created(*, http: Http) -> Public:
    http.status = 201
    http.set_header("location", "/users/1")
    http.set_header("Location", "/users/2")
    http.add_header("set-cookie", "a=1")
    http.add_header("set-cookie", "b=2")
    http.set_header("x-gone", "1")
    http.delete_header("X-Gone")
    return Public(name="Ada")


@pikku_sessionless_func
async def page(*, http: Http) -> bytes:
    http.set_header("content-type", "text/html; charset=utf-8")
    return b"<p>hello</p>"


@pikku_sessionless_func
async def unchanged(*, http: Http) -> Public:
    http.status = 304
    return Public(name="Ada")


@pikku_sessionless_func
async def reset(*, http: Http) -> Public:
    http.status = 205
    return Public(name="Ada")


@pikku_sessionless_func
async def explicit(*, http: Http) -> None:
    http.status = 200


async def test_http_sets_status_and_headers(serve: Serve) -> None:
    async with serve(wire_http(method="get", route="/", func=created)) as client:
        response = await client.get("/")
    assert response.status_code == 201
    assert response.headers.get_list("location") == ["/users/2"]
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert "x-gone" not in response.headers
    assert response.headers["content-type"] == "application/json"


async def test_http_sets_the_content_type(serve: Serve) -> None:
    async with serve(wire_http(method="get", route="/", func=page)) as client:
        response = await client.get("/")
    assert response.headers.get_list("content-type") == ["text/html; charset=utf-8"]


async def test_an_answer_without_content_has_no_body(serve: Serve) -> None:
    async with serve(wire_http(method="get", route="/", func=unchanged)) as client:
        response = await client.get("/")
    assert (response.status_code, response.content) == (304, b"")
    assert "content-type" not in response.headers


async def test_none_keeps_a_status_that_was_set(serve: Serve) -> None:
    async with serve(wire_http(method="get", route="/", func=explicit)) as client:
        response = await client.get("/")
    assert (response.status_code, response.content) == (200, b"")
