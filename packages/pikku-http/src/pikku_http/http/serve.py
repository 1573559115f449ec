"""The serve component: uvicorn in the loop and on the socket of `pikku serve` and `pikku dev`."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, cast

import uvicorn

from pikku_http.http.connection import Connection, look_after
from pikku_http.http.create import application_of
from pikku_http.http.limits import Limits, limits_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Generator

    from pikku_core.runtime.app import App
    from pikku_core.runtime.serving import Serving
    from pikku_http.http.application import HttpApplication


async def serve(app: App, serving: Serving) -> None:
    """Serves the HTTP wirings of a running App until `serving.stopping`, then finishes the requests that are there.

    Raises:
        DeclarationError: A wiring does not fit its function.
    """
    assert serving.socket is not None, "the component listens"
    settings = serving.settings["http"]
    mounts = serving.mounts.get("http", ())
    application = application_of(app, settings, mounts, development=serving.development)
    application.open()
    # uvicorn closes what it listens on; the command keeps its own over reloads.
    listening = serving.socket.dup()
    limits = limits_of(settings)
    server = _Server(
        _config(application, tuple(settings["trusted_proxies"]), serving.grace, limits),
        started=lambda: serving.ready(address(listening)),
    )
    running = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(serving.stopping.wait())
    looking_after = asyncio.create_task(look_after(server.server_state.connections, limits))
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
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
    application: HttpApplication,
    trusted_proxies: tuple[str, ...],
    grace: float,
    limits: Limits,
) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=cast("type[asyncio.Protocol]", partial(Connection, limits=limits)),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        timeout_graceful_shutdown=max(1, round(grace)),
    )


class _Server(uvicorn.Server):
    """A server that says when it listens and leaves signals to the command."""

    def __init__(self, config: uvicorn.Config, *, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._when_started()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
