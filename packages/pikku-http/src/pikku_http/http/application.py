"""The ASGI application of an App."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core import BadRequestError, MethodNotAllowedError, NotFoundError
from pikku_http.http.answer import headers_only
from pikku_http.http.body import MAX_BODY
from pikku_http.http.errors import ErrorResponder, log
from pikku_http.http.event_streams import HEARTBEAT, EventStreams
from pikku_http.http.mounts import Mounts
from pikku_http.http.problem import problem_details as problem
from pikku_http.http.report import default_body
from pikku_http.http.router import NO_VALUES, Routes, below, decoded_segments
from pikku_http.http.table import add_pages, compile_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core import App
    from pikku_http.http.asgi import Receive, Scope, Send
    from pikku_http.http.mounts import MountTarget
    from pikku_http.http.route import Route
    from pikku_http.http.runner import Handle

NOT_OPEN: Final = (
    "The application is not open: let the server run its lifespan, or start the App and call "
    '"open" before the first request.'
)


class HttpApplication:
    """Serves the HTTP wirings of an App by ASGI 3.

    ```python
    application = HttpApplication(App([wire_http(method="get", route="/", func=hello)]))
    ```

    The server's lifespan starts and stops the App. Where something else does, call `open` once the App has started.

    Args:
        max_body: The largest body of a request, in bytes.
        lazy: Whether a function is imported with the first request for it instead of when the application starts. What
            is wrong with one is then found no earlier.
        heartbeat: Seconds without an event after which a stream of events sends a comment.
        problem_details: Whether errors are answered as RFC 9457 says where there is no `http_errors`.
        rpc: For an App that was put together by hand: below which path its functions that are exposed answer by their
            name, such as `/rpc`; empty: none does. A generated App has wirings for them.
        mounts: Other applications: names of components, each with its target.
        document: An OpenAPI document, served at `/openapi.json` with a page at `/docs`; a route of the App comes first.
    """

    def __init__(
        self,
        app: App,
        *,
        max_body: int = MAX_BODY,
        lazy: bool = False,
        heartbeat: float = HEARTBEAT,
        problem_details: bool = False,
        rpc: str = "",
        mounts: Iterable[tuple[str, MountTarget]] = (),
        document: bytes | None = None,
    ) -> None:
        self._app = app
        self._max_body = max_body
        self._lazy = lazy
        self._streams = EventStreams(heartbeat)
        self._default_error = problem if problem_details else default_body
        self._rpc = rpc
        self._offered = tuple(mounts)
        self._document = document
        self._mounts: Mounts | None = None
        self._methods: dict[str, Routes[Handle]] = {}
        self._errors = ErrorResponder(default=self._default_error)
        self._is_open = False
        self.routes: tuple[Route, ...] = ()
        """The routes, as they were declared; empty until it is open."""

    def open(self) -> None:
        """Puts the route table together; the App must have been started.

        Raises:
            DeclarationError: A wiring does not fit its function, two wirings match the same paths, or a mount does
                not fit in.
        """
        table = compile_table(
            self._app,
            self._max_body,
            self._streams,
            lazy=self._lazy,
            default_error=self._default_error,
            rpc=self._rpc,
        )
        self._methods, self._errors, self.routes = table.methods, table.errors, table.routes
        if self._document is not None:
            from pikku_http.http.docs.pages import pages

            add_pages(table, pages(self._document))
        if self._offered:
            self._mounts = Mounts(self._app, self._offered, self.routes)
        self._is_open = True

    def drain(self) -> None:
        """Ends the streams of events, now and from now on: for a server that is about to stop.

        Their clients come back by themselves. All other requests go on.
        """
        self._streams.drain()

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
        return await self._unmatched(scope, send, path.split("/"))

    async def _unusual(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request below a mount point, or one whose path has encoded characters."""
        root_path: str = scope.get("root_path", "")
        raw_path: bytes | None = scope.get("raw_path")
        try:
            if raw_path is not None and b"%" in raw_path:
                segments = decoded_segments(raw_path, root_path)
            else:
                segments = below(scope["path"], root_path).split("/")
        except BadRequestError as error:
            return await self._refuse(error, scope, send)
        routes = self._methods.get(scope["method"])
        found = None if routes is None else routes.find(segments)
        if found is not None:
            return await found[0](scope, receive, send, found[1])
        return await self._unmatched(scope, send, segments)

    async def _unmatched(self, scope: Scope, send: Send, segments: list[str]) -> None:
        """Answers 404, 405 with `Allow` (RFC 9110, 15.5.6), or OPTIONS."""
        if not self._is_open:
            return await self._refuse(RuntimeError(NOT_OPEN), scope, send)
        found = {name: routes.find(segments) for name, routes in self._methods.items()}
        matching = {name: match for name, match in found.items() if match is not None}
        if not matching:
            return await self._refuse(NotFoundError(), scope, send)
        # Of a path that is a route itself the methods of parameters in its place are not advertised.
        itself = {name for name, match in matching.items() if match[1] is NO_VALUES}
        allowed = itself or matching.keys()
        allow = ", ".join(sorted({*allowed, "OPTIONS"}))
        if scope["method"] != "OPTIONS":
            return await self._refuse(MethodNotAllowedError(), scope, send, {"allow": allow})
        headers = [(b"allow", allow.encode())]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return None

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
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            if self._mounts is not None and await self._mounts.serve(scope, receive, send):
                return
            await receive()
            await send({"type": "websocket.close", "code": 1000})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._app.start()
            self.open()
        except Exception as error:  # noqa: BLE001 - the server is told, and ends
            log.exception("The application did not start.")
            await self._app.stop()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        try:
            await self._app.stop()
        except Exception as error:  # noqa: BLE001 - the server is told, and ends
            log.exception("The application did not stop properly.")
            await send({"type": "lifespan.shutdown.failed", "message": str(error)})
            return
        await send({"type": "lifespan.shutdown.complete"})
