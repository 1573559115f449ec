"""Bodies that are taken as they are."""

from __future__ import annotations

from collections.abc import AsyncIterator  # noqa: TC003 -- an App built by hand reads annotations
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from annotated_types import MaxLen
from pydantic import BaseModel, ConfigDict, Field

from pikku_core import App, DeclarationError, pikku_sessionless_func
from pikku_http import (
    BodyStream,
    ContentTypes,
    Http,
    HttpApplication,
    HttpWiring,
    MaxSize,
    UploadFile,
    wire_http,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Serve

pytestmark = pytest.mark.anyio


class Put(BaseModel):
    path: str
    force: bool = False
    content: bytes


class PutFile(BaseModel):
    model_config = ConfigDict(strict=True)

    path: str
    force: bool = False
    content: Annotated[UploadFile, ContentTypes("image/*")]


class PutSmall(BaseModel):
    content: Annotated[UploadFile, MaxSize(1_500)] | None = Field(default=None, alias="file")


class PutStream(BaseModel):
    path: str
    content: BodyStream


class StrictPut(BaseModel):
    model_config = ConfigDict(strict=True)

    content: bytes


@pikku_sessionless_func
async def size(data: bytes, *, http: Http) -> list[Any]:
    return [len(data), http.header("content-type")]


@pikku_sessionless_func
async def limited(data: Annotated[bytes, MaxLen(3)] | None = None) -> int:
    return -1 if data is None else len(data)


@pikku_sessionless_func
async def upload(data: UploadFile) -> list[Any]:
    return [data.size, data.content_type, data.filename, (await data.read()).decode()]


@pikku_sessionless_func
async def small(data: Annotated[UploadFile, MaxSize(1_500)]) -> int:
    return data.size


@pikku_sessionless_func
async def put_small(data: PutSmall) -> int:
    return data.content.size if data.content else 0


@pikku_sessionless_func
async def stream(data: BodyStream) -> list[Any]:
    return [sum([len(piece) async for piece in data]), data.content_type]


@pikku_sessionless_func
def stream_in_thread(data: BodyStream) -> int:
    return sum(len(piece) for piece in data)


@pikku_sessionless_func
async def careless(data: BodyStream) -> int:
    return sum(len(piece) for piece in data)


@pikku_sessionless_func
async def first(data: BodyStream) -> int:
    return len(await anext(aiter(data)))


@pikku_sessionless_func
async def put(data: Put) -> list[Any]:
    return [data.path, data.force, len(data.content)]


@pikku_sessionless_func
def put_file(data: PutFile) -> list[Any]:
    return [data.path, data.force, data.content.file.read().decode()]


@pikku_sessionless_func
async def put_stream(data: PutStream) -> list[Any]:
    return [data.path, sum([len(piece) async for piece in data.content])]


@pikku_sessionless_func
async def strict_put(data: StrictPut) -> None: ...


@pikku_sessionless_func
async def echo(data: BodyStream) -> AsyncIterator[bytes]:
    async for piece in data:
        yield piece


def at(func: Callable[..., Any], **options: Any) -> HttpWiring:
    given: dict[str, Any] = {"method": "post", "route": "/", "func": func, **options}
    return wire_http(**given)


ANY = [b"", b"\x00\xff", b"{", b"a=1"]


@pytest.mark.parametrize("content_type", ["application/json", "text/x", "image/png", None])
@pytest.mark.parametrize("body", ANY)
async def test_bytes_are_the_body_whatever_it_is(
    serve: Serve, body: bytes, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    async with serve(at(size)) as client:
        answer = await client.post("/", content=body, headers=headers)
    assert answer.json() == [len(body), content_type]


async def test_what_the_type_asks_of_bytes_holds_and_an_empty_body_may_be_none(
    serve: Serve,
) -> None:
    async with serve(at(limited)) as client:
        assert (await client.post("/", content=b"123")).json() == 3
        assert (await client.post("/", content=b"1234")).status_code == 422
        assert (await client.post("/")).json() == -1


async def test_an_upload_is_the_whole_body_too(serve: Serve) -> None:
    async with serve(at(upload)) as client:
        headers = {"content-type": "text/plain; charset=utf-8"}
        answer = await client.post("/", content=b"text", headers=headers)
        assert answer.json() == [4, "text/plain", "", "text"]


async def pieces() -> AsyncIterator[bytes]:
    for _ in range(100):
        yield b"x" * 1000


@pytest.mark.parametrize("func", [stream, stream_in_thread])
async def test_a_stream_is_gone_through_while_it_arrives(
    serve: Serve, func: Callable[..., Any]
) -> None:
    async with serve(at(func)) as client:
        headers = {"content-type": "text/csv"}
        answer = (await client.post("/", content=pieces(), headers=headers)).json()
    assert answer == ([100_000, "text/csv"] if func is stream else 100_000)


async def test_a_stream_that_is_not_gone_through_harms_nobody(serve: Serve) -> None:
    async with serve(at(first)) as client:
        assert (await client.post("/", content=pieces())).json() == 1000
        assert (await client.post("/", content=pieces())).json() == 1000


async def test_an_async_function_is_told_to_go_through_a_stream_asynchronously(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(at(careless)) as client:
        assert (await client.post("/", content=b"x")).status_code == 500
    assert '"async for"' in caplog.text


@pytest.mark.parametrize("func", [size, upload, stream, stream_in_thread])
async def test_a_body_over_the_limit_is_refused(serve: Serve, func: Callable[..., Any]) -> None:
    async with serve(at(func, max_body=50_000)) as client:
        said = await client.post("/", content=b"x" * 50_001)
        unsaid = await client.post("/", content=pieces())
        compressed = await client.post("/", content=b"x", headers={"content-encoding": "br"})
    assert (said.status_code, unsaid.status_code, compressed.status_code) == (413, 413, 415)


async def test_a_test_gives_a_function_a_stream() -> None:
    assert await stream(BodyStream(b"123", content_type="a/b")) == [3, "a/b"]
    assert await stream(BodyStream(pieces())) == [100_000, ""]
    assert await stream(BodyStream(b"")) == [0, ""]


def test_a_test_gives_a_sync_function_a_stream() -> None:
    assert stream_in_thread(BodyStream(b"123")) == 3


async def test_functions_in_the_process_hand_streams_and_bytes_on() -> None:
    async with App(functions=[stream, size, limited]) as app:
        assert await app.rpc.stream(BodyStream(b"123")) == [3, ""]
        assert await app.rpc.limited(b"123") == 3


@pytest.mark.parametrize(
    ("func", "wanted"),
    [(put, ["a/b", True, 4]), (put_file, ["a/b", True, "text"]), (put_stream, ["a/b", 4])],
)
async def test_a_field_takes_the_body_beside_path_and_query(
    serve: Serve, func: Callable[..., Any], wanted: list[Any]
) -> None:
    wiring = at(func, method="put", route="/files/{path:path}", body="content")
    async with serve(wiring) as client:
        headers = {"content-type": "image/png"}
        answer = await client.put("/files/a/b?force=true", content=b"text", headers=headers)
    assert answer.json() == wanted


async def test_what_a_type_asks_of_its_body_is_named(serve: Serve) -> None:
    async with serve(at(put_file, route="/{path}", body="content")) as client:
        answer = await client.post("/a", content=b"text", headers={"content-type": "text/plain"})
    (fault,) = answer.json()["error"]["details"]
    assert (fault["location"], fault["code"]) == (["content"], "upload_content_type")


@pytest.mark.parametrize(
    ("func", "options", "words"),
    [
        (put, {"route": "/{path}", "body": "force"}, "takes the body into"),
        (put, {"route": "/{path}", "body": "none"}, "takes the body into"),
        (strict_put, {"body": "content"}, "takes the body into"),
        (size, {"body": "content"}, "needs data with fields"),
        (size, {"route": "/{name}"}, "has no fields"),
        (size, {"method": "get"}, "has no fields"),
        (echo, {}, "is answered with a stream"),
    ],
)
async def test_what_no_body_can_fill_is_refused_when_the_application_opens(
    func: Callable[..., Any], options: dict[str, Any], words: str
) -> None:
    async with App([at(func, **options)]) as app:
        with pytest.raises(DeclarationError, match=words):
            HttpApplication(app).open()


@pytest.mark.parametrize(
    ("func", "options", "location"), [(small, {}, []), (put_small, {"body": "content"}, ["file"])]
)
async def test_an_upload_that_is_too_large_is_refused_as_soon_as_it_has_come_so_far(
    serve: Serve, func: Callable[..., Any], options: dict[str, Any], location: list[str]
) -> None:
    sent: list[bytes] = []

    async def noted() -> AsyncIterator[bytes]:
        async for piece in pieces():
            sent.append(piece)
            yield piece

    async with serve(at(func, **options)) as client:
        answer = await client.post("/", content=noted())
        (fault,) = answer.json()["error"]["details"]
        assert (answer.status_code, fault["code"]) == (422, "upload_too_large")
        assert (fault["location"], fault["message"]) == (
            location,
            "The file is larger than 1500 bytes",
        )
        assert len(sent) == 2
        assert (await client.post("/", content=b"x" * 1_500)).json() == 1_500
