"""Forms as data: what browsers and other clients send becomes what a function's type says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from pikku_core import App, DeclarationError, pikku_func, pikku_sessionless_func
from pikku_http import (
    ContentTypes,
    HttpApplication,
    MaxSize,
    UploadFile,
    csrf,
    wire_http,
)
from pikku_http.http.bodies.form import read_form
from pikku_http.http.bodies.form_fields import FormFields
from pikku_http.http.bodies.limits import BodyLimits
from pikku_http.http.bodies.spool import Spool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from conftest import Serve
    from httpx2 import Response

pytestmark = pytest.mark.anyio

URLENCODED = {"content-type": "application/x-www-form-urlencoded"}


class Colour(Enum):
    RED = "red"
    NONE = 0


class Order(BaseModel):
    item: str
    count: int = 1
    due: date | None = None
    urgent: bool = False
    colour: Colour | None = None
    tags: list[str] = []
    sizes: list[int] = []
    note: str = Field(default="", alias="remark")


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    id: int
    due: date | None = None
    file: UploadFile | None = None
    files: list[UploadFile] = []


class Photo(BaseModel):
    album: str
    title: str = ""
    photo: Annotated[UploadFile, MaxSize(10), ContentTypes("image/*", "text/plain")]


@dataclass
class Report:
    file: UploadFile
    pages: int = 1


class Typed(TypedDict):
    file: UploadFile


@pikku_sessionless_func
async def order(data: Order) -> Order:
    return data


@pikku_sessionless_func
async def strict(data: Strict) -> list[Any]:
    names = [one.filename for one in data.files]
    return [data.id, data.due, data.file and data.file.filename, names]


@pikku_sessionless_func
async def photo(data: Photo) -> list[str | int]:
    content = await data.photo.read()
    return [data.album, data.title, data.photo.filename, data.photo.content_type, content.decode()]


@pikku_sessionless_func
def report(data: Report) -> list[str | int]:
    return [data.file.file.read().decode(), data.pages]


@pikku_sessionless_func
async def typed(data: Typed) -> int:
    return data["file"].size


ORDER = wire_http(method="post", route="/orders", func=order, form=True)
STRICT = wire_http(method="post", route="/strict", func=strict)
PHOTO = wire_http(method="post", route="/albums/{album}", func=photo, query=["title"])


def faults(response: Response) -> list[tuple[list[str], str]]:
    assert response.status_code == 422, response.text
    return [(one["location"], one["code"]) for one in response.json()["error"]["details"]]


async def test_a_form_of_either_kind_and_json_fill_the_same_fields(serve: Serve) -> None:
    fields = {"item": "box", "count": "2", "due": "2026-01-31", "tags": ["a", "b"], "sizes": ["3"]}
    wanted = {
        "item": "box",
        "count": 2,
        "due": "2026-01-31",
        "urgent": False,
        "colour": None,
        "tags": ["a", "b"],
        "sizes": [3],
        "remark": "é",
    }
    parts: list[tuple[str, Any]] = [
        (name, (None, value))
        for name, values in {**fields, "remark": "é"}.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    async with serve(ORDER) as client:
        answers = [
            await client.post("/orders", data={**fields, "remark": "é"}),
            await client.post("/orders", files=parts),
            await client.post("/orders", json=wanted),
        ]
    assert [one.json() for one in answers] == [wanted] * 3


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("item=", {"item": ""}),
        ("item=a&count=&due=&urgent=&colour=", {"item": "a"}),
        ("item=a&sizes=&sizes=1&tags=&tags=x", {"item": "a", "sizes": [1], "tags": ["", "x"]}),
        ("item=a+b%2Bc&unknown=x", {"item": "a b+c"}),
        ("item=é", {"item": "é"}),
        ("item=a;b", {"item": "a;b"}),
        ("&&item=a&", {"item": "a"}),
        ("item=a&urgent=on&colour=red", {"item": "a", "urgent": True, "colour": "red"}),
        ("item=a&__proto__=x&__class__=y&item%00=z", {"item": "a"}),
    ],
)
async def test_empty_and_strange_fields_are_read_as_a_browser_means_them(
    serve: Serve, body: str, changed: dict[str, Any]
) -> None:
    empty: dict[str, Any] = {
        "count": 1,
        "due": None,
        "urgent": False,
        "colour": None,
        "tags": [],
        "sizes": [],
    }
    async with serve(ORDER) as client:
        answer = await client.post("/orders", content=body.encode(), headers=URLENCODED)
    assert answer.json() == {"item": "", **empty, "remark": "", **changed}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("", [(["item"], "missing")]),
        ("item=a&item=b", [(["item"], "repeated")]),
        ("item=a&count=x", [(["count"], "int_parsing")]),
        ("item=a&count=1&count=2", [(["count"], "repeated")]),
        ("item=a&note=x&remark=y", [(["remark"], "repeated")]),
    ],
)
async def test_what_is_wrong_is_named(
    serve: Serve, body: str, found: list[tuple[list[str], str]]
) -> None:
    async with serve(ORDER) as client:
        answer = await client.post("/orders", content=body.encode(), headers=URLENCODED)
    assert faults(answer) == found


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/x-www-form-urlencoded; charset=UTF-8", 200),
        ("APPLICATION/x-www-form-urlencoded", 200),
        ('application/x-www-form-urlencoded; charset="UTF-8"; x=1', 200),
        ("application/x-www-form-urlencoded; mycharset=utf-16", 200),
        ("application/x-www-form-urlencoded; x=1; charset=utf-16", 415),
        ("application/x-www-form-urlencoded; charset=utf-16", 415),
        ("application/x-www-form-urlencoded; charset=idna", 415),
        ("text/plain", 415),
        ("application/json; charset=utf-16", 415),
        ("multipart/mixed; boundary=x", 415),
        ("application/x-www-form-urlencodedx", 415),
    ],
)
async def test_only_forms_in_utf_8_and_json_are_read(
    serve: Serve, content_type: str, status: int
) -> None:
    async with serve(ORDER) as client:
        headers = {"content-type": content_type}
        answer = await client.post("/orders", content=b"item=a", headers=headers)
    assert answer.status_code == status


async def test_a_form_that_is_no_utf_8_once_decoded_is_refused(serve: Serve) -> None:
    async with serve(ORDER) as client:
        bodies = [b"item=%ff", b"item=\xff"]
        answers = [await client.post("/orders", content=b, headers=URLENCODED) for b in bodies]
    assert [one.status_code for one in answers] == [400, 400]


async def test_a_form_must_not_be_compressed(serve: Serve) -> None:
    async with serve(ORDER, PHOTO) as client:
        headers = {**URLENCODED, "content-encoding": "gzip"}
        assert (await client.post("/orders", content=b"x", headers=headers)).status_code == 415
        files, gzip = {"photo": b"x"}, {"content-encoding": "gzip"}
        assert (await client.post("/albums/a", files=files, headers=gzip)).status_code == 415


@pytest.mark.parametrize(
    ("body", "options", "words"),
    [
        (b"item=" + b"x" * 100, {"max_body": 100}, "larger than 100 bytes"),
        (b"item=" + b"x" * 100, {"max_fields_size": 100}, "fields of the form are larger than 100"),
        (b"a=&" * 1000 + b"item=a", {}, "more than 1000 fields"),
        (b"a=&a=&item=a", {"max_fields": 2}, "more than 2 fields"),
    ],
)
async def test_too_much_of_anything_is_refused(
    serve: Serve, body: bytes, options: dict[str, Any], words: str
) -> None:
    async with serve(ORDER, **options) as client:
        answer = await client.post("/orders", content=body, headers=URLENCODED)
    assert answer.status_code == 413
    assert words in answer.json()["error"]["message"]


@pytest.mark.parametrize(("letters", "status"), [(48, 200), (49, 413)])
async def test_the_texts_of_either_kind_of_form_are_measured_as_they_are_meant(
    serve: Serve, letters: int, status: int
) -> None:
    item = "é" * letters
    async with serve(ORDER, max_fields_size=100) as client:
        urlencoded = await client.post("/orders", data={"item": item})
        multipart = await client.post("/orders", files={"item": (None, item)})
    assert (urlencoded.status_code, multipart.status_code) == (status, status)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=10)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=8), st.lists(st.integers(1, 60), max_size=6))
async def test_a_form_holds_what_was_encoded(pairs: list[tuple[str, str]], cuts: list[int]) -> None:
    body = urlencode(pairs).encode()
    pieces: list[bytes] = []
    for cut in cuts:
        pieces.append(body[:cut])
        body = body[cut:]
    waiting = [*pieces, body]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    fields, scope = (
        FormFields({}, {}),
        {"headers": [(b"content-type", URLENCODED["content-type"].encode())]},
    )
    read = await read_form(scope, receive, fields, BodyLimits(), Spool(0))
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    assert {k: v if isinstance(v, list) else [v] for k, v in read.items()} == found


async def test_an_upload_comes_with_path_query_and_other_fields(serve: Serve) -> None:
    file = ("../a.PNG", b"pixels", "IMAGE/png; q=1")
    async with serve(PHOTO) as client:
        answer = await client.post("/albums/me?title=x", files={"photo": file})
    assert answer.json() == ["me", "x", "a.PNG", "image/png", "pixels"]


async def test_a_form_may_repeat_what_the_path_says_and_not_contradict_it(serve: Serve) -> None:
    files = {"photo": ("a", b"x", "text/plain")}
    async with serve(PHOTO) as client:
        same = await client.post("/albums/me", files=files, data={"album": "me"})
        other = await client.post("/albums/me", files=files, data={"album": "you"})
        elsewhere = await client.post("/albums/me", files=files, data={"title": "x"})
    assert same.status_code == 200
    assert faults(other) == [(["album"], "conflict")]
    assert faults(elsewhere) == [(["title"], "wrong_source")]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ([], [(["photo"], "missing")]),
        ([("photo", ("", b"", "image/png"))], [(["photo"], "missing")]),
        ([("photo", ("a", b"x" * 11, "image/png"))], [(["photo"], "upload_too_large")]),
        ([("photo", ("a", b"x", "video/mp4"))], [(["photo"], "upload_content_type")]),
        ([("photo", ("a", b"x", "image/png"))] * 2, [(["photo"], "repeated")]),
        ([("other", ("a", b"x", "image/png"))], [(["other"], "unexpected_file")]),
        ([("title", ("a", b"x", "image/png"))], [(["title"], "unexpected_file")]),
    ],
)
async def test_a_wrong_upload_is_named(
    serve: Serve, files: list[Any], found: list[tuple[list[str], str]]
) -> None:
    async with serve(PHOTO) as client:
        answer = await client.post("/albums/me", files=[*files, ("x", (None, "y"))])
    assert faults(answer) == found


async def test_data_with_an_upload_is_taken_from_multipart_alone(serve: Serve) -> None:
    async with serve(PHOTO) as client:
        answers = [
            await client.post("/albums/me", json={"photo": "x"}),
            await client.post("/albums/me", data={"photo": "x"}),
            await client.post("/albums/me", content=b"x"),
        ]
    assert [one.status_code for one in answers] == [415] * 3
    assert answers[0].json()["error"]["message"].endswith("send multipart/form-data.")


async def test_a_request_without_a_body_lacks_the_fields(serve: Serve) -> None:
    async with serve(PHOTO) as client:
        assert faults(await client.post("/albums/me")) == [(["photo"], "missing")]


async def test_a_strict_type_takes_texts_and_uploads(serve: Serve) -> None:
    fields = {"id": "7", "due": "2026-01-31"}
    files = [("file", ("a", b"1")), ("files", ("b", b"2")), ("files", ("c", b"3"))]
    async with serve(STRICT) as client:
        answer = await client.post("/strict", data=fields, files=files)
        other = await client.post("/strict", data={**fields, "more": "x"}, files=files[:1])
    assert answer.json() == [7, "2026-01-31", "a", ["b", "c"]]
    assert faults(other) == [(["more"], "extra_forbidden")]


async def test_a_strict_type_is_not_fooled_by_text_that_looks_like_an_upload(serve: Serve) -> None:
    async with serve(STRICT) as client:
        answer = await client.post("/strict", data={"id": "7"}, files=[("x", (None, "1"))])
        assert faults(answer) == [(["x"], "extra_forbidden")]


async def test_dataclasses_and_typed_dicts_have_uploads_too(serve: Serve) -> None:
    wirings = [
        wire_http(method="post", route="/report", func=report),
        wire_http(method="post", route="/typed", func=typed),
    ]
    async with serve(*wirings) as client:
        answer = await client.post("/report", files={"file": b"text"}, data={"pages": "2"})
        assert answer.json() == ["text", 2]
        assert (await client.post("/typed", files={"file": b"text"})).json() == 4


async def test_a_wiring_may_have_a_limit_of_its_own(serve: Serve) -> None:
    wirings = [
        wire_http(method="post", route="/small", func=report, max_body=1_000),
        wire_http(method="post", route="/large", func=report, max_body=100_000),
        wire_http(method="post", route="/json", func=order, max_body=100_000),
    ]
    files = {"file": b"x" * 10_000}
    async with serve(*wirings, max_body=2_000) as client:
        statuses = [
            (await client.post(path, files=files)).status_code for path in ("/small", "/large")
        ]
        json = await client.post("/json", json={"item": "x" * 10_000})
    assert statuses == [413, 200]
    assert json.status_code == 200


async def test_a_file_that_is_not_wanted_costs_no_more_than_its_head(serve: Serve) -> None:
    async with serve(PHOTO, max_body=10**12) as client:
        endless = client.build_request("POST", "/albums/me", files={"other": b"x"}).read()[:-30]

        async def body() -> AsyncIterator[bytes]:
            yield endless
            while True:
                yield b"x" * 65536

        boundary = endless.split(b"\r\n")[0][2:].decode()
        headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
        answer = await client.post("/albums/me", content=body(), headers=headers)
    assert faults(answer) == [(["other"], "unexpected_file")]


async def test_who_may_not_call_is_refused_before_the_form_is_read() -> None:
    @pikku_func
    async def save(data: Photo) -> None: ...

    async with App([wire_http(method="post", route="/", func=save)]) as app:
        application = HttpApplication(app)
        application.open()
        sent: list[Any] = []

        async def receive() -> Any:
            raise AssertionError("it was read")

        async def send(message: Any) -> None:
            sent.append(message)

        scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/", "headers": []}
        scope["query_string"] = b""
        await application(scope, receive, send)
    assert sent[0]["status"] == 401


async def test_forms_of_other_sites_are_refused_where_that_is_asked_for(serve: Serve) -> None:
    guard = csrf()
    wirings = [
        wire_http(method="post", route="/orders", func=order, form=True, middleware=[guard]),
        wire_http(
            method="post", route="/photos/{album}", func=photo, query=["title"], middleware=[guard]
        ),
    ]
    theirs = {"sec-fetch-site": "cross-site", "origin": "https://evil.test"}
    async with serve(*wirings) as client:
        answers = [
            await client.post("/orders", data={"item": "a"}, headers=theirs),
            await client.post("/photos/me", files={"photo": b"x"}, headers=theirs),
        ]
        own = await client.post("/orders", data={"item": "a"}, headers={"sec-fetch-site": "none"})
    assert [one.status_code for one in answers] == [403, 403]
    assert own.status_code == 200


class Nested(BaseModel):
    inner: Photo


class Choice(BaseModel):
    file: UploadFile | str


class Mapped(BaseModel):
    files: dict[str, UploadFile]


def taking(type_: Any) -> Callable[..., Any]:
    async def take(data: Any) -> None: ...

    take.__annotations__ = {"data": type_, "return": None}
    return pikku_sessionless_func(take)


@pytest.mark.parametrize(
    ("type_", "options", "words"),
    [
        (Nested, {}, '"Nested.inner" can be brought by no form'),
        (Choice, {}, '"Choice.file" can be brought by no form'),
        (Mapped, {}, '"Mapped.files" can be brought by no form'),
        (dict[str, UploadFile], {}, "can be brought by no form"),
        (Photo, {"method": "get"}, "has no body that could bring the upload"),
        (Photo, {"query": ["photo"]}, "cannot come from path or query string"),
        (Photo, {"form": True}, "changes nothing"),
        (list[str], {"form": True}, "needs data with fields"),
        (None, {"form": True}, "takes no data"),
        (None, {"max_body": 10}, "takes no data"),
    ],
)
async def test_what_no_form_can_bring_is_refused_when_the_application_opens(
    type_: Any, options: dict[str, Any], words: str
) -> None:
    async def nothing() -> None: ...

    func = pikku_sessionless_func(nothing) if type_ is None else taking(type_)
    given: dict[str, Any] = {"method": "post", "route": "/", "func": func, **options}
    async with App([wire_http(**given)]) as app:
        with pytest.raises(DeclarationError, match=words):
            HttpApplication(app).open()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "get", "form": True}, "reads a body"),
        ({"method": "delete", "body": "file"}, "reads a body"),
        ({"form": True, "body": "file"}, "exclude each other"),
        ({"body": "file", "query": ["file"]}, "can come from one of them"),
        ({"method": "get", "max_body": 1}, "limits a body"),
        ({"max_body": 0}, "must be 1 or more"),
    ],
)
def test_an_option_that_says_nothing_is_refused(options: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"method": "post", "route": "/", "func": report, **options}
    with pytest.raises(DeclarationError, match=words):
        wire_http(**given)
