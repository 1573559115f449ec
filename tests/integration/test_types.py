"""Data and results of every type that Python projects use, from the socket to the function and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx2 import AsyncClient
    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

MODULE = """
    from __future__ import annotations

    import enum
    import uuid
    from dataclasses import dataclass, field
    from datetime import datetime, timedelta
    from decimal import Decimal
    from typing import Annotated, Any, Literal, NamedTuple, NewType, Optional, Union

    from pikku_core import pikku_sessionless_func
    from pikku_http import wire_http
    from pydantic import BaseModel, ConfigDict, Field, RootModel
    from pydantic.dataclasses import dataclass as pydantic_dataclass

    UserId = NewType("UserId", int)
    Names = list[str]
    Positive = Annotated[int, Field(gt=0)]

    class Colour(enum.Enum):
        RED = "red"
        BLUE = "blue"

    class Cat(BaseModel):
        kind: Literal["cat"]
        lives: int = 9

    class Dog(BaseModel):
        kind: Literal["dog"]
        name: str

    Pet = Annotated[Union[Cat, Dog], Field(discriminator="kind")]

    class Tags(RootModel[list[str]]):
        pass

    class Outer:
        class Inner(BaseModel):
            value: int

    class Spot(NamedTuple):
        x: int
        y: int = 0

    @dataclass
    class Box:
        size: int
        items: list[str] = field(default_factory=list)
        colour: Colour = Colour.RED

    @pydantic_dataclass
    class Checked:
        size: Positive

    class Tree(BaseModel):
        value: int
        children: list[Tree] = []

    class Everything(BaseModel):
        model_config = ConfigDict(frozen=True)
        when: datetime
        id: uuid.UUID
        price: Decimal
        lasts: timedelta = timedelta(seconds=1)
        colour: Colour = Colour.BLUE
        user: UserId = UserId(1)
        pet: Pet | None = None

    class Strict(BaseModel):
        model_config = ConfigDict(strict=True, extra="forbid")
        count: int
        on: bool = False

    class Camel(BaseModel):
        model_config = ConfigDict(alias_generator=lambda name: name.upper(), populate_by_name=True)
        first_name: str

    @pikku_sessionless_func
    async def everything(data: Everything) -> Everything:
        return data

    @pikku_sessionless_func
    async def pet(data: Pet) -> Pet:
        return data

    @pikku_sessionless_func
    async def tags(data: Tags) -> Tags:
        return data

    @pikku_sessionless_func
    async def inner(data: Outer.Inner) -> Outer.Inner:
        return data

    @pikku_sessionless_func
    async def spot(data: Spot) -> Spot:
        return data

    @pikku_sessionless_func
    async def box(data: Box) -> dict[str, Box]:
        return {"box": data}

    @pikku_sessionless_func
    async def checked(data: Checked) -> Checked:
        return data

    @pikku_sessionless_func
    async def tree(data: Tree) -> Tree:
        return data

    @pikku_sessionless_func
    async def names(data: Names) -> Names:
        return [name.upper() for name in data]

    @pikku_sessionless_func
    async def number(data: Positive) -> int:
        return data + 1

    @pikku_sessionless_func
    async def maybe(data: Optional[Outer.Inner]) -> "Outer.Inner | None":
        return data

    @pikku_sessionless_func
    async def defaulted(data: Box = Box(size=3)) -> int:
        return data.size

    @pikku_sessionless_func
    async def strict(data: Strict) -> int:
        return data.count

    @pikku_sessionless_func
    async def camel(data: Camel) -> Camel:
        return data

    @pikku_sessionless_func
    async def anything(data: dict[str, Any]) -> Any:
        return data

    @pikku_sessionless_func
    async def unannotated(data: Box):
        return {"size": data.size}

    @pikku_sessionless_func
    async def colour() -> Colour:
        return Colour.BLUE

    @pikku_sessionless_func
    async def raw() -> bytes:
        return bytes([0, 255])

    @pikku_sessionless_func
    async def nothing() -> None:
        pass

    wire_http(method="post", route="/everything", func=everything)
    wire_http(method="post", route="/pet", func=pet)
    wire_http(method="post", route="/tags", func=tags)
    wire_http(method="post", route="/inner", func=inner)
    wire_http(method="post", route="/spot", func=spot)
    wire_http(method="post", route="/box", func=box)
    wire_http(method="post", route="/checked", func=checked)
    wire_http(method="post", route="/tree", func=tree)
    wire_http(method="post", route="/names", func=names)
    wire_http(method="post", route="/number", func=number)
    wire_http(method="post", route="/maybe", func=maybe)
    wire_http(method="post", route="/defaulted", func=defaulted)
    wire_http(method="get", route="/strict/{count}", func=strict)
    wire_http(method="post", route="/camel", func=camel)
    wire_http(method="get", route="/camel/{first_name}", func=camel)
    wire_http(method="post", route="/anything", func=anything)
    wire_http(method="post", route="/unannotated", func=unannotated)
    wire_http(method="get", route="/colour", func=colour)
    wire_http(method="get", route="/raw", func=raw)
    wire_http(method="get", route="/nothing", func=nothing)
    """
EVERYTHING = {
    "when": "2024-02-29T12:00:00Z",
    "id": "12345678-1234-5678-1234-567812345678",
    "price": "19.90",
    "lasts": "PT2M",
    "colour": "red",
    "user": 7,
    "pet": {"kind": "cat", "lives": 3},
}
TREE: dict[str, Any] = {"value": 1, "children": [{"value": 2, "children": []}]}


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    return shared_project_of({"gallery.py": MODULE})


@pytest.fixture
async def client(project: Project) -> AsyncIterator[AsyncClient]:
    async with project.serve() as one:
        yield one


@pytest.mark.parametrize(
    ("route", "sent", "answered"),
    [
        ("/everything", EVERYTHING, EVERYTHING),
        ("/pet", {"kind": "dog", "name": "Rex"}, {"kind": "dog", "name": "Rex"}),
        ("/tags", ["a", "b"], ["a", "b"]),
        ("/inner", {"value": 1}, {"value": 1}),
        ("/spot", [1, 2], [1, 2]),
        ("/box", {"size": 1}, {"box": {"size": 1, "items": [], "colour": "red"}}),
        ("/checked", {"size": 1}, {"size": 1}),
        ("/tree", TREE, TREE),
        ("/names", ["ada"], ["ADA"]),
        ("/number", 1, 2),
        ("/maybe", {"value": 1}, {"value": 1}),
        ("/defaulted", {"size": 1}, 1),
        ("/camel", {"FIRST_NAME": "Ada"}, {"FIRST_NAME": "Ada"}),
        ("/anything", {"a": [1, None]}, {"a": [1, None]}),
        ("/unannotated", {"size": 1}, {"size": 1}),
    ],
)
async def test_data_goes_in_and_comes_out(
    route: str, sent: Any, answered: Any, client: AsyncClient
) -> None:
    answer = await client.post(route, json=sent)
    assert (answer.status_code, answer.json()) == (200, answered)


@pytest.mark.parametrize(
    ("route", "sent", "location"),
    [
        ("/everything", EVERYTHING | {"when": "soon"}, "when"),
        ("/pet", {"kind": "cow"}, ""),
        ("/pet", {"kind": "dog"}, "name"),
        ("/tags", ["a", 1], "1"),
        ("/box", {"size": 1, "colour": "green"}, "colour"),
        ("/checked", {"size": 0}, "size"),
        ("/tree", TREE | {"children": [{"x": 1}]}, "value"),
        ("/number", 0, ""),
        ("/names", "ada", ""),
    ],
)
async def test_data_of_another_type_is_refused_with_its_place(
    route: str, sent: Any, location: str, client: AsyncClient
) -> None:
    answer = await client.post(route, json=sent)
    assert answer.status_code == 422
    assert location in answer.text


@pytest.mark.parametrize(
    ("path", "status", "content"),
    [
        ("/colour", 200, b'"blue"'),
        ("/raw", 200, bytes([0, 255])),
        ("/nothing", 204, b""),
        ("/strict/7?on=true", 200, b"7"),
        ("/camel/Ada", 200, b'{"FIRST_NAME":"Ada"}'),
    ],
)
async def test_an_answer_without_a_body_to_send(
    path: str, status: int, content: bytes, client: AsyncClient
) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.content) == (status, content)


async def test_none_is_data_where_the_type_says_so(client: AsyncClient) -> None:
    json = {"content-type": "application/json"}
    assert (await client.post("/maybe", content=b"null", headers=json)).status_code == 204
    assert (await client.post("/maybe")).status_code == 422


async def test_data_with_a_default_may_be_left_out(client: AsyncClient) -> None:
    assert (await client.post("/defaulted")).json() == 3
