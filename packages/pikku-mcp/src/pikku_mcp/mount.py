"""MCP over streamable HTTP, below `/mcp` of the HTTP server: it knows ASGI and nothing of the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from pikku_core import App

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Scope]]
Send: TypeAlias = Callable[[Scope], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

PREFIX: Final = "/mcp"


def mount(app: App) -> tuple[str, ASGIApp]:
    """What the HTTP transport asks of a mount: the prefix, and the ASGI application below it."""
    return PREFIX, McpApplication(app)


class McpApplication:
    """The ASGI application of an App's tools; its server runs the lifespan."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._serve: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from pikku_mcp.server import server_of

        server = server_of(self._app, name="pikku", version="0")
        manager = StreamableHTTPSessionManager(app=server, json_response=True)
        await stack.enter_async_context(manager.run())
        serve: ASGIApp = manager.asgi_app
        return serve
