"""`http_cors`: who may call from another origin, and what browsers are told."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator  # noqa: TC003 - read at runtime, of a result
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    Next,
    NotFoundError,
    define_variable,
    pikku_func,
    pikku_middleware,
    pikku_sessionless_func,
)
from pikku_http import (
    ErrorReport,
    EventChannel,
    FileAnswer,
    Http,
    http_cors,
    http_errors,
    http_middleware,
    wire_http,
)
from pikku_http.http.layers.cors import origins_of
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from httpx2 import Response

    from pikku_core import Declaration
    from pikku_http.http.asgi import ASGIApp, Receive, Scope, Send

APP = "https://app.example"
EVIL = "https://evil.example"


class Ref(BaseModel):
    id: str


class Wanted(BaseModel):
    name: str


@pikku_func
async def get_user(data: Ref) -> str:
    return data.id


@pikku_sessionless_func
async def greet() -> str:
    return "Hello!"


@pikku_sessionless_func
async def missing() -> str:
    raise NotFoundError


@pikku_sessionless_func
async def broken() -> str:
    raise RuntimeError("the password is x")


@pikku_sessionless_func
async def count() -> AsyncIterator[int]:
    yield 1


@pikku_sessionless_func
async def watch(*, channel: EventChannel[int]) -> int:
    await channel.send(1)
    return 2


@pikku_sessionless_func
async def download(data: Wanted) -> FileAnswer:
    return FileAnswer(data.name, root=__file__.rpartition("/")[0])


@pikku_sessionless_func
async def own(*, http: Http) -> str:
    http.set_header("access-control-allow-origin", "*")
    http.set_header("vary", "accept-language")
    return "own"


RAN: list[str] = []


@pikku_middleware
async def recorded(next: Next, *, http: Http) -> Any:
    RAN.append(http.method)
    return await next()


@pikku_sessionless_func
async def options() -> str:
    return "declared"


ROUTES = (
    wire_http(method="get", route="/users/{id}", func=get_user),
    wire_http(method="delete", route="/users/{id}", func=get_user),
    wire_http(method="post", route="/users/me", func=greet),
    wire_http(method="get", route="/greet", func=greet),
    wire_http(method="get", route="/missing", func=missing),
    wire_http(method="get", route="/broken", func=broken),
    wire_http(method="get", route="/count", func=count),
    wire_http(method="get", route="/watch", func=watch, sse=True),
    wire_http(method="get", route="/files/{name}", func=download),
    wire_http(method="get", route="/own", func=own),
    wire_http(method="get", route="/declared", func=greet),
    wire_http(method="options", route="/declared", func=options),
)


async def ask(
    method: str,
    path: str,
    *declared: Declaration,
    origin: str = "",
    headers: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
    mounted: ASGIApp | None = None,
) -> Response:
    def mount(_: App) -> tuple[str, ASGIApp]:
        assert mounted is not None
        return "/other", mounted

    sent = {**({"origin": origin} if origin else {}), **(headers or {})}
    app = App([*ROUTES, *declared], variables=variables or {})
    mounts = [("other", mount)] if mounted else []
    async with app, client_of(app, mounts=mounts) as http:
        return await http.request(method, path, headers=sent)


async def preflight(
    path: str,
    method: str,
    *declared: Declaration,
    origin: str = APP,
    headers: Mapping[str, str] | None = None,
    mounted: ASGIApp | None = None,
) -> Response:
    asked = {"access-control-request-method": method, **(headers or {})}
    return await ask("OPTIONS", path, *declared, origin=origin, headers=asked, mounted=mounted)


def of_cors(response: Response) -> dict[str, str]:
    start = "access-control-"
    return {
        name.removeprefix(start): value
        for name, value in response.headers.items()
        if name.startswith(start)
    }


def varies(response: Response) -> set[str]:
    return {
        one.strip().lower() for each in response.headers.get_list("vary") for one in each.split(",")
    }


async def test_a_preflight_is_answered_with_the_methods_of_the_route() -> None:
    response = await preflight("/users/7", "DELETE", http_cors(origins=[APP]))
    assert response.status_code == 204
    assert response.content == b""
    assert of_cors(response) == {
        "allow-origin": APP,
        "allow-methods": "DELETE, GET, HEAD",
        "max-age": "600",
    }
    assert varies(response) >= {"origin"}


async def test_a_method_that_the_route_does_not_have_is_not_among_them() -> None:
    response = await preflight("/greet", "PUT", http_cors(origins=[APP]))
    assert of_cors(response)["allow-methods"] == "GET, HEAD"


async def test_only_methods_that_the_declaration_names_are_let_in() -> None:
    cors = http_cors(origins=[APP], methods=["get"])
    assert of_cors(await preflight("/users/7", "DELETE", cors))["allow-methods"] == "GET"
    assert of_cors(await ask("GET", "/users/7", cors, origin=APP))["allow-origin"] == APP
    assert of_cors(await ask("DELETE", "/users/7", cors, origin=APP)) == {}


async def test_a_preflight_runs_no_middleware_and_needs_no_session() -> None:
    RAN.clear()
    declared = (http_cors(origins=[APP]), http_middleware("*", [recorded]))
    assert (await preflight("/users/7", "GET", *declared)).status_code == 204
    assert (await preflight("/declared", "GET", *declared)).status_code == 204
    assert RAN == []
    assert (await ask("GET", "/users/7", *declared, origin=APP)).status_code == 401
    assert RAN == ["GET"]


async def test_the_headers_that_a_request_would_have_are_let_in() -> None:
    names = "x-key, content-type"
    response = await preflight(
        "/greet", "GET", http_cors(origins=[APP]), headers={"access-control-request-headers": names}
    )
    assert of_cors(response)["allow-headers"] == names
    assert "access-control-request-headers" in varies(response)


async def test_only_headers_that_the_declaration_names_are_let_in() -> None:
    cors = http_cors(origins=[APP], headers=["X-Key", "content-type"])
    response = await preflight(
        "/greet", "GET", cors, headers={"access-control-request-headers": "x-other"}
    )
    assert of_cors(response)["allow-headers"] == "x-key, content-type"


@pytest.mark.parametrize("names", ["a b", "a,,b;", "\x7f"])
async def test_names_of_headers_that_are_none_are_not_repeated(names: str) -> None:
    response = await preflight(
        "/greet", "GET", http_cors(origins=[APP]), headers={"access-control-request-headers": names}
    )
    assert "allow-headers" not in of_cors(response)


async def test_an_answer_says_which_origin_may_read_it() -> None:
    response = await ask("GET", "/greet", http_cors(origins=[APP]), origin=APP)
    assert response.json() == "Hello!"
    assert of_cors(response) == {"allow-origin": APP}
    assert varies(response) == {"origin"}


async def test_another_origin_is_answered_without_headers_but_with_vary() -> None:
    cors = http_cors(origins=[APP], credentials=True, expose=["x-total"])
    for response in (
        await ask("GET", "/greet", cors, origin=EVIL),
        await ask("GET", "/greet", cors),
        await preflight("/greet", "GET", cors, origin=EVIL),
    ):
        assert response.is_success
        assert of_cors(response) == {}
        assert "origin" in varies(response)


async def test_everybody_is_let_in_without_looking_at_the_origin() -> None:
    cors = http_cors(origins=["*"])
    for origin in (EVIL, ""):
        response = await ask("GET", "/greet", cors, origin=origin)
        assert of_cors(response) == {"allow-origin": "*"}
        assert "vary" not in response.headers
    assert of_cors(await preflight("/greet", "GET", cors))["allow-origin"] == "*"


async def test_credentials_and_readable_headers_are_said() -> None:
    cors = http_cors(origins=[APP], credentials=True, expose=["X-Total", "link"])
    response = await ask("GET", "/greet", cors, origin=APP)
    assert of_cors(response) == {
        "allow-origin": APP,
        "allow-credentials": "true",
        "expose-headers": "x-total, link",
    }
    first = of_cors(await preflight("/greet", "GET", cors))
    assert first["allow-credentials"] == "true"
    assert "expose-headers" not in first


async def test_a_private_network_is_named_where_it_is_declared() -> None:
    asked = {"access-control-request-private-network": "true"}
    cors = http_cors(origins=[APP], private_network=True)
    assert of_cors(await preflight("/greet", "GET", cors, headers=asked))["allow-private-network"]
    assert "allow-private-network" not in of_cors(await preflight("/greet", "GET", cors))
    other = await preflight("/greet", "GET", http_cors(origins=[APP]), headers=asked)
    assert "allow-private-network" not in of_cors(other)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/missing", 404),
        ("GET", "/broken", 500),
        ("GET", "/users/7", 401),
        ("GET", "/nowhere", 404),
        ("GET", "/%ff", 400),
        ("PUT", "/greet", 405),
        ("HEAD", "/greet", 200),
        ("GET", "/count", 200),
        ("GET", "/watch", 200),
        ("GET", "/files/test_cors.py", 200),
        ("GET", "/files/none", 404),
        ("OPTIONS", "/greet", 204),
        ("OPTIONS", "/declared", 200),
    ],
)
async def test_every_answer_has_the_headers(
    method: str, path: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    response = await ask(
        method,
        path,
        http_cors(origins=[APP]),
        origin=APP,
        headers={"accept": "text/event-stream"},
    )
    assert response.status_code == status
    assert of_cors(response) == {"allow-origin": APP}
    assert varies(response) >= {"origin"}


async def test_a_path_that_is_not_there_is_a_404_for_a_preflight_too() -> None:
    response = await preflight("/nowhere", "GET", http_cors(origins=[APP]))
    assert response.status_code == 404
    assert of_cors(response) == {"allow-origin": APP}


async def test_options_that_is_no_preflight_stays_what_it_is() -> None:
    with_cors = await ask("OPTIONS", "/greet", http_cors(origins=[APP]))
    assert with_cors.headers["allow"] == "GET, HEAD, OPTIONS"
    assert (await ask("OPTIONS", "/declared", http_cors(origins=[APP]))).json() == "declared"


async def test_the_route_of_the_method_that_is_asked_about_says_who_may() -> None:
    declared = (http_cors("/users/{id}", origins=[APP]), http_cors("/users/me", origins=[EVIL]))
    assert of_cors(await preflight("/users/7", "GET", *declared))["allow-origin"] == APP
    assert of_cors(await preflight("/users/me", "GET", *declared))["allow-origin"] == APP
    assert of_cors(await preflight("/users/me", "POST", *declared)) == {}
    assert of_cors(await preflight("/users/me", "POST", *declared, origin=EVIL))


async def test_routes_that_the_pattern_does_not_choose_have_none() -> None:
    response = await ask("GET", "/greet", http_cors("/users/*", origins=[APP]), origin=APP)
    assert of_cors(response) == {}
    assert "vary" not in response.headers


async def test_what_a_function_says_of_origins_does_not_count() -> None:
    response = await ask("GET", "/own", http_cors(origins=[APP]), origin=APP)
    assert response.headers.get_list("access-control-allow-origin") == [APP]
    assert varies(response) == {"accept-language", "origin"}


async def test_another_application_is_behind_it_too() -> None:
    start = {"type": "http.response.start", "status": 200, "headers": [(b"x-other", b"1")]}

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        assert scope["method"] == "GET"
        await send(start)
        await send({"type": "http.response.body"})

    cors = http_cors(origins=[APP])
    first = await preflight("/other/x", "PUT", cors, mounted=mounted)
    assert first.status_code == 204
    assert of_cors(first)["allow-methods"] == "PUT"
    response = await ask("GET", "/other/x", cors, mounted=mounted, origin=APP)
    assert of_cors(response) == {"allow-origin": APP}
    assert response.headers["x-other"] == "1"
    assert start["headers"] == [(b"x-other", b"1")]


def titled(report: ErrorReport) -> dict[str, str]:
    return {"title": report.message}


async def test_an_error_renderer_does_not_take_the_headers_away() -> None:
    declared = (http_cors(origins=[APP]), http_errors(titled))
    assert of_cors(await ask("GET", "/missing", *declared, origin=APP)) == {"allow-origin": APP}


@pytest.mark.parametrize("text", ['["https://app.example", "https://b.example"]', "[]"])
async def test_a_variable_says_which_origins_there_are(text: str) -> None:
    declared = (define_variable("web", list[str]), http_cors(origins_from="web"))
    response = await ask("GET", "/greet", *declared, variables={"WEB": text}, origin=APP)
    assert of_cors(response) == ({"allow-origin": APP} if "app" in text else {})


async def test_a_variable_adds_to_the_origins_that_are_written_out() -> None:
    declared = (define_variable("web", str), http_cors(origins=[EVIL], origins_from="web"))
    for origin in (APP, EVIL):
        response = await ask("GET", "/greet", *declared, variables={"WEB": APP}, origin=origin)
        assert of_cors(response) == {"allow-origin": origin}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("app.example", '"web" does not go with "http_cors" for "\\*": "app.example" is no origin'),
        ("*", 'cannot be let in with "credentials"'),
    ],
)
async def test_what_a_variable_says_is_checked_when_the_application_opens(
    text: str, message: str
) -> None:
    declared = (define_variable("web", str), http_cors(origins_from="web", credentials=True))
    with pytest.raises(DeclarationError, match=message):
        await ask("GET", "/greet", *declared, variables={"WEB": text})


async def test_a_variable_that_is_not_declared_is_refused() -> None:
    with pytest.raises(DeclarationError, match='There is no variable "web"'):
        await ask("GET", "/greet", http_cors(origins_from="web"))


async def test_a_variable_that_is_no_list_of_origins_is_refused() -> None:
    declared = (define_variable("web", int), http_cors(origins_from="web"))
    with pytest.raises(DeclarationError, match="It must be a list of origins"):
        await ask("GET", "/greet", *declared, variables={"WEB": "3"})


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        ("a, b\nc", ("a", "b", "c")),
        ("", ()),
        (None, ()),
        (["b", "a"], ("a", "b")),
        ({"a"}, ("a",)),
        (7, None),
        ([7], None),
        ({"a": 1}, None),
    ],
)
def test_a_variable_is_a_list_or_a_text_of_origins(
    value: Any, origins: tuple[str, ...] | None
) -> None:
    assert origins_of(value) == origins


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "names no origin"),
        ({"origins": "https://app.example"}, "must be a list of names"),
        ({"origins": ["*"], "credentials": True}, 'cannot be let in with "credentials"'),
        ({"origins": ["null"], "credentials": True}, 'cannot be let in with "credentials"'),
        ({"origins": ["*", APP]}, "stands for all"),
        ({"origins": ["*"], "origins_from": "web"}, "stands for all"),
        ({"origins": [APP], "max_age": -1}, "0 or more"),
        ({"origins": [APP], "methods": ["GET"]}, "is none of get"),
        ({"origins": [APP], "methods": []}, "none at all"),
        ({"origins": [APP], "headers": ["a b"]}, "no name of a header"),
        ({"origins": [APP], "expose": ["*", "x"]}, "stands for all"),
        ({"origins": [APP], "expose": ["*"], "credentials": True}, "write the names out"),
        ({"origins": [APP], "pattern": "api"}, "must begin with"),
    ],
)
def test_what_cannot_be_honoured_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        http_cors(**given)
