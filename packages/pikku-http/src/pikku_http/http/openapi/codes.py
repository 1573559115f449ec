"""The diagnostics of what is said for the document."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode, Severity

_HELLO = """\
from pikku_core import pikku_sessionless_func
from pikku_http import http_security, wire_http

@pikku_sessionless_func
async def hello() -> str:
    return "hello"

"""

_PERSON = """\
from pydantic import BaseModel
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http

class Person(BaseModel):
    name: str

@pikku_sessionless_func
async def get_user(data: Person) -> Person:
    return data

"""

_BEARER = """\
from pikku_core import pikku_service, pikku_sessionless_func
from pikku_core.services import Claims, StaticTokens
from pikku_http import bearer, http_middleware, wire_http

@pikku_service
def tokens() -> StaticTokens:
    return StaticTokens({"ci": "a-long-random-token"})

@pikku_sessionless_func
async def hello() -> str:
    return "hello"

def session_of(claims: Claims) -> object:
    return claims["sub"]

def scheme() -> str:
    return "Token"

wire_http(method="get", route="/hello", func=hello)
"""

_SECURED = _HELLO + 'wire_http(method="get", route="/hello", func=hello)\n'

OPENAPI_CODES: Final = (
    DiagnosticCode(
        code="PKU890",
        title="A status in errors= is none of an error",
        explanation="`errors=` lists the statuses of errors, 400 to 599, as numbers that stand there.",
        example=_HELLO + 'wire_http(method="get", route="/hello", func=hello, errors=[302])\n',
        mended=_HELLO + 'wire_http(method="get", route="/hello", func=hello, errors=[409])\n',
    ),
    DiagnosticCode(
        code="PKU891",
        title="A way to say who calls has no place, or several",
        explanation=(
            "`http_security` names one place: the scheme of the `Authorization` header, another header, a parameter of "
            "the query string, or a cookie."
        ),
        example=_SECURED + 'http_security("key")\n',
        mended=_SECURED + 'http_security("key", header="x-api-key")\n',
    ),
    DiagnosticCode(
        code="PKU892",
        title="The OpenAPI document cannot tell two routes apart",
        severity=Severity.WARNING,
        explanation=(
            "OpenAPI has no parameter that takes slashes: beside `/users/{name}` it has no place for "
            "`/users/{rest:path}`. Both are served; the second is left out of the document."
        ),
        example=_PERSON
        + 'wire_http(method="get", route="/users/{name}", func=get_user)\n'
        + 'wire_http(method="get", route="/users/{name:path}", func=get_user)\n',
        mended=_PERSON
        + 'wire_http(method="get", route="/users/{name}", func=get_user)\n'
        + 'wire_http(method="get", route="/users/below/{name:path}", func=get_user)\n',
    ),
    DiagnosticCode(
        code="PKU893",
        title="Two ways to say who calls have one name",
        explanation="The OpenAPI document knows each `http_security` by its name.",
        example=_SECURED
        + 'http_security("key", header="x-api-key")\n'
        + 'http_security("key", cookie="key")\n',
        mended=_SECURED
        + 'http_security("key", header="x-api-key")\n'
        + 'http_security("cookie", cookie="key")\n',
    ),
    DiagnosticCode(
        code="PKU894",
        title="The OpenAPI document cannot say how callers say who they are",
        severity=Severity.WARNING,
        explanation=(
            "The document knows the ways that `bearer`, `api_key`, `cookie_session` and `stored_session` open by reading "
            "their options, so it runs nothing. An option that is no literal, nor the name of a constant, cannot be read; "
            "`http_security` says it then."
        ),
        example=_BEARER + 'http_middleware("*", [bearer(session_of, scheme=scheme())])\n',
        mended=_BEARER + 'http_middleware("*", [bearer(session_of, scheme="Token")])\n',
    ),
)
