"""The diagnostics of the `http` kind."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode, Severity
from pikku_http.http.bodies.codes import BODY_CODES
from pikku_http.http.files.codes import STATIC_CODES
from pikku_http.http.health.codes import READINESS_CODES
from pikku_http.http.layers.codes import LAYER_CODES
from pikku_http.http.mounts.codes import MOUNT_CODES
from pikku_http.http.openapi.codes import OPENAPI_CODES

_USER = """\
from pydantic import BaseModel
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http

class UserRef(BaseModel):
    user_id: int

@pikku_sessionless_func
async def get_user(data: UserRef) -> str:
    return f"user {data.user_id}"

"""

_PERSON = """\
from pydantic import BaseModel
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http

class Person(BaseModel):
    id: int = 0
    name: str = ""

@pikku_sessionless_func
async def get_user(data: Person) -> Person:
    return data

"""

_HELLO = """\
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http

@pikku_sessionless_func
async def hello() -> str:
    return "hello"

"""

_GUARD = (
    _USER.replace("import pikku_sess", "import pikku_permission, pikku_sess").replace(
        "import wire_http", "import http_permissions, wire_http"
    )
    + """\
@pikku_permission
def allowed() -> bool:
    return True

wire_http(method="get", route="/users/{user_id}", func=get_user)
"""
)

_TICKS = """\
from collections.abc import AsyncIterator
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http

@pikku_sessionless_func
async def ticks() -> AsyncIterator[int]:
    yield 1

"""

_SENDS = """\
from pikku_core import pikku_sessionless_func
from pikku_http import EventChannel, wire_http

@pikku_sessionless_func
async def build(*, channel: EventChannel[int]) -> str:
    await channel.send(50)
    return "built"

"""

_TIMING = """\
from pikku_core import Next, pikku_middleware
from pikku_http import http_middleware

@pikku_middleware
async def timing(next: Next) -> object:
    return await next()

"""

_WIRED = _TIMING + _HELLO + 'wire_http(method="get", route="/admin/hello", func=hello)\n'

_GROUP = _HELLO.replace("import wire_http", "import http_route, wire_http_routes")

_GROUPED = (
    'hi = http_route(method="get", route="/hello", func=hello)\n'
    'wire_http_routes(base_path="/api", routes=[hi])\n'
)

_RENDER = """\
from pikku_http import ErrorReport, http_errors

def render(report: ErrorReport) -> dict[str, str]:
    return {"error": report.message}

"""

CODES: Final = (
    DiagnosticCode(
        code="PKU571",
        title="A route's name is no field of the data",
        explanation=(
            "Each name in braces fills the field of the function's data that has this name or alias. Without such a "
            "field the value would be lost."
        ),
        example=_USER + 'wire_http(method="get", route="/users/{id}", func=get_user)\n',
        mended=_USER + 'wire_http(method="get", route="/users/{user_id}", func=get_user)\n',
    ),
    DiagnosticCode(
        code="PKU572",
        title="A query name is no field of the data",
        explanation="Each name in `query=` fills the field of the function's data that has this name or alias.",
        example=_USER
        + 'wire_http(method="get", route="/user", func=get_user, query=["verbose"])\n',
        mended=_USER + 'wire_http(method="get", route="/user", func=get_user, query=["user_id"])\n',
    ),
    DiagnosticCode(
        code="PKU741",
        title="A route is not well-formed",
        explanation=(
            "A route begins with a slash and is made of plain text, `{name}` and, at its end, `{name:path}`. It is "
            "written decoded and without a query string; no name stands in it twice."
        ),
        example=_HELLO + 'wire_http(method="get", route="hello", func=hello)\n',
        mended=_HELLO + 'wire_http(method="get", route="/hello", func=hello)\n',
    ),
    DiagnosticCode(
        code="PKU742",
        title="A method is unknown",
        explanation="Methods are get, post, put, patch, delete, head and options, in lower case.",
        example=_HELLO + 'wire_http(method="GET", route="/hello", func=hello)\n',
        mended=_HELLO + 'wire_http(method="get", route="/hello", func=hello)\n',
    ),
    DiagnosticCode(
        code="PKU743",
        title="A name in query= is given twice",
        explanation="A field has one source: a name may stand in the route or in `query=`, and there once.",
        example=_USER
        + 'wire_http(method="get", route="/users/{user_id}", func=get_user, query=["user_id"])\n',
        mended=_USER + 'wire_http(method="get", route="/users/{user_id}", func=get_user)\n',
    ),
    DiagnosticCode(
        code="PKU744",
        title="A status is none of a successful answer",
        explanation=(
            "`status=` is what an answer has when the function returns: 200 to 299, without 206. Errors are raised, "
            "redirects are returned. With 204 or 205 the function must return None, for the answer has no body."
        ),
        example=_HELLO + 'wire_http(method="get", route="/hello", func=hello, status=404)\n',
        mended=_HELLO + 'wire_http(method="get", route="/hello", func=hello, status=203)\n',
    ),
    DiagnosticCode(
        code="PKU745",
        title="A pattern of routes is not well-formed",
        explanation="A pattern is matched with routes: it begins with a slash or with `*`.",
        example=_TIMING + 'http_middleware("admin/*", [timing])\n',
        mended=_WIRED + 'http_middleware("/admin/*", [timing])\n',
    ),
    DiagnosticCode(
        code="PKU746",
        title="Errors have no renderer, or more than one",
        explanation="A project says once how errors are answered, for all its routes: `http_errors(render)`.",
        example=_RENDER + "http_errors(render)\nhttp_errors(render)\n",
        mended=_RENDER + "http_errors(render)\n",
    ),
    DiagnosticCode(
        code="PKU747",
        title="Two routes match the same paths",
        explanation=(
            "`/users/{id}` and `/users/{name}` match the same paths, so one of them would never be reached. Write "
            "one of them otherwise, or let one function decide."
        ),
        example=_PERSON
        + 'wire_http(method="get", route="/users/{id}", func=get_user)\n'
        + 'wire_http(method="get", route="/users/{name}", func=get_user)\n',
        mended=_PERSON
        + 'wire_http(method="get", route="/users/{id}", func=get_user)\n'
        + 'wire_http(method="get", route="/users/by-name/{name}", func=get_user)\n',
    ),
    DiagnosticCode(
        code="PKU748",
        title="The data has no fields to fill",
        explanation=(
            "Path and query string fill fields, and GET, HEAD, DELETE and OPTIONS have nothing else: the data must "
            "be a model, a dataclass or a TypedDict."
        ),
        example=_USER.replace("data: UserRef", "data: int").replace("data.user_id", "data")
        + 'wire_http(method="get", route="/users/{user_id}", func=get_user)\n',
        mended=_USER + 'wire_http(method="get", route="/users/{user_id}", func=get_user)\n',
    ),
    DiagnosticCode(
        code="PKU749",
        title="A pattern of middleware matches no route",
        severity=Severity.WARNING,
        explanation="Middleware that never runs protects nothing: the pattern is misspelt, or its routes are gone.",
        example=_TIMING + 'http_middleware("/admin/*", [timing])\n',
        mended=_WIRED + 'http_middleware("/admin/*", [timing])\n',
    ),
    DiagnosticCode(
        code="PKU880",
        title="A route cannot be one of server-sent events",
        explanation=(
            "Clients read events from an answer with the status 200 and a body, which HEAD and OPTIONS do not have."
        ),
        example=_TICKS + 'wire_http(method="get", route="/", func=ticks, sse=True, status=201)\n',
        mended=_TICKS + 'wire_http(method="get", route="/", func=ticks, sse=True)\n',
    ),
    DiagnosticCode(
        code="PKU881",
        title="A function has no events",
        explanation=(
            "Events are what a generator function yields, or what an async function sends through the wire thing "
            "`channel`. One that does neither has a result and nothing before it."
        ),
        example=_HELLO + 'wire_http(method="get", route="/", func=hello, sse=True)\n',
        mended=_HELLO + 'wire_http(method="get", route="/", func=hello)\n',
    ),
    DiagnosticCode(
        code="PKU882",
        title="A function asks for a channel on a route without events",
        explanation=(
            "Only routes with `sse=True` have the wire thing `channel`. A function that other routes call too gives "
            "the parameter a default of None."
        ),
        example=_SENDS + 'wire_http(method="get", route="/", func=build)\n',
        mended=_SENDS + 'wire_http(method="get", route="/", func=build, sse=True)\n',
    ),
    DiagnosticCode(
        code="PKU795",
        title="A group of routes holds something else",
        explanation=(
            "`routes=` is a list of `http_route(...)` and `define_http_routes(...)`, or of names to which one of these is "
            "assigned once. Anything else cannot be read without running it."
        ),
        example=_GROUP + 'wire_http_routes(base_path="/api", routes=[hello])\n',
        mended=_GROUP + _GROUPED,
    ),
    DiagnosticCode(
        code="PKU796",
        title="A base path is not well-formed",
        explanation=(
            "A base path is the beginning of a route: empty, or a slash and more, without a slash at its end and without "
            "`{name:path}`."
        ),
        example=_GROUP + _GROUPED.replace('"/api"', '"api/"'),
        mended=_GROUP + _GROUPED,
    ),
    DiagnosticCode(
        code="PKU797",
        title="A route would do without the session that its group asks for",
        explanation=(
            "What a group asks for holds for everything in it. A route that is open to all stands in another group."
        ),
        example=_GROUP
        + "wire_http_routes(auth=True, routes=["
        + 'http_route(method="get", route="/hello", func=hello, auth=False)])\n',
        mended=_GROUP
        + "wire_http_routes(routes=["
        + 'http_route(method="get", route="/hello", func=hello, auth=False)])\n',
    ),
    DiagnosticCode(
        code="PKU798",
        title="Permissions of a pattern guard nothing",
        explanation="The pattern matches no route, for it is misspelt or its routes are gone; or there is no permission in it.",
        example=_GUARD + 'http_permissions("/admin/*", [allowed])\n',
        mended=_GUARD + 'http_permissions("/users/*", [allowed])\n',
    ),
    *LAYER_CODES,
    *BODY_CODES,
    *OPENAPI_CODES,
    *MOUNT_CODES,
    *STATIC_CODES,
    *READINESS_CODES,
)
