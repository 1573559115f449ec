"""A site with cookie sessions, in this process."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

from pikku_core import (
    App,
    NotFoundError,
    Rpc,
    Sessions,
    global_middleware,
    pikku_func,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.services import MemorySessionStore, SessionStore, Signer, system_clock
from pikku_core.testing import MovableClock
from pikku_http import wire_http
from pikku_http.http.auth.session_cookie import TIMES
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from httpx2 import AsyncClient

    from pikku_core import Middleware
    from pikku_http import HttpWiring

SECRET = "s" * 32


class Session(TypedDict):
    """A dict, so that test modules need no class of this one."""

    user: str
    note: str


class Login(BaseModel):
    user: str
    note: str = ""


@pikku_sessionless_func
async def login(data: Login, *, sessions: Sessions[Session]) -> str:
    sessions.set({"user": data.user, "note": data.note})
    if data.user == "nobody":
        raise NotFoundError
    return "in"


@pikku_sessionless_func
async def logout(*, sessions: Sessions[Session]) -> str:
    sessions.clear()
    return "out"


@pikku_func
async def whoami(*, session: Session) -> str:
    return session["user"]


@pikku_sessionless_func
async def login_by_name(data: Login, *, rpc: Rpc) -> str:
    answer: str = await rpc.login(data)
    return answer


@pikku_service
def cookie_signer() -> Signer:
    raise AssertionError("the test gives one")


@pikku_service
def session_store() -> SessionStore:
    raise AssertionError("the test gives one")


class Counting(MemorySessionStore):
    """A store that counts what is asked of it, and keeps what it was given."""

    def __init__(self, clock: MovableClock) -> None:
        super().__init__(clock=clock)
        self.asked = 0
        self.given: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        self.asked += 1
        return await super().get(key)

    async def set(self, key: str, session: bytes, *, ttl: float) -> None:
        self.given[key] = session
        await super().set(key, session, ttl=ttl)


class Site:
    """A site with one kind of sessions; its cookie is `__Host-session`."""

    def __init__(self, middleware: Middleware) -> None:
        self.middleware = middleware
        self.clock = MovableClock()
        self.counting = Counting(self.clock)
        self.store: MemorySessionStore = self.counting
        self.signer = Signer([SECRET], clock=self.clock)

    def signed(self, content: bytes, *, purpose: str = "cookie:__Host-session") -> str:
        """A cookie as only the site itself can make it."""
        now = int(self.clock.now().timestamp())
        return self.signer.sign(TIMES.pack(now, now) + content, purpose=purpose, lifetime=60)

    @asynccontextmanager
    async def client(
        self, wirings: Sequence[HttpWiring] = (), **options: Any
    ) -> AsyncGenerator[AsyncClient]:
        """A browser; `wirings` are further routes, `options` those of the application."""
        declarations = [
            global_middleware([self.middleware]),
            wire_http(method="post", route="/login", func=login),
            wire_http(method="post", route="/login-by-name", func=login_by_name),
            wire_http(method="post", route="/logout", func=logout),
            wire_http(method="get", route="/me", func=whoami),
            *wirings,
        ]
        app = App(
            declarations,
            functions=[login],
            services=[cookie_signer, session_store, system_clock],
            instances={
                "clock": self.clock,
                "cookie_signer": self.signer,
                "session_store": self.store,
            },
        )
        async with app, client_of(app, base_url="https://site.test", **options) as client:
            yield client


class SiteOf(Protocol):
    """Makes a site with sessions of a factory."""

    def __call__(self, factory: Callable[..., Middleware], **options: Any) -> Site: ...


@pytest.fixture
def site_of() -> SiteOf:
    return lambda factory, **options: Site(factory(Session, **options))


@pytest.fixture(params=["cookie_session", "stored_session"])
def factory(request: pytest.FixtureRequest) -> Callable[..., Middleware]:
    """Each kind of sessions."""
    import pikku_http

    found: Callable[..., Middleware] = getattr(pikku_http, request.param)
    return found


@pytest.fixture
def site(factory: Callable[..., Middleware], site_of: SiteOf) -> Site:
    """A site with each kind of sessions."""
    return site_of(factory)
