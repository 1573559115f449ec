"""The answer after which a connection ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from pikku_http.http.asgi import Message, Send


class LastAnswer:
    """Stands in for `send` of a request after whose answer the connection is closed.

    - A client that speaks HTTP/1.0 is sent no chunks (RFC 9112, 6.1): the end of the connection ends the answer.
    - One that is still sending its body gets to read the answer before the connection ends.

    Args:
        cycle: The request.
        part: Ends the connection once the client has read what it was sent.
    """

    def __init__(self, cycle: RequestResponseCycle, part: Callable[[], None]) -> None:
        self._cycle = cycle
        self._part = part
        self._send = cast("Send", cycle.send)
        self._unframed = False

    async def send(self, message: Message) -> None:
        """Sends a message of ASGI."""
        cycle = self._cycle
        if message["type"] == "http.response.start":
            names = {bytes(name).lower() for name, _ in message.get("headers", ())}
            if cycle.scope["http_version"] != "1.1" and b"content-length" not in names:
                self._unframed = True
                cycle.chunked_encoding = False  # Uvicorn takes it for decided and adds no header.
            return await self._send(message)
        if self._unframed:
            cycle.expected_content_length = len(message.get("body", b""))
        is_last = not message.get("more_body", False)
        if is_last and cycle.more_body and not cycle.chunked_encoding and not cycle.disconnected:
            await self._send({**message, "more_body": True})
            cycle.response_complete = True
            return self._part()
        return await self._send(message)
