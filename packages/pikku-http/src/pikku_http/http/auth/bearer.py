"""Bearer tokens in `Authorization` (RFC 6750)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError, Middleware, Next, Sessions, pikku_middleware
from pikku_http.http.auth.credentials import SessionOf, check_session_of, session_of_token
from pikku_http.http.header import TOKEN

if TYPE_CHECKING:
    from pikku_core.services import TokenReader
    from pikku_http.http.http import Http

B64TOKEN: Final = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
"""What a token consists of (RFC 6750, 2.1)."""

QUOTABLE: Final = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")


def bearer(
    session_of: SessionOf, *, scheme: str = "Bearer", realm: str | None = None
) -> Middleware:
    """Middleware that reads who calls from `Authorization: Bearer <token>`, by the service `tokens`.

    ```python
    def session_of(claims: Claims) -> Session:
        return Session(user_id=claims["sub"])


    http_middleware("/api/*", [bearer(session_of)])
    ```

    The service is the project's own, a `TokenReader`: `Tokens` for JSON Web Tokens, `StaticTokens` for fixed ones.
    A request without the header, with another scheme, or with a session already, passes as it is. A token that is
    refused is a 401 with the reason in `WWW-Authenticate`, even where the function needs no session.

    Args:
        session_of: Makes the session out of the token's claims; see `SessionOf`.
        scheme: What stands before the token, in any case.
        realm: What is protected, for `WWW-Authenticate`. Default: not said.

    Raises:
        DeclarationError: `session_of` is async, or `scheme` or `realm` cannot stand in a header.
    """
    check_session_of("bearer", session_of)
    if not TOKEN.fullmatch(scheme):
        raise DeclarationError(f'The scheme "{scheme}" of "bearer" is no word of a header.')
    if realm is not None and not QUOTABLE.fullmatch(realm):
        raise DeclarationError(
            f'The realm {realm!r} of "bearer" holds what cannot stand in quotes: leave it out.'
        )
    wanted = scheme.lower()
    challenge = scheme if realm is None else f'{scheme} realm="{realm}"'

    @pikku_middleware
    async def bearer_session(
        next: Next, *, tokens: TokenReader, sessions: Sessions[Any], http: Http | None = None
    ) -> Any:
        if http is None or sessions.current is not None:
            return await next()
        given, _, token = (http.header("authorization") or "").partition(" ")
        if given.lower() == wanted:
            text = token.strip(" ")
            known = text if B64TOKEN.fullmatch(text) else None
            sessions.set(session_of_token(tokens, known, session_of, challenge))
        else:
            http.challenge(challenge)
        return await next()

    return bearer_session
