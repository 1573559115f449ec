"""Middleware, a factory of it, and a permission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import Middleware, Next, pikku_middleware, pikku_permission

if TYPE_CHECKING:
    from app.session import Session


@pikku_middleware
async def timing(next: Next) -> Any:
    """Goes on."""
    return await next()


def at_most(calls: int) -> Middleware:
    """Lets some calls through."""

    @pikku_middleware
    async def check(next: Next) -> Any:
        return await next() if calls else None

    return check


@pikku_permission
async def is_admin(*, session: Session) -> bool:
    """Whether it is root who calls."""
    return session.user_id == "root"
