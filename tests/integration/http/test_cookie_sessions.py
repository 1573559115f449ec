"""Cookie sessions in a generated project, behind the check for requests of other sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.services import MemorySessionStore

if TYPE_CHECKING:
    from tests.integration.conftest import ProjectOf

pytestmark = pytest.mark.anyio

FILES = {
    "app/session.py": """
        from pydantic import BaseModel
        from pikku_core import pikku_session

        @pikku_session
        class Session(BaseModel):
            user: str
        """,
    "app/services.py": """
        from __future__ import annotations
        from typing import TYPE_CHECKING
        from pikku_core import define_secret, pikku_service
        from pikku_core.services import Clock, MemorySessionStore, SessionStore, Signer

        if TYPE_CHECKING:
            from pikku_app import Secrets

        define_secret("cookie_key", str)

        @pikku_service
        def cookie_signer(*, secrets: Secrets, clock: Clock) -> Signer:
            return Signer([secrets.cookie_key.reveal()], clock=clock)

        @pikku_service
        def session_store(*, clock: Clock) -> SessionStore:
            return MemorySessionStore(clock=clock)
        """,
    "app/functions.py": """
        from app.session import Session
        from pikku_core import Sessions, pikku_func, pikku_sessionless_func

        @pikku_sessionless_func
        async def login(data: str, *, sessions: Sessions[Session]) -> None:
            sessions.set(Session(user=data))

        @pikku_func
        async def me(*, session: Session) -> str:
            return session.user

        @pikku_func
        async def logout(*, sessions: Sessions[Session]) -> None:
            sessions.clear()
        """,
    "app/wirings.py": """
        from app.functions import login, logout, me
        from app.session import Session
        from pikku_http import FACTORY, csrf, http_middleware, wire_http

        http_middleware("*", [csrf(trusted_origins=["https://app.test"]), FACTORY(Session, secure=False)])
        wire_http(method="post", route="/login", func=login)
        wire_http(method="post", route="/logout", func=logout)
        wire_http(method="get", route="/me", func=me)
        """,
}


@pytest.mark.parametrize("factory", ["cookie_session", "stored_session"])
async def test_a_session_lasts_from_login_to_logout(project_of: ProjectOf, factory: str) -> None:
    wirings = FILES["app/wirings.py"].replace("FACTORY", factory)
    project = project_of(FILES | {"app/wirings.py": wirings})
    store, secrets = MemorySessionStore(), {"COOKIE_KEY": "k" * 32}
    async with project.serve(variables=secrets, instances={"session_store": store}) as client:
        assert (await client.get("/me")).status_code == 401
        assert (await client.post("/login", json="ada")).status_code == 204
        assert (await client.get("/me")).json() == "ada"
        assert len(store) == (1 if factory == "stored_session" else 0)
        evil = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}
        answer = await client.post("/logout", headers=evil)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_site")
        assert (await client.get("/me")).json() == "ada"
        assert (await client.post("/logout", headers={"origin": "https://app.test"})).is_success
        assert (await client.get("/me")).status_code == 401
        assert len(store) == 0


async def test_sessions_in_cookies_need_no_store(project_of: ProjectOf) -> None:
    wirings = FILES["app/wirings.py"].replace("FACTORY", "cookie_session")
    project = project_of(FILES | {"app/wirings.py": wirings})
    services = (project.generated / "pikku_services_gen.py").read_text()
    required = services.partition("REQUIRED: list[str] = ")[2].partition("]")[0]
    assert '"cookie_signer"' in required
    assert '"session_store"' not in required
