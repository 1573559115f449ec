"""API keys in a header or in the query string."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from pikku_core import DeclarationError, Middleware, Next, Sessions, pikku_middleware
from pikku_http.http.auth.credentials import SessionOf, check_session_of, session_of_token
from pikku_http.http.header import TOKEN

if TYPE_CHECKING:
    from pikku_core.services import TokenReader
    from pikku_http.http.http import Http

HEADER: Final = "x-api-key"
CHALLENGE: Final = "ApiKey"
"""A 401 has a challenge (RFC 9110, 15.5.2); no scheme is registered for keys."""


def api_key(
    session_of: SessionOf, *, header: str | None = None, query: str | None = None
) -> Middleware:
    """Middleware that reads who calls from a key, by the service `api_keys`.

    ```python
    http_middleware("/api/*", [api_key(session_of)])
    ```

    The service is the project's own, a `TokenReader`: `StaticTokens`, `Tokens`, or one that looks keys up. A request
    without a key, or with a session already, passes as it is. A key that is refused is a 401, even where the function
    needs no session.

    Args:
        session_of: Makes the session out of the key's claims; see `SessionOf`.
        header: The header that brings the key. Default: `x-api-key`, where there is no `query`.
        query: The parameter of the query string that brings it. Addresses end up in logs: for clients that cannot send
            headers. The header counts where a request has both.

    Raises:
        DeclarationError: `session_of` is async, `header` is no name of a header, or `query` is empty.
    """
    check_session_of("api_key", session_of)
    name = HEADER if header is None and query is None else header
    if name is not None and not TOKEN.fullmatch(name):
        raise DeclarationError(f'"{name}" is no name of a header: "api_key" could not find it.')
    if query == "":
        raise DeclarationError('The "query" of "api_key" is empty: name a parameter.')

    @pikku_middleware
    async def api_key_session(
        next: Next, *, api_keys: TokenReader, sessions: Sessions[Any], http: Http | None = None
    ) -> Any:
        if http is None or sessions.current is not None:
            return await next()
        keys = keys_of(http, name, query)
        if keys:
            key = keys[0] if len(set(keys)) == 1 else None
            sessions.set(session_of_token(api_keys, key, session_of, CHALLENGE))
        else:
            http.challenge(CHALLENGE)
        return await next()

    return api_key_session


def keys_of(http: Http, header: str | None, query: str | None) -> list[str]:
    """The keys that a request brings: more than one only where the parameter is repeated."""
    given = None if header is None else http.header(header)
    if given is not None:
        return [given]
    if query is None or not http.query:
        return []
    return [value for name, value in parse_qsl(http.query, keep_blank_values=True) if name == query]
