"""Functions that are imported with the first request for them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from httpx2 import ASGITransport, AsyncClient

from pikku_http import HttpApplication, HttpOptions

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.integration.conftest import ProjectOf

pytestmark = pytest.mark.anyio

FUNCTION = """
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func
async def {name}() -> str:
    return "{name}"
"""
FILES = {
    "shelf/__init__.py": "",
    "shelf/books.py": FUNCTION.format(name="books"),
    "shelf/maps.py": FUNCTION.format(name="maps"),
    "shelf/ruins.py": "1 / 0\n" + FUNCTION.format(name="ruins"),
    "shelf/exits.py": "raise SystemExit(3)\n" + FUNCTION.format(name="exits"),
    "shelf/wirings.py": """
        from pikku_http import wire_http
        from shelf.books import books
        from shelf.exits import exits
        from shelf.maps import maps
        from shelf.ruins import ruins

        wire_http(method="get", route="/books", func=books)
        wire_http(method="get", route="/exits", func=exits)
        wire_http(method="get", route="/maps", func=maps)
        wire_http(method="get", route="/ruins", func=ruins)
        """,
}


def loaded() -> set[str]:
    """The modules of the project that have been imported."""
    return {name for name in sys.modules if name.startswith("shelf.")}


@pytest.fixture
async def client(project_of: ProjectOf) -> AsyncGenerator[AsyncClient]:
    async with project_of(FILES).load() as app:
        application = HttpApplication(app, HttpOptions(lazy=True))
        application.open()
        transport = ASGITransport(application)
        async with AsyncClient(transport=transport, base_url="http://shelf.test") as client:
            yield client


async def test_a_request_imports_the_function_that_it_is_for(client: AsyncClient) -> None:
    assert loaded() == set()
    assert (await client.get("/maps")).json() == "maps"
    assert (await client.head("/maps")).status_code == 200
    assert loaded() == {"shelf.maps"}


async def test_what_is_asked_for_in_vain_imports_nothing(client: AsyncClient) -> None:
    assert (await client.get("/charts")).status_code == 404
    answer = await client.post("/maps")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert loaded() == set()


@pytest.mark.parametrize(
    ("path", "error"), [("/ruins", "ZeroDivisionError"), ("/exits", "SystemExit")]
)
async def test_a_module_that_cannot_be_imported_fails_its_own_requests(
    client: AsyncClient, caplog: pytest.LogCaptureFixture, path: str, error: str
) -> None:
    for _ in range(2):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert error in caplog.text
    assert (await client.get("/books")).json() == "books"
