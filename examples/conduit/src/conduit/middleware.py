from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conduit.session import Session
from pikku_core import Next, Sessions, pikku_middleware

if TYPE_CHECKING:
    from conduit.services.tokens import Tokens
    from pikku_http import Http


@pikku_middleware
async def token_session(
    next: Next, *, http: Http, sessions: Sessions[Session], tokens: Tokens
) -> Any:
    """Says who calls by `Authorization: Token …`, or `Bearer …`; a bad token is a 401 even where none is needed."""
    scheme, _, token = (http.header("authorization") or "").partition(" ")
    if scheme.lower() in {"token", "bearer"}:
        sessions.set(Session(user_id=tokens.read(token.strip())))
    return await next()
