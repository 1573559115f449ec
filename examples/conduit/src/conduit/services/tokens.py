from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

import jwt

from conduit.errors import invalid_token
from pikku_core import pikku_service

if TYPE_CHECKING:
    from conduit.services.database import Database
    from pikku_app import Secrets

ALGORITHM = "HS256"
LIFETIME = timedelta(days=30)


class Tokens:
    """Issues and reads the JSON Web Tokens (RFC 7519) that name a user."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, user_id: int) -> str:
        expires = datetime.now(UTC) + LIFETIME
        return jwt.encode({"sub": str(user_id), "exp": expires}, self._key, ALGORITHM)

    def read(self, token: str) -> int:
        """The user that the token names; a token that is not ours, or too old, is a 401."""
        try:
            claims = jwt.decode(
                token, self._key, algorithms=[ALGORITHM], options={"require": ["sub", "exp"]}
            )
        except jwt.InvalidTokenError as error:
            raise invalid_token() from error
        return int(claims["sub"])


@pikku_service
def tokens(*, secrets: Secrets, database: Database) -> Tokens:
    """Signs with a key made of the database's own secret and the one of the environment, where it has one.

    So a token survives a restart, is worthless with another database, and cannot be forged by somebody who has
    only the file.
    """
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO settings (name, value) VALUES ('token_secret', ?) ON CONFLICT DO NOTHING",
            [token_hex(32)],
        )
        row = connection.execute(
            "SELECT value FROM settings WHERE name = 'token_secret'"
        ).fetchone()
    own = "" if secrets.signing is None else secrets.signing.reveal()
    return Tokens(hmac.digest(bytes.fromhex(row["value"]), own.encode(), "sha256"))
