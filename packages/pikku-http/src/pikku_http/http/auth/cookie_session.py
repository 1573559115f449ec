"""Sessions that are held by the client, in a signed cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import Middleware, Next, Sessions, Wire, pikku_middleware
from pikku_http.http.auth.session_cookie import TWO_WEEKS, session_cookie

if TYPE_CHECKING:
    from datetime import timedelta

    from pikku_core.services import Signer
    from pikku_http.http.cookie import SameSite
    from pikku_http.http.http import Http


def cookie_session(
    session: type[Any],
    *,
    name: str | None = None,
    lifetime: timedelta = TWO_WEEKS,
    secure: bool = True,
    same_site: SameSite = "lax",
) -> Middleware:
    """Middleware that keeps the session in a cookie, signed by the service `cookie_signer`.

    ```python
    http_middleware("*", [csrf(), cookie_session(Session)])
    ```

    `sessions.set` in a function gives the client a new cookie, `sessions.clear` takes it away; both when the function has
    returned, not when it failed. The client can read its session but not change it. Whoever has copied a cookie
    can use it until it ends, after `sessions.clear` too: `stored_session` ends sessions for good.

    A request without the cookie, or with one that is forged or over, passes without a session.

    Args:
        session: The class of the sessions.
        name: The cookie's. Default: `__Host-session`, which no other host can set; without `secure` `session`.
        lifetime: For how long a session holds since it was last set.
        secure: Whether the cookie is sent over HTTPS alone, and to localhost.
        same_site: See `Http.set_cookie`.

    Raises:
        DeclarationError: A browser would refuse the cookie, or the class can be no session.
    """
    cookie = session_cookie(
        "cookie_session",
        session,
        name=name,
        lifetime=lifetime,
        secure=secure,
        same_site=same_site,
    )

    @pikku_middleware
    async def signed_session(
        next: Next,
        *,
        cookie_signer: Signer,
        sessions: Sessions[Any],
        wire: Wire,
        http: Http | None = None,
    ) -> Any:
        before: Any = sessions.current
        if http is None or wire.origin is not None or before is not None:
            return await next()
        cookie.recognise(cookie.read(http, cookie_signer), http, sessions)
        result = await next()
        if sessions.changed:
            if sessions.current is None:
                cookie.delete(http)
            else:
                cookie.write(http, cookie_signer, cookie.codec.write_json(sessions.current))
        return result

    return signed_session
