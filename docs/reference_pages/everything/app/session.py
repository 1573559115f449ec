"""Who is calling."""

from __future__ import annotations

from pydantic import BaseModel

from pikku_core import pikku_session


@pikku_session
class Session(BaseModel):
    """A user who is logged in."""

    user_id: str
