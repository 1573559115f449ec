"""A service that lives as long as the application, and one that lives as long as a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core import pikku_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.config import Config
    from pikku_app import Secrets


class Database:
    """Where cards are."""

    def __init__(self, path: str) -> None:
        self.path = path


class UnitOfWork:
    """What happens wholly or not at all."""

    def __init__(self, database: Database) -> None:
        self.database = database


class Mailer:
    """Who sends mails."""

    def __init__(self, key: str) -> None:
        self.key = key

    def send(self, text: str) -> None:
        """Sends a mail."""


@pikku_service
def mailer(*, secrets: Secrets) -> Mailer:
    """Opened when the application starts."""
    return Mailer(secrets.mail_key.reveal())


@pikku_service
def database(*, config: Config) -> Database:
    """Opened when the application starts."""
    return Database(config.database)


@pikku_service(scope="call")
def unit_of_work(*, database: Database) -> Iterator[UnitOfWork]:
    """Opened for a call."""
    yield UnitOfWork(database)
