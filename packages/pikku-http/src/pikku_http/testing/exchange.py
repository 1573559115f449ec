"""One request to an ASGI application in this process: its answer is read while the application still writes it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pikku_http.http.asgi import ASGIApp, Message, Scope

GRACE: Final = 5.0
"""Seconds that an application has to end once the client has left."""


class Exchange:
    """A request and its answer.

    Args:
        body: The parts of the request's body.
    """

    def __init__(self, application: ASGIApp, scope: Scope, body: AsyncIterator[bytes]) -> None:
        self._body = body
        self._sent: asyncio.Queue[Message | None] = asyncio.Queue()
        self._over = asyncio.Event()
        self._body_ended = False
        self._task = asyncio.create_task(self._run(application, scope))

    async def start(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        """The status and the headers of the answer.

        Raises:
            RuntimeError: The application ended without an answer.
        """
        message = await self._next()
        if message is None:
            raise RuntimeError("The application ended without an answer.")
        headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
        return message["status"], headers

    async def part(self) -> bytes | None:
        """The next part of the answer's body; None at its end."""
        message = await self._next()
        if message is None:
            return None
        if not message.get("more_body", False):
            self._over.set()
            self._sent.put_nowait(None)
        part: bytes = message.get("body", b"")
        return part

    async def close(self) -> None:
        """Ends the exchange, wherever it is: the application is told that the client has left, and may end in its own way."""
        self._over.set()
        await asyncio.wait({self._task}, timeout=GRACE)
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _next(self) -> Message | None:
        """What the application sends next; None where it has ended.

        An error that it raised is raised here.
        """
        message = await self._sent.get()
        if message is None:
            self._sent.put_nowait(None)
            if self._task.done():
                self._task.result()
        return message

    async def _run(self, application: ASGIApp, scope: Scope) -> None:
        try:
            await application(scope, self._receive, self._send)
        finally:
            self._over.set()
            # Whoever waits sees the task's outcome, which is there once this function has returned.
            self._task.add_done_callback(lambda _: self._sent.put_nowait(None))

    async def _receive(self) -> Message:
        if self._body_ended:
            await self._over.wait()
            return {"type": "http.disconnect"}
        try:
            part = await anext(self._body)
        except StopAsyncIteration:
            self._body_ended = True
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": part, "more_body": True}

    async def _send(self, message: Message) -> None:
        if not self._over.is_set():
            self._sent.put_nowait(message)


def scope_of(method: str, url: Any, headers: list[tuple[bytes, bytes]]) -> Scope:
    """The ASGI scope of a request.

    Args:
        url: An `httpx2.URL`.
    """
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "headers": [(name.lower(), value) for name, value in headers],
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "root_path": "",
        "server": (url.host, url.port),
        "client": ("127.0.0.1", 50000),
    }
