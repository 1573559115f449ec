from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import pikku_sessionless_func
from pikku_http import wire_http
from pikku_http.http.body import ClientDisconnectedError, read_body

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from conftest import Serve

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}


class Note(BaseModel):
    text: str
    weight: float = 0.0


@pikku_sessionless_func
async def note(data: Note) -> str:
    return data.text


NOTES = wire_http(method="post", route="/notes", func=note)
BODY = b'{"text": "a"}'


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/vnd.api+json",
        "application/json; profile=x",
    ],
)
async def test_json_is_read_under_any_of_its_names(serve: Serve, content_type: str) -> None:
    async with serve(NOTES) as client:
        response = await client.post("/notes", content=BODY, headers={"content-type": content_type})
    assert response.json() == "a"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "+json",
        "",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
    ],
)
async def test_another_content_type_is_refused(serve: Serve, content_type: str) -> None:
    async with serve(NOTES) as client:
        response = await client.post("/notes", content=BODY, headers={"content-type": content_type})
    assert response.status_code == 415
    assert response.json()["error"]["code"] == "unsupported_media_type"


async def test_a_body_without_a_content_type_is_refused(serve: Serve) -> None:
    async with serve(NOTES) as client:
        assert (await client.post("/notes", content=BODY)).status_code == 415


async def test_a_compressed_body_is_refused(serve: Serve) -> None:
    async with serve(NOTES) as client:
        headers = {**JSON, "content-encoding": "gzip"}
        assert (await client.post("/notes", content=BODY, headers=headers)).status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"not json",
        b'{"text": "\xff"}',
        b'{"text": "a", "weight": NaN}',
        b'{"text": "a", "weight": -Infinity}',
        b'{"text": "a", "unknown": NaN}',
        b'{"text": ' + b"[" * 100_000,
        b'{"text": "\\ud800"}',
    ],
    ids=["cut", "text", "utf-8", "nan", "infinity", "nan-elsewhere", "deep", "surrogate"],
)
async def test_a_body_that_is_no_json_is_refused(serve: Serve, body: bytes) -> None:
    async with serve(NOTES) as client:
        response = await client.post("/notes", content=body, headers=JSON)
        assert response.status_code == 422, response.text
        assert response.json()["error"]["code"] == "invalid_data"
        assert (await client.post("/notes", content=BODY, headers=JSON)).status_code == 200


async def test_the_word_nan_in_a_text_is_only_a_word(serve: Serve) -> None:
    async with serve(NOTES) as client:
        response = await client.post("/notes", json={"text": "NaN and Infinity"})
    assert response.json() == "NaN and Infinity"


async def test_the_last_of_two_equal_keys_wins(serve: Serve) -> None:
    async with serve(NOTES) as client:
        body = b'{"text": "a", "text": "b"}'
        assert (await client.post("/notes", content=body, headers=JSON)).json() == "b"


async def test_a_body_over_the_limit_is_refused_by_its_length(serve: Serve) -> None:
    async with serve(NOTES, max_body=20) as client:
        response = await client.post("/notes", json={"text": "a" * 20})
    assert response.status_code == 413
    assert response.json()["error"]["message"] == "The body is larger than 20 bytes."


async def test_a_body_over_the_limit_is_refused_while_it_streams(serve: Serve) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        for _ in range(100):
            yield b"a" * 10

    async with serve(NOTES, max_body=200) as client:
        response = await client.post("/notes", content=endless(), headers=JSON)
    assert response.status_code == 413


async def test_a_body_at_the_limit_is_read(serve: Serve) -> None:
    async with serve(NOTES, max_body=len(BODY)) as client:
        assert (await client.post("/notes", content=BODY, headers=JSON)).status_code == 200


def scope(**headers: bytes) -> dict[str, Any]:
    return {
        "headers": [(name.replace("_", "-").encode(), value) for name, value in headers.items()]
    }


@pytest.mark.parametrize("length", [b"11", b"9" * 5000, b"0" * 20 + b"11"])
async def test_a_length_over_the_limit_is_refused_without_reading(length: bytes) -> None:
    async def receive() -> dict[str, Any]:
        raise AssertionError("it was read")

    with pytest.raises(Exception, match="larger than 10 bytes"):
        await read_body(scope(content_length=length), receive, 10)


@pytest.mark.parametrize("after", [0, 1])
async def test_a_client_that_leaves_is_no_error_of_the_server(after: int) -> None:
    part: dict[str, Any] = {"type": "http.request", "body": b"{", "more_body": True}
    waiting = iter([*[part] * after, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(waiting)

    with pytest.raises(ClientDisconnectedError):
        await read_body(scope(content_type=b"application/json"), receive, 100)
