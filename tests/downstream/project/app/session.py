"""Who is calling, and how each transport tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from pikku_core import pikku_middleware, pikku_permission, pikku_session

if TYPE_CHECKING:
    from app.models import Order
    from pikku_core import Next, Sessions
    from pikku_http import Http


@pikku_session
class Session(BaseModel):
    name: str


@pikku_middleware
async def bearer(next: Next, *, sessions: Sessions[Session], http: Http | None = None) -> Any:
    """On HTTP the caller's name is the token."""
    if http is not None and (header := http.header("authorization")):
        sessions.set(Session(name=header.removeprefix("Bearer ")))
    return await next()


@pikku_permission
async def is_buyer(data: Order, *, session: Session) -> bool:
    return data.buyer == session.name
