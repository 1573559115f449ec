"""The ASGI application of an App."""

from __future__ import annotations

from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Final, Self

from pikku_core import BadRequestError, MethodNotAllowedError, NotFoundError
from pikku_http.http.answer import headers_only, send_empty
from pikku_http.http.errors import ErrorResponder
from pikku_http.http.health.health import Health
from pikku_http.http.health.readiness import checks_of
from pikku_http.http.layers.layer import LayerContext, Layers
from pikku_http.http.layers.preflight import requested_method
from pikku_http.http.mounts.lifespan import answer_lifespan
from pikku_http.http.mounts.mounts import Mounts, mounts_of
from pikku_http.http.options import HttpOptions
from pikku_http.http.router import NO_VALUES, Routes, below, segments_of
from pikku_http.http.streams.event_streams import EventStreams
from pikku_http.http.table import add_pages, add_plain_pages, compile_table

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from pikku_core import App
    from pikku_http.http.asgi import Receive, Scope, Send
    from pikku_http.http.mounts.mounts import MountTarget
    from pikku_http.http.route import Route
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle

NOT_OPEN: Final = (
    "The application is not open: let the server run its lifespan. Where it is mounted in another application, put "
    '"async with application.running():" into the lifespan of that one.'
)


class HttpApplication:
    """Serves the HTTP wirings of an App by ASGI 3.

    ```python
    application = HttpApplication(App([wire_http(method="get", route="/", func=hello)]))
    ```

    The server's lifespan starts and stops the App. Where it is mounted in another application, `running` does, and where
    the App is started elsewhere, `opened`.

    Args:
        options: Default: `HttpOptions()`.
        mounts: Other applications: names of components, each with its target.
        document: An OpenAPI document, served at `/openapi.json` with a page at `/docs`; a route of the App that matches
            these comes first.
    """

    def __init__(
        self,
        app: App,
        options: HttpOptions | None = None,
        *,
        mounts: Iterable[tuple[str, MountTarget]] = (),
        document: bytes | None = None,
    ) -> None:
        self._app = app
        self._options = options or HttpOptions()
        self._streams = EventStreams(self._options.heartbeat)
        self._offered = tuple(mounts)
        self._document = document
        self._mounts: Mounts | None = None
        self._health = Health(self._options.health, self._options.readiness)
        self._methods = self._methods_while_closed()
        self._errors = ErrorResponder()
        self._layers = Layers()
        self._declared: Mapping[Handle, str] = {}
        self._is_open = False
        self.routes: tuple[Route, ...] = ()
        """The routes, as they were declared; empty until it is open."""

    def open(self) -> None:
        """Puts the route table together; the App must have been started.

        Applications that are mounted are not started by it, and answer 500; see `opened`.

        Raises:
            DeclarationError: A wiring does not fit its function, two wirings match the same paths, or a mount does
                not fit in.
        """
        self._compile()
        self._health.open(checks_of(self._app))

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Self]:
        """Open while the context lasts, as are the applications that are mounted; the App must have been started.

        One that has been opened already is closed at the end too.

        Raises:
            DeclarationError: See `open`.
            MountStartError: An application that is mounted did not start.
        """
        try:
            if not self._is_open:
                self._compile()
            async with self._mounts.started() if self._mounts is not None else nullcontext():
                self._health.open(checks_of(self._app))
                yield self
        finally:
            self._close()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[Self]:
        """Runs the App while the context lasts: for the lifespan of an application that this one is mounted in.

        ```python
        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            async with api.running():
                yield


        app = Starlette(routes=[Mount("/api", api)], lifespan=lifespan)
        ```

        Raises:
            DeclarationError: See `open`.
            MountStartError: An application that is mounted did not start.
            ServiceStartError: A service did not start; see `App.start` for what else.
        """
        async with self._app, self.opened():
            yield self

    def withdraw(self) -> None:
        """Says that no new requests should come, to who asks for readiness; those that come are answered."""
        self._health.drain()

    def drain(self) -> None:
        """Ends the streams of events, now and from now on: for a server that is about to stop.

        Their clients come back by themselves. All other requests go on, and it is not ready any more.
        """
        self.withdraw()
        self._streams.drain()

    @property
    def websocket_mount(self) -> str:
        """The prefix of a declared mount that takes websockets; empty where none does."""
        return "" if self._mounts is None else self._mounts.websocket_prefix

    def _compile(self) -> None:
        variables = self._app.environment.thing("variables")
        context = LayerContext(variables=variables, methods_at=self._methods_at)
        table = compile_table(self._app, self._options, self._streams, context)
        self._errors, self.routes = table.errors, table.routes
        self._layers, self._declared = table.layers, table.declared
        self._mounts = mounts_of(self._app, self._offered, table)
        if self._document is not None:
            from pikku_http.http.docs.pages import pages

            add_pages(table, pages(self._document))
        add_plain_pages(table.methods, self._health.handles)
        self._methods = table.methods
        self._is_open = True

    def _close(self) -> None:
        self._is_open = False
        self._methods, self._mounts, self._layers = self._methods_while_closed(), None, Layers()
        self._declared = {}
        self._streams = EventStreams(self._options.heartbeat)
        self._health.close()

    def _methods_while_closed(self) -> dict[str, Routes[Handle]]:
        methods: dict[str, Routes[Handle]] = {}
        add_plain_pages(methods, self._health.handles)
        return methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return await self._other(scope, receive, send)
        if self._mounts is not None and await self._mounts.serve(scope, receive, send):
            return None
        path: str = scope["path"]
        raw_path: bytes | None = scope.get("raw_path")
        if scope.get("root_path") or (raw_path is not None and b"%" in raw_path):
            return await self._unusual(scope, receive, send)
        routes = self._methods.get(scope["method"])
        if routes is not None:
            handle = routes.static.get(path)
            if handle is not None:
                return await handle(scope, receive, send, NO_VALUES)
            found = routes.match(path.split("/"))
            if found is not None:
                return await found[0](scope, receive, send, found[1])
        return await self._unmatched(scope, receive, send, path.split("/"))

    async def _unusual(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request below a mount point, or one whose path has encoded characters."""
        try:
            segments = segments_of(scope)
        except BadRequestError as error:
            return await self._malformed(error, scope, receive, send)
        routes = self._methods.get(scope["method"])
        found = None if routes is None else routes.find(segments)
        if found is not None:
            return await found[0](scope, receive, send, found[1])
        return await self._unmatched(scope, receive, send, segments)

    async def _malformed(
        self, error: BadRequestError, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answers a request whose path cannot be decoded."""

        async def handle(scope: Scope, _receive: Receive, send: Send, _values: Values) -> None:
            await self._refuse(error, scope, send)

        layered = self._layers.around_path(handle, below(scope["path"], scope.get("root_path", "")))
        await layered(scope, receive, send, NO_VALUES)

    async def _unmatched(
        self, scope: Scope, receive: Receive, send: Send, segments: list[str]
    ) -> None:
        """Answers a request that no route matches, inside the layers that a route there would have.

        Where routes are there, for other methods, that is the one of the method that a preflight asks about.
        """
        others = self._others(segments)

        async def handle(scope: Scope, receive: Receive, send: Send, _values: Values) -> None:
            await self._answer_unmatched(scope, receive, send, others)

        path = "/".join(segments)
        there = others.get(requested_method(scope), next(iter(others.values()), None))
        place = path if there is None else self._declared.get(there[0], path)
        layered = self._layers.around_path(handle, place)
        await layered(scope, receive, send, NO_VALUES)

    def _others(self, segments: list[str]) -> dict[str, tuple[Handle, Values]]:
        """What answers at a path, and with which values, by method."""
        found = {name: self._methods[name].find(segments) for name in sorted(self._methods)}
        return {name: one for name, one in found.items() if one is not None}

    def _methods_at(self, scope: Scope) -> frozenset[str] | None:
        if self._mounts is not None and self._mounts.serves(scope):
            return None
        try:
            methods = frozenset(self._others(segments_of(scope)))
        except BadRequestError:
            return frozenset()
        is_mounted = self._mounts is not None and self._mounts.serves_rest
        return methods if methods or not is_mounted else None

    async def _answer_unmatched(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        others: Mapping[str, tuple[Handle, Values]],
    ) -> None:
        """Answers 404, 405 with `Allow` (RFC 9110, 15.5.6), OPTIONS, or by what stands behind all routes."""
        if not self._is_open:
            return await self._refuse(RuntimeError(NOT_OPEN), scope, send)
        if not others:
            if self._mounts is not None and await self._mounts.serve_rest(scope, receive, send):
                return None
            return await self._refuse(NotFoundError(), scope, send)
        # Of a path that is a route itself the methods of parameters in its place are not advertised.
        itself = {name for name, (_, values) in others.items() if values is NO_VALUES}
        allowed = itself or others.keys()
        allow = ", ".join(sorted({*allowed, "OPTIONS"}))
        if scope["method"] != "OPTIONS":
            return await self._refuse(MethodNotAllowedError(), scope, send, {"allow": allow})
        return await send_empty(send, (b"allow", allow.encode()))

    async def _refuse(
        self,
        error: Exception,
        scope: Scope,
        send: Send,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        if scope["method"] == "HEAD":
            send = headers_only(send)
        await self._errors.respond(error, scope, send, where="http", headers=headers)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await answer_lifespan(self.running(), receive, send)
        elif scope["type"] == "websocket":
            mounts = self._mounts
            if mounts is not None and await mounts.serve(scope, receive, send):
                return
            if mounts is not None and await mounts.serve_rest(scope, receive, send):
                return
            await receive()
            await send({"type": "websocket.close", "code": 1000})
