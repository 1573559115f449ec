"""Groups of routes that an addon exports: the project says where they are, and what more is asked of callers."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from pikku_core.testing.temporary import write_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.conftest import ProjectOf

pytestmark = pytest.mark.anyio

ADDON = {
    "groups_addon-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: groups-addon\nVersion: 1.2\n",
    "groups_addon-1.2.dist-info/entry_points.txt": "[pikku.addons]\ngroups = groups_addon\n",
    "groups_addon/__init__.py": "",
    "groups_addon/services.py": """
        from pikku_core import pikku_service

        class Outbox:
            def __init__(self) -> None:
                self.mails: list[str] = []

        @pikku_service
        def outbox() -> Outbox:
            return Outbox()
        """,
    "groups_addon/functions.py": """
        from __future__ import annotations

        from typing import Any

        from groups_addon.services import Outbox
        from pikku_core import Next, pikku_func, pikku_middleware, pikku_permission, pikku_sessionless_func
        from pydantic import BaseModel

        class Mail(BaseModel):
            to: str

        @pikku_sessionless_func
        async def send(data: Mail, *, outbox: Outbox) -> int:
            outbox.mails.append(data.to)
            return len(outbox.mails)

        @pikku_func(tags=["secret"])
        async def sent(*, outbox: Outbox) -> list[str]:
            return outbox.mails

        @pikku_middleware
        async def noting(next: Next, *, outbox: Outbox) -> Any:
            outbox.mails.append("before")
            return await next()

        @pikku_permission
        async def not_everybody(*, outbox: Outbox) -> bool:
            return "nobody" not in outbox.mails
        """,
    "groups_addon/routes.py": """
        from groups_addon.functions import noting, not_everybody, send, sent
        from pikku_http import define_http_routes, http_route

        letters = define_http_routes(
            base_path="/letters",
            tags=["letters"],
            middleware=[noting],
            routes=[http_route(method="post", route="", func=send)],
        )
        box = define_http_routes(
            routes=[letters, http_route(method="get", route="/sent", func=sent, permissions=[not_everybody])],
        )
        """,
}
PROJECT = {
    "app/session.py": """
        from __future__ import annotations

        from typing import Any

        from pikku_core import Next, Sessions, pikku_middleware, pikku_session
        from pikku_http import Http
        from pydantic import BaseModel

        @pikku_session
        class Session(BaseModel):
            user: str

        @pikku_middleware
        async def named(next: Next, *, http: Http, sessions: Sessions[Session]) -> Any:
            if user := http.header("x-user"):
                sessions.set(Session(user=user))
            return await next()
        """,
    "app/wirings.py": """
        import groups_addon.routes
        from app.session import named
        from groups_addon.routes import letters
        from pikku_core import wire_addon
        from pikku_http import wire_http_routes

        wire_addon(name="mail", package="groups_addon")
        wire_http_routes(base_path="/mail", middleware=[named], tags=["outside"], routes=[groups_addon.routes.box])
        wire_http_routes(base_path="/guarded", auth=True, middleware=[named], routes=[letters])
        """,
}


@pytest.fixture
def addon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The addon, installed."""
    site = tmp_path / "site-packages"
    write_files(site, ADDON)
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    monkeypatch.setenv("PYTHONPATH", str(site))  # where the child process finds its types
    importlib.invalidate_caches()
    yield site / "groups_addon"
    for name in [name for name in sys.modules if name.partition(".")[0] == "groups_addon"]:
        del sys.modules[name]


async def test_a_project_says_where_the_routes_of_an_addon_are(
    addon: Path, project_of: ProjectOf
) -> None:
    async with project_of(PROJECT).serve() as http:
        assert (await http.post("/mail/letters", json={"to": "ada"})).json() == 2
        assert (await http.get("/mail/sent")).status_code == 401
        answer = await http.get("/mail/sent", headers={"x-user": "grace"})
        assert answer.json() == ["before", "ada"]
        assert (await http.post("/guarded/letters", json={"to": "x"})).status_code == 401
        known = await http.post("/guarded/letters", json={"to": "nobody"}, headers={"x-user": "g"})
        assert known.json() == 5
        assert (await http.get("/mail/sent", headers={"x-user": "g"})).status_code == 403


GUARDED = """
    from app.session import Session, named
    from groups_addon.routes import box
    from pikku_core import global_permissions, pikku_permission, tag_middleware, wire_addon
    from pikku_http import wire_http_routes

    @pikku_permission
    def known(*, session: Session | None = None) -> bool:
        return session is not None and session.user != "eve"

    global_permissions([known])
    wire_addon(name="mail", package="groups_addon")
    tag_middleware("secret", [named])
    tag_middleware("letters", [named])
    wire_http_routes(routes=[box])
    """


async def test_what_the_project_asks_of_everything_holds_for_an_addon(
    addon: Path, project_of: ProjectOf
) -> None:
    async with project_of(PROJECT | {"app/wirings.py": GUARDED}).serve() as http:
        statuses = [
            (await http.get("/sent", headers={"x-user": user})).status_code
            for user in ("ada", "eve", "")
        ]
        assert statuses == [200, 403, 401]
        assert (await http.post("/letters", json={"to": "x"})).status_code == 403


def test_routes_of_an_addon_are_wirings_like_any_other(addon: Path, project_of: ProjectOf) -> None:
    wirings = {one.id: one for one in project_of(PROJECT).build().project.wirings}
    assert [*wirings] == [
        "http:get:/mail/sent",
        "http:post:/guarded/letters",
        "http:post:/mail/letters",
    ]
    letters = wirings["http:post:/mail/letters"]
    assert (letters.function, letters.tags) == ("mail:send", ("outside", "letters"))
    assert letters.middleware == (
        "app.session:named",
        "groups_addon.functions:noting",
    )
    assert wirings["http:post:/guarded/letters"].auth is True


async def test_filters_choose_them_one_by_one(addon: Path, project_of: ProjectOf) -> None:
    project = project_of(PROJECT, generate=False)
    project.generate({"http-routes": ("/guarded",)})
    assert [one.id for one in project.build({"http-routes": ("/guarded",)}).project.wirings] == [
        "http:post:/guarded/letters"
    ]
    async with project.serve() as http:
        assert (await http.get("/mail/sent")).status_code == 404


def test_what_an_addon_wires_itself_is_refused(addon: Path, project_of: ProjectOf) -> None:
    routes = (addon / "routes.py").read_text()
    (addon / "routes.py").write_text(
        routes.replace("import define", "import wire_http_routes, define")
        + 'wire_http_routes(base_path="/own", routes=[box])\n'
    )
    problems = project_of(PROJECT, generate=False).problems()
    assert [code for code, _ in problems] == ["PKU920"]


ASKED = """
    from app.session import Session, named
    from groups_addon.functions import send
    from pikku_core import Rpc, pikku_permission, pikku_sessionless_func, tag_permissions, wire_addon
    from pikku_http import http_middleware, wire_http

    @pikku_permission
    async def is_no_eve(*, session: Session | None = None) -> bool:
        return session is not None and session.user != "eve"

    @pikku_sessionless_func
    async def relay(data: str, *, rpc: Rpc) -> int:
        return await rpc.mail.send({{"to": data}})

    wire_addon(name="mail", package="groups_addon", {options})
    tag_permissions("letters", [is_no_eve])
    http_middleware("*", [named])
    wire_http(method="post", route="/send", func=send)
    wire_http(method="post", route="/relay", func=relay)
    """


@pytest.mark.parametrize(
    ("options", "statuses"),
    [
        ("", [200, 200, 200]),
        ("auth=True", [401, 200, 200]),
        ('tags=["letters:all"]', [403, 403, 200]),
        ('auth=True, tags=["letters:all"]', [401, 403, 200]),
        ('scopes=["mail"]', [401, 403, 403]),
    ],
)
async def test_what_a_project_asks_of_an_addon_holds_on_routes_and_through_rpc(
    addon: Path, project_of: ProjectOf, options: str, statuses: list[int]
) -> None:
    files = {**PROJECT, "app/wirings.py": ASKED.format(options=options)}
    async with project_of(files).serve() as http:
        for user, status in zip(("", "eve", "ada"), statuses, strict=True):
            sent = await http.post("/send", json={"to": "x"}, headers={"x-user": user})
            relayed = await http.post("/relay", json="x", headers={"x-user": user})
            assert (sent.status_code, relayed.status_code) == (status, status)
