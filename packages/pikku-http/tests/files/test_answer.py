"""Functions that answer with files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, TypeAdapter

from pikku_core import App, DeclarationError, pikku_sessionless_func
from pikku_http import FileAnswer, Http, HttpApplication, wire_http
from pikku_http.http.files.answer import content_type_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path
    from typing import TypeAlias

    from httpx2 import AsyncClient, Response

    Serve: TypeAlias = Callable[..., AbstractAsyncContextManager[AsyncClient]]


pytestmark = pytest.mark.anyio

CONTENT = bytes(range(256)) * 4
MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT"


class Wanted(BaseModel):
    name: str = "a.bin"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "files"
    (root / "below").mkdir(parents=True)
    (root / "a.bin").write_bytes(CONTENT)
    (root / "empty.txt").touch()
    (tmp_path / "secret.txt").write_text("secret")
    (root / "link").symlink_to(tmp_path / "secret.txt")
    (root / "circle").symlink_to(root / "circle")
    os.mkfifo(root / "pipe")
    os.utime(root / "a.bin", (784111777, 784111777))
    return root


def files(folder: Path, **options: Any) -> Callable[..., Any]:
    @pikku_sessionless_func
    async def give(data: Wanted) -> FileAnswer:
        return FileAnswer(data.name, root=folder, **options)

    return give


async def get(
    serve: Serve, func: Callable[..., Any], name: str = "a.bin", method: str = "get", **headers: str
) -> Response:
    sent = {key.replace("_", "-"): value for key, value in headers.items()}
    async with serve(wire_http(method="get", route="/", func=func)) as client:
        return await client.request(method, "/", params={"name": name}, headers=sent)


async def test_a_file_is_sent_with_what_tells_its_version(serve: Serve, folder: Path) -> None:
    response = await get(serve, files(folder))
    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["content-length"] == "1024"
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["last-modified"] == MODIFIED
    assert response.headers["etag"].startswith('"')
    assert "content-disposition" not in response.headers


async def test_a_range_is_a_part_of_it(serve: Serve, folder: Path) -> None:
    response = await get(serve, files(folder), range="bytes=10-19")
    assert (response.status_code, response.content) == (206, CONTENT[10:20])
    assert response.headers["content-range"] == "bytes 10-19/1024"
    assert response.headers["content-length"] == "10"


async def test_a_range_that_is_not_there_is_refused(serve: Serve, folder: Path) -> None:
    response = await get(serve, files(folder), range="bytes=1024-")
    assert (response.status_code, response.headers["content-range"]) == (416, "bytes */1024")
    assert response.json()["error"]["code"] == "range_not_satisfiable"


async def test_a_range_of_another_version_is_the_whole(serve: Serve, folder: Path) -> None:
    response = await get(serve, files(folder, etag='"v2"'), range="bytes=0-1", if_range='"v1"')
    assert (response.status_code, response.content) == (200, CONTENT)
    response = await get(serve, files(folder, etag='"v2"'), range="bytes=0-1", if_range='"v2"')
    assert response.status_code == 206


async def test_a_client_that_has_it_is_told_so(serve: Serve, folder: Path) -> None:
    etag = (await get(serve, files(folder))).headers["etag"]
    response = await get(serve, files(folder), if_none_match=etag)
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == etag
    assert "content-type" not in response.headers
    assert (await get(serve, files(folder), if_modified_since=MODIFIED)).status_code == 304


async def test_a_condition_that_fails_is_a_412(serve: Serve, folder: Path) -> None:
    assert (await get(serve, files(folder), if_match='"other"')).status_code == 412


async def test_head_says_all_but_the_bytes(serve: Serve, folder: Path) -> None:
    response = await get(serve, files(folder), method="head", range="bytes=0-1")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == "1024"


async def test_an_empty_file_is_an_answer(serve: Serve, folder: Path) -> None:
    response = await get(serve, files(folder), "empty.txt")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "name",
    [
        "none",
        "below",
        "pipe",
        "link",
        "circle",
        "a.bin/b",
        "../secret.txt",
        "below/../../secret.txt",
        "/etc/passwd",
        "a\0b",
        "a" * 5000,
        "",
    ],
)
async def test_what_is_no_file_in_the_folder_is_not_found(
    serve: Serve, folder: Path, name: str
) -> None:
    response = await get(serve, files(folder), name)
    assert response.status_code == 404
    assert str(folder) not in response.text


async def test_a_browser_saves_it_under_its_name(serve: Serve, folder: Path) -> None:
    response = await get(serve, files(folder, filename='Bericht "ä".pdf'))
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"Bericht ___.pdf\"; filename*=UTF-8''Bericht%20%22%C3%A4%22.pdf"
    )


async def test_a_name_cannot_add_headers(serve: Serve, folder: Path) -> None:
    response = await get(serve, files(folder, filename="a\r\nset-cookie: x=1"))
    assert "set-cookie" not in response.headers


async def test_http_sets_its_headers(serve: Serve, folder: Path) -> None:
    @pikku_sessionless_func
    async def give(*, http: Http) -> FileAnswer:
        http.set_header("content-type", "image/x-own")
        http.set_header("cache-control", "max-age=60")
        return FileAnswer(folder / "a.bin")

    async with serve(wire_http(method="get", route="/", func=give)) as client:
        response = await client.get("/")
        etag = {"if-none-match": response.headers["etag"]}
        again = await client.get("/", headers=etag)
    assert response.headers.get_list("content-type") == ["image/x-own"]
    assert (again.status_code, again.headers["cache-control"]) == (304, "max-age=60")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if-none-match": '"v7"'}, 304),
        ({"if-match": '"v7"'}, 200),
        ({"range": "bytes=0-1", "if-range": '"v7"'}, 206),
        ({"if-modified-since": "Tue, 08 Nov 1994 08:49:37 GMT"}, 304),
        ({"if-modified-since": MODIFIED}, 200),
    ],
)
async def test_conditions_name_the_version_that_http_sets(
    serve: Serve, folder: Path, headers: dict[str, str], status: int
) -> None:
    @pikku_sessionless_func
    async def give(*, http: Http) -> FileAnswer:
        http.set_header("etag", '"v7"')
        http.set_header("last-modified", "Mon, 07 Nov 1994 08:49:37 GMT")
        return FileAnswer(folder / "a.bin")

    async with serve(wire_http(method="get", route="/", func=give)) as client:
        response = await client.get("/", headers=headers)
    assert (response.status_code, response.headers["etag"]) == (status, '"v7"')


async def test_a_function_may_answer_with_something_else(serve: Serve, folder: Path) -> None:
    @pikku_sessionless_func
    async def give(data: Wanted) -> FileAnswer | Wanted | None:
        if not data.name:
            return None
        return data if data.name == "json" else FileAnswer(data.name, root=folder)

    assert (await get(serve, give, "json")).json() == {"name": "json"}
    assert (await get(serve, give, "")).status_code == 204
    assert (await get(serve, give)).content == CONTENT


async def test_a_file_that_is_not_declared_does_not_leave(serve: Serve, folder: Path) -> None:
    @pikku_sessionless_func
    async def give() -> Any:
        return FileAnswer(folder / "a.bin")

    response = await get(serve, give)
    assert response.status_code == 500
    assert str(folder) not in response.text


async def test_a_status_without_a_body_is_refused(folder: Path) -> None:
    wiring = wire_http(method="get", route="/", func=files(folder), status=204)
    async with App([wiring]) as app:
        with pytest.raises(DeclarationError, match="has no body"):
            HttpApplication(app).open()


def test_its_schema_is_that_of_content() -> None:
    schema = TypeAdapter(FileAnswer).json_schema(mode="serialization")
    assert schema["contentMediaType"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.css", "text/css; charset=utf-8"),
        ("a.png", "image/png"),
        ("a.tar.gz", "application/octet-stream"),
        ("a", "application/octet-stream"),
        ("a%2e#?.html", "text/html; charset=utf-8"),
    ],
)
def test_the_name_says_what_it_holds(name: str, expected: str) -> None:
    assert content_type_of(name) == expected
