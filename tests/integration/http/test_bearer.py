"""Bearer tokens in a generated project: services of its own, secrets, rotation, all of it over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.services import TokenKey, Tokens
from pikku_core.testing import MovableClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx2 import AsyncClient
    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

SECRET = "s" * 32
CLOCK = MovableClock()
FILES = {
    "app/session.py": """
        from pydantic import BaseModel
        from pikku_core import pikku_session
        from pikku_core.services import Claims

        @pikku_session
        class Session(BaseModel):
            user_id: str
            scopes: list[str] = []

        def session_of(claims: Claims) -> Session:
            return Session(user_id=claims["sub"], scopes=claims.get("scopes", []))
        """,
    "app/services.py": """
        from __future__ import annotations
        from typing import TYPE_CHECKING
        from pikku_core import define_secret, pikku_service
        from pikku_core.services import Clock, TokenKey, Tokens

        if TYPE_CHECKING:
            from pikku_app import Secrets

        define_secret("signing", str)

        @pikku_service
        def tokens(*, secrets: Secrets, clock: Clock) -> Tokens:
            return Tokens([TokenKey(value=secrets.signing.reveal())], clock=clock)
        """,
    "app/functions.py": """
        from __future__ import annotations
        from typing import TYPE_CHECKING
        from app.session import Session
        from pikku_core import pikku_func, pikku_sessionless_func

        if TYPE_CHECKING:
            from pikku_core.services import Tokens

        @pikku_sessionless_func
        async def login(data: str, *, tokens: Tokens) -> str:
            return tokens.issue(data)

        @pikku_func
        async def me(*, session: Session) -> str:
            return session.user_id

        @pikku_sessionless_func
        async def greet(*, session: Session | None = None) -> str:
            return session.user_id if session else "stranger"
        """,
    "app/wirings.py": """
        from app.functions import greet, login, me
        from app.session import session_of
        from pikku_http import bearer, http_middleware, wire_http

        http_middleware("/api/*", [bearer(session_of, realm="shop")])
        wire_http(method="post", route="/login", func=login)
        wire_http(method="get", route="/api/me", func=me)
        wire_http(method="get", route="/api/greeting", func=greet)
        wire_http(method="get", route="/api/scoped", func=greet, scopes=["read"])
        """,
}


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    return shared_project_of(FILES)


@pytest.fixture
async def client(project: Project) -> AsyncIterator[AsyncClient]:
    secrets, services = {"SIGNING": SECRET}, {"clock": CLOCK}
    async with project.serve(variables=secrets, instances=services) as one:
        yield one


async def test_who_logs_in_is_known_by_the_token_until_it_ends(client: AsyncClient) -> None:
    token = (await client.post("/login", json="ada")).json()
    headers = {"authorization": f"Bearer {token}"}
    assert (await client.get("/api/me", headers=headers)).json() == "ada"
    CLOCK.move(hours=2)
    answer = await client.get("/api/me", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "expired_token")
    assert answer.headers["www-authenticate"] == (
        'Bearer realm="shop", error="invalid_token", error_description="The token has expired."'
    )


async def test_who_sends_no_token_is_challenged_only_where_a_session_is_needed(
    client: AsyncClient,
) -> None:
    assert (await client.get("/api/greeting")).json() == "stranger"
    answer = await client.get("/api/me")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="shop"'


async def test_a_forged_token_is_refused_even_where_no_session_is_needed(
    client: AsyncClient,
) -> None:
    forged = Tokens([TokenKey(value="f" * 32)], clock=CLOCK).issue("ada")
    answer = await client.get("/api/greeting", headers={"authorization": f"Bearer {forged}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_token")


def test_a_project_without_the_service_is_told_which_to_write(project_of: ProjectOf) -> None:
    files = {name: text for name, text in FILES.items() if name != "app/services.py"}
    project = project_of(files, generate=False)
    missing = [one for one in project.build().diagnostics if "bearer_session" in one.message]
    assert [(one.code, one.hint) for one in missing] == [
        ("PKU732", 'Write a "pikku_service" function "tokens".')
    ]


async def test_the_scopes_of_a_token_are_those_of_the_session(client: AsyncClient) -> None:
    tokens = Tokens([TokenKey(value=SECRET)], clock=CLOCK)
    for scopes, status in (["read"], 200), (["write"], 403):
        headers = {"authorization": f"Bearer {tokens.issue('ada', {'scopes': scopes})}"}
        assert (await client.get("/api/scoped", headers=headers)).status_code == status
