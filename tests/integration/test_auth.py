"""One function behind several wirings and `rpc`, each asking for something else of who calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core import UnauthorizedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx2 import AsyncClient
    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

SESSION = """
    from __future__ import annotations

    from typing import Any

    from pikku_core import Next, Sessions, pikku_middleware, pikku_permission, pikku_session
    from pikku_http import Http
    from pydantic import BaseModel

    class Ref(BaseModel):
        owner: str

    @pikku_session
    class Session(BaseModel):
        user: str
        scopes: list[str] = []
        readonly: bool = False

    @pikku_middleware
    async def sign_in(next: Next, *, sessions: Sessions[Session], http: Http | None = None) -> Any:
        if http is not None and (user := http.header("x-user")):
            scopes = (http.header("x-scopes") or "").split()
            sessions.set(Session(user=user, scopes=scopes, readonly=http.header("x-readonly") == "1"))
        return await next()

    @pikku_permission
    async def is_owner(data: Ref, *, session: Session) -> bool:
        return data.owner == session.user

    @pikku_permission
    async def breaks() -> bool:
        raise LookupError("the password is x")

    @pikku_permission
    async def is_admin(*, session: Session) -> bool:
        return session.user == "admin"
    """
FUNCTIONS = """
    from __future__ import annotations

    from typing import TYPE_CHECKING

    from app.session import Ref, Session, is_owner
    from pikku_core import pikku_func, pikku_sessionless_func

    if TYPE_CHECKING:
        from pikku_app import Rpc

    @pikku_sessionless_func
    async def greet(data: Ref, *, session: Session | None = None) -> str:
        return f"{data.owner} greets {session.user if session else 'nobody'}"

    @pikku_func
    async def whoami(*, session: Session) -> str:
        return session.user

    @pikku_func(permissions=[is_owner])
    async def erase(data: Ref) -> str:
        return f"erased {data.owner}"

    @pikku_func(readonly=True)
    async def look(*, session: Session) -> str:
        return f"{session.user} looks"

    @pikku_sessionless_func
    async def relay(data: Ref, *, rpc: Rpc) -> list[str]:
        return [await rpc.greet(data), await rpc.whoami()]

    @pikku_sessionless_func
    async def relay_erase(data: Ref, *, rpc: Rpc) -> str:
        return await rpc.invoke("erase", data)
    """
WIRINGS = """
    from app import functions
    from app.functions import greet
    from app.session import breaks, is_admin, is_owner, sign_in
    from pikku_core import global_middleware
    from pikku_http import wire_http

    global_middleware([sign_in])
    wire_http(method="get", route="/open/{owner}", func=greet)
    wire_http(method="get", route="/closed/{owner}", func=greet, auth=True)
    wire_http(method="get", route="/scoped/{owner}", func=greet, scopes=["greet"])
    wire_http(method="get", route="/owned/{owner}", func=greet, auth=True, permissions={"owner": is_owner, "admin": [is_admin]})
    wire_http(method="get", route="/me", func=functions.whoami)
    wire_http(method="get", route="/look", func=functions.look)
    wire_http(method="delete", route="/things/{owner}", func=functions.erase)
    wire_http(method="post", route="/things", func=functions.erase)
    wire_http(method="post", route="/broken", func=greet, permissions=[breaks])
    wire_http(method="get", route="/relay/{owner}", func=functions.relay)
    wire_http(method="get", route="/relay-erase/{owner}", func=functions.relay_erase)
    """


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    files = {"app/session.py": SESSION, "app/functions.py": FUNCTIONS, "app/wirings.py": WIRINGS}
    return shared_project_of(files)


@pytest.fixture
async def client(project: Project) -> AsyncIterator[AsyncClient]:
    async with project.serve() as one:
        yield one


@pytest.mark.parametrize(
    ("path", "user", "status", "answered"),
    [
        ("/open/ada", "", 200, "ada greets nobody"),
        ("/open/ada", "ada", 200, "ada greets ada"),
        ("/closed/ada", "", 401, "unauthorized"),
        ("/closed/ada", "bob", 200, "ada greets bob"),
        ("/scoped/ada", "", 401, "unauthorized"),
        ("/scoped/ada", "bob", 403, "missing_scope"),
        ("/owned/ada", "ada", 200, "ada greets ada"),
        ("/owned/ada", "admin", 200, "ada greets admin"),
        ("/owned/ada", "bob", 403, "forbidden"),
        ("/me", "", 401, "unauthorized"),
        ("/me", "ada", 200, "ada"),
    ],
)
async def test_each_wiring_of_a_function_asks_for_its_own(
    path: str, user: str, status: int, answered: str, client: AsyncClient
) -> None:
    answer = await client.get(path, headers={"x-user": user} if user else {})
    assert answer.status_code == status
    assert answered in answer.text


async def test_a_scope_of_the_wiring_opens_it(client: AsyncClient) -> None:
    answer = await client.get("/scoped/ada", headers={"x-user": "bob", "x-scopes": "greet"})
    assert answer.json() == "ada greets bob"


async def test_a_scope_that_lacks_is_named_for_programs(client: AsyncClient) -> None:
    answer = await client.get("/scoped/ada", headers={"x-user": "bob"})
    assert answer.json()["error"]["payload"] == {"scope": "greet"}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{}", "application/json", 422),
        ("no JSON", "application/json", 422),
        ('{"owner": "ada"}', "text/plain", 415),
        (f'{{"owner": "{"a" * 11_000_000}"}}', "application/json", 413),
    ],
    ids=["lacking", "malformed", "another type", "too large"],
)
async def test_who_is_unknown_learns_nothing_of_what_is_asked_for(
    body: str, content_type: str, status: int, client: AsyncClient
) -> None:
    headers = {"content-type": content_type}
    assert (await client.post("/things", content=body, headers=headers)).status_code == 401
    known = await client.post("/things", content=body, headers=headers | {"x-user": "ada"})
    assert known.status_code == status


async def test_a_permission_that_breaks_lets_nobody_pass_and_says_nothing(
    client: AsyncClient,
) -> None:
    answer = await client.post("/broken", json={"owner": "ada"}, headers={"x-user": "ada"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert "password" not in answer.text


async def test_a_function_that_needs_a_session_asks_for_it_through_rpc_too(
    client: AsyncClient,
) -> None:
    answer = await client.get("/relay/ada")
    assert answer.status_code == 401
    answer = await client.get("/relay/ada", headers={"x-user": "bob"})
    assert answer.json() == ["ada greets bob", "bob"]


async def test_permissions_hold_through_rpc(client: AsyncClient) -> None:
    bob = {"x-user": "bob"}
    assert (await client.delete("/things/ada", headers=bob)).status_code == 403
    assert (await client.get("/relay-erase/ada", headers=bob)).status_code == 403
    assert (await client.get("/relay-erase/bob", headers=bob)).json() == "erased bob"


async def test_a_read_only_session_calls_only_what_allows_it(client: AsyncClient) -> None:
    reader = {"x-user": "ada", "x-readonly": "1"}
    assert (await client.get("/look", headers=reader)).json() == "ada looks"
    answer = await client.get("/me", headers=reader)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "readonly_session")


async def test_what_a_wiring_asks_for_does_not_hold_for_a_call_by_name(project: Project) -> None:
    async with project.load() as app:
        assert await app.rpc.greet({"owner": "ada"}) == "ada greets nobody"
        with pytest.raises(UnauthorizedError):
            await app.rpc.whoami()


def test_opening_a_function_that_needs_a_session_is_refused(project_of: ProjectOf) -> None:
    wirings = WIRINGS.replace("func=functions.whoami", "func=functions.whoami, auth=False")
    files = {"app/session.py": SESSION, "app/functions.py": FUNCTIONS, "app/wirings.py": wirings}
    (found,) = project_of(files, generate=False).build().diagnostics
    assert str(found.location) == "app/wirings.py:12"
    assert '"whoami"' in found.message
