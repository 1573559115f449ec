"""`pikku mcp serve`: the project's tools, resources and prompts alone, over stdio or HTTP."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from pikku_core.plugin import CommandError
from pikku_mcp.commands.project import load_app, run
from pikku_mcp.mount import settings_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from mcp.server.lowlevel import Server

    from pikku_core import App


def serve(
    *, stdio: bool = False, http: bool = False, host: str = "127.0.0.1", port: int = 8000
) -> None:
    """Serve tools, resources and prompts to one client over standard input and output, or to many over HTTP.

    Over stdio, the default, callers are anonymous, what functions print goes to standard error, and so does the log.

    Args:
        stdio: Speak over standard input and output.
        http: Listen on a port; the path is that of the setting mcp.path.
        host: Where to listen.
        port: Which port to listen on; 0 takes a free one.
    """
    if stdio and http:
        raise CommandError('Only one of "--stdio" and "--http" can be served.', 2)
    run(_over_http(load_app(), host, port) if http else _over_stdio(load_app()))


@asynccontextmanager
async def started(app: App) -> AsyncGenerator[Server[Any]]:
    """The server of an App that runs while the context lasts."""
    from pikku_mcp.changes import Changes
    from pikku_mcp.server import server_of
    from pikku_mcp.visibility import Callers

    changes = Changes()
    async with app:
        page_size = settings_of(app)["page_size"]
        yield server_of(app, callers=Callers(app, changes), changes=changes, page_size=page_size)


async def _over_stdio(app: App) -> None:
    from mcp.server.stdio import stdio_server

    async with started(app) as server, stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


async def _over_http(app: App, host: str, port: int) -> None:
    import socket

    import uvicorn

    from pikku_mcp.alone import Alone
    from pikku_mcp.endpoint import opened

    settings = settings_of(app)
    listening = socket.create_server((host, port))
    async with app, opened(app, settings) as endpoint:
        alone = Alone(endpoint, settings)
        config = uvicorn.Config(alone, lifespan="off", log_level="warning", server_header=False)
        where = f"http://{host}:{listening.getsockname()[1]}{settings['path']}"
        print(f"mcp ready: {where}", flush=True)  # noqa: T201 - what the command says
        await uvicorn.Server(config).serve(sockets=[listening])
