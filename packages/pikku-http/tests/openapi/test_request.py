from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import DocumentOf

SEARCH = """
class Search(BaseModel):
    shelf: int = Field(description="Which shelf.", examples=[3])
    text: str | None = Field(default=None, max_length=20, deprecated=True)
    tags: list[Literal["a", "b"]] = []
    page: int = Field(default=1, ge=1, alias="p")
    nested: dict[str, int] = {}

@pikku_sessionless_func
async def find(data: Search) -> None: ...

"""


def operation_of(document: Any) -> Any:
    ((_, methods),) = document["paths"].items()
    ((_, operation),) = methods.items()
    return operation


def test_names_of_the_route_are_parameters_of_the_path(document_of: DocumentOf) -> None:
    wiring = 'wire_http(method="get", route="/shelves/{shelf}", func=find)\n'
    parameter = operation_of(document_of(SEARCH + wiring))["parameters"][0]
    assert parameter == {
        "name": "shelf",
        "in": "path",
        "required": True,
        "description": "Which shelf.",
        "schema": {"examples": [3], "type": "integer"},
    }


def test_all_other_fields_of_a_get_are_parameters_of_the_query(document_of: DocumentOf) -> None:
    wiring = 'wire_http(method="get", route="/shelves/{shelf}", func=find)\n'
    operation = operation_of(document_of(SEARCH + wiring))
    found = {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}
    assert list(found) == ["text", "tags", "p"]
    assert found["text"]["schema"] == {"maxLength": 20, "type": "string"}
    assert found["text"]["deprecated"] is True
    assert found["tags"]["explode"] is True
    assert found["p"]["schema"] == {"default": 1, "minimum": 1, "type": "integer"}
    assert not any(one["required"] for one in found.values())
    assert "requestBody" not in operation


def test_the_body_has_the_fields_that_come_from_it(document_of: DocumentOf) -> None:
    wiring = 'wire_http(method="post", route="/shelves/{shelf}", func=find, query=["page"])\n'
    operation = operation_of(document_of(SEARCH + wiring))
    assert [(one["in"], one["name"]) for one in operation["parameters"]] == [
        ("path", "shelf"),
        ("query", "p"),
    ]
    body = operation["requestBody"]
    assert body["required"] is False
    assert list(body["content"]["application/json"]["schema"]["properties"]) == [
        "text",
        "tags",
        "nested",
    ]


def test_a_body_that_is_all_of_the_data_is_shared(document_of: DocumentOf) -> None:
    document = document_of(SEARCH + 'wire_http(method="post", route="/search", func=find)\n')
    assert operation_of(document)["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Search"}}},
    }
    assert "$defs" not in document["components"]["schemas"]["Search"]


def test_data_with_a_default_needs_no_body(document_of: DocumentOf) -> None:
    source = SEARCH.replace("data: Search)", "data: Search | None = None)")
    operation = operation_of(
        document_of(source + 'wire_http(method="post", route="/search", func=find)\n')
    )
    assert operation["requestBody"].get("required", False) is False


def test_a_route_that_takes_all_that_fills_the_path_has_no_body(document_of: DocumentOf) -> None:
    source = """
class Ref(BaseModel):
    id: int

@pikku_sessionless_func
async def touch(data: Ref) -> None: ...

wire_http(method="post", route="/things/{id}/touch", func=touch)
"""
    assert "requestBody" not in operation_of(document_of(source))


def test_the_rest_of_a_path_says_so(document_of: DocumentOf) -> None:
    source = """
class File(BaseModel):
    rest: str

@pikku_sessionless_func
async def read(data: File) -> None: ...

wire_http(method="get", route="/files/{rest:path}", func=read)
"""
    document = document_of(source)
    assert list(document["paths"]) == ["/files/{rest}"]
    (parameter,) = operation_of(document)["parameters"]
    assert parameter["description"] == "All that is left of the path, slashes included."


def test_a_function_without_data_takes_nothing(document_of: DocumentOf) -> None:
    source = """
@pikku_sessionless_func
async def hello() -> str:
    return "hello"

wire_http(method="post", route="/hello", func=hello)
"""
    operation = operation_of(document_of(source))
    assert not {"parameters", "requestBody"} & operation.keys()
    assert list(operation["responses"]) == ["200", "500"]


PHOTO = """
from typing import Annotated
from pikku_http import BodyStream, ContentTypes, MaxSize, UploadFile

class Photo(BaseModel):
    album: str
    title: str | None = None
    tags: list[str] = []
    file: Annotated[UploadFile, MaxSize(1000), ContentTypes("image/png", "image/gif")]
    more: list[UploadFile] | None = None

@pikku_sessionless_func
async def save(data: Photo) -> None: ...

"""


def test_uploads_are_a_multipart_body_with_its_encoding(document_of: DocumentOf) -> None:
    wiring = 'wire_http(method="post", route="/albums/{album}", func=save)\n'
    body = operation_of(document_of(PHOTO + wiring))["requestBody"]
    assert body["required"] is True
    ((media, content),) = body["content"].items()
    assert media == "multipart/form-data"
    assert content["schema"]["required"] == ["file"]
    assert content["schema"]["properties"] == {
        "title": {"title": "Title", "type": "string"},
        "tags": {"default": [], "items": {"type": "string"}, "title": "Tags", "type": "array"},
        "file": {
            "contentMediaType": "application/octet-stream",
            "maxLength": 1000,
            "title": "File",
            "type": "string",
        },
        "more": {
            "items": {"contentMediaType": "application/octet-stream", "type": "string"},
            "title": "More",
            "type": "array",
        },
    }
    assert content["encoding"] == {
        "file": {"contentType": "image/png, image/gif"},
        "more": {"contentType": "application/octet-stream"},
    }


def test_a_form_stands_beside_json_without_what_it_cannot_bring(document_of: DocumentOf) -> None:
    source = """
class Order(BaseModel):
    item: str
    note: str | None = None
    extra: dict[str, int] = {}

@pikku_sessionless_func
async def order(data: Order) -> None: ...

wire_http(method="post", route="/orders", func=order, form=True)
"""
    content = operation_of(document_of(source))["requestBody"]["content"]
    assert content["application/json"] == {"schema": {"$ref": "#/components/schemas/Order"}}
    form = content["application/x-www-form-urlencoded"]
    assert form == content["multipart/form-data"]
    assert form["schema"]["properties"] == {
        "item": {"title": "Item", "type": "string"},
        "note": {"title": "Note", "type": "string"},
    }
    assert form["schema"]["required"] == ["item"]


RAW = """
from typing import Annotated
from pikku_http import BodyStream, ContentTypes, UploadFile

Picture = Annotated[UploadFile, ContentTypes("image/*")]

class Put(BaseModel):
    name: str
    force: bool = False
    content: Picture

@pikku_sessionless_func
async def whole(data: {type}) -> None: ...

@pikku_sessionless_func
async def put(data: Put) -> None: ...

"""


@pytest.mark.parametrize(
    ("type_", "media", "required"),
    [
        ("bytes", "application/octet-stream", True),
        ("bytes | None = None", "application/octet-stream", False),
        ("BodyStream", "application/octet-stream", True),
        ("UploadFile", "application/octet-stream", True),
        ("Picture", "image/*", True),
    ],
)
def test_a_raw_body_is_a_body_without_a_schema(
    document_of: DocumentOf, type_: str, media: str, *, required: bool
) -> None:
    source = RAW.replace("{type}", type_) + 'wire_http(method="post", route="/", func=whole)\n'
    operation = operation_of(document_of(source))
    assert operation["requestBody"] == {"content": {media: {}}} | (
        {"required": True} if required else {"required": False}
    )


def test_a_field_that_takes_the_body_leaves_the_others_to_path_and_query(
    document_of: DocumentOf,
) -> None:
    wiring = 'wire_http(method="put", route="/{name}", func=put, body="content")\n'
    operation = operation_of(document_of(RAW.replace("{type}", "bytes") + wiring))
    assert [(one["in"], one["name"]) for one in operation["parameters"]] == [
        ("path", "name"),
        ("query", "force"),
    ]
    assert operation["requestBody"] == {"required": True, "content": {"image/*": {}}}
