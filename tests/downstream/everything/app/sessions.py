"""Who calls: tokens, keys, cookies of both kinds."""

from __future__ import annotations

from pydantic import BaseModel

from pikku_core import pikku_service, pikku_session
from pikku_core.services import (
    Claims,
    Clock,
    MemorySessionStore,
    SessionStore,
    Signer,
    StaticTokens,
    system_clock,
)

__all__ = ["system_clock"]


@pikku_session
class Session(BaseModel):
    user: str
    scopes: list[str] = []


def session_of(claims: Claims) -> Session:
    return Session(user=claims["sub"], scopes=["orders"])


@pikku_service
def tokens() -> StaticTokens:
    return StaticTokens({"ada": "the-token-of-ada"})


@pikku_service
def api_keys() -> StaticTokens:
    return StaticTokens({"ci": "the-key-of-the-ci"})


@pikku_service
def cookie_signer(*, clock: Clock) -> Signer:
    return Signer(["s" * 32], clock=clock)


@pikku_service
def session_store(*, clock: Clock) -> SessionStore:
    return MemorySessionStore(clock=clock)
