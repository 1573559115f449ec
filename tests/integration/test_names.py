"""Names that lead a careless reader to another function: refused, or read as Python reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.conftest import ProjectOf

pytestmark = pytest.mark.anyio


def handler(answer: str) -> str:
    """A module whose function is called as in every other one."""
    return f"""
        from pikku_core import pikku_sessionless_func

        @pikku_sessionless_func(name="{answer}")
        async def handler() -> str:
            return "{answer}"
        """


PARTS = {"app/__init__.py": "", "app/one.py": handler("one"), "app/two.py": handler("two")}


async def test_functions_of_one_name_from_two_modules_stay_apart(project_of: ProjectOf) -> None:
    wirings = """
        from pikku_http import wire_http
        from app import two
        from app.one import handler
        from app.two import handler as other

        wire_http(method="get", route="/one", func=handler)
        wire_http(method="get", route="/other", func=other)
        wire_http(method="get", route="/two", func=two.handler)
        """
    async with project_of(PARTS | {"app/wirings.py": wirings}).serve() as client:
        answers = [(await client.get(path)).json() for path in ("/one", "/other", "/two")]
    assert answers == ["one", "two", "two"]


async def test_a_name_that_is_imported_by_itself_and_by_a_star_is_one(
    project_of: ProjectOf,
) -> None:
    wirings = """
        from pikku_http import *
        from pikku_http import wire_http
        from app.one import handler
        from app.one import *

        wire_http(method="get", route="/one", func=handler)
        """
    async with project_of(PARTS | {"app/wirings.py": wirings}).serve() as client:
        assert (await client.get("/one")).json() == "one"


@pytest.mark.parametrize(
    ("wirings", "places"),
    [
        pytest.param(
            """
            from pikku_http import wire_http
            from app.one import handler
            wire_http(method="get", route="/one", func=handler)
            from app.two import handler
            wire_http(method="get", route="/two", func=handler)
            """,
            ["app/wirings.py:3", "app/wirings.py:5"],
            id="a name that is imported twice",
        ),
        pytest.param(
            """
            from pikku_http import wire_http
            try:
                from app.one import handler
            except ImportError:
                from app.two import handler
            wire_http(method="get", route="/one", func=handler)
            """,
            ["app/wirings.py:6"],
            id="a name that depends on an exception",
        ),
        pytest.param(
            """
            from pikku_http import wire_http
            from app import one, two
            ROUTES = [wire_http(method="get", route=f"/{part}", func=part.handler) for part in (one, two)]
            """,
            ["app/wirings.py:3"],
            id="the variable of a comprehension",
        ),
        pytest.param(
            """
            from pikku_http import wire_http
            from app import one, two
            for part in (one, two):
                wire_http(method="get", route="/part", func=part.handler)
            """,
            ["app/wirings.py:4"],
            id="the variable of a loop",
        ),
        pytest.param(
            """
            from pikku_http import wire_http
            from app.one import *
            from app.two import *
            wire_http(method="get", route="/one", func=handler)
            """,
            ["app/wirings.py:4"],
            id="a name of two star imports",
        ),
        pytest.param(
            """
            from pikku_http import wire_http
            from app.one import handler
            def use() -> None:
                global handler
                from app.two import handler
            wire_http(method="get", route="/one", func=handler)
            """,
            ["app/wirings.py:6"],
            id="a name that a function binds anew",
        ),
        pytest.param(
            """
            from pikku_http import wire_http
            from app.one import handler
            wire_http(method="get", route="/one", func=(handler := handler))
            """,
            ["app/wirings.py:3"],
            id="an assignment expression",
        ),
    ],
)
def test_a_name_that_may_mean_another_function_is_refused_at_its_line(
    wirings: str, places: list[str], project_of: ProjectOf
) -> None:
    problems = project_of(PARTS | {"app/wirings.py": wirings}, generate=False).problems()
    assert sorted({place for _, place in problems}) == places


async def test_routes_that_read_alike_keep_their_functions(project_of: ProjectOf) -> None:
    wirings = """
        from pikku_http import wire_http
        from app import one, two

        wire_http(method="get", route="/users/{id}", func=one.handler)
        wire_http(method="get", route="/users/id", func=two.handler)
        """
    files = PARTS | {
        "app/wirings.py": wirings,
        "app/one.py": """
            from pikku_core import pikku_sessionless_func
            from pydantic import BaseModel

            class Ref(BaseModel):
                id: str

            @pikku_sessionless_func(name="one")
            async def handler(data: Ref) -> str:
                return data.id
            """,
    }
    async with project_of(files).serve() as client:
        answers = [
            (await client.get(path)).json() for path in ("/users/id", "/users/ID", "/users/7")
        ]
    assert answers == ["two", "ID", "7"]
