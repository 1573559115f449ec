"""Other ASGI applications below a prefix: what plugins offer to the host kind `http`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pikku_core import DeclarationError
from pikku_http.http.route import Parameter
from pikku_http.http.router import NO_VALUES, below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pikku_core import App
    from pikku_http.http.asgi import ASGIApp, Receive, Scope, Send
    from pikku_http.http.layers import Layers
    from pikku_http.http.route import Route
    from pikku_http.http.router import Values

MountTarget: TypeAlias = "Callable[[App], tuple[str, ASGIApp]]"
"""What the target of a mount must be: given the App it returns a prefix such as `/mcp` and an ASGI application."""


class Mounts:
    """Applications that answer what is at their prefix or below it, before any route.

    Args:
        app: The running App.
        offered: The name of each component that offers something, with its target.
        routes: The routes beside them.
        layers: What stands round them, by the path of each request.

    Raises:
        DeclarationError: A prefix is not well-formed, two components want the same, or a route is below one.
    """

    def __init__(
        self,
        app: App,
        offered: Iterable[tuple[str, MountTarget]],
        routes: Iterable[Route],
        layers: Layers,
    ) -> None:
        self._layers = layers
        self._mounted: dict[str, ASGIApp] = {}
        names: dict[str, str] = {}
        for name, target in offered:
            prefix, mounted = target(app)
            if not prefix.startswith("/") or prefix.endswith("/"):
                raise DeclarationError(
                    f'The component "{name}" mounts at "{prefix}", which must begin with "/" and not end with one.'
                )
            if prefix in names:
                raise DeclarationError(
                    f'The components "{names[prefix]}" and "{name}" both mount at "{prefix}".'
                )
            names[prefix] = name
            self._mounted[prefix] = mounted
        for route in routes:
            for prefix, name in names.items():
                if _is_at(prefix, _literal_start(route)):
                    raise DeclarationError(
                        f'The route "{route.text}" is below "{prefix}", where the component "{name}" is mounted.'
                    )

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answers a request or socket by the application at its path; says whether there is one.

        The application gets the whole path, and its prefix in `root_path`.
        """
        root_path: str = scope.get("root_path", "")
        path = below(scope["path"], root_path)
        for prefix, mounted in self._mounted.items():
            if _is_at(prefix, path):
                await self._answer(mounted, scope, receive, send, prefix)
                return True
        return False

    async def _answer(
        self, mounted: ASGIApp, scope: Scope, receive: Receive, send: Send, prefix: str
    ) -> None:
        root_path: str = scope.get("root_path", "")

        async def handle(scope: Scope, receive: Receive, send: Send, _values: Values) -> None:
            await mounted({**scope, "root_path": root_path + prefix}, receive, send)

        if scope["type"] != "http":
            return await handle(scope, receive, send, NO_VALUES)
        layered = self._layers.around_path(handle, below(scope["path"], root_path))
        return await layered(scope, receive, send, NO_VALUES)


def _is_at(prefix: str, path: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _literal_start(route: Route) -> str:
    start = ""
    for segment in route.segments:
        if isinstance(segment, Parameter):
            break
        start += f"/{segment}"
    return start
