"""Sessions that are held by the server; the client has a signed id."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING, Any, Final

from pikku_core import Middleware, Next, Sessions, Wire, pikku_middleware
from pikku_http.http.auth.session_cookie import TWO_WEEKS, session_cookie

if TYPE_CHECKING:
    from datetime import timedelta

    from pikku_core.services import SessionStore, Signer
    from pikku_http.http.cookie import SameSite
    from pikku_http.http.http import Http

ID_BYTES: Final = 32


def stored_session(
    session: type[Any],
    *,
    name: str | None = None,
    lifetime: timedelta = TWO_WEEKS,
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
    returned, not when it failed. The store holds a hash of the id: who reads the store cannot use it.

    A request without the cookie, or whose session there is not any more, passes without a session.

    Args:
        session: The class of the sessions.
        name: The cookie's. Default: `__Host-session`, which no other host can set; without `secure` `session`.
        lifetime: For how long a session is kept since it was last set.
        secure: Whether the cookie is sent over HTTPS alone, and to localhost.
        same_site: See `Http.set_cookie`.

    Raises:
        DeclarationError: A browser would refuse the cookie, or the class can be no session.
    """
    cookie = session_cookie(
        "stored_session",
        session,
        name=name,
        lifetime=lifetime,
        secure=secure,
        same_site=same_site,
    )

    @pikku_middleware
    async def kept_session(
        next: Next,
        *,
        cookie_signer: Signer,
        session_store: SessionStore,
        sessions: Sessions[Any],
        wire: Wire,
        http: Http | None = None,
    ) -> Any:
        before: Any = sessions.current
        if http is None or wire.origin is not None or before is not None:
            return await next()
        known = cookie.read(http, cookie_signer)
        content = None if known is None else await session_store.get(key_of(known))
        cookie.recognise(content, http, sessions)
        result = await next()
        if sessions.changed:
            if sessions.current is None:
                cookie.delete(http)
            else:
                fresh = token_bytes(ID_BYTES)
                content = cookie.codec.write_json(sessions.current)
                await session_store.set(key_of(fresh), content, ttl=cookie.seconds)
                cookie.write(http, cookie_signer, fresh)
            if known is not None:
                await session_store.clear(key_of(known))
        return result

    return kept_session


def key_of(identity: bytes) -> str:
    """What the store has a session under."""
    return sha256(identity).hexdigest()
