"""The answer after which a connection ends."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio

    from pikku_http.http.asgi import ASGIApp, Message, Receive, Scope, Send


class Endable(Protocol):
    """What decides how a connection ends."""

    def end(self) -> None:
        """Ends it after its last answer."""


class LastTransport:
    """Stands in for the transport of a request after whose answer the connection ends, which is for that to do.

    Args:
        transport: Of the connection.
        connection: What ends it. It is not kept alive, so that no reference goes in a circle.

    Attributes:
        writes: How often something was written.
    """

    def __init__(self, transport: asyncio.Transport, connection: Endable) -> None:
        self.writes = 0
        self.is_closing = transport.is_closing
        self._write = transport.write
        self._connection = weakref.ref(connection)

    def write(self, data: bytes) -> None:
        """Sends a part of the answer."""
        self.writes += 1
        self._write(data)

    def close(self) -> None:
        """Ends the connection, unless it has ended."""
        connection = self._connection()
        if connection is not None:
            connection.end()


def unframed(app: ASGIApp, cycle: Any) -> ASGIApp:
    """Answers a client that speaks HTTP/1.0 without chunks (RFC 9112, 6.1): the end of the connection ends the answer.

    Args:
        app: The application.
        cycle: The request.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        has_length = True

        async def send_unframed(message: Message) -> None:
            nonlocal has_length
            if message["type"] == "http.response.start":
                names = {bytes(name).lower() for name, _ in message.get("headers", ())}
                has_length = b"content-length" in names
                if not has_length:
                    cycle.chunked_encoding = (
                        False  # Uvicorn takes it for decided and adds no header.
                    )
            elif not has_length:
                cycle.expected_content_length = len(message.get("body", b""))
            await send(message)

        return await app(scope, receive, send_unframed)

    return answer


def expected(app: ASGIApp, cycle: Any, make_last: Any) -> ASGIApp:
    """Answers a client that waits until it is told to send its body (RFC 9110, 10.1.1).

    Where it is answered without, nobody knows whether what comes next is the body or another request: the connection
    ends.

    Args:
        app: The application.
        cycle: The request.
        make_last: Makes its answer the last one.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_first(message: Message) -> None:
            is_start = message["type"] == "http.response.start"
            if is_start and cycle.waiting_for_100_continue and cycle.more_body:
                make_last(cycle)
            await send(message)

        return await app(scope, receive, send_first)

    return answer
