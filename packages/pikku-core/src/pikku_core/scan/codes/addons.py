"""Addons."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode

CODES: Final = (
    DiagnosticCode(
        code="PKU340",
        title="an addon is not installed",
        explanation=(
            "The package that `wire_addon` names is not among the addons of the installed distributions. An addon's "
            "distribution names its package in the entry-point group `pikku.addons`."
        ),
        example='from pikku_core import wire_addon\n\nwire_addon(name="mail", package="not_installed")\n',
        mended='# pyproject.toml\n[project.entry-points."pikku.addons"]\nmail = "acme_mail"\n',
    ),
    DiagnosticCode(
        code="PKU920",
        title="an addon declares what belongs to the project",
        explanation=(
            "An addon brings functions and services. Wirings, session and configuration are declared by the project "
            "that uses it, which alone knows where it is deployed."
        ),
        example="""# acme_mail/functions.py
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http

@pikku_sessionless_func
async def send(data: str) -> None: ...

wire_http(method="post", route="/mails", func=send)
""",
        mended="""# app/wirings.py
from acme_mail.functions import send
from pikku_http import wire_http

wire_http(method="post", route="/mails", func=send)
""",
    ),
)
