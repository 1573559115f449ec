"""The route table of an App: for each method the routes and what answers them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from pikku_core import DeclarationError, Middleware, PermissionGroup
from pikku_core.collector import collector_off
from pikku_http.http.answer import headers_only
from pikku_http.http.deferred import deferred
from pikku_http.http.errors import ErrorResponder
from pikku_http.http.exposed import exposed_wirings
from pikku_http.http.layers.layer import LayerContext, Layers
from pikku_http.http.observe.layer import observing
from pikku_http.http.permissions import HttpPermissions
from pikku_http.http.problem import problem_details
from pikku_http.http.report import default_body
from pikku_http.http.route import Route, RouteError, parse_route
from pikku_http.http.router import Routes, Values
from pikku_http.http.runner import Handle, Runner
from pikku_http.http.wiring import HttpErrors, HttpMiddleware, HttpWiring, pattern_regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

    from pikku_core import App, Declaration
    from pikku_core.runtime.handles import WiringHandle
    from pikku_http.http.asgi import Receive, Scope, Send
    from pikku_http.http.options import HttpOptions
    from pikku_http.http.streams.event_streams import EventStreams


Patterned: TypeAlias = HttpMiddleware | HttpPermissions
"""What is declared for the routes that a pattern chooses."""

Chosen: TypeAlias = tuple[list[Middleware], list[PermissionGroup]]
"""What patterns chose for a route, in order."""


@dataclass(frozen=True, slots=True)
class Table:
    """What answers requests.

    Attributes:
        methods: The routes by method, in upper case.
        errors: Answers what goes wrong, requests for no route included.
        layers: What stands round the routes already, and is to stand round what answers the requests for none.
        routes: All routes, as they were declared.
        declared: The text of the route that each handler in `methods` answers.
        declarations: Those that name no function, without checks of readiness.
    """

    methods: dict[str, Routes[Handle]]
    errors: ErrorResponder
    layers: Layers
    routes: tuple[Route, ...]
    declared: dict[Handle, str]
    declarations: tuple[Declaration, ...]


@collector_off()
def compile_table(
    app: App, options: HttpOptions, streams: EventStreams, context: LayerContext
) -> Table:
    """The route table of a started App.

    Args:
        streams: Keeps the streams of events that are open.
        context: What layers are made with.

    Raises:
        DeclarationError: A wiring does not fit its function, two wirings match the same paths, there are two
            `http_errors`, a layer cannot be honoured, or telemetry is asked for and not installed.
    """
    # A check of readiness is loaded only where the service is that it asks.
    handles = [one for one in app.declarations("http") if one.meta.get("type") != "readiness"]
    declarations = tuple(handle.load() for handle in handles)
    renders = [one.render for one in declarations if isinstance(one, HttpErrors)]
    if len(renders) > 1:
        raise DeclarationError('There are two declarations of "http_errors": a project has one.')
    default = problem_details if options.problem_details else default_body
    errors = ErrorResponder(*renders, default=default)
    rows = (*app.wirings("http", HttpWiring), *exposed_wirings(app, options.rpc))
    if not options.lazy:
        for row in rows:
            row.load()  # What modules set up when they are imported, such as telemetry, is there then.
    observers = observing(app, options, {row.id for row in rows})
    layers = Layers(observers, declarations, context=context)
    patterns = [
        (pattern_regex(one.pattern), one) for one in declarations if isinstance(one, Patterned)
    ]
    runner = Runner(app=app, errors=errors, limits=options.limits, streams=streams)
    methods: dict[str, Routes[Handle]] = {}
    seen: dict[tuple[str, str], str] = {}
    parsed: list[Route] = []
    declared: dict[Handle, str] = {}
    implicit: list[tuple[Route, Handle]] = []
    for row in rows:
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
        declared[handle] = text
        if method == "get":
            implicit.append((route, without_body(handle)))
            declared[implicit[-1][1]] = text
        parsed.append(route)
    for route, handle in implicit:
        if ("head", route.shape) not in seen:
            methods.setdefault("HEAD", Routes()).add(route, handle)
    return Table(methods, errors, layers, tuple(parsed), declared, declarations)


def add_pages(table: Table, pages: Mapping[str, Handle]) -> None:
    """Answers GET and HEAD of these paths too, where no route matches them."""
    routes = table.methods.get("GET", Routes())
    layered = {
        path: table.layers.around(handle, path)
        for path, handle in pages.items()
        if routes.find(path.split("/")) is None
    }
    add_plain_pages(table.methods, layered)


def add_plain_pages(methods: dict[str, Routes[Handle]], pages: Mapping[str, Handle]) -> None:
    """The same without layers, and where no route is declared at the very path.

    One with parameters has to leave them alone: with `/{tenant}` nobody could ask any more whether the process lives.
    """
    routes = methods.setdefault("GET", Routes())
    heads = methods.setdefault("HEAD", Routes())
    for path, handle in pages.items():
        if path not in routes.static:
            routes.add(parse_route(path), handle)
        if path not in heads.static:
            heads.add(parse_route(path), without_body(handle))


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


def _handler(runner: Runner, row: WiringHandle[HttpWiring], route: Route, chosen: Chosen) -> Handle:
    return runner.handler(row.load(), route, row.function, *chosen)


def _parsed(text: str) -> Route:
    try:
        return parse_route(text)
    except RouteError as error:
        raise DeclarationError(str(error)) from None


def _chosen(patterns: Iterable[tuple[re.Pattern[str], Patterned]], route: str) -> Chosen:
    found = [one for regex, one in patterns if regex.fullmatch(route)]
    middleware = [
        each for one in found if isinstance(one, HttpMiddleware) for each in one.middleware
    ]
    return middleware, [one.permissions for one in found if isinstance(one, HttpPermissions)]
