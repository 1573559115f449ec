"""The diagnostics of folders of files."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode

_STATIC = "from pikku_http import http_static\n\n"

STATIC_CODES: Final = (
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
)
