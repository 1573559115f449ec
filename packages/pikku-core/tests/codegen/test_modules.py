"""The generated modules: what their literals say and what their factories return."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Render = Callable[[str], dict[str, str]]
Load = Callable[[str], dict[str, Any]]

PROJECT = """\
# app/models.py
from dataclasses import dataclass
@dataclass
class CreateUser:
    name: str
@dataclass
class User:
    name: str
# app/services.py
from collections.abc import AsyncIterator
from pikku_core import Logger, pikku_config, pikku_service

class Config: ...
class Database: ...

@pikku_config
def config() -> Config:
    return Config()

@pikku_service
async def database(*, config: Config, logger: Logger) -> AsyncIterator[Database]:
    yield Database()

@pikku_service(scope="call")
def work(*, database: Database) -> Database:
    return database

@pikku_service
def audit() -> Database:
    return Database()

@pikku_service
def unused() -> Database:
    return Database()
# app/guards.py
from typing import Any
from pikku_core import Next, pikku_middleware, pikku_permission
from app.models import CreateUser
from app.services import Database

@pikku_middleware
async def audited(next: Next, *, audit: Database) -> Any:
    return await next()

@pikku_middleware
async def unused_guard(next: Next) -> Any:
    return await next()

@pikku_permission
async def allowed(data: CreateUser, *, database: Database | None = None) -> bool:
    return True
# app/functions.py
from __future__ import annotations
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from pikku_core import pikku_func, pikku_sessionless_func
from app.guards import allowed, audited
from app.models import CreateUser
if TYPE_CHECKING:
    from app.models import User
    from app.services import Database
    from pikku_app import Rpc

@pikku_sessionless_func(title="Create", tags=["users"], expose=True, permissions=[allowed], middleware=[audited])
async def create_user(data: CreateUser, *, work: Database, rpc: Rpc) -> User:
    raise NotImplementedError

@pikku_func(scopes=["users:read"], readonly=True)
def list_users(data: CreateUser | None = None, *, database: Database | None = None) -> list[User] | None:
    return None

@pikku_sessionless_func
async def ping() -> None: ...

@pikku_sessionless_func
async def anything():
    return 1
"""
FUNCTIONS = "function/pikku_functions_gen.py"
SERVICES = "pikku_services_gen.py"


@pytest.fixture
def files(render: Render) -> dict[str, str]:
    return render(
        PROJECT
        + "# app/wirings.py\nfrom pikku_core import global_middleware\nfrom app.guards import audited\nglobal_middleware([audited])\n"
    )


def test_a_function_says_how_it_runs(files: dict[str, str], load: Load) -> None:
    row = load(files[FUNCTIONS])["FUNCTIONS"]["create_user"]
    assert row["factory"].startswith("create_user_")
    del row["factory"]
    assert row == {
        "kind": "async",
        "needs_session": False,
        "data": True,
        "data_optional": False,
        "parameters": {"work": "work", "rpc": "rpc"},
        "optional": [],
        "tags": ["users"],
        "scopes": [],
        "readonly": False,
        "expose": True,
        "addon": "",
    }


def test_optional_data_and_services_are_marked(files: dict[str, str], load: Load) -> None:
    row = load(files[FUNCTIONS])["FUNCTIONS"]["list_users"]
    assert (row["kind"], row["needs_session"], row["readonly"]) == ("sync", True, True)
    assert (row["data"], row["data_optional"], row["optional"]) == (True, True, ["database"])
    assert row["scopes"] == ["users:read"]


def test_types_are_imported_from_where_they_are(files: dict[str, str]) -> None:
    assert "    from app.models import CreateUser, User\n" in files[FUNCTIONS]
    assert "return FunctionParts(create_user, CreateUser, User)" in files[FUNCTIONS]
    assert (
        "return FunctionParts(list_users, CreateUser | None, list[User] | None)" in files[FUNCTIONS]
    )


def test_none_and_no_annotation_are_told_apart(files: dict[str, str]) -> None:
    assert "return FunctionParts(ping, None, NoneType)" in files[FUNCTIONS]
    assert "return FunctionParts(anything, None, Any)" in files[FUNCTIONS]


def test_each_factory_says_where_its_function_is(files: dict[str, str]) -> None:
    assert ") -> FunctionParts:  # app/functions.py:" in files[FUNCTIONS]


def test_nothing_of_a_user_is_imported_before_a_factory_runs(files: dict[str, str]) -> None:
    for path, content in files.items():
        if path.endswith(".py"):
            assert "\nfrom app" not in content
            assert "\nimport app" not in content


def test_only_services_that_something_needs_are_there(files: dict[str, str], load: Load) -> None:
    module = load(files[SERVICES])
    assert module["REQUIRED"] == ["audit", "config", "database", "work"]
    assert list(module["SERVICES"]) == module["REQUIRED"]


def test_a_function_needs_what_its_services_and_guards_need(
    files: dict[str, str], load: Load
) -> None:
    needed = load(files[SERVICES])["FUNCTION_SERVICES"]
    assert needed["create_user"] == ["audit", "config", "database", "work"]
    assert needed["list_users"] == ["config", "database"]
    assert needed["ping"] == []


def test_a_service_says_how_it_lives(files: dict[str, str], load: Load) -> None:
    services = load(files[SERVICES])["SERVICES"]
    assert (services["database"]["scope"], services["database"]["kind"]) == (
        "singleton",
        "async_generator",
    )
    assert services["database"]["parameters"] == {"config": "config", "logger": "logger"}
    assert services["work"]["scope"] == "call"


def test_only_guards_that_something_names_are_there(files: dict[str, str], load: Load) -> None:
    middleware = load(files["middleware/pikku_middleware_gen.py"])["CALLABLES"]
    assert middleware == {
        "app.guards:audited": {"kind": "async", "parameters": {"audit": "audit"}, "optional": []}
    }


def test_a_permission_says_whether_it_takes_data(files: dict[str, str], load: Load) -> None:
    permissions = load(files["permissions/pikku_permissions_gen.py"])["CALLABLES"]
    assert permissions["app.guards:allowed"]["data"] is True
    assert permissions["app.guards:allowed"]["optional"] == ["database"]


def test_declarations_stand_in_the_order_of_the_source(render: Render, load: Load) -> None:
    lines = "".join(f'tag_middleware("t{9 - number}", [audited])\n' for number in range(9))
    files = render(
        PROJECT
        + "# app/wirings.py\nfrom pikku_core import tag_middleware\nfrom app.guards import audited\n"
        + lines
    )
    declared = load(files["middleware/pikku_middleware_gen.py"])["DECLARATIONS"]
    assert [row["tag"] for row in declared.values()] == [f"t{9 - number}" for number in range(9)]


def test_functions_are_found_by_their_name_under_rpc(files: dict[str, str], load: Load) -> None:
    table = load(files["rpc/pikku_rpc_wirings_meta_internal_gen.py"])["RPC"]
    assert table["create_user"] == "create_user"


def test_the_bootstrap_names_what_there_is(files: dict[str, str], load: Load) -> None:
    module = load(files["pikku_bootstrap_gen.py"])
    assert module["KINDS"] == {}
    assert module["MODULES"] == {
        "functions": "function.pikku_functions_gen",
        "middleware": "middleware.pikku_middleware_gen",
        "permissions": "permissions.pikku_permissions_gen",
        "rpc": "rpc.pikku_rpc_wirings_meta_internal_gen",
        "services": "pikku_services_gen",
    }


def test_a_kind_in_use_has_its_folder(render: Render, load: Load) -> None:
    files = render(
        PROJECT
        + '# app/wirings.py\nfrom linekit import wire_line\nfrom app.functions import ping\nwire_line(verb="a", func=ping, tags=["t"], auth=True)\n'
    )
    row = load(files["line/pikku_line_wirings_gen.py"])["WIRINGS"]["line:a"]
    assert (row["function"], row["tags"], row["auth"], row["verb"]) == ("ping", ["t"], True, "a")
    assert load(files["pikku_bootstrap_gen.py"])["KINDS"] == {"line": "line.pikku_line_wirings_gen"}


def test_a_project_without_middleware_has_no_folder_for_it(render: Render) -> None:
    files = render(
        "# app/functions.py\nfrom pikku_core import pikku_func\n@pikku_func\nasync def run() -> None: ...\n"
    )
    assert not any(path.startswith(("middleware", "permissions", "line")) for path in files)


def test_every_python_file_names_its_generator(files: dict[str, str]) -> None:
    for path, content in files.items():
        if path.endswith((".py", ".pyi")):
            assert content.startswith("# Generated by pikku-core; run `pikku` to write it anew.\n")


def test_no_file_names_the_folder_of_the_project(files: dict[str, str], tmp_path: object) -> None:
    assert not any(str(tmp_path) in content for content in files.values())
