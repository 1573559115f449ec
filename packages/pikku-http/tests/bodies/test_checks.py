"""What `pikku` says of forms and uploads that cannot come as they are declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import load_settings
from pikku_http import plugin

if TYPE_CHECKING:
    from pathlib import Path

HEADING = """\
from collections.abc import AsyncIterator
from pydantic import BaseModel, Field
from pikku_core import pikku_sessionless_func
from pikku_http import BodyStream, UploadFile, wire_http

class Inner(BaseModel):
    file: UploadFile

class Data(BaseModel):
    id: int = 0
{fields}

@pikku_sessionless_func
async def take(data: {type}) -> {result}
"""

DONE = "None: ..."
YIELDS = "AsyncIterator[int]:\n    yield 1"


def problems(
    root: Path, wiring: str, *, fields: str = "", type: str = "Data", result: str = DONE
) -> list[tuple[str, str]]:
    source = HEADING.format(fields=f"    {fields}", type=type, result=result)
    (root / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    (root / "app").mkdir()
    (root / "app" / "__init__.py").touch()
    wired = f'wire_http(method="post", route="/", func=take, {wiring})\n'
    if "method" in wiring or "route" in wiring:
        wired = f"wire_http(func=take, {wiring})\n"
    (root / "app" / "main.py").write_text(source + wired)
    registry = registry_of(plugin)
    built = build(root, settings=load_settings(root, registry), registry=registry)
    # A declaration that raises where it stands is reported once more where its module is imported for types.
    return [(one.code, one.message) for one in built.diagnostics if one.code != "PKU770"]


@pytest.mark.parametrize(
    ("fields", "type_", "where"),
    [
        ("inner: Inner", "Data", "Inner.file"),
        ("inner: list[Inner] = []", "Data", "Inner.file"),
        ("file: UploadFile | str", "Data", "file"),
        ("files: dict[str, UploadFile] = {}", "Data", "files"),
        ("files: list[list[UploadFile]] = []", "Data", "files"),
        ("", "dict[str, UploadFile]", "DictStrUploadFile"),
        ("", "list[UploadFile]", "ListUploadFile"),
    ],
)
def test_an_upload_that_no_form_can_bring_is_named(
    tmp_path: Path, fields: str, type_: str, where: str
) -> None:
    found = problems(tmp_path, "", fields=fields, type=type_)
    assert (
        "PKU885",
        f'The upload "{where}" in the data of "take" can be brought by no form.',
    ) in found
    assert {code for code, _ in found} <= {"PKU885", "PKU888"}


@pytest.mark.parametrize(
    "fields",
    [
        "file: UploadFile",
        "file: UploadFile | None = None",
        "files: list[UploadFile] = []",
        "files: list[UploadFile] | None = None",
        'file: UploadFile = Field(alias="f")',
    ],
)
def test_an_upload_of_the_data_itself_is_accepted(tmp_path: Path, fields: str) -> None:
    assert problems(tmp_path, "", fields=fields) == []


@pytest.mark.parametrize("type_", ["bytes", "bytes | None", "UploadFile", "BodyStream"])
def test_a_whole_body_is_accepted(tmp_path: Path, type_: str) -> None:
    assert problems(tmp_path, "max_body=10", type=type_) == []


@pytest.mark.parametrize("field", ["bytes", "UploadFile", "BodyStream"])
def test_a_field_that_takes_the_body_is_accepted(tmp_path: Path, field: str) -> None:
    wiring = 'method="put", route="/{id}", body="b"'
    fields = f'body_: {field} = Field(alias="b")'
    assert problems(tmp_path, wiring, fields=fields) == []


@pytest.mark.parametrize(
    ("wiring", "fields", "code"),
    [
        ('method="get", route="/"', "file: UploadFile", "PKU885"),
        ('query=["file"]', "file: UploadFile", "PKU885"),
        ('method="post", route="/{file}"', "file: UploadFile", "PKU885"),
        ('query=["f"]', 'file: UploadFile = Field(alias="f")', "PKU885"),
        ('body="content"', "content: bytes; file: UploadFile", "PKU885"),
        ("form=True", "file: UploadFile", "PKU886"),
        ('body="id"', "", "PKU886"),
        ('body="other"', "", "PKU886"),
        ('body="content", form=True', "content: bytes", "PKU886"),
        ('method="put", route="/{content}", body="content"', "content: bytes", "PKU886"),
        ("form=True", "inner: dict[str, str]", "PKU888"),
        ("", "file: UploadFile; more: dict[str, str]", "PKU888"),
        ('method="get", route="/", max_body=1', "", "PKU889"),
    ],
)
def test_what_cannot_come_as_it_is_declared_is_refused(
    tmp_path: Path, wiring: str, fields: str, code: str
) -> None:
    found = problems(tmp_path, wiring, fields=fields)
    assert [one for one, _ in found] == [code]


@pytest.mark.parametrize(
    "fields", ["inner: dict[str, str] = {}", "inner: object", "inner: list[object]"]
)
def test_a_structure_that_need_not_come_or_may_be_text_is_accepted(
    tmp_path: Path, fields: str
) -> None:
    assert problems(tmp_path, "form=True", fields=fields) == []


@pytest.mark.parametrize("option", ["form=True", 'body="x"'])
def test_data_without_fields_has_none_to_fill(tmp_path: Path, option: str) -> None:
    assert [code for code, _ in problems(tmp_path, option, type="list[str]")] == ["PKU886"]


@pytest.mark.parametrize(("wiring", "result"), [("", YIELDS), ("sse=True", YIELDS)])
def test_a_stream_that_is_answered_with_a_stream_is_refused(
    tmp_path: Path, wiring: str, result: str
) -> None:
    found = problems(tmp_path, wiring, type="BodyStream", result=result)
    assert [code for code, _ in found] == ["PKU887"]


def test_a_function_without_data_reads_nothing(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    (tmp_path / "app" / "main.py").write_text(
        "from pikku_core import pikku_sessionless_func\n"
        "from pikku_http import wire_http\n"
        "@pikku_sessionless_func\n"
        "async def take() -> None: ...\n"
        'wire_http(method="post", route="/", func=take, form=True, max_body=7)\n'
    )
    registry = registry_of(plugin)
    result = build(tmp_path, settings=load_settings(tmp_path, registry), registry=registry)
    assert [one.code for one in result.diagnostics] == ["PKU886", "PKU889"]
