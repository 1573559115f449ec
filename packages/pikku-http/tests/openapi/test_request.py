from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
