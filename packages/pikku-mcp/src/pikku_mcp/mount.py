"""MCP over streamable HTTP, below `/mcp` of the HTTP server: it knows ASGI and nothing of the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_mcp.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core import App

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Scope]]
Send: TypeAlias = Callable[[Scope], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


def mount(app: App) -> tuple[str, ASGIApp]:
    """What the HTTP transport asks of a mount: the prefix, and the ASGI application below it."""
    return settings_of(app)["path"], McpApplication(app)


def mount_metadata(app: App) -> tuple[str, ASGIApp]:
    """The metadata of the protected resource, which clients look for beside it (RFC 9728, 3.1)."""
    from pikku_mcp.metadata import ProtectedResource

    settings = settings_of(app)
    return f"/.well-known/oauth-protected-resource{settings['path']}", ProtectedResource(settings)


def settings_of(app: App) -> Mapping[str, Any]:
    """The settings of an App; the defaults for one that was put together by hand."""
    defaults = {one.name.partition(".")[2]: one.default for one in SETTINGS}
    return defaults | dict(app.settings.get("mcp", {}))


class McpApplication:
    """The ASGI application of an App's tools, resources and prompts; its server runs the lifespan.

    ```python
    application = McpApplication(App([wire_mcp_tool(name="search", func=search)]))
    ```

    The App must have been started when the lifespan begins.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._serve: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or runs the lifespan."""
        if scope["type"] == "lifespan":
            return await self._run(receive, send)
        if self._serve is None:
            raise RuntimeError("The server has not run the lifespan.")
        return await self._serve(scope, receive, send)

    async def _run(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                self._serve = await self._opened(stack)
            except Exception as error:  # noqa: BLE001 - the server says what failed
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self._serve = None
        await send({"type": "lifespan.shutdown.complete"})

    async def _opened(self, stack: AsyncExitStack) -> ASGIApp:
        from pikku_mcp.endpoint import opened

        return await stack.enter_async_context(opened(self._app, settings_of(self._app)))
