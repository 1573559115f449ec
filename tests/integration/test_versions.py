"""Versions of a function side by side: each at its own route, each by its own name, and what a change would break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core import FunctionNotFoundError
from pikku_core.build import build, runtime_differences
from pikku_core.contracts import FILE, check_contracts, record
from pikku_core.settings import load_settings
from pikku_core.sources import import_roots

if TYPE_CHECKING:
    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

FILES = {
    "cards/__init__.py": "",
    "cards/models.py": """
        from pydantic import BaseModel


        class CreateCard(BaseModel):
            title: str


        class CreateColouredCard(CreateCard):
            colour: str


        class Card(BaseModel):
            id: int
            title: str


        class ColouredCard(Card):
            colour: str
        """,
    "cards/functions.py": """
        from __future__ import annotations

        from typing import TYPE_CHECKING

        from cards.models import Card, ColouredCard, CreateCard, CreateColouredCard
        from pikku_core import Rpc as AnyRpc
        from pikku_core import pikku_sessionless_func

        if TYPE_CHECKING:
            from pikku_app import Rpc


        @pikku_sessionless_func(version=1)
        async def create_card_v1(data: CreateCard, *, rpc: Rpc) -> Card:
            card = await rpc.create_card(CreateColouredCard(title=data.title, colour="white"))
            return Card(id=card.id, title=card.title)


        @pikku_sessionless_func(version=2)
        async def create_card_v2(data: CreateColouredCard) -> ColouredCard:
            return ColouredCard(id=2, title=data.title, colour=data.colour)


        @pikku_sessionless_func
        async def reissue(data: str, *, rpc: Rpc) -> Card:
            return await rpc.invoke("create_card@v1", CreateCard(title=data))


        @pikku_sessionless_func
        async def call(data: str, *, rpc: AnyRpc) -> str:
            return str(await rpc.invoke(data, {"title": "x", "colour": "y"}))
        """,
    "cards/wirings.py": """
        from cards.functions import call, create_card_v1, create_card_v2, reissue
        from pikku_http import wire_http

        wire_http(method="post", route="/v1/cards", func=create_card_v1)
        wire_http(method="post", route="/v2/cards", func=create_card_v2)
        wire_http(method="post", route="/reissued", func=reissue)
        wire_http(method="post", route="/called", func=call)
        """,
}


@pytest.fixture
def project(project_of: ProjectOf) -> Project:
    return project_of(FILES)


async def test_both_versions_answer_at_their_routes(project: Project) -> None:
    async with project.serve() as client:
        old = await client.post("/v1/cards", json={"title": "a"})
        assert (old.status_code, old.json()) == (200, {"id": 2, "title": "a"})
        new = await client.post("/v2/cards", json={"title": "a", "colour": "red"})
        assert (new.status_code, new.json()) == (200, {"id": 2, "title": "a", "colour": "red"})
        missing = await client.post("/v2/cards", json={"title": "a"})
        assert missing.status_code == 422
        again = await client.post("/reissued", json="b")
        assert again.json() == {"id": 2, "title": "b"}


async def test_a_name_that_is_known_only_at_run_time_means_the_same(project: Project) -> None:
    async with project.serve() as client:
        newest = await client.post("/called", json="create_card")
        assert newest.json() == "id=2 title='x' colour='y'"
        old = await client.post("/called", json="create_card@v1")
        assert old.json() == "id=2 title='x'"


async def test_a_version_that_there_is_not_is_never_another(project: Project) -> None:
    async with project.serve() as client:
        answer = await client.post("/called", json="create_card@v3")
    assert answer.status_code == 404
    assert 'There is "create_card@v1", "create_card@v2".' in answer.json()["error"]["message"]


async def test_where_a_filter_left_the_newest_out_an_older_one_does_not_stand_in(
    project_of: ProjectOf,
) -> None:
    project = project_of(FILES, generate=False)
    project.write(
        {
            "cards/functions.py": """
            from pikku_core import pikku_sessionless_func


            @pikku_sessionless_func(version=1)
            async def create_card_v1() -> int:
                return 1


            @pikku_sessionless_func(version=2)
            async def create_card_v2() -> int:
                return 2
            """,
            "cards/wirings.py": "",
        }
    )
    settings = load_settings(project.root, project.registry)
    filters = {"names": ("create_card@v1",)}
    build(project.root, settings=settings, registry=project.registry, filters=filters)
    async with project.load() as app:
        assert app.functions() == ("create_card@v1",)
        assert await app.invoke("create_card@v1") == 1
        with pytest.raises(FunctionNotFoundError, match='Is it "create_card_v1"'):
            await app.rpc.create_card()
        with pytest.raises(FunctionNotFoundError, match='Is it "create_card@v1"'):
            await app.rpc.invoke("create_card")


def test_what_runs_is_what_was_read(project: Project) -> None:
    built = project.build()
    paths = import_roots(project.root, ())
    found = runtime_differences(built.project, project.root, registry=project.registry, paths=paths)
    assert list(found) == []


def test_a_change_names_every_route_that_it_reaches(project: Project) -> None:
    (project.root / FILE).write_text(record(project.build().project).text())
    models = project.root / "cards/models.py"
    models.write_text(models.read_text().replace("    id: int", "    id: str"))
    first, second, third = check_contracts(project.build().project, project.root)
    assert (first.code, first.id, str(first.location)) == (
        "PKU861",
        "create_card@v1",
        "cards/functions.py:14",
    )
    assert [str(change) for change in first.changes] == ["Card.id: was integer, is string"]
    assert [(one.kind, one.id, str(one.location), one.through) for one in first.affected] == [
        ("wiring", "http:post:/v1/cards", "cards/wirings.py:4", "create_card@v1"),
        ("function", "reissue", "cards/functions.py:25", "create_card@v1"),
        ("wiring", "http:post:/reissued", "cards/wirings.py:6", "reissue"),
    ]
    assert [str(change) for change in second.changes] == ["ColouredCard.id: was integer, is string"]
    assert [one.id for one in second.affected] == [
        "http:post:/v2/cards",
        "create_card@v1",
        "http:post:/v1/cards",
        "reissue",
        "http:post:/reissued",
    ]
    assert (third.code, third.id) == ("PKU862", "reissue")
