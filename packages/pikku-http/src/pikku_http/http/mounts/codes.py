"""The diagnostics of what is mounted."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode

_APP = """\
from pikku_http import http_mount

async def legacy(scope, receive, send) -> None:
    ...

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
)
