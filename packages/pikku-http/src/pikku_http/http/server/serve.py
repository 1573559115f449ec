"""The serve component: uvicorn in the loop and on the socket of `pikku serve` and `pikku dev`."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, cast

import uvicorn

from pikku_core import DeclarationError
from pikku_http.http.create import application_of
from pikku_http.http.server.connection import Connection, look_after
from pikku_http.http.server.limits import Limits, limits_of
from pikku_http.http.server.server import Server

if TYPE_CHECKING:
    import socket

    from pikku_core.runtime.app import App
    from pikku_core.runtime.serving import Serving
    from pikku_http.http.application import HttpApplication


async def serve(app: App, serving: Serving) -> None:
    """Serves the HTTP wirings of a running App until `serving.stopping`, then finishes the requests that are there.

    Raises:
        DeclarationError: A wiring does not fit its function, or a mount needs what is not installed.
        MountStartError: An application that is mounted did not start.
    """
    settings = serving.settings["http"]
    mounts = serving.mounts.get("http", ())
    application = application_of(app, settings, mounts, development=serving.development)
    serving.delay = 0.0 if serving.development else settings["drain_delay"]
    async with application.opened():
        await _serve(application, serving)


async def _serve(application: HttpApplication, serving: Serving) -> None:
    assert serving.socket is not None, "the component listens"
    # uvicorn closes what it listens on; the command keeps its own over reloads.
    listening = serving.socket.dup()
    where = address(listening)
    settings = serving.settings["http"]
    limits = limits_of(settings)
    server = Server(
        _config(application, tuple(settings["trusted_proxies"]), limits),
        grace=serving.grace,
        listening=serving.socket,
        hand_over=serving.development,
        started=lambda: serving.ready(where),
    )
    running = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(serving.stopping.wait())
    looking_after = asyncio.create_task(look_after(server.server_state.connections, limits))
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        application.withdraw()
        if not running.done():
            await asyncio.sleep(serving.delay)
        application.drain()
        server.should_exit = True
        await running
    finally:
        looking_after.cancel()
        stopping.cancel()
        running.cancel()


def address(listening: socket.socket) -> str:
    """The URL of a listening TCP socket."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _config(
    application: HttpApplication, trusted_proxies: tuple[str, ...], limits: Limits
) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=cast("type[asyncio.Protocol]", partial(Connection, limits=limits)),
        ws=_websockets(application.websocket_mount),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
    )


def _websockets(prefix: str) -> Literal["none", "websockets-sansio", "wsproto"]:
    """What speaks websockets, for the mount at a prefix; nothing does where no mount wants them.

    Raises:
        DeclarationError: Nothing that is installed can.
    """
    if not prefix:
        return "none"
    if find_spec("websockets") is not None:
        return "websockets-sansio"
    if find_spec("wsproto") is not None:
        return "wsproto"
    raise DeclarationError(
        f'What is mounted at "{prefix}" takes websockets, which needs the package "websockets" or "wsproto": install '
        "one of them."
    )
