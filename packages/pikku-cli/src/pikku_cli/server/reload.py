"""`pikku dev`: generate, serve in a process of its own, and do both again with every change.

The application's process is replaced, never reloaded in place. The listening socket stays open in this one, so that a
request that comes in between waits instead of being refused. After an application that ended by itself nobody would
ever answer: then this process closes each connection, whatever its protocol, until the next one is started.
"""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import typer

from pikku_cli.server.components import components_of
from pikku_cli.server.follow import follow
from pikku_cli.server.listening import listen, turn_away
from pikku_cli.server.signals import stop_requests
from pikku_cli.server.worker import command_line
from pikku_core.plugin.registry import PluginStatus

if TYPE_CHECKING:
    import socket

    from pikku_cli.generation import Generation
    from pikku_core.plugin import Project

PATIENCE: Final = 3.0
"""Seconds beyond the grace after which a worker that was told to stop is killed."""


@dataclass(slots=True, kw_only=True)
class Development:
    """One run of `pikku dev`.

    Attributes:
        port: None takes 8000 where something listens.
    """

    generation: Generation
    host: str
    port: int | None
    grace: float
    log_level: str
    log_format: str
    _socket: socket.socket | None = None
    _worker: Process | None = None
    _watching: asyncio.Task[None] | None = None
    _turning_away: asyncio.Task[None] | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Serves until SIGTERM or SIGINT."""
        with stop_requests(self._stopping.set):
            watching = asyncio.create_task(
                follow(self.generation, self._replace_worker, self._complain)
            )
            stopping = asyncio.create_task(self._stopping.wait())
            try:
                await asyncio.wait({watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if watching.done():
                    watching.result()
            finally:
                stopping.cancel()
                watching.cancel()
                await self._stop_worker()
                await self._let_in()
                if self._socket is not None:
                    self._socket.close()

    async def _replace_worker(self, project: Project) -> None:
        declarations = (*project.wirings, *project.declarations)
        kinds = {declaration.kind for declaration in declarations}
        components = components_of(kinds, self.generation.context.registry)
        if components.listening is not None and self._socket is None:
            self._socket = listen(self.host, 8000 if self.port is None else self.port)
        opened = None if components.listening is None else self._socket
        await self._stop_worker()
        await self._let_in()
        try:
            self._worker = await asyncio.create_subprocess_exec(
                *command_line(
                    self._flags(),
                    opened=opened,
                    grace=self.grace,
                    log_level=self.log_level,
                    log_format=self.log_format,
                ),
                stdin=PIPE,
                pass_fds=() if opened is None else (opened.fileno(),),
                start_new_session=True,  # a Ctrl-C in the terminal is for this process, which passes it on
            )
        except OSError:
            self._turn_away()
            raise
        self._watching = asyncio.create_task(self._watch_worker(self._worker))

    def _flags(self) -> list[str]:
        """The options by which a worker has the project and the plugins of this process."""
        rows = self.generation.context.registry.plugins
        off = [row.provider.distribution for row in rows if row.status is PluginStatus.DISABLED]
        disabled = [part for name in off for part in ("--disable-plugin", name)]
        return ["--project", str(self.generation.context.root), *disabled]

    async def _watch_worker(self, worker: Process) -> None:
        code = await worker.wait()
        if worker is self._worker:
            self._turn_away()
            self._complain(f"The application ended with exit code {code}.")

    def _turn_away(self) -> None:
        """Closes connections from now on: no process is there that would answer."""
        if self._socket is not None and self._turning_away is None:
            self._turning_away = asyncio.create_task(turn_away(self._socket))

    async def _let_in(self) -> None:
        """Leaves connections from now on to the application."""
        task, self._turning_away = self._turning_away, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _stop_worker(self) -> None:
        """Tells the worker to stop, so that its services are torn down, and waits for that."""
        worker, self._worker = self._worker, None
        if worker is None or worker.returncode is not None:
            return
        with suppress(ProcessLookupError):
            worker.terminate()
        try:
            await asyncio.wait_for(worker.wait(), self.grace + PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()

    def _complain(self, message: str) -> None:
        serving = self._worker is not None and self._worker.returncode is None
        rest = "What ran before is still served." if serving else "Waiting for a change."
        if self._turning_away is not None:
            rest = "Waiting for a change; until then every connection is closed."
        typer.echo(f"Error: {message} {rest}", err=True)
