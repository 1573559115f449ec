"""The diagnostics of what is mounted, of folders of files, and of checks of readiness."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode

_APP = """\
from pikku_http import http_mount

async def legacy(scope, receive, send) -> None:
    ...

"""

_STATIC = "from pikku_http import http_static\n\n"

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

MOUNT_CODES: Final = (
    DiagnosticCode(
        code="PKU910",
        title="The prefix of a mount is not well-formed",
        explanation=(
            "A prefix is a path without parameters and without a slash at its end: `/legacy`. `/` alone means everything "
            "that no route answers."
        ),
        example=_APP + 'http_mount("/legacy/", legacy)\n',
        mended=_APP + 'http_mount("/legacy", legacy)\n',
    ),
    DiagnosticCode(
        code="PKU911",
        title="A mount names no application",
        explanation="`http_mount` takes an ASGI application, or with `factory=True` a function that makes it.",
        example=_APP + 'http_mount("/legacy")\n',
        mended=_APP + 'http_mount("/legacy", legacy)\n',
    ),
    DiagnosticCode(
        code="PKU912",
        title="Something is mounted where something else is",
        explanation=(
            "What is mounted answers everything at its prefix and below it. A route there, or another application, "
            "would never be asked. A longer prefix below a shorter one is fine."
        ),
        example=_APP + 'http_mount("/files", legacy)\n'
        'from pikku_http import http_static; http_static("/files", directory="public")\n',
        mended=_APP + 'http_mount("/files", legacy)\n'
        'from pikku_http import http_static; http_static("/files/new", directory="public")\n',
    ),
    DiagnosticCode(
        code="PKU913",
        title="A folder of files is not well-formed",
        explanation=(
            "The directory is relative to the project's folder and below it, and the file to fall back on is below the "
            "directory."
        ),
        example=_STATIC + 'http_static("/assets", directory="../public")\n',
        mended=_STATIC + 'http_static("/assets", directory="public")\n',
    ),
    DiagnosticCode(
        code="PKU914",
        title="A folder of files is not there",
        explanation=(
            "The directory is looked up beside `pyproject.toml`. Where another program makes it, such as the build of a "
            "front end, that one runs before `pikku`."
        ),
        example=_STATIC + 'http_static("/assets", directory="pubic")\n',
        mended=_STATIC + 'http_static("/assets", directory="public")\n',
    ),
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
