"""Where the data of a request comes from, with everything between the socket and the function in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx2 import AsyncClient
    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}
MODULE = """
    from __future__ import annotations

    from pikku_core import pikku_sessionless_func
    from pikku_http import wire_http
    from pydantic import BaseModel, ConfigDict, Field

    class Order(BaseModel):
        model_config = ConfigDict(extra="forbid")
        item: str
        currency: str = "USD"
        price: float = 1.0

    class Renamed(BaseModel):
        user_id: int = Field(alias="userId")

    class Search(BaseModel):
        model_config = ConfigDict(extra="forbid")
        text: str = ""
        page: int = 1
        tags: list[str] = []

    @pikku_sessionless_func
    async def order(data: Order) -> Order:
        return data

    @pikku_sessionless_func
    async def quote(data: Order) -> Order:
        return data

    @pikku_sessionless_func
    async def renamed(data: Renamed) -> int:
        return data.user_id

    @pikku_sessionless_func
    async def search(data: Search) -> Search:
        return data

    wire_http(method="post", route="/orders", func=order)
    wire_http(method="post", route="/quotes", func=quote, query=["currency"])
    wire_http(method="get", route="/users/{userId}", func=renamed)
    wire_http(method="put", route="/users/{user_id}", func=renamed)
    wire_http(method="get", route="/search", func=search)
    """


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    return shared_project_of({"orders.py": MODULE})


@pytest.fixture
async def client(project: Project) -> AsyncIterator[AsyncClient]:
    async with project.serve() as one:
        yield one


async def test_a_query_key_that_is_not_declared_changes_no_field_of_the_body(
    client: AsyncClient,
) -> None:
    answer = await client.post("/orders?currency=EUR", json={"item": "pen", "currency": "GBP"})
    assert answer.json()["currency"] == "GBP"
    answer = await client.post("/orders?currency=EUR", json={"item": "pen"})
    assert answer.json()["currency"] == "USD"


async def test_two_sources_that_disagree_about_a_field_are_refused(client: AsyncClient) -> None:
    body = {"item": "pen", "currency": "EUR"}
    assert (await client.post("/quotes?currency=EUR", json=body)).status_code == 200
    assert (await client.post("/quotes?currency=GBP", json=body)).status_code == 422


@pytest.mark.parametrize("route", ["/search", "/orders"])
async def test_a_tracking_key_breaks_no_type_that_forbids_others(
    route: str, client: AsyncClient
) -> None:
    if route == "/orders":
        answer = await client.post("/orders?utm_source=x", json={"item": "pen"})
    else:
        answer = await client.get("/search?utm_source=x")
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["get", "put"], ids=["by alias", "by name"])
async def test_a_path_name_fills_a_field_with_an_alias(method: str, client: AsyncClient) -> None:
    answer = await client.request(method, "/users/7", json=None if method == "get" else {})
    assert (answer.status_code, answer.text) == (200, "7")


async def test_text_becomes_what_the_field_is(client: AsyncClient) -> None:
    answer = await client.get("/search?text=5&page=2&tags=a&tags=b")
    assert answer.json() == {"text": "5", "page": 2, "tags": ["a", "b"]}


async def test_a_scalar_that_is_given_twice_is_refused(client: AsyncClient) -> None:
    assert (await client.get("/search?page=1&page=2")).status_code == 422


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", JSON, 422),
        (b"", JSON, 422),
        (b'{"item": "pen", "price": NaN}', JSON, 422),
        (b'{"item": "pen", "price": Infinity}', JSON, 422),
        (b'{"item": "\xff"}', JSON, 422),
        (b"[" * 100_000, JSON, 422),
        (b"[]", JSON, 422),
        (b"item: pen", {"content-type": "application/yaml"}, 415),
        (b'{"item": "' + b"x" * 11_000_000 + b'"}', JSON, 413),
    ],
    ids=["half", "empty", "NaN", "Infinity", "UTF-8", "deep", "list", "YAML", "large"],
)
async def test_a_bad_body_is_the_callers_fault_and_the_server_lives(
    body: bytes, headers: dict[str, str], status: int, client: AsyncClient
) -> None:
    for route in ("/orders", "/quotes"):
        answer = await client.post(route, content=body, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/json"
        assert {"code", "message"} <= answer.json()["error"].keys(), answer.text
    assert (await client.post("/orders", json={"item": "pen"})).status_code == 200
