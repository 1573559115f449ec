"""What type checkers see: the stubs, and what mypy and pyright make of them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from pikku_core.codegen.files import write_files
from pikku_core.codegen.plan import render_core
from pikku_core.codegen.rpc_stub import OVERLOADS
from pikku_core.plugin.model import Project

Render = Callable[[str], dict[str, str]]
Scan = Callable[[str], Project]

RPC = "types/pikku_app/rpc/__init__.pyi"

PROJECT = """\
# app/__init__.py
# app/models.py
from dataclasses import dataclass
@dataclass
class CreateUser:
    name: str
@dataclass
class User:
    name: str
# app/session.py
from dataclasses import dataclass
from pikku_core import pikku_session
@pikku_session
@dataclass
class Session:
    user: str
# app/services.py
from pikku_core import pikku_config, pikku_service
class Settings: ...
class Database: ...
@pikku_config
def config() -> Settings:
    return Settings()
@pikku_service
def database() -> Database:
    return Database()
# app/functions.py
from __future__ import annotations
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from pikku_core import pikku_func, pikku_sessionless_func
from app.models import CreateUser, User
if TYPE_CHECKING:
    from app.services import Database
    from pikku_app import Rpc, Session, SyncRpc

@pikku_sessionless_func(title="Create a user")
async def create_user(data: CreateUser, *, database: Database, rpc: Rpc) -> User:
    await rpc.ping()
    return User(data.name)

@pikku_func
def rename(data: CreateUser | None = None, *, session: Session, rpc: SyncRpc) -> list[User]:
    rpc.ping()
    return [User(session.user)]

@pikku_sessionless_func
async def ping() -> None: ...

@pikku_sessionless_func
async def watch() -> AsyncIterator[User]:
    yield User("")

@pikku_sessionless_func(version=1)
async def card_v1(data: int) -> User:
    return User(str(data))

@pikku_sessionless_func(version=2)
async def card_v2(data: str) -> list[User]:
    return [User(data)]
"""


def test_each_function_is_a_method_of_rpc(render: Render) -> None:
    stub = render(PROJECT)[RPC]
    assert "    async def create_user(self, data: CreateUser, /) -> User:\n" in stub
    assert '        """Create a user"""\n' in stub
    assert "    async def ping(self) -> None: ...\n" in stub
    assert "data: CreateUser | None = ..., /" in stub


def test_the_blocking_twin_returns_the_result_itself(render: Render) -> None:
    assert "    def ping(self) -> None: ...\n" in render(PROJECT)[RPC].partition("class SyncRpc")[2]


def test_a_stream_is_no_method(render: Render) -> None:
    assert "watch" not in render(PROJECT)[RPC]


def test_versions_are_methods_and_the_newest_has_the_name_without_one(render: Render) -> None:
    stub = render(PROJECT)[RPC]
    assert "    async def card(self, data: str, /) -> list[User]: ...\n" in stub
    assert "    async def card_v1(self, data: int, /) -> User: ...\n" in stub
    assert "    async def card_v2(self, data: str, /) -> list[User]: ...\n" in stub
    for name in ("card", "card@v1", "card@v2"):
        assert stub.count(f'Literal["{name}"]') == 2


def functions(count: int) -> str:
    lines = "".join(
        f"@pikku_sessionless_func\nasync def f{number}() -> None: ...\n" for number in range(count)
    )
    return f"# app/functions.py\nfrom pikku_core import pikku_sessionless_func\n{lines}"


@pytest.mark.parametrize(
    ("count", "overloads"), [(0, 0), (1, 0), (2, 4), (OVERLOADS, 2 * OVERLOADS), (OVERLOADS + 1, 0)]
)
def test_invoke_is_overloaded_for_a_few_functions_only(
    render: Render, count: int, overloads: int
) -> None:
    assert render(functions(count))[RPC].count("@overload") == overloads


def test_a_method_never_hides_a_type(render: Render) -> None:
    stub = render(
        "# app/models.py\nclass User: ...\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\nfrom app.models import User\n"
        "@pikku_sessionless_func(name='User')\nasync def one(data: User) -> list[int]: ...\n"
        "@pikku_sessionless_func(name='list')\nasync def two() -> list[User]: ...\n"
    )[RPC]
    assert "from app.models import User as User_2\n" in stub
    assert "async def list(self) -> builtins.list[User_2]: ...\n" in stub
    ast.parse(stub)


def test_services_have_their_types(render: Render) -> None:
    stub = render(PROJECT)["types/pikku_app/services/__init__.pyi"]
    assert "    def database(self) -> Database: ...\n" in stub


def test_session_and_config_are_the_projects_own(render: Render) -> None:
    stub = render(PROJECT)["types/pikku_app/__init__.pyi"]
    assert "from app.session import Session as Session\n" in stub
    assert "Config: TypeAlias = Settings\n" in stub


def test_a_project_without_session_has_any(render: Render) -> None:
    stub = render(functions(1))["types/pikku_app/__init__.pyi"]
    assert "Session: TypeAlias = Any\n" in stub


def test_what_is_shipped_has_the_names_of_what_is_generated(render: Render) -> None:
    generated = render(PROJECT)["types/pikku_app/__init__.pyi"]
    # Importing it would look for the files of a project.
    spec = find_spec("pikku_app")
    assert spec is not None
    assert spec.origin is not None
    shipped = Path(spec.origin).with_suffix(".pyi").read_text()
    assert names_in(shipped) == names_in(generated) | {"__getattr__"}  # the types of plugins


def names_in(stub: str) -> set[str]:
    """The names that a stub has for others: what it defines, and what it imports under its own name."""
    names: set[str] = set()
    for statement in ast.parse(stub).body:
        match statement:
            case ast.ImportFrom(names=imported):
                names |= {each.name for each in imported if each.asname == each.name}
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.FunctionDef(name=name):
                names.add(name)
            case _:
                pass
    return names


def test_a_kind_has_its_wiring_ids(render: Render) -> None:
    stub = render(
        functions(2)
        + "# app/wirings.py\nfrom linekit import wire_line\nfrom app.functions import f0, f1\n"
        'wire_line(verb="a", func=f0)\nwire_line(verb="b", func=f1)\n'
    )["types/pikku_app/line/__init__.pyi"]
    assert 'WiringId: TypeAlias = Literal["line:a", "line:b"]\n' in stub


CHECKED = """\
from pikku_app import Config, Rpc, Services, Session, SyncRpc
from app.models import CreateUser, User
from app.services import Database, Settings

async def good(rpc: Rpc, blocking: SyncRpc, services: Services) -> None:
    user: User = await rpc.create_user(CreateUser("x"))
    users: list[User] = blocking.rename()
    same: User = await rpc.invoke("create_user", CreateUser("x"))
    database: Database = services.database
    config: Config = Settings()
    session: Session = Session("x")
    old: list[User] = [await rpc.card_v1(1), await rpc.invoke("card@v1", 1)]
    new: list[User] = await rpc.card("x") + blocking.card_v2("x") + await rpc.invoke("card", "x")
    print(user, users, same, database, config, session, old, new)

async def bad(rpc: Rpc, blocking: SyncRpc, services: Services) -> None:
    await rpc.create_user("x")
    await rpc.creat_user(CreateUser("x"))
    await rpc.invoke("creat_user", CreateUser("x"))
    number: int = await rpc.create_user(CreateUser("x"))
    await blocking.ping()
    services.mailer
    await rpc.card(1)
    await rpc.card_v3(1)
    await rpc.invoke("card@v3", 1)
"""
BAD = list(range(17, 26))


@pytest.fixture
def checked(scan_project: Scan, tmp_path: Path) -> Path:
    project = scan_project(PROJECT)
    write_files(tmp_path / ".pikku", render_core(project))
    (tmp_path / "checked.py").write_text(CHECKED)
    return tmp_path


def run(*command: str, cwd: Path) -> str:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False).stdout


def test_mypy_finds_what_is_wrong_and_nothing_else(checked: Path) -> None:
    (checked / "mypy.ini").write_text("[mypy]\nstrict = True\nmypy_path = .pikku/types\n")
    output = run(sys.executable, "-m", "mypy", "--no-pretty", "checked.py", "app", cwd=checked)
    errors = [line.split(":")[:2] for line in output.splitlines() if ": error:" in line]
    assert {file for file, _ in errors} == {"checked.py"}, output
    # A statement that does nothing is pyright's business.
    assert sorted({int(line) for _, line in errors}) == BAD, output


def test_pyright_finds_what_is_wrong_and_nothing_else(checked: Path) -> None:
    (checked / "pyrightconfig.json").write_text(
        json.dumps(
            {
                "include": ["checked.py", "app"],
                "extraPaths": [".pikku/types"],
                "typeCheckingMode": "strict",
                "reportUnusedVariable": "none",
                "reportUnusedExpression": "none",
            }
        )
    )
    output = run(
        sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, cwd=checked
    )
    found = json.loads(output)["generalDiagnostics"]
    assert {Path(each["file"]).name for each in found} == {"checked.py"}, output
    lines = {each["range"]["start"]["line"] + 1 for each in found if each["severity"] == "error"}
    assert sorted(lines) == BAD, output


def test_before_the_first_run_everything_generated_is_any(tmp_path: Path) -> None:
    (tmp_path / "before.py").write_text(
        "from pikku_app import Config, Rpc, Services, Session, SyncRpc\n"
        "async def run(rpc: Rpc, sync: SyncRpc, services: Services, config: Config, session: Session) -> None:\n"
        "    await rpc.anything(1)\n    sync.anything()\n    print(services.x, config.x, session.x)\n"
    )
    output = run(sys.executable, "-m", "mypy", "--strict", "before.py", cwd=tmp_path)
    assert output.startswith("Success"), output
