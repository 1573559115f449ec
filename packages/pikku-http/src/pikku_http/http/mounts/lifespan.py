"""The lifespan of applications, from both sides (https://asgi.readthedocs.io/en/latest/specs/lifespan.html)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from pikku_core.errors import InternalError
from pikku_core.runtime.origin import sentence
from pikku_http.http.errors import log

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from pikku_http.http.asgi import ASGIApp, Message, Receive, Send

PATIENCE: Final = 1.0
"""Seconds that an application has to return once it has said that it failed or stopped."""
SLOW: Final = 10.0
"""Seconds after which the log says what a start waits for: nothing else would tell."""
WAITS: Final = 'The application that is mounted at "%s" has not said yet that it has started: it is waited for.'


class MountStartError(InternalError):
    """An application that is mounted failed to start; the message names its prefix and says why."""

    code = "mount_start"


class Lifespan:
    """The lifespan of an application that is mounted, as a server would run it: in a task of its own.

    Many applications have none, and raise or return when they are asked: they are served all the same.

    Args:
        app: The application.
        prefix: Where it is mounted, for messages.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix
        self._asked: asyncio.Queue[Message] = asyncio.Queue()
        self._said: asyncio.Queue[Message | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._error: BaseException | None = None
        self.has_started = False
        """Whether the application may be given requests."""
        self.state: dict[str, Any] = {}
        """What the application keeps for its requests: each gets a copy as `scope["state"]`."""

    async def start(self) -> None:
        """Starts the application.

        Raises:
            MountStartError: It says that it failed.
        """
        self._task = asyncio.create_task(self._run(), name=f"pikku.lifespan {self._prefix}")
        slow = asyncio.get_running_loop().call_later(SLOW, log.warning, WAITS, self._prefix)
        try:
            message = await self._ask("lifespan.startup")
        finally:
            slow.cancel()
        if message is not None and message["type"] == "lifespan.startup.failed":
            await self._end()
            raise MountStartError(
                f'The application that is mounted at "{self._prefix}" did not start: {self._reason(message)}.'
            ) from self._error
        if message is None:
            said = "" if self._error is None else f" ({sentence(self._error)})"
            log.info(
                'The application that is mounted at "%s" has no lifespan%s.', self._prefix, said
            )
        self.has_started = True

    async def stop(self) -> None:
        """Stops the application; a failure is logged."""
        self.has_started = False
        if self._task is None or self._task.done():
            return
        message = await self._ask("lifespan.shutdown")
        await self._end()
        if message is None or message["type"] == "lifespan.shutdown.failed":
            reason = self._reason(message or {})
            log.error(
                'The application that is mounted at "%s" did not stop properly: %s.',
                self._prefix,
                reason,
                exc_info=self._error,
            )

    async def _ask(self, what: str) -> Message | None:
        """Sends an event, and waits for what the application says; None where it ended instead."""
        self._asked.put_nowait({"type": what})
        try:
            return await self._said.get()
        except asyncio.CancelledError:
            await self._end(patience=0)
            raise

    async def _end(self, patience: float = PATIENCE) -> None:
        assert self._task is not None, "it has been started"
        await asyncio.wait({self._task}, timeout=patience)
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _run(self) -> None:
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        try:
            await self._app(scope, self._asked.get, self._said.put)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - which may mean that it has no lifespan
            self._error = error
        finally:
            self._said.put_nowait(None)

    def _reason(self, message: Message) -> str:
        if self._error is not None:
            return sentence(self._error)
        lines = str(message.get("message", "")).strip().splitlines()
        return lines[-1].rstrip(".") if lines else "it does not say why"


async def answer_lifespan(
    running: AbstractAsyncContextManager[object], receive: Receive, send: Send
) -> None:
    """Answers a server that runs the lifespan of an application.

    Args:
        running: Starts the application when it is entered, and stops it when it is left.
    """
    await receive()
    has_started = False
    try:
        async with running:
            has_started = True
            await send({"type": "lifespan.startup.complete"})
            await receive()
    except Exception as error:  # noqa: BLE001 - the server is told, and ends
        if has_started:
            log.exception("The application did not stop properly.")
            await send({"type": "lifespan.shutdown.failed", "message": str(error)})
        else:
            log.exception("The application did not start.")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
        return
    await send({"type": "lifespan.shutdown.complete"})
