"""Other ASGI applications below a prefix: what plugins offer to the host kind `http`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pikku_core import DeclarationError
from pikku_http.http.route import Parameter
from pikku_http.http.router import below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pikku_core import App
    from pikku_http.http.asgi import ASGIApp, Receive, Scope, Send
    from pikku_http.http.route import Route

MountTarget: TypeAlias = "Callable[[App], tuple[str, ASGIApp]]"
"""What the target of a mount must be: given the App it returns a prefix such as `/mcp` and an ASGI application."""


class Mounts:
    """Applications that answer what is at their prefix or below it, before any route.

    Args:
        app: The running App.
        offered: The name of each component that offers something, with its target.
        routes: The routes beside them.

    Raises:
        DeclarationError: A prefix is not well-formed, two components want the same, or a route is below one.
    """

    def __init__(
        self, app: App, offered: Iterable[tuple[str, MountTarget]], routes: Iterable[Route]
    ) -> None:
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
                await mounted({**scope, "root_path": root_path + prefix}, receive, send)
                return True
        return False


def _is_at(prefix: str, path: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _literal_start(route: Route) -> str:
    start = ""
    for segment in route.segments:
        if isinstance(segment, Parameter):
            break
        start += f"/{segment}"
    return start
