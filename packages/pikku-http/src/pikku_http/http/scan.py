"""From call sites to declarations: `wire_http` and what is declared beside it."""

from __future__ import annotations

from collections.abc import Sequence

from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic, DiagnosticError, Json
from pikku_core.plugin.expression import Constant, ListDisplay, TupleDisplay
from pikku_http.http.bodies.options import body_problem, max_body_problem
from pikku_http.http.permissions import EMPTY
from pikku_http.http.route import Route, RouteError, parse_route
from pikku_http.http.security import PLACES, security_problem
from pikku_http.http.wiring import (
    errors_problem,
    method_problem,
    pattern_problem,
    query_problem,
    sse_problem,
    status_problem,
    wiring_id,
)

Found = Sequence[DeclarationModel | Diagnostic]


def read_wiring(site: CallSite, base_path: str = "") -> Found:
    """Reads a `wire_http` call, or one of `http_route` in groups with a base path."""
    method = site.literal("method", str)
    text = base_path + site.literal("route", str)
    query = site.literals("query")
    status = site.literal("status", int, 200)
    errors = _statuses(site)
    form, body = site.literal("form", bool, default=False), site.literal("body", str, "")
    max_body = _limit(site)
    meta: dict[str, Json] = {
        "type": "wiring",
        "method": method,
        "route": text,
        "query": list(query),
        "status": status,
        "summary": site.literal("summary", str, ""),
        "description": site.literal("description", str, ""),
        "errors": list(errors),
        "deprecated": site.literal("deprecated", bool, default=False),
        "sse": site.literal("sse", bool, default=False),
        "form": form,
        "body": body,
        "max_body": max_body,
    }
    wiring = site.wiring(kind="http", id=wiring_id(method, text), meta=meta)
    problems: list[tuple[str, str]] = []
    route: Route | None = None
    try:
        route = parse_route(text)
    except RouteError as error:
        problems.append(("PKU741", str(error)))
    taken = (*(route.names if route else ()), *query)
    problems += [
        ("PKU742", method_problem(method)),
        ("PKU743", query_problem(query, route.names if route and query else ())),
        ("PKU744", status_problem(status, text)),
        ("PKU890", errors_problem(errors)),
        ("PKU880", sse_problem(method, status, sse=bool(meta["sse"]))),
        ("PKU886", body_problem(method, taken, form=form, body=body)),
        ("PKU889", max_body_problem(method, max_body)),
    ]
    diagnostics = [site.diagnostic(code, message) for code, message in problems if message]
    return diagnostics or [wiring]


def read_middleware(site: CallSite) -> Found:
    """Reads an `http_middleware` call."""
    pattern = site.literal("pattern", str)
    problem = pattern_problem(pattern)
    if problem:
        return [site.diagnostic("PKU745", problem)]
    meta: dict[str, Json] = {"type": "middleware", "pattern": pattern}
    return [site.declaration(kind="http", id=f"http:middleware:{pattern}", meta=meta)]


def read_permissions(site: CallSite) -> Found:
    """Reads an `http_permissions` call."""
    pattern = site.literal("pattern", str)
    problem = pattern_problem(pattern)
    if problem:
        return [site.diagnostic("PKU745", problem)]
    meta: dict[str, Json] = {"type": "permissions", "pattern": pattern}
    declared = site.declaration(kind="http", id=f"http:permissions:{pattern}", meta=meta)
    if not declared.permissions:
        return [site.diagnostic("PKU798", EMPTY.format(pattern))]
    return [declared]


def read_errors(site: CallSite) -> Found:
    """Reads an `http_errors` call."""
    if "render" not in site.arguments:
        return [site.diagnostic("PKU746", 'The call of "http_errors" names no function.')]
    body = site.type("body") if "body" in site.arguments else None
    return [site.declaration(kind="http", id="http:errors", meta={"type": "errors"}, type=body)]


def read_security(site: CallSite) -> Found:
    """Reads an `http_security` call."""
    name = site.literal("name", str)
    pattern = site.literal("pattern", str, "*")
    given = {place: site.literal(place, str, "") for place in PLACES}
    problems = [
        ("PKU891", security_problem(name, given)),
        ("PKU745", pattern_problem(pattern)),
    ]
    diagnostics = [site.diagnostic(code, message) for code, message in problems if message]
    meta: dict[str, Json] = {
        "type": "security",
        "name": name,
        "pattern": pattern,
        "description": site.literal("description", str, ""),
        **given,
    }
    return diagnostics or [site.declaration(kind="http", id=f"http:security:{name}", meta=meta)]


def _limit(site: CallSite) -> int | None:
    given = site.arguments.get("max_body", Constant(None))
    return None if given == Constant(None) else site.literal("max_body", int)


def _statuses(site: CallSite) -> tuple[int, ...]:
    given = site.arguments.get("errors")
    if given is None:
        return ()
    items = given.items if isinstance(given, ListDisplay | TupleDisplay) else (given,)
    found = [item.value for item in items if isinstance(item, Constant)]
    statuses = tuple(one for one in found if isinstance(one, int) and not isinstance(one, bool))
    if len(statuses) == len(items) and isinstance(given, ListDisplay | TupleDisplay):
        return statuses
    message = 'The option "errors" must be a list of statuses that stand there: [404, 409].'
    raise DiagnosticError(site.diagnostic("PKU890", message))
