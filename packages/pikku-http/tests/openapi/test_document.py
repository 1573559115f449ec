from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import DocumentOf

HELLO = """
@pikku_sessionless_func(title="Say hello", description="To **everybody**.", tags=["greetings"])
async def hello() -> str:
    return "hello"

"""
WIRED = HELLO + 'wire_http(method="get", route="/hello", func=hello)\n'

SETTINGS = """
[tool.pikku.http]
openapi_title = "The shop"
openapi_version = "2026-01"
openapi_servers = ["https://shop.test/api"]
"""

PROJECT = """
[project]
name = "shop"
version = "1.2.0"
description = "Sells things."
license = "MIT"

[tool.pikku]
source = ["app"]
"""


def test_the_document_is_about_the_project(document_of: DocumentOf) -> None:
    document = document_of(WIRED, project=PROJECT)
    assert document["openapi"] == "3.1.1"
    assert document["info"] == {
        "title": "shop",
        "version": "1.2.0",
        "description": "Sells things.",
        "license": {"name": "MIT", "identifier": "MIT"},
    }
    assert document["servers"] == [{"url": "/"}]


def test_settings_come_before_what_the_project_says(document_of: DocumentOf) -> None:
    document = document_of(WIRED, project=PROJECT + SETTINGS)
    assert document["info"]["title"] == "The shop"
    assert document["info"]["version"] == "2026-01"
    assert document["servers"] == [{"url": "https://shop.test/api"}]


def test_a_project_without_a_name_has_a_document(document_of: DocumentOf) -> None:
    document = document_of(WIRED, project='[tool.pikku]\nsource = ["app"]\n')
    assert document["info"] == {"title": "API", "version": "0"}


def test_an_operation_says_what_its_function_says(document_of: DocumentOf) -> None:
    operation = document_of(WIRED)["paths"]["/hello"]["get"]
    assert operation["operationId"] == "hello"
    assert operation["summary"] == "Say hello"
    assert operation["description"] == "To **everybody**."
    assert operation["tags"] == ["greetings"]
    assert "deprecated" not in operation


def test_a_wiring_says_more(document_of: DocumentOf) -> None:
    options = 'summary="Hi", description="Short.", tags=["v1"], deprecated=True, errors=[409]'
    wiring = f'wire_http(method="get", route="/hello", func=hello, {options})\n'
    operation = document_of(HELLO + wiring)["paths"]["/hello"]["get"]
    assert operation["summary"] == "Hi"
    assert operation["description"] == "Short."
    assert operation["tags"] == ["v1", "greetings"]
    assert operation["deprecated"] is True
    assert operation["responses"]["409"] == {"$ref": "#/components/responses/Conflict"}


def test_a_function_of_several_routes_has_an_id_for_each(document_of: DocumentOf) -> None:
    paths = document_of(WIRED + 'wire_http(method="post", route="/hello/again", func=hello)\n')[
        "paths"
    ]
    assert paths["/hello"]["get"]["operationId"] == "hello"
    assert paths["/hello/again"]["post"]["operationId"] == "hello_post_hello_again"


def test_a_version_is_part_of_the_id(document_of: DocumentOf) -> None:
    source = HELLO.replace('title="', 'version=2, title="')
    wiring = 'wire_http(method="get", route="/v2/hello", func=hello)\n'
    operation = document_of(source + wiring)["paths"]["/v2/hello"]["get"]
    assert operation["operationId"] == "hello@v2"


NAMED = """
class ById(BaseModel):
    id: int

class ByName(BaseModel):
    name: str

class Rest(BaseModel):
    rest: str

@pikku_sessionless_func
async def by_id(data: ById) -> None: ...

@pikku_sessionless_func
async def by_name(data: ByName) -> None: ...

@pikku_sessionless_func
async def rest(data: Rest) -> None: ...

wire_http(method="get", route="/users/{id}", func=by_id)
"""


def test_routes_that_call_one_parameter_otherwise_are_one_path(document_of: DocumentOf) -> None:
    document = document_of(
        NAMED + 'wire_http(method="delete", route="/users/{name}", func=by_name)\n'
    )
    (path,) = document["paths"]
    methods = document["paths"][path]
    assert path == "/users/{id}"
    assert methods["delete"]["parameters"][0]["name"] == "id"
    assert methods["delete"]["parameters"][0]["schema"]["type"] == "string"


def test_a_route_that_openapi_cannot_tell_apart_is_left_out(document_of: DocumentOf) -> None:
    document = document_of(
        NAMED + 'wire_http(method="get", route="/users/{rest:path}", func=rest)\n'
    )
    assert document["paths"]["/users/{id}"]["get"]["operationId"] == "by_id"
    assert len(document["paths"]) == 1


def test_text_in_a_path_is_encoded(document_of: DocumentOf) -> None:
    wiring = 'wire_http(method="get", route="/café", func=hello)\n'
    assert list(document_of(HELLO + wiring)["paths"]) == ["/caf%C3%A9"]
