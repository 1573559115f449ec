"""`http_compression`: which answers are compressed, and how."""

from __future__ import annotations

import gzip
import json
import sys
import threading
import zlib
from collections.abc import AsyncIterator  # noqa: TC003 - read at runtime, of a result
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from backports import zstd
from pydantic import BaseModel

from pikku_core import App, DeclarationError, NotFoundError, pikku_sessionless_func
from pikku_http import (
    EventChannel,
    FileAnswer,
    Http,
    HttpApplication,
    HttpCompression,
    http_compression,
    http_mount,
    wire_http,
)
from pikku_http.http.layers import codings, compression_layer
from pikku_http.testing import client_of
from pikku_http.testing.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from pathlib import Path

    from pikku_http.http.asgi import Receive, Scope, Send

brotli: Any = import_module("brotli")  # It has no types.

TEXT = "Lorem ipsum dolor sit amet. " * 100
JSON = f'"{TEXT}"'.encode()
TAG = '"v1"'


class Text(BaseModel):
    text: str = TEXT
    size: int = 0


@pikku_sessionless_func
async def text() -> str:
    return TEXT


@pikku_sessionless_func
async def small() -> str:
    return "small"


@pikku_sessionless_func
async def blob() -> bytes:
    return bytes(5000)


@pikku_sessionless_func
async def missing() -> str:
    raise NotFoundError(TEXT)


@pikku_sessionless_func
async def empty() -> None: ...


@pikku_sessionless_func
async def encoded(*, http: Http) -> bytes:
    http.set_header("content-type", "text/plain")
    http.set_header("content-encoding", "gzip")
    return gzip.compress(bytes(90_000))


@pikku_sessionless_func
async def kept(*, http: Http) -> str:
    http.set_header("cache-control", "max-age=60, No-Transform")
    return TEXT


@pikku_sessionless_func
async def tagged(*, http: Http) -> str | None:
    http.set_header("etag", TAG)
    http.set_header("vary", "accept-language")
    if TAG in (http.header("if-none-match") or ""):
        http.status = 304
        return None
    return TEXT


@pikku_sessionless_func
async def weak(*, http: Http) -> str:
    http.set_header("etag", 'W/"v1"')
    return TEXT


@pikku_sessionless_func
async def put(*, http: Http) -> str:
    return http.header("if-match") or ""


@pikku_sessionless_func
async def rows() -> AsyncIterator[Text]:
    for _ in range(3):
        yield Text()


@pikku_sessionless_func
async def events(*, channel: EventChannel[Text]) -> str:
    await channel.send(Text())
    return TEXT


FILES: list[str] = []


@pikku_sessionless_func
async def download() -> FileAnswer:
    return FileAnswer(FILES[-1])


ROUTES = (
    wire_http(method="get", route="/text", func=text),
    wire_http(method="get", route="/small", func=small),
    wire_http(method="get", route="/blob", func=blob),
    wire_http(method="get", route="/missing", func=missing),
    wire_http(method="get", route="/empty", func=empty),
    wire_http(method="get", route="/encoded", func=encoded),
    wire_http(method="get", route="/kept", func=kept),
    wire_http(method="get", route="/tagged", func=tagged),
    wire_http(method="get", route="/weak", func=weak),
    wire_http(method="put", route="/tagged", func=put),
    wire_http(method="get", route="/rows", func=rows),
    wire_http(method="get", route="/events", func=events, sse=True),
    wire_http(method="get", route="/file", func=download),
)
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}


class Answer:
    """What went over the wire, not decoded."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], parts: list[bytes]) -> None:
        self.status = status
        self.headers = {name.decode(): value.decode() for name, value in headers}
        self.vary = b", ".join(value for name, value in headers if name == b"vary").decode()
        self.parts = parts
        self.body = b"".join(parts)
        self.coding = self.headers.get("content-encoding", "")

    @property
    def text(self) -> bytes:
        """The body without its coding."""
        return DECODERS[self.coding](self.body) if self.coding else self.body


async def ask(
    path: str,
    declared: HttpCompression | None = None,
    *,
    method: str = "GET",
    coding: str | None = "gzip",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    async def nothing() -> AsyncGenerator[bytes]:
        for part in list[bytes]():
            yield part

    sent = dict(headers or {})
    if coding is not None:
        sent["accept-encoding"] = coding
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }
    async with App([*ROUTES, declared or http_compression()]) as app:
        application = HttpApplication(app)
        application.open()
        exchange = Exchange(application, scope, nothing())
        status, found = await exchange.start()
        parts: list[bytes] = []
        while (part := await exchange.part()) is not None:
            parts.append(part)
        return Answer(status, found, parts)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_an_answer_is_compressed_as_the_client_would_have_it(coding: str) -> None:
    answer = await ask("/text", coding=coding)
    assert answer.coding == coding
    assert answer.text == JSON
    assert answer.headers["content-length"] == str(len(answer.body))
    assert len(answer.body) < len(JSON) / 10
    assert answer.vary == "accept-encoding"


@pytest.mark.parametrize("accepted", [None, "", "identity", "deflate", "gzip;q=0"])
async def test_a_client_that_accepts_none_gets_it_plain_and_caches_know_why(
    accepted: str | None,
) -> None:
    answer = await ask("/text", coding=accepted)
    assert (answer.coding, answer.body, answer.vary) == ("", JSON, "accept-encoding")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/small", {}),
        ("/blob", {}),
        ("/empty", {}),
        ("/kept", {}),
        ("/rows", {}),
        ("/events", {"accept": "text/event-stream"}),
    ],
)
async def test_what_is_not_worth_it_or_not_to_be_touched_is_left_alone(
    path: str, headers: dict[str, str]
) -> None:
    with_it, without = (
        await ask(path, headers=headers),
        await ask(path, coding=None, headers=headers),
    )
    assert with_it.coding == ""
    assert with_it.headers == without.headers
    assert with_it.parts == without.parts


async def test_what_is_compressed_already_is_left_alone() -> None:
    answer = await ask("/encoded", coding="br")
    assert answer.coding == "gzip"
    assert answer.text == bytes(90_000)


async def test_an_error_is_compressed_too() -> None:
    answer = await ask("/missing")
    assert (answer.status, answer.coding) == (404, "gzip")
    assert TEXT.encode() in answer.text


async def test_head_says_what_get_does() -> None:
    head, get = await ask("/text", method="HEAD"), await ask("/text")
    assert head.headers == get.headers
    assert head.body == b""


async def test_a_client_that_takes_nothing_plain_gets_the_small_ones_compressed_too() -> None:
    answer = await ask("/small", coding="gzip, identity;q=0")
    assert (answer.coding, answer.text) == ("gzip", b'"small"')


async def test_the_declaration_says_from_which_size_on_and_which_types() -> None:
    assert (await ask("/small", http_compression(minimum=0))).coding == "gzip"
    assert (await ask("/text", http_compression(minimum=100_000))).coding == ""
    octets = http_compression(types=["application/octet-stream"])
    assert (await ask("/blob", octets)).coding == "gzip"
    assert (await ask("/text", octets)).coding == ""


async def test_a_level_saves_time_or_size() -> None:
    sizes = [
        len((await ask("/text", http_compression(level=level))).body)
        for level in ("small", "balanced", "fast")
    ]
    assert sizes == sorted(sizes)


async def test_each_coding_has_a_tag_of_its_own() -> None:
    assert (await ask("/tagged")).headers["etag"] == '"v1--gzip"'
    assert (await ask("/tagged", coding="br")).headers["etag"] == '"v1--br"'
    assert (await ask("/tagged", coding=None)).headers["etag"] == TAG
    assert (await ask("/tagged")).vary == "accept-language, accept-encoding"


@pytest.mark.parametrize(
    "known", ['"v1--gzip"', '"v0", "v1--gzip"', '"v1", "v1--br", "v1--gzip"', '"v1--br","v1--gzip"']
)
async def test_a_client_that_has_the_version_is_told_so_by_its_tag(known: str) -> None:
    answer = await ask("/tagged", headers={"if-none-match": known})
    assert (answer.status, answer.headers["etag"]) == (304, '"v1--gzip"')
    assert "accept-encoding" in answer.vary


async def test_what_is_cut_off_of_a_long_list_is_no_half_of_a_coding() -> None:
    assert (await ask("/text", coding=f"{'x' * 1018}, gzip;q=0")).coding == ""


@pytest.mark.parametrize("first", ["no-transform", "max-age=60"])
async def test_no_transform_counts_in_whichever_line_it_stands(first: str) -> None:
    async def raw(scope: Scope, receive: Receive, send: Send) -> None:
        controls = {"no-transform", "max-age=60"}
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"9000")]
        headers += [(b"cache-control", one.encode()) for one in (first, *(controls - {first}))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": bytes(9000)})

    async with App([http_mount("/raw", raw), http_compression()]) as app, client_of(app) as http:
        answer = await http.get("/raw", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers


async def test_a_client_that_has_it_plain_is_told_so_too() -> None:
    answer = await ask("/tagged", headers={"if-none-match": TAG})
    assert (answer.status, answer.headers["etag"]) == (304, TAG)


async def test_a_weak_tag_means_all_codings() -> None:
    assert (await ask("/weak")).headers["etag"] == 'W/"v1"'


@pytest.mark.parametrize(
    ("sent", "read"), [('"v1--gzip"', TAG), (TAG, TAG), ('W/"v1--gzip"', 'W/"v1--gzip"')]
)
async def test_a_condition_on_a_change_names_what_the_function_knows(sent: str, read: str) -> None:
    assert json.loads((await ask("/tagged", method="PUT", headers={"if-match": sent})).text) == read


@pytest.fixture
def large(tmp_path: Path) -> bytes:
    content = b"".join(b"line %d\n" % number for number in range(40_000))
    (tmp_path / "large.txt").write_bytes(content)
    FILES.append(str(tmp_path / "large.txt"))
    return content


async def test_a_file_is_compressed_part_by_part(large: bytes) -> None:
    answer = await ask("/file")
    assert answer.text == large
    assert len(answer.parts) > 1
    assert "content-length" not in answer.headers
    assert "accept-ranges" not in answer.headers
    assert answer.headers["etag"].endswith('--gzip"')
    again = await ask("/file", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status, again.headers["etag"]) == (304, answer.headers["etag"])


async def test_head_of_a_file_says_its_coding(large: bytes) -> None:
    assert large
    answer = await ask("/file", method="HEAD")
    assert (answer.coding, answer.body) == ("gzip", b"")
    assert "content-length" not in answer.headers


async def test_a_part_of_a_file_is_left_alone(large: bytes) -> None:
    answer = await ask("/file", headers={"range": "bytes=0-1999"})
    assert (answer.status, answer.coding, answer.body) == (206, "", large[:2000])
    assert answer.vary == "accept-encoding"


async def test_a_part_of_another_coding_is_the_whole(large: bytes) -> None:
    tag = (await ask("/file")).headers["etag"]
    answer = await ask("/file", headers={"range": "bytes=0-1999", "if-range": tag})
    assert (answer.status, answer.text) == (200, large)


async def test_large_bodies_are_compressed_in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: set[int] = set()
    compress_now = compression_layer.compress_now

    def recorded(*arguments: Any) -> bytes:
        ran.add(threading.get_ident())
        return compress_now(*arguments)

    monkeypatch.setattr(compression_layer, "compress_now", recorded)
    await ask("/text")
    assert ran == {threading.get_ident()}
    monkeypatch.setattr(compression_layer, "THREAD", 1)
    ran.clear()
    await ask("/text")
    assert not ran & {threading.get_ident()}


async def test_what_is_no_part_of_a_body_passes() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def handle(scope: Scope, receive: Receive, send: Send, values: object) -> None:
        del scope, receive, values
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"5000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.pathsend", "path": "/file"})

    layer = compression_layer.CompressionLayer(http_compression())
    scope: Scope = {"method": "GET", "headers": [(b"accept-encoding", b"gzip")]}
    receive: Any = None
    await layer.around(handle, "/")(scope, receive, send, ())
    assert [one["type"] for one in sent] == ["http.response.start", "http.response.pathsend"]
    assert (b"content-length", b"5000") in sent[0]["headers"]


def test_gzip_is_there_without_any_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("compression.zstd", "backports.zstd", "brotli", "brotlicffi"):
        monkeypatch.setitem(sys.modules, name, None)
    (coding,) = codings.available_codings("balanced")
    compressor = coding.open()
    body = compressor.compress(JSON) + compressor.flush()
    assert zlib.decompress(body, 31) == JSON
    assert body[4:8] == bytes(4)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"minimum": -1}, "0 or more"),
        ({"level": "best"}, "none of fast, balanced, small"),
        ({"types": []}, "none at all"),
        ({"types": "text/*"}, "must be a list"),
        ({"types": ["json"]}, "no content type"),
        ({"types": ["text/*; charset=utf-8"]}, "no content type"),
        ({"pattern": "api"}, "must begin with"),
    ],
)
def test_what_cannot_be_honoured_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        http_compression(**given)
