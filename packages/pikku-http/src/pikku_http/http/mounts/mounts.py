"""What answers below a prefix: other ASGI applications, those that plugins offer among them, and folders of files."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from pikku_core import DeclarationError
from pikku_http.http.files.static import HttpStatic
from pikku_http.http.mounts.lifespan import Lifespan
from pikku_http.http.mounts.mount import HttpMount
from pikku_http.http.route import Parameter, mount_prefix_problem
from pikku_http.http.router import NO_VALUES, below

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from pikku_core import App
    from pikku_http.http.asgi import ASGIApp, Receive, Scope, Send
    from pikku_http.http.errors import ErrorResponder
    from pikku_http.http.layers.layer import Layers
    from pikku_http.http.route import Route
    from pikku_http.http.router import Values
    from pikku_http.http.table import Table

MountTarget: TypeAlias = "Callable[[App], tuple[str, ASGIApp]]"
"""What the target of a mount must be: given the App it returns a prefix such as `/mcp` and an ASGI application."""

NOT_STARTED: Final = (
    'The application that is mounted at "{}" was not started: let the server run the lifespan, or put '
    '"async with application.opened():" round the requests, instead of "application.open()".'
)

OF_A_ROUTER: Final = frozenset(
    {"app", "app_root_path", "endpoint", "path_params", "route", "router"}
)
"""What Starlette and FastAPI leave in the scope where this is mounted in one of them; another one below has its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted:
    """Something below a prefix.

    Attributes:
        prefix: Without a slash at its end: empty for what stands behind all routes.
        name: For messages: `the component "mcp"`.
        app: What answers.
        websockets: Whether it takes websockets; None leaves it to whether the server does.
        lifespan: Runs while the application is open; None for what has none.
    """

    prefix: str
    name: str
    app: ASGIApp
    websockets: bool | None = False
    lifespan: Lifespan | None = None

    def is_at(self, path: str) -> bool:
        """Whether a path is its prefix, or below it."""
        return path == self.prefix or path.startswith(f"{self.prefix}/")


class Mounts:
    """All of them. What is at a longer prefix answers before what is at a shorter one, and both before any route.

    Args:
        mounted: In order of declaration.
        routes: The routes beside them.
        layers: What stands round them, by the path of each request.
        errors: Answers what goes wrong.

    Raises:
        DeclarationError: Two want the same prefix, or a route is below one.
    """

    def __init__(
        self,
        mounted: Iterable[Mounted],
        routes: Iterable[Route],
        layers: Layers,
        errors: ErrorResponder,
    ) -> None:
        self._layers = layers
        self._errors = errors
        self._mounted = tuple(mounted)
        by_prefix: dict[str, Mounted] = {}
        for one in self._mounted:
            other = by_prefix.setdefault(one.prefix, one)
            if other is not one:
                raise DeclarationError(
                    f'Both {other.name} and {one.name} are mounted at "{one.prefix or "/"}".'
                )
        self._rest = by_prefix.pop("", None)
        self._prefixed = sorted(by_prefix.values(), key=lambda one: -len(one.prefix))
        for route in routes:
            for one in self._prefixed:
                if one.is_at(literal_start(route)):
                    raise DeclarationError(
                        f'The route "{route.text}" is below "{one.prefix}", where {one.name} is mounted.'
                    )

    @property
    def websocket_prefix(self) -> str:
        """The prefix of one that asks for websockets; empty where none does."""
        return next((one.prefix or "/" for one in self._mounted if one.websockets), "")

    @asynccontextmanager
    async def started(self) -> AsyncGenerator[None]:
        """Runs the lifespans of the applications, each after those that were declared before it.

        Raises:
            MountStartError: One did not start; those before it are stopped again.
        """
        async with AsyncExitStack() as stack:
            for one in self._mounted:
                if one.lifespan is not None:
                    await one.lifespan.start()
                    stack.push_async_callback(one.lifespan.stop)
            yield

    def serves(self, scope: Scope) -> bool:
        """Whether something answers a request before any route."""
        return self._found(scope) is not None

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answers a request or socket by what is at its path; says whether there is something.

        An application gets the whole path, and its prefix in `root_path`.
        """
        one = self._found(scope)
        if one is None:
            return False
        if scope["type"] != "http":
            await self._connect(one, scope, receive, send)
            return True

        async def handle(scope: Scope, receive: Receive, send: Send, _values: Values) -> None:
            await self._answer(one, scope, receive, send)

        layered = self._layers.around_path(handle, below(scope["path"], scope.get("root_path", "")))
        await layered(scope, receive, send, NO_VALUES)
        return True

    @property
    def serves_rest(self) -> bool:
        """Whether something answers what no route does."""
        return self._rest is not None

    async def serve_rest(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answers a request or socket that nothing else answers; says whether there is something that does."""
        if self._rest is None:
            return False
        if scope["type"] == "http":
            await self._answer(self._rest, scope, receive, send)
        else:
            await self._connect(self._rest, scope, receive, send)
        return True

    def _found(self, scope: Scope) -> Mounted | None:
        path = below(scope["path"], scope.get("root_path", ""))
        return next((one for one in self._prefixed if one.is_at(path)), None)

    async def _connect(self, one: Mounted, scope: Scope, receive: Receive, send: Send) -> None:
        if one.websockets is not False and (one.lifespan is None or one.lifespan.has_started):
            return await one.app(_scope_of(one, scope), receive, send)
        await receive()
        return await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, one: Mounted, scope: Scope, receive: Receive, send: Send) -> None:
        if one.lifespan is not None and not one.lifespan.has_started:
            error = RuntimeError(NOT_STARTED.format(one.prefix or "/"))
            return await self._errors.respond(error, scope, send, where="http")
        return await one.app(_scope_of(one, scope), receive, send)


def mounts_of(app: App, offered: Iterable[tuple[str, MountTarget]], table: Table) -> Mounts | None:
    """Everything that is mounted in an application; None where nothing is.

    Args:
        app: Started.
        offered: The name of each component that offers something, with its target.
        table: The routes, and what is declared beside them.

    Raises:
        DeclarationError: Something is not well-formed, or does not fit in.
    """
    mounted = [*offered_mounts(app, offered), *declared_mounts(app, table)]
    return Mounts(mounted, table.routes, table.layers, table.errors) if mounted else None


def offered_mounts(app: App, offered: Iterable[tuple[str, MountTarget]]) -> Iterable[Mounted]:
    """The applications that components offer, each by its name with its target.

    Raises:
        DeclarationError: A prefix is not well-formed.
    """
    for name, target in offered:
        prefix, mounted = target(app)
        if mount_prefix_problem(prefix) or prefix == "/":
            raise DeclarationError(
                f'The component "{name}" mounts at "{prefix}", which must begin with "/" and not end with one.'
            )
        yield Mounted(
            prefix=prefix,
            name=f'the component "{name}"',
            app=mounted,
            websockets=None,
            lifespan=Lifespan(mounted, prefix),
        )


def declared_mounts(app: App, table: Table) -> Iterable[Mounted]:
    """The applications and folders of files that a project declares.

    Raises:
        DeclarationError: A factory gives no application, or a folder is not there.
    """
    for one in table.declarations:
        if isinstance(one, HttpMount):
            mounted = one.application()
            yield Mounted(
                prefix=one.prefix.rstrip("/"),
                name=f'http_mount("{one.prefix}")',
                app=mounted,
                websockets=one.websockets,
                lifespan=Lifespan(mounted, one.prefix),
            )
        elif isinstance(one, HttpStatic):
            from pikku_http.http.files.static_runner import StaticFolder, project_root

            yield Mounted(
                prefix=one.prefix.rstrip("/"),
                name=f'http_static("{one.prefix}")',
                app=StaticFolder(one, project_root(app), table.errors),
            )


def literal_start(route: Route) -> str:
    """The text of a route before its first parameter."""
    start = ""
    for segment in route.segments:
        if isinstance(segment, Parameter):
            break
        start += f"/{segment}"
    return start


def _scope_of(one: Mounted, scope: Scope) -> Scope:
    """The scope that an application below a prefix gets; a folder of files knows its prefix by itself."""
    if one.lifespan is None:
        return scope
    root_path: str = scope.get("root_path", "")
    path: str = scope["path"]
    if root_path and below(path, root_path) == path:
        path = root_path + path  # What stands above took it off, and ASGI has it there.
    kept = {key: value for key, value in scope.items() if key not in OF_A_ROUTER}
    return kept | {
        "root_path": root_path + one.prefix,
        "path": path,
        "state": one.lifespan.state.copy(),
    }
