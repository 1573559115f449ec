"""Permissions by pattern in a generated project: what is asked, shown, documented and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.http.conftest import pikku

if TYPE_CHECKING:
    import subprocess

    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

FILES = {
    "app/guards.py": """
        from __future__ import annotations

        from app.functions import Ref
        from pikku_core import pikku_permission
        from pikku_http import Http

        @pikku_permission
        async def is_named(*, http: Http | None = None) -> bool:
            return http is not None and http.header("x-user") is not None

        @pikku_permission
        async def is_mine(data: Ref) -> bool:
            return data.id == "mine"
        """,
    "app/functions.py": """
        from pikku_core import pikku_sessionless_func
        from pydantic import BaseModel

        class Ref(BaseModel):
            id: str

        @pikku_sessionless_func(expose=True)
        async def show(data: Ref) -> str:
            return data.id

        @pikku_sessionless_func
        async def ping() -> str:
            return "pong"
        """,
    "app/wirings.py": """
        from app.functions import ping, show
        from app.guards import is_mine, is_named
        from pikku_http import http_permissions, wire_http

        http_permissions("/rpc/*", [is_named])
        http_permissions("/admin/*", {"mine": is_mine, "named": is_named})
        wire_http(method="get", route="/admin/{id}", func=show)
        wire_http(method="get", route="/ping", func=ping)
        """,
}


@pytest.fixture
def project(project_of: ProjectOf) -> Project:
    return project_of(FILES)


def check(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    return pikku(project.root, "check", *options)


async def test_they_hold_on_the_routes_that_match(project: Project) -> None:
    async with project.serve(check_fresh=False) as http:
        assert (await http.get("/admin/mine")).json() == "mine"
        assert (await http.get("/admin/yours")).status_code == 403
        assert (await http.get("/admin/yours", headers={"x-user": "ada"})).json() == "yours"
        assert (await http.get("/ping")).json() == "pong"


def test_a_function_that_is_called_through_guarded_routes_alone_is_guarded(
    project: Project,
) -> None:
    done = check(project, "--runtime")
    assert done.returncode == 0, done.stdout + done.stderr
    project.write({"app/wirings.py": FILES["app/wirings.py"].replace('"/rpc/*"', '"/admin/{id}"')})
    done = check(project)
    assert done.returncode == 1
    assert "PKU574" in done.stdout + done.stderr


def test_the_document_knows_that_a_caller_may_be_refused(project: Project) -> None:
    import json

    document = json.loads((project.generated / "http" / "openapi.gen.json").read_text())
    answers = {path: document["paths"][path] for path in ("/admin/{id}", "/rpc/show", "/ping")}
    assert "403" in answers["/admin/{id}"]["get"]["responses"]
    assert "403" in answers["/rpc/show"]["post"]["responses"]
    assert "403" not in answers["/ping"]["get"]["responses"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('"/admin/*"', '"/amdin/*"', "PKU798"),
        ('"/admin/*"', '"admin/*"', "PKU745"),
        ('"/admin/*", {"mine": is_mine, "named": is_named}', '"/admin/*", {}', "PKU798"),
        ('"/admin/*", {"mine": is_mine', '"/ping", {"mine": is_mine', "PKU727"),
        ('"/admin/*", {"mine": is_mine', '"/admin/*", {"mine": ping', "PKU559"),
    ],
)
def test_what_would_guard_nothing_is_reported(
    project: Project, before: str, after: str, code: str
) -> None:
    wirings = FILES["app/wirings.py"]
    assert before in wirings
    project.write({"app/wirings.py": wirings.replace(before, after)})
    assert project.problems() == [(code, "app/wirings.py:6")]


def test_what_a_filter_leaves_out_is_not_imported(project: Project) -> None:
    project.generate({"http-routes": ("/ping",)})
    written = (project.generated / "http" / "pikku_http_wirings_gen.py").read_text()
    assert "http_permissions" not in written
