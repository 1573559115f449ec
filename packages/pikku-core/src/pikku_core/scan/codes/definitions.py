"""Secrets and variables."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode, Severity

_IMPORT = (
    "from __future__ import annotations\n"
    "from pikku_core import define_secret, define_variable, pikku_service, pikku_sessionless_func\n"
    "from pikku_app import Secrets, Variables\n\n"
)
_DECLARED = 'define_secret("stripe_key", str)\n\n'
_MENDED_SERVICE = (
    "@pikku_service\ndef stripe(*, secrets: Secrets) -> str:\n"
    "    return secrets.stripe_key.reveal()"
)


def _source(text: str) -> str:
    return f"{_IMPORT}{text}\n"


CODES: Final = (
    DiagnosticCode(
        code="PKU950",
        title="a function or permission asks for secrets",
        explanation=(
            "Services, middleware and the configuration read `secrets`. What needs one is done by a service, so that the "
            "code that handles data never holds it."
        ),
        example=_source(
            f"{_DECLARED}@pikku_sessionless_func\nasync def pay(*, secrets: Secrets) -> None: ..."
        ),
        mended=_source(
            f"{_DECLARED}{_MENDED_SERVICE}\n\n"
            "@pikku_sessionless_func\nasync def pay(*, stripe: str) -> None: ..."
        ),
    ),
    DiagnosticCode(
        code="PKU951",
        title="a secret or variable that is not declared",
        explanation=(
            "`secrets.<name>` and `variables.<name>` are what `define_secret` and `define_variable` declare. What is not "
            'declared is read from the environment as `variables["NAME"]`.'
        ),
        example=_source(
            f"{_DECLARED}@pikku_service\ndef stripe(*, secrets: Secrets) -> str:\n"
            "    return secrets.strip_key.reveal()"
        ),
        mended=_source(f"{_DECLARED}{_MENDED_SERVICE}"),
    ),
    DiagnosticCode(
        code="PKU952",
        title="secrets that cannot be told",
        severity=Severity.WARNING,
        explanation=(
            "`secrets` is handed on as a whole, or read by a name that only running the code would tell: it counts as "
            "needing all of them, and all must be there when the application starts."
        ),
        example=_source(
            f"{_DECLARED}@pikku_service\ndef stripe(*, secrets: Secrets) -> object:\n"
            "    return dict(secrets=secrets)"
        ),
        mended=_source(f"{_DECLARED}{_MENDED_SERVICE}"),
    ),
    DiagnosticCode(
        code="PKU955",
        title="two secrets or variables in one place",
        explanation=(
            "Two definitions of one name must say the same. A secret and a variable cannot be read from one key, because "
            "what a variable has is not hidden; and none can have the name of an addon, whose own stand below it."
        ),
        example=_source('define_variable("page_size", int)\ndefine_variable("page_size", float)'),
        mended=_source('define_variable("page_size", int)\ndefine_variable("ratio", float)'),
    ),
)
