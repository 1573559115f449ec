"""A service that lives as long as the application, and one that lives as long as a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core import pikku_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.config import Config


class Database:
    """Where cards are."""

    def __init__(self, path: str) -> None:
        self.path = path


class UnitOfWork:
    """What happens wholly or not at all."""

    def __init__(self, database: Database) -> None:
        self.database = database


@pikku_service
def database(*, config: Config) -> Database:
    """Opened when the application starts."""
    return Database(config.database)


@pikku_service(scope="call")
def unit_of_work(*, database: Database) -> Iterator[UnitOfWork]:
    """Opened for a call."""
    yield UnitOfWork(database)
