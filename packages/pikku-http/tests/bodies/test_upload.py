"""Uploads as functions and tests see them."""

from __future__ import annotations

import asyncio
import os
import threading
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from pikku_core import (
    App,
    DeclarationError,
    InvalidDataError,
    InvalidResultError,
    pikku_sessionless_func,
)
from pikku_http import ContentTypes, MaxSize, UploadFile
from pikku_http.http.bodies.upload import arriving, base_name

pytestmark = pytest.mark.anyio


class Photo(BaseModel):
    name: str = ""
    file: UploadFile


@pikku_sessionless_func
async def size(data: Photo) -> int:
    return data.file.size


@pikku_sessionless_func
async def echo(data: Photo) -> Photo:
    return data


def on_disk(content: bytes) -> UploadFile:
    file = TemporaryFile()  # noqa: SIM115 - the test closes it
    file.write(content)
    return UploadFile(file)


BOTH = pytest.mark.parametrize("make", [UploadFile, on_disk])


@BOTH
async def test_it_is_read_sought_and_gone_through(make: Any) -> None:
    upload = make(b"0123456789")
    assert upload.size == 10
    assert await upload.read(4) == b"0123"
    assert await upload.read() == b"456789"
    assert await upload.seek(-3, os.SEEK_END) == 7
    assert [piece async for piece in upload.chunks(2)] == [b"78", b"9"]
    assert await upload.seek(0) == 0
    assert upload.file.read() == b"0123456789"
    upload.file.close()


@BOTH
async def test_it_is_saved_whole_wherever_reading_stands(make: Any, tmp_path: Path) -> None:
    upload = make(b"0123456789")
    await upload.read(4)
    await upload.save(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"0123456789"
    upload.file.close()


async def test_it_replaces_no_file_unless_it_may(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"before")
    upload = UploadFile(b"after")
    with pytest.raises(FileExistsError):
        await upload.save(path)
    assert path.read_bytes() == b"before"
    await upload.save(path, overwrite=True)
    assert path.read_bytes() == b"after"


async def test_what_cannot_be_saved_leaves_nothing(tmp_path: Path) -> None:
    upload = UploadFile(b"x")
    upload.file.close()
    path = tmp_path / "a"
    with pytest.raises(ValueError, match="closed"):
        await upload.save(path)
    with pytest.raises(FileNotFoundError):
        path.read_bytes()


async def test_a_file_that_cannot_be_replaced_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"before")
    upload = UploadFile(b"after")
    upload.file.close()
    with pytest.raises(ValueError, match="closed"):
        await upload.save(path, overwrite=True)
    assert contents(tmp_path) == {"a": b"before"}


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


@given(st.text())
def test_a_name_has_no_path_and_no_control_characters(name: str) -> None:
    found = base_name(name)
    assert not set("/\\\0\r\n") & set(found)
    assert found not in {".", ".."}
    assert base_name(found) == found
    assert found == "" or Path("folder", found).parent == Path("folder")


class Slow(BytesIO):
    """A file whose first piece is waited for."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.entered, self.go = threading.Event(), threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        self.entered.set()
        self.go.wait()
        return super().read(size)


@pytest.mark.parametrize("overwrite", [False, True])
async def test_a_save_that_is_cancelled_leaves_nothing(tmp_path: Path, *, overwrite: bool) -> None:
    slow = Slow(b"new")
    path = tmp_path / "a"
    if overwrite:
        path.write_bytes(b"old")
    upload = UploadFile(slow)
    saving = asyncio.create_task(upload.save(path, overwrite=overwrite))
    await asyncio.to_thread(slow.entered.wait)
    saving.cancel()
    asyncio.get_running_loop().call_soon(slow.go.set)
    with pytest.raises(asyncio.CancelledError):
        await saving
    assert contents(tmp_path) == ({"a": b"old"} if overwrite else {})
    await upload.save(path, overwrite=overwrite)
    assert contents(tmp_path) == {"a": b"new"}


async def test_a_test_calls_a_function_with_one() -> None:
    assert await size(Photo(file=UploadFile(b"xyz", filename="a.png"))) == 3


async def test_functions_in_the_process_hand_uploads_on() -> None:
    async with App(functions=[size]) as app:
        upload = UploadFile(b"xyz")
        assert await app.rpc.size(Photo(file=upload)) == 3
        assert await app.rpc.size({"file": upload}) == 3


@pytest.mark.parametrize("value", ["text", b"bytes", 1, None, {"filename": "a"}])
def test_nothing_else_is_an_upload(value: object) -> None:
    with pytest.raises(ValidationError) as raised:
        Photo.model_validate({"file": value})
    (fault,) = raised.value.errors()
    assert (fault["loc"], fault["type"]) == (("file",), "upload_type")


def test_json_brings_no_upload() -> None:
    upload = UploadFile(b"x")
    with pytest.raises(ValidationError, match="only multipart/form-data can bring"):
        Photo.model_validate_json(f'{{"file": "{id(upload)}"}}')
    assert arriving.get(None) is None


async def test_an_upload_is_no_result() -> None:
    async with App(functions=[echo]) as app:
        with pytest.raises(InvalidResultError):
            app.record("echo").result.write_json(Photo(file=UploadFile(b"x")))


def choice(*rules: Any) -> TypeAdapter[UploadFile | None]:
    made: Any = UploadFile
    for rule in rules:
        made = Annotated[made, rule]
    optional: Any = made | None
    return TypeAdapter(optional)


def found(adapter: TypeAdapter[Any], upload: object) -> str:
    try:
        adapter.validate_python(upload)
    except ValidationError as error:
        return error.errors()[0]["type"]
    return ""


def test_a_size_is_limited() -> None:
    limited = choice(MaxSize(3))
    assert found(limited, UploadFile(b"123")) == ""
    assert found(limited, UploadFile(b"1234")) == "upload_too_large"
    assert found(limited, None) == ""


@pytest.mark.parametrize(
    ("content_type", "holds"),
    [
        ("image/png", True),
        ("IMAGE/GIF; q=1", True),
        ("application/pdf", True),
        ("application/pdfx", False),
        ("imagex/png", False),
        ("text/html", False),
        ("", False),
    ],
)
def test_a_content_type_is_one_of_those_that_are_named(content_type: str, *, holds: bool) -> None:
    typed = choice(ContentTypes("image/*", "application/pdf"))
    upload = UploadFile(b"x", content_type=content_type)
    assert (found(typed, upload) == "") is holds


def test_rules_hold_for_each_of_a_list_and_for_an_optional_one_as_a_whole() -> None:
    many = TypeAdapter(list[Annotated[UploadFile, MaxSize(1)]])
    whole = TypeAdapter(Annotated[UploadFile | None, MaxSize(1), ContentTypes("*/*")])
    assert found(many, [UploadFile(b"1"), UploadFile(b"12")]) == "upload_too_large"
    assert found(whole, UploadFile(b"12")) == "upload_too_large"
    assert found(whole, None) == ""


def test_schemas_say_what_an_upload_may_be() -> None:
    assert TypeAdapter(UploadFile).json_schema() == {
        "type": "string",
        "contentMediaType": "application/octet-stream",
        "x-content-types": ["*/*"],
    }
    assert choice(MaxSize(3), ContentTypes("image/png")).json_schema()["anyOf"][0] == {
        "type": "string",
        "contentMediaType": "image/png",
        "x-content-types": ["image/png"],
        "maxLength": 3,
    }


@pytest.mark.parametrize(
    "types", [(), ("png",), ("Image/png",), ("image/",), ("*/png",), ("a/b c",)]
)
def test_a_rule_that_nothing_fits_is_refused(types: tuple[str, ...]) -> None:
    with pytest.raises(DeclarationError):
        ContentTypes(*types)
    with pytest.raises(DeclarationError):
        MaxSize(0)


async def test_a_call_without_http_says_what_an_upload_needs() -> None:
    async with App(functions=[size]) as app:
        codec = app.record("size").data
        assert codec is not None
        with pytest.raises(InvalidDataError) as raised:
            codec.read_json(b'{"file": "x"}')
        assert "multipart/form-data" in raised.value.details[0].message
