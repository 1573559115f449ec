"""What users call to declare HTTP: pure functions that return frozen declarations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeAlias, get_args

from pikku_core import Declaration, DeclarationError, Middleware, PermissionGroup, Wiring
from pikku_core.declaration import listed, names, refuse_function
from pikku_http.http.bodies.options import body_problem, max_body_problem
from pikku_http.http.route import RouteError, parse_route

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pikku_http.http.report import ErrorReport

Method: TypeAlias = Literal["get", "post", "put", "patch", "delete", "head", "options"]
METHODS: Final[tuple[str, ...]] = get_args(Method)

Render: TypeAlias = "Callable[[ErrorReport], Any]"
"""Makes the body of an error answer from what is known of the error: JSON-like, or an `ErrorAnswer`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpWiring(Wiring):
    """A function behind a route; what `wire_http` returns."""

    kind: ClassVar[str] = "http"
    method: Method
    route: str
    query: tuple[str, ...] = ()
    status: int = 200
    summary: str = ""
    description: str = ""
    errors: tuple[int, ...] = ()
    deprecated: bool = False
    sse: bool = False
    form: bool = False
    body: str = ""
    max_body: int | None = None

    @property
    def id(self) -> str:
        """`http:<method>:<route>`."""
        return wiring_id(self.method, self.route)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMiddleware(Declaration):
    """Middleware for the routes that a pattern chooses; what `http_middleware` returns."""

    kind: ClassVar[str] = "http"
    pattern: str
    middleware: tuple[Middleware, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpErrors(Declaration):
    """How errors are answered; what `http_errors` returns."""

    kind: ClassVar[str] = "http"
    render: Render
    body: Any = None


def wire_http(
    *,
    method: Method,
    route: str,
    func: Callable[..., Any],
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
    query: Sequence[str] = (),
    status: int = 200,
    summary: str = "",
    description: str = "",
    errors: Sequence[int] = (),
    deprecated: bool = False,
    sse: bool = False,
    form: bool = False,
    body: str = "",
    max_body: int | None = None,
) -> HttpWiring:
    """Declares that a function answers requests.

    Its data is merged from fixed places: the route's names from the path; the names in `query` from the query string
    (for `get`, `head`, `delete` and `options`: every other field too); all else from the JSON body. Other keys of the
    query string are never merged.

    ```python
    wire_http(method="put", route="/users/{id}", func=update_user, query=["dry_run"])
    ```

    Args:
        method: In lower case. `head` and `options` are answered without being declared.
        route: `/users/{id}`, `/files/{rest:path}`; each name is a field of the data, by name or alias.
        func: A function decorated with `pikku_func` or `pikku_sessionless_func`.
        auth: True asks for a session although the function does not.
        scopes: Scopes that the session must hold, beside the function's own.
        permissions: Checks beside the function's own.
        middleware: Runs inside global, pattern and tag middleware, outside the function's own.
        tags: Labels for filters and tag middleware.
        query: Fields that come from the query string.
        status: The status of a successful answer, 200 to 299. A result of None is answered with 204 where this is 200.
        summary: One line for the documentation. Default: the function's title.
        description: More of it, in Markdown. Default: the function's.
        errors: Statuses of errors that the function raises, for the documentation, beside those that every route of
            its kind can answer with: `errors=[409]`.
        deprecated: Whether the documentation warns of the route.
        sse: Whether it answers with server-sent events clients that accept them: what the function yields, or sends
            through `channel`; with JSON all others.
        form: Whether forms are taken beside JSON, as `application/x-www-form-urlencoded` and `multipart/form-data`. Data
            with an `UploadFile` comes as `multipart/form-data` in any case, and as nothing else.
        body: The field that takes the whole body as it is, whatever its content type: `bytes`, an `UploadFile` or a
            `BodyStream`. All fields that the path does not give then come from the query string.
        max_body: The largest body, in bytes. Default: the setting `http.max_body`.

    Raises:
        DeclarationError: The route, the method, a status or a list of names is not well-formed.
    """
    try:
        path = parse_route(route).names
    except RouteError as error:
        raise DeclarationError(str(error)) from None
    problem = method_problem(method) or query_problem(query, path) or status_problem(status, route)
    problem = problem or errors_problem(errors)
    problem = problem or sse_problem(method, status, sse=sse)
    problem = problem or body_problem(method, (*path, *query), form=form, body=body)
    problem = problem or max_body_problem(method, max_body)
    if problem:
        raise DeclarationError(problem)
    if permissions is not None:
        refuse_function("permissions", permissions)
    return HttpWiring(
        method=method,
        route=route,
        func=func,
        auth=auth,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        tags=names("tags", tags),
        query=tuple(query),
        status=status,
        summary=summary,
        description=description,
        errors=tuple(errors),
        deprecated=deprecated,
        sse=sse,
        form=form,
        body=body,
        max_body=max_body,
    )


def http_middleware(pattern: str, middleware: Sequence[Middleware]) -> HttpMiddleware:
    """Declares middleware for all routes that a pattern matches.

    A pattern chooses routes as they are declared, not requests: `/admin/*` takes `/admin/users/{id}`, and leaves
    `/{rest:path}` alone. It runs inside global middleware and outside that of tags.

    Args:
        pattern: A route; `*` stands for any run of characters, slashes included.
        middleware: In order, outermost first.

    Raises:
        DeclarationError: The pattern begins with neither `/` nor `*`.
    """
    problem = pattern_problem(pattern)
    if problem:
        raise DeclarationError(problem)
    return HttpMiddleware(pattern=pattern, middleware=listed("middleware", middleware))


def http_errors(render: Render, *, body: Any = None) -> HttpErrors:
    """Declares how errors are answered; a project does so at most once.

    ```python
    def as_problem(report: ErrorReport) -> ErrorAnswer:
        body = {"title": report.message, "status": report.status, "instance": report.trace_id}
        return ErrorAnswer(body=body, headers={"content-type": "application/problem+json"})


    http_errors(as_problem)
    ```

    Args:
        render: A plain function. Where it raises, the error is logged and answered in the default form.
        body: The type of what it makes, for the documentation: a model, a dataclass, a TypedDict.

    Raises:
        DeclarationError: The function is async.
    """
    if iscoroutinefunction(render):
        raise DeclarationError(
            f'The function "{render.__qualname__}" of "http_errors" is async: make it a plain one.'
        )
    return HttpErrors(render=render, body=body)


def wiring_id(method: str, route: str) -> str:
    """The identity of a wiring."""
    return f"http:{method}:{route}"


def method_problem(method: str) -> str:
    """What is wrong with a method, or nothing."""
    if method in METHODS:
        return ""
    hint = f': write "{method.lower()}"' if method.lower() in METHODS else ""
    return f'The method "{method}" is none of {", ".join(METHODS)}{hint}.'


def query_problem(query: Sequence[str], path: Sequence[str]) -> str:
    """What is wrong with the names that come from the query string, or nothing."""
    if isinstance(query, str):
        return f'The option "query" must be a list of names: ["{query}"].'
    for name in query:
        if name in path:
            return f'The name "{name}" stands in "query" and in the route: it can come from one of them.'
        if list(query).count(name) > 1:
            return f'The name "{name}" stands twice in "query".'
    return ""


def status_problem(status: int, route: str) -> str:
    """What is wrong with the status of a successful answer, or nothing."""
    if 200 <= status <= 299 and status != 206:
        return ""
    return (
        f'The status {status} of "{route}" is none of a successful answer: raise an error, return a '
        '"Redirect", or set "http.status".'
    )


def errors_problem(errors: Sequence[int]) -> str:
    """What is wrong with the statuses of errors, or nothing."""
    for status in errors:
        if not 400 <= status <= 599:
            return f'The status {status} in "errors" is none of an error: these are 400 to 599.'
    return ""


def sse_problem(method: str, status: int, *, sse: bool) -> str:
    """What is wrong with a route of server-sent events, or nothing."""
    if sse and method in {"head", "options"}:
        return f'The method "{method}" has no events: leave out "sse", or write "get".'
    if sse and status != 200:
        return f"The status {status} is none of server-sent events: clients read them from a 200 alone."
    return ""


def pattern_problem(pattern: str) -> str:
    """What is wrong with a pattern of middleware, or nothing."""
    if pattern.startswith(("/", "*")):
        return ""
    return f'The pattern "{pattern}" must begin with "/" or "*".'


def pattern_regex(pattern: str) -> re.Pattern[str]:
    """A pattern of middleware as a regular expression for routes: `*` stands for any run of characters.

    Between two stars the first place where the text stands will do, and no other is tried again: paths that clients send
    are matched in a time that grows with their length and not with a power of it.
    """
    first, *rest = (re.escape(part) for part in pattern.split("*"))
    if not rest:
        return re.compile(first)
    *between, last = rest
    found = "".join(f"(?>.*?{text})" for text in between if text)
    return re.compile(f"{first}{found}.*{last}", re.DOTALL)
