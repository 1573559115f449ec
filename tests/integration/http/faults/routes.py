"""The routes of the project that is served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator  # noqa: TC003 - what a function returns is read when it is served
from typing import Any

from pydantic import BaseModel

from pikku_core import Next, UnauthorizedError, pikku_middleware, pikku_sessionless_func
from pikku_http import (
    ErrorAnswer,
    ErrorReport,
    EventChannel,
    FileAnswer,
    Http,
    Redirect,
    ServerSentEvent,
    http_errors,
    http_middleware,
    http_mount,
    wire_http,
)

HELD: dict[str, asyncio.Event] = {}
ENDED: dict[str, asyncio.Future[str]] = {}


class Note(BaseModel):
    text: str


class Name(BaseModel):
    name: str


class Upto(BaseModel):
    end: int


class Text(BaseModel):
    text: str


def held(name: str) -> asyncio.Event:
    return HELD.setdefault(name, asyncio.Event())


def ended(name: str) -> asyncio.Future[str]:
    return ENDED.setdefault(name, asyncio.get_running_loop().create_future())


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


@pikku_sessionless_func
async def write_note(data: Note, *, http: Http) -> list[str | None]:
    return [data.text, http.header("x-smuggled")]


@pikku_sessionless_func
async def host(*, http: Http) -> str | None:
    return http.header("host")


@pikku_sessionless_func
async def large() -> bytes:
    return bytes(32 * 1024 * 1024)


@pikku_sessionless_func
async def forget() -> None: ...


@pikku_sessionless_func
async def hold(data: Name) -> str:
    """Answers once it is released."""
    await held(data.name).wait()
    return data.name


@pikku_sessionless_func
async def release(data: Name) -> None:
    held(data.name).set()


@pikku_sessionless_func
async def count(data: Upto) -> AsyncIterator[int]:
    for number in range(data.end):
        yield number


@pikku_sessionless_func
async def hang(data: Name) -> AsyncIterator[int]:
    """Sends an item, and no other."""
    try:
        yield 0
        await asyncio.Event().wait()
    except BaseException as error:
        ended(data.name).set_result(type(error).__name__)
        raise


@pikku_sessionless_func
async def flood(data: Name) -> AsyncIterator[bytes]:
    try:
        while True:
            yield bytes(65536)
    except BaseException as error:
        ended(data.name).set_result(type(error).__name__)
        raise


@pikku_sessionless_func
async def end_of(data: Name) -> str:
    """Answers what a stream has ended in, once it has."""
    return await ended(data.name)


@pikku_sessionless_func
async def header(data: Text, *, http: Http) -> None:
    http.set_header("x-text", data.text)


@pikku_sessionless_func
async def more_header(data: Text, *, http: Http) -> None:
    http.add_header("x-text", data.text)


@pikku_sessionless_func
async def header_name(data: Text, *, http: Http) -> None:
    http.set_header(data.text, "x")


@pikku_sessionless_func
async def cookie(data: Text, *, http: Http) -> None:
    http.set_cookie("text", data.text)


@pikku_sessionless_func
async def cookie_name(data: Text, *, http: Http) -> None:
    http.set_cookie(data.text, "x")


@pikku_sessionless_func
async def cookie_path(data: Text, *, http: Http) -> None:
    http.set_cookie("text", "x", path=data.text)


@pikku_sessionless_func
async def cookie_domain(data: Text, *, http: Http) -> None:
    http.set_cookie("text", "x", domain=data.text)


@pikku_sessionless_func
async def away(data: Text) -> Redirect:
    return Redirect(data.text)


@pikku_sessionless_func
async def named_file(data: Text) -> FileAnswer:
    return FileAnswer(__file__, filename=data.text)


@pikku_sessionless_func
async def typed_file(data: Text) -> FileAnswer:
    return FileAnswer(__file__, content_type=data.text)


@pikku_sessionless_func
async def tagged_file(data: Text) -> FileAnswer:
    return FileAnswer(__file__, etag=data.text)


@pikku_sessionless_func
async def challenge(data: Text) -> None:
    raise UnauthorizedError(challenge=data.text)


@pikku_sessionless_func
async def more_challenges(data: Text, *, http: Http) -> None:
    http.challenge(data.text)
    raise UnauthorizedError


class OwnError(Exception):
    """One that the renderer answers in its own way."""


@pikku_sessionless_func
async def error_header(data: Text) -> None:
    raise OwnError(data.text)


@pikku_sessionless_func
async def event(data: Text, *, channel: EventChannel[str]) -> AsyncIterator[ServerSentEvent[str]]:
    yield ServerSentEvent("x", event=data.text)


@pikku_sessionless_func
async def event_id(data: Text) -> AsyncIterator[ServerSentEvent[str]]:
    yield ServerSentEvent("x", id=data.text)


@pikku_sessionless_func
async def event_data(data: Text) -> AsyncIterator[ServerSentEvent[str]]:
    yield ServerSentEvent(data.text)


@pikku_middleware
async def echo(next: Next, *, http: Http) -> object:
    """Sends a header of the request back."""
    sent = http.header("x-echo")
    if sent is not None:
        http.set_header("x-echo", sent)
    return await next()


def render(report: ErrorReport) -> ErrorAnswer:
    headers = {"x-text": str(report.error)} if isinstance(report.error, OwnError) else {}
    return ErrorAnswer(body={"code": report.code, "trace": report.trace_id}, headers=headers)


async def sockets(_scope: Any, receive: Any, send: Any) -> None:
    """Accepts a websocket, and closes it with the first message."""
    await receive()
    await send({"type": "websocket.accept"})
    await receive()
    await send({"type": "websocket.close"})


http_mount("/socket", sockets, websockets=True)
http_errors(render)
http_middleware("/hello", [echo])
wire_http(method="get", route="/hello", func=hello)
wire_http(method="get", route="/host", func=host)
wire_http(method="get", route="/large", func=large)
wire_http(method="post", route="/notes", func=write_note)
wire_http(method="delete", route="/notes", func=forget)
wire_http(method="post", route="/hello", func=hello)
wire_http(method="get", route="/hold/{name}", func=hold)
wire_http(method="get", route="/release/{name}", func=release)
wire_http(method="get", route="/count", func=count)
wire_http(method="get", route="/hang/{name}", func=hang)
wire_http(method="get", route="/flood/{name}", func=flood)
wire_http(method="get", route="/end/{name}", func=end_of)
wire_http(method="get", route="/header", func=header)
wire_http(method="get", route="/more-header", func=more_header)
wire_http(method="get", route="/header-name", func=header_name)
wire_http(method="get", route="/cookie", func=cookie)
wire_http(method="get", route="/cookie-name", func=cookie_name)
wire_http(method="get", route="/cookie-path", func=cookie_path)
wire_http(method="get", route="/cookie-domain", func=cookie_domain)
wire_http(method="get", route="/away", func=away)
wire_http(method="get", route="/named-file", func=named_file)
wire_http(method="get", route="/typed-file", func=typed_file)
wire_http(method="get", route="/tagged-file", func=tagged_file)
wire_http(method="get", route="/challenge", func=challenge)
wire_http(method="get", route="/more-challenges", func=more_challenges)
wire_http(method="get", route="/error-header", func=error_header)
wire_http(method="get", route="/event", func=event, sse=True)
wire_http(method="get", route="/event-id", func=event_id, sse=True)
wire_http(method="get", route="/event-data", func=event_data, sse=True)
