"""Sessions that are held by the client, in a signed cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import Middleware, Next, Sessions, Wire, pikku_middleware
from pikku_http.http.auth.session_cookie import TWO_WEEKS, session_cookie
from pikku_http.http.auth.session_writer import SessionWriter, unwritten

if TYPE_CHECKING:
    from datetime import timedelta

    from pikku_core.services import Clock, Signer
    from pikku_http.http.auth.session_cookie import Held
    from pikku_http.http.cookie import SameSite
    from pikku_http.http.http import Http


def cookie_session(
    session: type[Any],
    *,
    name: str | None = None,
    lifetime: timedelta = TWO_WEEKS,
    renew: float | None = None,
    max_lifetime: timedelta | None = None,
    secure: bool = True,
    same_site: SameSite = "lax",
) -> Middleware:
    """Middleware that keeps the session in a cookie, signed by the service `cookie_signer`.

    ```python
    http_middleware("*", [csrf(), cookie_session(Session)])
    ```

    `sessions.set` in a function gives the client a new cookie, `sessions.clear` takes it away; both when the function has
    returned, not when it failed. A stream does so with its first item, one of events after a second without one too, whatever
    it ends in; what it changes later is an error in the log.
    The client can read its session but not change it. Whoever has copied a cookie can use it until it ends, after
    `sessions.clear` too: `stored_session` ends sessions for good.

    A request without the cookie, or with one that is forged or over, passes without a session. Where middleware further out has
    found one already, the cookie is not looked at, and what the function makes of that session is not written here.

    Args:
        session: The class of the sessions.
        name: The cookie's. Default: `__Host-session`, which no other host can set; without `secure` `session`.
        lifetime: For how long a session holds since it was last set, or renewed.
        renew: After which share of its lifetime a session that is used holds for another one: 0.5, after a half. Default:
            it ends, however often it is used.
        max_lifetime: For how long a session holds since there was none before, however often it is set and renewed.
        secure: Whether the cookie is sent over HTTPS alone, and to localhost.
        same_site: See `Http.set_cookie`.

    Raises:
        DeclarationError: A browser would refuse the cookie, its times would not hold, or the class can be no session.
    """
    cookie = session_cookie(
        "cookie_session",
        session,
        name=name,
        lifetime=lifetime,
        renew=renew,
        max_lifetime=max_lifetime,
        secure=secure,
        same_site=same_site,
    )

    @pikku_middleware
    async def signed_session(
        next: Next,
        *,
        clock: Clock,
        cookie_signer: Signer,
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
        cookie.recognise(None if held is None else held.content, http, sessions)
        writer = CookieWriter(cookie, held, clock=clock, sessions=sessions, signer=cookie_signer)
        return await writer.around(next, http, wire.wiring)

    return signed_session


class CookieWriter(SessionWriter):
    """Writes a session into the cookie."""

    async def change(self, http: Http, content: bytes | None) -> None:
        """Gives the client the session, or takes it away."""
        if content is None:
            self.cookie.delete(http)
        else:
            self.write_cookie(http, content)

    async def renew(self, http: Http, held: Held) -> None:
        """Gives the client the same session for another lifetime."""
        self.write_cookie(http, held.content)

    async def end(self) -> bool:
        """A cookie that has been sent cannot be taken back."""
        return False
