"""Projects with tools, resources and prompts, served by real processes to the official client."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import pytest
from tests.integration.http.conftest import SERVE, Server, environment, running

if TYPE_CHECKING:
    from collections.abc import Generator

Era: TypeAlias = Literal["auto", "legacy"]

HERE = Path(__file__).parent
PROJECT = """
[project]
name = "{name}"
version = "1.2.3"

[tool.pikku]
source = ["app"]
"""
CLUB = """
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pikku_core import ForbiddenError, pikku_func, pikku_service, pikku_session
from pikku_core import pikku_permission, pikku_sessionless_func
from pikku_core.services import StaticTokens
from pikku_http import Http, api_key, bearer, wire_http
from pikku_mcp import (
    Mcp,
    mcp_middleware,
    wire_mcp_prompt,
    wire_mcp_resource,
    wire_mcp_tool,
)
from pydantic import BaseModel


@pikku_session
class Session(BaseModel):
    name: str
    scopes: str = ""
    readonly: bool = False


@pikku_service
def tokens() -> StaticTokens:
    return StaticTokens({name: f"{name}-of-the-tests-{name}" for name in ("ada", "bob", "eve")})


def session_of(claims: dict[str, Any]) -> Session:
    name = claims["sub"]
    return Session(name=name, scopes="members" if name == "ada" else "", readonly=name == "eve")


class Page(BaseModel):
    path: str


class Draft(BaseModel):
    about: Literal["cats", "dogs"]
    words: int = 100


class Number(BaseModel):
    number: int


@dataclass
class Seen:
    host: str | None
    client: str | None


@pikku_permission
async def is_ada(*, session: Session) -> bool:
    return session.name == "ada"


@pikku_sessionless_func(mcp=True, readonly=True)
async def hello() -> str:
    return "hello"


@pikku_func(mcp=True)
async def who(*, session: Session) -> str:
    return session.name


@pikku_func(mcp=True, scopes=["members"], destructive=True, idempotent=True)
async def expel(data: Number) -> int:
    return data.number


@pikku_func(mcp=True, permissions=[is_ada])
async def secret() -> str:
    return "the treasure"


@pikku_sessionless_func(mcp=True)
async def broken() -> str:
    raise RuntimeError("the password is x")


@pikku_sessionless_func(mcp=True)
async def refused() -> str:
    raise ForbiddenError("Not on Mondays.")


@pikku_sessionless_func(mcp=True)
async def seen(*, http: Http | None = None, mcp: Mcp) -> Seen:
    name = None if mcp.client is None else mcp.client[0]
    return Seen(None if http is None else http.header("host"), name)


@pikku_sessionless_func(mcp=True)
def blocking(data: Number) -> int:
    return data.number + 1


@pikku_sessionless_func
async def page(data: Page) -> str:
    return data.path


@pikku_func
async def members() -> list[str]:
    return ["ada", "bob"]


@pikku_sessionless_func
async def draft(data: Draft) -> str:
    return f"Write {data.words} words about {data.about}."


mcp_middleware([bearer(session_of)])
wire_mcp_tool(name="expel-twice", func=expel, auth=True, open_world=False, title="Expel")
wire_mcp_resource("page://{+path}", func=page, mime_type="text/plain")
wire_mcp_resource("raw://{+path}", func=page, paths=["path"])
wire_mcp_resource("members://all", func=members)
wire_mcp_prompt(name="draft", func=draft)
wire_http(method="get", route="/hello", func=hello)
"""


def made(root: Path, module: str, settings: str = "") -> Path:
    """A generated project."""
    (root / "app").mkdir(parents=True)
    (root / "pyproject.toml").write_text(PROJECT.format(name=root.name) + settings)
    (root / "app" / "__init__.py").touch()
    (root / "app" / "functions.py").write_text(module)
    done = subprocess.run(
        SERVE[:1], cwd=root, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> Era:
    """What a client speaks: revision 2026-07-28, or 2025-11-25 with its handshake."""
    mode: Era = request.param
    return mode


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project for the conformance suite."""
    module = (HERE / "everything.py").read_text()
    return made(tmp_path_factory.mktemp("mcp") / "everything", module)


@pytest.fixture(scope="session")
def everything_url(everything: Path) -> Generator[str]:
    """Where it is served."""
    with running(everything, SERVE) as server:
        yield f"{server.url}/mcp"


@pytest.fixture(scope="session")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is not open to everybody."""
    return made(tmp_path_factory.mktemp("mcp") / "club", CLUB)


@pytest.fixture(scope="session")
def club_server(club: Path) -> Generator[Server]:
    """That project, served."""
    with running(club, SERVE) as server:
        yield server
