"""Starlette, FastAPI and Django below a prefix of a project, and a project below theirs: real servers, real clients."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest
from tests.integration.http.conftest import COMMANDS, SERVE, TIMEOUT, environment, running
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.integration.http.conftest import Generated, Server

UVICORN = (str(COMMANDS / "uvicorn"), "--port", "0")
COMMANDS_OF = {"pikku": SERVE, "uvicorn": (*UVICORN, "--factory", "pikku_http:create_app")}

FILES = {
    "pyproject.toml": '[tool.pikku]\nsource = ["app"]\n[tool.pikku.http]\ndocs = "always"\n',
    "app/__init__.py": "",
    "app/shop.py": """
from collections.abc import Iterator
from pathlib import Path

from pikku_core import pikku_service, pikku_sessionless_func
from pikku_http import Http, wire_http
from pydantic import BaseModel


class Shop: ...


class Goods(BaseModel):
    name: str


def note(line: str) -> None:
    with Path("journal").open("a") as journal:
        journal.write(f"{line}\\n")


@pikku_service
def shop() -> Iterator[Shop]:
    note("services started")
    yield Shop()
    note("services stopped")


@pikku_sessionless_func
async def goods(data: Goods, *, shop: Shop, http: Http) -> list[str]:
    return [data.name, http.path]


wire_http(method="get", route="/goods/{name}", func=goods)
""",
    "app/mounts.py": """
from legacy.fast import app as fast
from legacy.site import application
from legacy.starry import make
from pikku_http import http_mount

http_mount("/starry", make, factory=True, websockets=True)
http_mount("/fast", fast)
http_mount("/site", application)
""",
    "legacy/__init__.py": "",
    "legacy/starry.py": """
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.shop import note
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[dict[str, str]]:
    note("starlette started")
    yield {"kept": "in the lifespan"}
    note("starlette stopped")


async def where(request: Request) -> JSONResponse:
    return JSONResponse([request.path_params["name"], str(request.url_for("where", name="x").path), request.state.kept])


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text((await socket.receive_text()).upper())
    await socket.close()


def make() -> Starlette:
    inner = [Route("/where/{name}", where, name="where")]
    return Starlette(routes=[*inner, Mount("/inner", routes=inner), WebSocketRoute("/echo", echo)], lifespan=lifespan)
""",
    "legacy/fast.py": """
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.shop import note
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    note("fastapi started")
    yield
    note("fastapi stopped")


app = FastAPI(lifespan=lifespan)


@app.get("/where/{name}")
async def where(name: str, request: Request) -> list[str]:
    return [name, request.url_for("where", name="x").path]
""",
    "legacy/site.py": """
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path, reverse

settings.configure(ROOT_URLCONF="legacy.site", ALLOWED_HOSTS=["*"], SECRET_KEY="x", DEBUG=False)


async def where(request: HttpRequest, name: str) -> JsonResponse:
    return JsonResponse([name, reverse("where", args=["x"])], safe=False)


def home(request: HttpRequest) -> JsonResponse:
    return JsonResponse([request.path], safe=False)


urlpatterns = [path("where/<name>", where, name="where"), path("", home)]
application = get_asgi_application()
""",
    "under_starlette.py": """
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pikku_http import create_app
from starlette.applications import Starlette
from starlette.routing import Mount

api = create_app()


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    async with api.running():
        yield


app = Starlette(routes=[Mount("/api/v1", api)], lifespan=lifespan)
forgotten = Starlette(routes=[Mount("/api/v1", api)])
""",
    "under_fastapi.py": """
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pikku_http import create_app

api = create_app()


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with api.running():
        yield


app = FastAPI(lifespan=lifespan, docs_url=None)
app.mount("/api/v1", api)
""",
    "under_django.py": """
from legacy.site import application
from pikku_http import create_app

api = create_app()


async def app(scope, receive, send):
    path = scope.get("path", "")
    if scope["type"] == "lifespan":
        await api(scope, receive, send)
    elif path == "/api/v1" or path.startswith("/api/v1/"):
        await api({**scope, "root_path": scope.get("root_path", "") + "/api/v1"}, receive, send)
    else:
        await application(scope, receive, send)
""",
}


@pytest.fixture(scope="module")
def shop(generated: Generated) -> Path:
    return generated(FILES)


def journal(root: Path) -> list[str]:
    return (root / "journal").read_text().splitlines()


@pytest.fixture(scope="module", params=COMMANDS_OF)
def above(request: pytest.FixtureRequest, shop: Path) -> Generator[Server]:
    """The three mounted in the project, behind `pikku serve` and behind uvicorn."""
    with running(shop, COMMANDS_OF[request.param]) as server:
        yield server


@pytest.mark.parametrize("server", COMMANDS_OF)
def test_each_starts_after_the_services_and_stops_before_them(shop: Path, server: str) -> None:
    (shop / "journal").unlink(missing_ok=True)
    with running(shop, COMMANDS_OF[server]):
        assert journal(shop) == ["services started", "starlette started", "fastapi started"]
    assert journal(shop)[3:] == ["fastapi stopped", "starlette stopped", "services stopped"]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/starry/where/tea", ["tea", "/starry/where/x", "in the lifespan"]),
        ("/starry/where/caf%C3%A9", ["café", "/starry/where/x", "in the lifespan"]),
        ("/starry/inner/where/tea", ["tea", "/starry/where/x", "in the lifespan"]),
        ("/fast/where/tea", ["tea", "/fast/where/x"]),
        ("/site/where/tea", ["tea", "/site/where/x"]),
        ("/site/", ["/site/"]),
        ("/goods/tea", ["tea", "/goods/tea"]),
    ],
)
def test_what_is_mounted_answers_and_knows_where_it_is(
    above: Server, path: str, answer: list[str]
) -> None:
    response = httpx.get(f"{above.url}{path}")
    assert (response.status_code, response.json()) == (200, answer)


def test_what_they_say_of_themselves_is_below_the_prefix(above: Server) -> None:
    with httpx.Client(base_url=above.url, follow_redirects=False) as http:
        page = http.get("/fast/docs").text
        assert re.findall(r"url: '([^']+)'", page) == ["/fast/openapi.json"]
        assert http.get("/fast/openapi.json").json()["servers"] == [{"url": "/fast"}]
        assert http.get("/starry/nothing").text == "Not Found"
        assert http.get("/site/nothing").status_code == 404


def test_websockets_pass_to_who_asked_for_them(above: Server) -> None:
    url = above.url.replace("http", "ws")
    with connect(f"{url}/starry/echo") as websocket:
        websocket.send("hello")
        assert websocket.recv() == "HELLO"
    for path in ("/fast/echo", "/goods/tea"):
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"{url}{path}")


def test_a_server_that_stops_closes_websockets(shop: Path) -> None:
    with ExitStack() as stack:
        with running(shop, SERVE) as server:
            url = f"{server.url.replace('http', 'ws')}/starry/echo"
            websocket = stack.enter_context(connect(url))
        with pytest.raises(ConnectionClosed) as closed:
            websocket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


def test_without_a_package_for_websockets_it_says_which_to_install(shop: Path) -> None:
    program = (
        "import sys, importlib.util as util\n"
        "find = util.find_spec\n"
        "missing = {'websockets', 'wsproto'}\n"
        "util.find_spec = lambda name, *rest: None if name in missing else find(name, *rest)\n"
        "from pikku_cli.main import main\n"
        "main(['serve', '--port', '0'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=shop,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 1
    assert (
        'mounted at "/starry" takes websockets, which needs the package "websockets"' in done.stderr
    )


@pytest.mark.parametrize(
    "above_it", ["under_starlette:app", "under_fastapi:app", "under_django:app"]
)
def test_a_project_answers_below_the_prefix_of_another_application(
    shop: Path, above_it: str
) -> None:
    (shop / "journal").unlink(missing_ok=True)
    with (
        running(shop, (*UVICORN, above_it)) as server,
        httpx.Client(base_url=server.url) as http,
    ):
        for name in ("tea", "café"):
            answer = http.get(f"/api/v1/goods/{name}")
            assert answer.json() == [name, f"/api/v1/goods/{name}"]
        assert http.get("/goods/tea").status_code == 404
        assert http.get("/api/v1/readyz").json() == {"status": "ready"}
        page = http.get("/api/v1/docs")
        for link in re.findall(r'(?:src|href)="(docs/[^"]+)"', page.text):
            assert http.get(page.url.join(link)).status_code == 200
        document = http.get(page.url.join("openapi.json")).json()
        assert document["servers"] == [{"url": "/api/v1"}]
        # What is mounted in a project that is mounted.
        assert http.get("/api/v1/starry/where/tea").json() == [
            "tea",
            "/api/v1/starry/where/x",
            "in the lifespan",
        ]
        if "django" not in above_it:
            assert http.get("/api/v1/site/where/tea").json() == ["tea", "/api/v1/site/where/x"]
    assert journal(shop)[0] == "services started"
    assert journal(shop)[-1] == "services stopped"


def test_below_a_prefix_that_a_proxy_takes_off(shop: Path) -> None:
    command = (*UVICORN, "--root-path", "/api/v1", "--factory", "pikku_http:create_app")
    with running(shop, command) as server, httpx.Client(base_url=server.url) as http:
        assert http.get("/goods/tea").json() == ["tea", "/api/v1/goods/tea"]
        assert http.get("/openapi.json").json()["servers"] == [{"url": "/api/v1"}]
        assert http.get("/fast/where/tea").json() == ["tea", "/api/v1/fast/where/x"]


def test_a_project_that_nobody_opened_says_what_is_to_be_done(shop: Path) -> None:
    process = subprocess.Popen(
        (*UVICORN, "under_starlette:forgotten"),
        cwd=shop,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    assert httpx.get(f"{found[0]}/api/v1/goods/tea").status_code == 500
                    assert httpx.get(f"{found[0]}/api/v1/readyz").status_code == 503
                    process.terminate()
                    break
            rest, _ = process.communicate(timeout=TIMEOUT)
        finally:
            process.kill()
    assert 'put "async with application.running():" into the lifespan of that one' in rest
