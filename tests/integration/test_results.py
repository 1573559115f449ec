"""Results of every family of types leave as their declared type says, and nothing else leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx2 import AsyncClient
    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

MODULE = """
    from __future__ import annotations

    from dataclasses import dataclass
    from datetime import date
    from typing import Any, Generic, TypeVar

    from pikku_core import pikku_sessionless_func
    from pikku_http import wire_http
    from pydantic import BaseModel
    from typing_extensions import NotRequired, TypedDict

    T = TypeVar("T")

    class User(BaseModel):
        name: str

    class Page(BaseModel, Generic[T]):
        items: list[T]
        more: bool = False

    @dataclass
    class Born:
        name: str
        day: date

    class Point(TypedDict):
        x: int
        label: NotRequired[str]

    class Empty(BaseModel):
        empty: bool = False

    SECRET: Any = {"name": "Ada", "password": "secret"}

    @pikku_sessionless_func
    async def dataclass_result(data: Born) -> Born:
        return data

    @pikku_sessionless_func
    async def typed_dict(data: Point) -> Point:
        return data

    @pikku_sessionless_func
    async def page(data: Page[User]) -> Page[User]:
        return data

    @pikku_sessionless_func
    async def users(data: Empty) -> list[User] | None:
        return None if data.empty else [User(name="Ada"), SECRET]

    @pikku_sessionless_func
    async def bare_dict() -> User:
        return SECRET

    @pikku_sessionless_func
    async def subclass() -> User:
        class Account(User):
            password: str

        return Account(name="Ada", password="secret")

    @pikku_sessionless_func
    async def wrong() -> list[User]:
        return SECRET

    @pikku_sessionless_func
    async def half_wrong() -> User:
        return User.model_construct(name=7)

    wire_http(method="post", route="/dataclass", func=dataclass_result)
    wire_http(method="post", route="/typed-dict", func=typed_dict)
    wire_http(method="post", route="/page", func=page)
    wire_http(method="get", route="/users", func=users)
    wire_http(method="get", route="/bare-dict", func=bare_dict)
    wire_http(method="get", route="/subclass", func=subclass)
    wire_http(method="get", route="/wrong", func=wrong)
    wire_http(method="get", route="/half-wrong", func=half_wrong)
    """


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    return shared_project_of({"results.py": MODULE})


@pytest.fixture
async def client(project: Project) -> AsyncIterator[AsyncClient]:
    async with project.serve() as one:
        yield one


async def test_a_dataclass_goes_in_and_comes_out(client: AsyncClient) -> None:
    born = {"name": "Ada", "day": "1815-12-10"}
    assert (await client.post("/dataclass", json=born)).json() == born
    assert (await client.post("/dataclass", json=born | {"day": "never"})).status_code == 422


async def test_a_typed_dict_goes_in_and_comes_out(client: AsyncClient) -> None:
    assert (await client.post("/typed-dict", json={"x": 1})).json() == {"x": 1}
    assert (await client.post("/typed-dict", json={"x": 1, "label": "a"})).json()["label"] == "a"
    assert (await client.post("/typed-dict", json={"label": "a"})).status_code == 422


async def test_a_generic_model_is_validated_by_its_argument(client: AsyncClient) -> None:
    page = {"items": [{"name": "Ada"}], "more": True}
    assert (await client.post("/page", json=page)).json() == page
    answer = await client.post("/page", json={"items": [{"title": "Ada"}]})
    assert answer.status_code == 422
    assert "name" in answer.text


async def test_a_list_holds_nothing_that_its_items_do_not_declare(client: AsyncClient) -> None:
    assert (await client.get("/users")).json() == [{"name": "Ada"}, {"name": "Ada"}]


async def test_a_union_with_none_answers_either(client: AsyncClient) -> None:
    answer = await client.get("/users", params={"empty": "true"})
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("route", ["/bare-dict", "/subclass"])
async def test_nothing_leaves_that_the_model_does_not_declare(
    route: str, client: AsyncClient
) -> None:
    answer = await client.get(route)
    assert (answer.status_code, answer.json()) == (200, {"name": "Ada"})


@pytest.mark.parametrize("route", ["/wrong", "/half-wrong"])
async def test_a_result_of_another_type_is_a_500_that_shows_nothing(
    route: str, client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.get(route)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Ada" not in answer.text
    assert any(record.levelname == "ERROR" for record in caplog.records)
