"""Sessions that are held by the server; the client has a signed id."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING, Any, Final

from pikku_core import (
    ConflictError,
    Middleware,
    Next,
    ServiceUnavailableError,
    Sessions,
    Wire,
    pikku_middleware,
)
from pikku_http.http.auth.session_cookie import TWO_WEEKS, session_cookie
from pikku_http.http.auth.session_writer import SessionWriter, unwritten

if TYPE_CHECKING:
    from datetime import timedelta

    from pikku_core.services import Clock, SessionStore, Signer
    from pikku_http.http.auth.session_cookie import Held
    from pikku_http.http.cookie import SameSite
    from pikku_http.http.http import Http

ID_BYTES: Final = 32


class SessionChangedError(ConflictError):
    """A session that a request wants to change, and another one has changed or ended meanwhile."""

    code = "session_changed"
    default_message = "The session was changed or ended by another request."


def stored_session(
    session: type[Any],
    *,
    name: str | None = None,
    lifetime: timedelta = TWO_WEEKS,
    renew: float | None = None,
    max_lifetime: timedelta | None = None,
    secure: bool = True,
    same_site: SameSite = "lax",
) -> Middleware:
    """Middleware that keeps the session in the service `session_store`, under an id in a cookie.

    ```python
    http_middleware("*", [csrf(), stored_session(Session)])
    ```

    The id is signed by the service `cookie_signer`. `sessions.set` in a function stores the session under a new id
    and forgets the old one, so that an id which somebody knew before the login is worth nothing after it;
    `sessions.clear` forgets the session, and a copy of the cookie is worth nothing. Both when the function has
    returned, not when it failed. A stream does so with its first item, one of events after a second without one too, whatever
    it ends in; later it can only be cleared, and a session that is set then is an error in the log. The store holds a hash of
    the id: who reads the store cannot use it.

    A request without the cookie, or whose session there is not any more, passes without a session. Where middleware further out
    has found one already, the cookie is not looked at, and what the function makes of that session is not written here. Of two requests at once
    that change or clear one session the first wins, and the other is a 409: neither a change nor a logout is undone. Where
    the store cannot be reached, a request with a cookie is a 503, and nobody is taken for a stranger.

    Args:
        session: The class of the sessions.
        name: The cookie's. Default: `__Host-session`, which no other host can set; without `secure` `session`.
        lifetime: For how long a session is kept since it was last set, or renewed.
        renew: After which share of its lifetime, counted from when it was set, each use keeps it for another one: 0.5, after a
            half. The cookie then holds as long as `max_lifetime`, or 400 days, and the store says when the session ends.
            Default: it ends, however often it is used.
        max_lifetime: For how long a session is kept since there was none before, however often it is set and renewed.
        secure: Whether the cookie is sent over HTTPS alone, and to localhost.
        same_site: See `Http.set_cookie`.

    Raises:
        DeclarationError: A browser would refuse the cookie, its times would not hold, or the class can be no session.
    """
    cookie = session_cookie(
        "stored_session",
        session,
        name=name,
        lifetime=lifetime,
        renew=renew,
        max_lifetime=max_lifetime,
        secure=secure,
        same_site=same_site,
        is_kept=True,
    )

    @pikku_middleware
    async def kept_session(
        next: Next,
        *,
        clock: Clock,
        cookie_signer: Signer,
        session_store: SessionStore,
        sessions: Sessions[Any],
        wire: Wire,
        http: Http | None = None,
    ) -> Any:
        before: Any = sessions.current
        if http is None or wire.origin is not None:
            return await next()
        if before is not None:
            return await unwritten(next, http, sessions, wire.wiring)
        held = cookie.read(http, cookie_signer, clock)
        content = None if held is None else await session_store.get(key_of(held.content))
        cookie.recognise(content, http, sessions)
        writer = StoreWriter(cookie, held, clock=clock, sessions=sessions, signer=cookie_signer)
        writer.store = session_store
        writer.key = "" if held is None or content is None else key_of(held.content)
        return await writer.around(next, http, wire.wiring)

    return kept_session


class StoreWriter(SessionWriter):
    """Writes a session into the store.

    Attributes:
        key: What the store has the session under; empty where it has none.
    """

    store: SessionStore
    key: str

    async def change(self, http: Http, content: bytes | None) -> None:
        """Stores the session under a new id, or forgets it.

        Raises:
            SessionChangedError: Somebody else was first.
        """
        left = self.cookie.left(self.began, self.clock)
        if content is None or left <= 0:
            was_ours = await self._forget()
            self.cookie.delete(http)
            if not was_ours:
                raise SessionChangedError
            return
        fresh = token_bytes(ID_BYTES)
        await self.store.set(key_of(fresh), content, ttl=left)
        if not await self._forget():
            await self.store.clear(key_of(fresh))
            raise SessionChangedError
        self.key = key_of(fresh)
        self.write_cookie(http, fresh)

    async def renew(self, http: Http, held: Held) -> None:  # noqa: ARG002 -- as every writer
        """Keeps the session, under the same id, for another lifetime.

        No cookie is written: where another request changes the session meanwhile, this one's answer may be the last that the
        browser gets, and would bring it an id that is worth nothing.
        """
        left = self.cookie.left(held.began, self.clock)
        with suppress(ServiceUnavailableError):
            # Where it fails, what was asked for is done, and the next request renews.
            await self.store.extend(self.key, ttl=left)

    async def end(self) -> bool:
        """Forgets the session: what the client has left is worth nothing."""
        return await self._forget()

    async def _forget(self) -> bool:
        """Forgets what the request brought; returns whether nobody else did so meanwhile."""
        key, self.key = self.key, ""
        return not key or await self.store.clear(key) or not self.known


def key_of(identity: bytes) -> str:
    """What the store has a session under."""
    return sha256(identity).hexdigest()
