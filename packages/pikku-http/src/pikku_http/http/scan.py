"""From call sites to declarations: `wire_http`, `http_middleware`, `http_errors`."""

from __future__ import annotations

from collections.abc import Sequence

from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic, Json
from pikku_http.http.route import Route, RouteError, parse_route
from pikku_http.http.wiring import (
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
    meta: dict[str, Json] = {
        "type": "wiring",
        "method": method,
        "route": text,
        "query": list(query),
        "status": status,
        "summary": site.literal("summary", str, ""),
        "sse": site.literal("sse", bool, default=False),
    }
    wiring = site.wiring(kind="http", id=wiring_id(method, text), meta=meta)
    problems: list[tuple[str, str]] = []
    route: Route | None = None
    try:
        route = parse_route(text)
    except RouteError as error:
        problems.append(("PKU741", str(error)))
    problems += [
        ("PKU742", method_problem(method)),
        ("PKU743", query_problem(query, route.names if route else ())),
        ("PKU744", status_problem(status, text)),
        ("PKU880", sse_problem(method, status, sse=bool(meta["sse"]))),
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


def read_errors(site: CallSite) -> Found:
    """Reads an `http_errors` call."""
    if "render" not in site.arguments:
        return [site.diagnostic("PKU746", 'The call of "http_errors" names no function.')]
    return [site.declaration(kind="http", id="http:errors", meta={"type": "errors"})]
