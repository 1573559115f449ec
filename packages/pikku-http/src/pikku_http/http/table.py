"""The route table of an App: for each method the routes and what answers them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pikku_core import DeclarationError, Middleware
from pikku_core.collector import collector_off
from pikku_http.http.answer import headers_only
from pikku_http.http.deferred import deferred
from pikku_http.http.errors import ErrorResponder
from pikku_http.http.exposed import exposed_wirings
from pikku_http.http.layers import Layers
from pikku_http.http.problem import problem_details
from pikku_http.http.report import default_body
from pikku_http.http.route import Route, RouteError, parse_route
from pikku_http.http.router import Routes, Values
from pikku_http.http.runner import Handle, Runner
from pikku_http.http.wiring import HttpErrors, HttpMiddleware, HttpWiring, pattern_regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

    from pikku_core import App
    from pikku_core.runtime.handles import WiringHandle
    from pikku_http.http.asgi import Receive, Scope, Send
    from pikku_http.http.event_streams import EventStreams
    from pikku_http.http.options import HttpOptions


@dataclass(frozen=True, slots=True)
class Table:
    """What answers requests.

    Attributes:
        methods: The routes by method, in upper case.
        errors: Answers what goes wrong, requests for no route included.
        layers: What stands round the routes already, and is to stand round what answers the requests for none.
        routes: All routes, as they were declared.
    """

    methods: dict[str, Routes[Handle]]
    errors: ErrorResponder
    layers: Layers
    routes: tuple[Route, ...]


@collector_off()
def compile_table(app: App, options: HttpOptions, streams: EventStreams) -> Table:
    """The route table of a started App.

    Args:
        streams: Keeps the streams of events that are open.

    Raises:
        DeclarationError: A wiring does not fit its function, two wirings match the same paths, or there are two
            `http_errors`.
    """
    declarations = [handle.load() for handle in app.declarations("http")]
    renders = [one.render for one in declarations if isinstance(one, HttpErrors)]
    if len(renders) > 1:
        raise DeclarationError('There are two declarations of "http_errors": a project has one.')
    default = problem_details if options.problem_details else default_body
    errors = ErrorResponder(*renders, default=default)
    layers = Layers(declarations=declarations)
    patterns = [
        (pattern_regex(one.pattern), one.middleware)
        for one in declarations
        if isinstance(one, HttpMiddleware)
    ]
    runner = Runner(app=app, errors=errors, max_body=options.max_body, streams=streams)
    methods: dict[str, Routes[Handle]] = {}
    seen: dict[tuple[str, str], str] = {}
    parsed: list[Route] = []
    implicit: list[tuple[Route, Handle]] = []
    for row in (*app.wirings("http", HttpWiring), *exposed_wirings(app, options.rpc)):
        method, text = _address(row)
        route = _parsed(text)
        other = seen.setdefault((method, route.shape), row.id)
        if other != row.id:
            raise DeclarationError(f'The wirings "{other}" and "{row.id}" match the same paths.')
        make = partial(_handler, runner, row, route, _chosen(patterns, text))
        handle = deferred(make, errors, row.id) if options.lazy else make()
        handle = layers.around(handle, text)
        if method == "head":
            handle = without_body(handle)
        methods.setdefault(method.upper(), Routes()).add(route, handle)
        if method == "get":
            implicit.append((route, without_body(handle)))
        parsed.append(route)
    for route, handle in implicit:
        if ("head", route.shape) not in seen:
            methods.setdefault("HEAD", Routes()).add(route, handle)
    return Table(methods, errors, layers, tuple(parsed))


def add_pages(table: Table, pages: Mapping[str, Handle]) -> None:
    """Answers GET and HEAD of these paths too, where no route is declared there."""
    routes = table.methods.setdefault("GET", Routes())
    heads = table.methods.setdefault("HEAD", Routes())
    for path, handle in pages.items():
        if path not in routes.static:
            routes.add(parse_route(path), table.layers.around(handle, path))
        if path not in heads.static:
            heads.add(parse_route(path), without_body(table.layers.around(handle, path)))


def without_body(handle: Handle) -> Handle:
    """What answers HEAD in place of GET: the same headers, the length included."""

    async def handle_head(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
        await handle(scope, receive, headers_only(send), values)

    return handle_head


def _address(row: WiringHandle[HttpWiring]) -> tuple[str, str]:
    """Method and route of a wiring: as the scan read them, or, in an App that was put together by hand, its own."""
    if row.meta:
        return row.meta["method"], row.meta["route"]
    wiring = row.load()
    return wiring.method, wiring.route


def _handler(
    runner: Runner, row: WiringHandle[HttpWiring], route: Route, middleware: list[Middleware]
) -> Handle:
    return runner.handler(row.load(), route, row.function, middleware)


def _parsed(text: str) -> Route:
    try:
        return parse_route(text)
    except RouteError as error:
        raise DeclarationError(str(error)) from None


def _chosen(
    patterns: Iterable[tuple[re.Pattern[str], tuple[Middleware, ...]]], route: str
) -> list[Middleware]:
    return [one for regex, middleware in patterns if regex.fullmatch(route) for one in middleware]
