"""The testing kit with a transport: what the fixture `pikku` is in a project that has routes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pikku_core.testing import project_of, run_app
from pikku_http.testing import HttpProject, client_of

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """
[project]
name = "app"

[tool.pikku.http]
max_body = 50
"""
MAIN = """
from __future__ import annotations
from pydantic import BaseModel
from pikku_core import pikku_service, pikku_sessionless_func
from pikku_http import wire_http

class Greet(BaseModel):
    name: str

class Database:
    async def greeting(self, name: str) -> str:
        raise ConnectionError

@pikku_service
async def database() -> Database:
    raise ConnectionError

@pikku_sessionless_func
async def greet(data: Greet, *, database: Database) -> str:
    return await database.greeting(data.name)

wire_http(method="get", route="/greetings/{name}", func=greet)
wire_http(method="post", route="/greetings", func=greet)
"""
TEST = """
from app.main import Database
from pikku_core.testing import stub
from pikku_http.testing import HttpProject

def test_greet(pikku: HttpProject) -> None:
    with pikku.client(database=stub(Database, greeting="Hello, Ada!")) as http:
        answer = http.get("/greetings/Ada")
    assert answer.json() == "Hello, Ada!"

async def test_greet_in_a_coroutine(pikku: HttpProject) -> None:
    async with pikku.client(database=stub(Database, greeting="Hello, Ada!")) as http:
        assert (await http.get("/greetings/Ada")).json() == "Hello, Ada!"
"""
FILES = {"pyproject.toml": PROJECT, "app/main.py": MAIN}


def test_a_route_is_tested_in_four_lines(tmp_path: Path) -> None:
    for path, text in {**FILES, "tests/test_main.py": TEST}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    settings = {name: each for name, each in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-q"]
    done = subprocess.run(
        command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=False
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_application_has_the_settings_of_the_project() -> None:
    with project_of(FILES) as project:
        assert isinstance(project, HttpProject)
        with project.client(database=None) as http:
            assert http.post("/greetings", json={"name": "x" * 100}).status_code == 413


@pytest.mark.parametrize(("docs", "status"), [("dev", 200), ("always", 200), ("never", 404)])
def test_a_client_is_served_the_documentation_as_in_development(docs: str, status: int) -> None:
    files = FILES | {"pyproject.toml": f'{PROJECT}docs = "{docs}"\n'}
    with project_of(files) as project:
        assert isinstance(project, HttpProject)
        with project.client(database=None) as http:
            answers = [http.get(path) for path in ("/docs", "/openapi.json")]
            assert [each.status_code for each in answers] == [status, status]
            if status == 200:
                assert answers[1].json()["paths"].keys() == {"/greetings", "/greetings/{name}"}


def test_a_client_of_a_project_without_routes_answers_that_there_are_none() -> None:
    declared = "from pikku_http import http_errors, problem_details\nhttp_errors(problem_details)\n"
    with project_of({"pyproject.toml": PROJECT, "app/main.py": declared}) as project:
        assert isinstance(project, HttpProject)
        with project.client() as http:
            assert http.get("/openapi.json").status_code == 404


def test_an_app_of_a_project_has_several_clients() -> None:
    below = "http://other.test/greetings"
    with (
        project_of(FILES) as project,
        project.app(database=None) as app,
        client_of(app) as one,
        client_of(app, base_url=below) as other,
    ):
        assert one.delete("/greetings").status_code == 405
        assert other.delete("/Ada").status_code == 405


def test_an_app_is_loaded_and_run_by_hand() -> None:
    with project_of(FILES) as project, run_app(project.load(database=None)) as app:
        assert app.app.kinds() == ("http",)


def test_a_client_says_what_it_needs_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pikku_http.testing.client", raising=False)
    monkeypatch.delattr("pikku_http.testing.client", raising=False)
    monkeypatch.setitem(sys.modules, "httpx2", None)
    missing = r'A client needs "httpx2": install "pikku-http\[testing\]"'
    with project_of(FILES) as project:
        assert isinstance(project, HttpProject)
        with pytest.raises(ImportError, match=missing), project.client(database=None):
            raise AssertionError("there is no client")
