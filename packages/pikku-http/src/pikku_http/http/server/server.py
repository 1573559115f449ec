"""The uvicorn server of `pikku serve` and `pikku dev`: it says when it listens, and ends without losing a request."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from pikku_http.http.errors import log
from pikku_http.http.server.lingering import LINGER
from pikku_http.http.server.listening import accepted, ignore_new

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Generator

POLL: Final = 0.05
"""Seconds between two looks at the connections that are left."""
TEARDOWN: Final = 0.8
"""Seconds that a request that is cut off has to tear down its services: less than what the command waits for its end."""


class Server(uvicorn.Server):
    """A server that leaves signals to the command.

    Args:
        grace: Seconds that requests have to finish once it stops.
        listening: The command's socket; with the server's own closed, it is what new connections come to.
        hand_over: Whether another process accepts what comes to the socket from then on, as `pikku dev` has it. Without
            it all who have connected are answered, and the socket is closed.
        started: Called once it listens.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        grace: float,
        listening: socket.socket,
        hand_over: bool,
        started: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._grace = grace
        self._listening = listening
        self._hand_over = hand_over
        self._when_started = started
        self._told: set[Any] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to listen."""
        await super().startup(sockets)
        self._when_started()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leaves signals alone."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes no more connections, answers all requests that have come, and cuts off what is late.

        Once it returns no request runs any more, so that services can be stopped, but for those that go on although they
        were cancelled: these are named in the log.
        """
        log.info("Shutting down")
        end = asyncio.get_running_loop().time() + self._grace
        if self._hand_over:
            self._stop_accepting(sockets)
        else:
            ignore_new(self._listening)
        self._end_connections()
        if not self._hand_over:
            await asyncio.sleep(min(LINGER, self._grace))
            self._stop_accepting(sockets)
            await self._accept_rest(end)
        try:
            async with asyncio.timeout_at(end):
                await self._finished()
        except TimeoutError:
            await self._cut_off()

    def _stop_accepting(self, sockets: list[socket.socket] | None) -> None:
        for server in self.servers:
            server.close()
        for each in sockets or ():
            each.close()

    async def _accept_rest(self, end: float) -> None:
        """Takes the connections that the system has made and nobody has accepted, and closes the socket.

        Where new ones still come, it takes those that are there, and again those that have come meanwhile, for a moment.
        """
        loop = asyncio.get_running_loop()
        end = min(end, loop.time() + LINGER)
        while waiting := list(islice(accepted(self._listening), self.config.backlog)):
            for connection in waiting:
                await loop.connect_accepted_socket(self._protocol, connection)
            if loop.time() >= end:
                break
        self._listening.close()

    def _protocol(self) -> asyncio.Protocol:
        # What `startup` of uvicorn does, which keeps it to itself.
        make: Any = self.config.http_protocol_class
        state = self.server_state
        protocol: asyncio.Protocol = make(
            config=self.config, server_state=state, app_state=self.lifespan.state
        )
        return protocol

    def _end_connections(self) -> None:
        for connection in self.server_state.connections - self._told:
            self._told.add(connection)
            try:
                connection.shutdown()
            except Exception:  # noqa: BLE001 - the others are to be told all the same
                log.exception("A connection could not be told that the server stops.")

    async def _finished(self) -> None:
        state = self.server_state
        while state.connections or state.tasks:
            self._end_connections()  # One may have become a websocket since.
            if state.tasks:
                await asyncio.wait(set(state.tasks), timeout=POLL)
            else:
                await asyncio.sleep(POLL)

    async def _cut_off(self) -> None:
        late = list(self.server_state.tasks)
        if late:
            log.warning("Cut off after %g s: %d requests.", self._grace, len(late))
            for task in late:
                task.cancel()
            _, running = await asyncio.wait(late, timeout=TEARDOWN)
            if running:
                log.error(
                    "Still running %g s after they were cut off, while services stop: %d requests.",
                    TEARDOWN,
                    len(running),
                )
        for connection in list(self.server_state.connections):
            connection.transport.abort()
