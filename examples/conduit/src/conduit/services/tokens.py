from __future__ import annotations

import hmac
from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

from pikku_core import pikku_service
from pikku_core.services import Clock, TokenKey, Tokens

if TYPE_CHECKING:
    from conduit.services.database import Database
    from pikku_app import Secrets

LIFETIME = timedelta(days=30)


@pikku_service
def tokens(*, secrets: Secrets, database: Database, clock: Clock) -> Tokens:
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
    key = hmac.digest(bytes.fromhex(row["value"]), own.encode(), "sha256")
    return Tokens([TokenKey(value=key)], lifetime=LIFETIME, clock=clock)
