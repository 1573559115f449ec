"""The diagnostics of checks of readiness."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode

_DATABASE = """\
from pikku_core import pikku_service, pikku_sessionless_func
from pikku_http import http_readiness

class Database:
    async def ping(self) -> None:
        ...

@pikku_service
async def database() -> Database:
    return Database()

@pikku_sessionless_func
async def count(*, database: Database) -> int:
    return 1

async def answers(database: Database) -> None:
    await database.ping()

"""

READINESS_CODES: Final = (
    DiagnosticCode(
        code="PKU915",
        title="A check of readiness is not well-formed",
        explanation=(
            "`http_readiness` takes the name of a singleton service, a function of that service, and at most 60 seconds."
        ),
        example=_DATABASE + 'http_readiness("databse", answers)\n',
        mended=_DATABASE + 'http_readiness("database", answers)\n',
    ),
)
