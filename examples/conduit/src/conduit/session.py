from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from pikku_core import pikku_session
from pikku_core.services import Claims


@pikku_session
class Session(BaseModel):
    """Who calls: the user that a valid token names."""

    model_config = ConfigDict(frozen=True)

    user_id: int


def session_of(claims: Claims) -> Session:
    return Session(user_id=int(claims["sub"]))


def viewer_of(session: Session | None) -> int | None:
    """The user who looks, where looking needs no account."""
    return None if session is None else session.user_id
