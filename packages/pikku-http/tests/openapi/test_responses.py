from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import DocumentOf

SOURCE = """
class User(BaseModel):
    name: str

class Ref(BaseModel):
    id: int

class Problem(BaseModel):
    title: str

def render(report):
    return {{"title": report.message}}

@pikku_sessionless_func
async def answer({parameters}) -> {result}:
    raise RuntimeError

"""
PROJECT = '[tool.pikku]\nsource = ["app"]\n'
USER = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}}


def answers(document: Any) -> Any:
    return document["paths"]["/answer"]["get"]["responses"]


def source(result: str, parameters: str = "", options: str = "") -> str:
    wiring = f'wire_http(method="get", route="/answer", func=answer{options})\n'
    return SOURCE.format(result=result, parameters=parameters) + wiring


@pytest.mark.parametrize(
    ("result", "options", "statuses"),
    [
        ("User", "", ["200"]),
        ("User", ", status=201", ["201"]),
        ("None", "", ["204"]),
        ("None", ", status=202", ["202"]),
        ("User | None", "", ["200", "204"]),
        ("Redirect", "", ["3XX"]),
        ("User | Redirect", "", ["200", "3XX"]),
        ("bytes", "", ["200"]),
    ],
)
def test_the_result_says_with_what_it_is_answered(
    document_of: DocumentOf, result: str, options: str, statuses: list[str]
) -> None:
    found = answers(document_of(source(result, options=options)))
    assert [status for status in found if status != "500"] == statuses


def test_a_model_is_shared(document_of: DocumentOf) -> None:
    found = answers(document_of(source("User | None")))
    assert found["200"]["content"] == USER["content"]
    assert "content" not in found["204"]


def test_bytes_are_no_json(document_of: DocumentOf) -> None:
    found = answers(document_of(source("bytes")))
    assert found["200"]["content"] == {"application/octet-stream": {}}


def test_a_redirect_has_a_location(document_of: DocumentOf) -> None:
    assert "Location" in answers(document_of(source("Redirect")))["3XX"]["headers"]


@pytest.mark.parametrize(
    ("method", "options", "statuses"),
    [
        ("get", "", ["200", "206", "304", "404", "412", "416", "500"]),
        ("post", "", ["200", "404", "412", "500"]),
        ("get", ", status=201", ["201", "404", "500"]),
    ],
)
def test_a_file_may_be_asked_for_in_parts_where_it_is_read(
    document_of: DocumentOf, method: str, options: str, statuses: list[str]
) -> None:
    text = "from pikku_http import FileAnswer\n" + source("FileAnswer", options=options)
    document = document_of(text.replace('method="get"', f'method="{method}"'))
    assert list(document["paths"]["/answer"][method]["responses"]) == statuses


def test_a_function_that_takes_http_may_set_another_status(document_of: DocumentOf) -> None:
    found = answers(document_of(source("User", "*, http: Http")))
    assert found["2XX"] == found["200"]


@pytest.mark.parametrize(
    ("item", "content"),
    [
        ("User", {"application/x-ndjson": USER["content"]["application/json"]}),
        ("bytes", {"application/octet-stream": {}}),
    ],
)
def test_a_stream_says_what_its_items_are(
    document_of: DocumentOf, item: str, content: object
) -> None:
    text = "from collections.abc import AsyncIterator\n" + source(f"AsyncIterator[{item}]")
    found = answers(document_of(text.replace("raise RuntimeError", "yield")))
    assert found["200"]["content"] == content


def test_what_is_not_annotated_may_be_anything(document_of: DocumentOf) -> None:
    text = source("User").replace("async def answer() -> User:", "async def answer():")
    found = answers(document_of(text))
    assert found["200"]["content"] == {"application/json": {"schema": {}}}
    assert "204" in found


@pytest.mark.parametrize(
    ("method", "route", "statuses"),
    [
        ("get", "/answer", ["400", "422", "500"]),
        ("get", "/answer/{id}", ["400", "404", "422", "500"]),
        ("post", "/answer", ["400", "413", "415", "422", "500"]),
        ("post", "/answer/{id}", ["400", "404", "413", "415", "422", "500"]),
    ],
)
def test_a_route_has_the_errors_of_its_kind(
    document_of: DocumentOf, method: str, route: str, statuses: list[str]
) -> None:
    wiring = f'wire_http(method="{method}", route="{route}", func=answer)\n'
    document = document_of(SOURCE.format(result="None", parameters="data: Ref") + wiring)
    found = document["paths"][route][method]["responses"]
    assert [status for status in found if status != "204"] == statuses


def test_an_error_is_described_once(document_of: DocumentOf) -> None:
    document = document_of(source("User", options=", errors=[404, 418]"))
    components = document["components"]
    assert list(components["responses"]) == ["Error418", "InternalError", "NotFound"]
    assert components["responses"]["NotFound"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
    }
    error = components["schemas"]["Error"]["properties"]["error"]
    assert list(error["properties"]) == ["code", "message", "trace_id", "details", "payload"]


def test_a_renderer_says_what_it_makes(document_of: DocumentOf) -> None:
    document = document_of(source("User") + "http_errors(render, body=Problem)\n")
    assert document["components"]["responses"]["InternalError"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }
    assert "Error" not in document["components"]["schemas"]


def test_of_a_renderer_that_does_not_say_nothing_is_claimed(document_of: DocumentOf) -> None:
    document = document_of(source("User") + "http_errors(render)\n")
    content = document["components"]["responses"]["InternalError"]["content"]
    assert content == {"*/*": {}}


def test_errors_may_be_problem_details(document_of: DocumentOf) -> None:
    setting = "[tool.pikku.http]\nproblem_details = true\n"
    document = document_of(source("User"), project=PROJECT + setting)
    assert document["components"]["responses"]["InternalError"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }
    problem = document["components"]["schemas"]["Problem"]
    assert problem["required"] == ["type", "title", "status", "detail", "code", "trace_id"]


def test_a_route_with_events_answers_json_too(document_of: DocumentOf) -> None:
    text = "from collections.abc import AsyncIterator\n" + source("AsyncIterator[User]")
    text = text.replace("raise RuntimeError", "yield").replace(
        "func=answer)", "func=answer, sse=True)"
    )
    found = answers(document_of(text))
    assert found["200"]["content"] == {
        "text/event-stream": {},
        "application/json": {"schema": {"type": "array"}},
    }


@pytest.mark.parametrize(
    ("result", "parameters", "expected"),
    [
        ("User", "", {"200": ["text/event-stream", "application/json"]}),
        ("None", "", {"200": ["text/event-stream"], "204": []}),
        ("User | None", "", {"200": ["text/event-stream", "application/json"], "204": []}),
        (
            "User",
            ", http: Http",
            {
                "200": ["text/event-stream", "application/json"],
                "2XX": ["text/event-stream", "application/json"],
            },
        ),
    ],
)
def test_a_function_that_sends_events_answers_as_any_other_beside_them(
    document_of: DocumentOf, result: str, parameters: str, expected: object
) -> None:
    text = "from pikku_http import EventChannel\n" + source(
        result, f"*, channel: EventChannel[User]{parameters}", ", sse=True"
    )
    found = answers(document_of(text))
    del found["500"]
    assert {status: list(one.get("content", {})) for status, one in found.items()} == expected


def test_a_model_called_error_keeps_its_name(document_of: DocumentOf) -> None:
    document = document_of(source("Error").replace("User", "Error"))
    schemas = document["components"]["schemas"]
    assert schemas["Error"]["title"] == "Error"
    assert schemas["Error_"]["required"] == ["error"]
