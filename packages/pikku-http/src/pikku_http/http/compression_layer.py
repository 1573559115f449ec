"""What compresses answers on their way out."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pikku_http.http.accept_encoding import IDENTITY, chosen_coding, refuses_identity
from pikku_http.http.codings import available_codings
from pikku_http.http.variants import Variants

if TYPE_CHECKING:
    from pikku_http.http.asgi import Header, Message, Receive, Scope, Send
    from pikku_http.http.codings import Coding, Compressor
    from pikku_http.http.compression import HttpCompression
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle

THREAD: Final = 32 * 1024
"""Bytes from which on a part is compressed in a thread: a quarter of a millisecond, where the way there and back takes a
tenth of one."""

LONGEST: Final = 1024
"""Bytes of `Accept-Encoding` that are read; what clients send has less than a tenth."""

VARY: Final[Header] = (b"vary", b"accept-encoding")


class CompressionLayer:
    """The layer of an `http_compression`."""

    def __init__(self, compression: HttpCompression) -> None:
        self.minimum = compression.minimum
        self._codings = {one.name: one for one in available_codings(compression.level)}
        self._offered = tuple(self._codings)
        types = "|".join(re.escape(one).replace(r"\*", ".*") for one in compression.types)
        self._types = re.compile(types.encode())
        self.is_compressible = lru_cache(maxsize=256)(self._matches)

    def around(self, handle: Handle, route: str) -> Handle:
        """What compresses the answers of `handle`."""
        del route

        async def answer(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
            accepted = b", ".join(
                value for name, value in scope["headers"] if name == b"accept-encoding"
            )
            name, must = _chosen(accepted[:LONGEST], self._offered)
            variants = Variants(scope, name)
            outgoing = Outgoing(
                send, self, variants, self._codings.get(name), must=must, method=scope["method"]
            )
            await handle(variants.scope, receive, outgoing.send, values)

        return answer

    def _matches(self, content_type: bytes) -> bool:
        media_type = content_type.partition(b";")[0].strip(b" \t").lower()
        return self._types.fullmatch(media_type) is not None


class Outgoing:
    """One answer on its way out: its headers wait for the first part of its body, which tells what becomes of it.

    Args:
        coding: None: the client accepts none that there is.
        must: Whether the client takes nothing that has no coding.
    """

    def __init__(
        self,
        send: Send,
        layer: CompressionLayer,
        variants: Variants,
        coding: Coding | None,
        *,
        must: bool,
        method: str,
    ) -> None:
        self._send = send
        self._layer = layer
        self._variants = variants
        self._coding = coding
        self._must = must
        self._method = method
        self._start: Message | None = None
        self._compressor: Compressor | None = None

    async def send(self, message: Message) -> None:
        """Passes on what the application sends, as it is or compressed."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is not None:
            start, self._start = self._start, None
            if message["type"] == "http.response.body":
                await self._first(start, message)
            else:  # An extension of ASGI: what it sends is not to be seen here.
                await self._send(start)
                await self._send(message)
        elif self._compressor is not None and message["type"] == "http.response.body":
            await self._part(self._compressor, message)
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        status, headers = message["status"], dict(message.get("headers", ()))
        if status == 304:
            return await self._send(self._variants.not_modified(message, VARY))
        length = headers.get(b"content-length", b"")
        size = int(length) if length.isdigit() else 0
        if (
            status < 200
            or status in {204, 205}
            or b"content-encoding" in headers
            or b"no-transform" in headers.get(b"cache-control", b"").lower()
            or size == 0
            or (size < self._layer.minimum and not self._must)
            or not self._layer.is_compressible(headers.get(b"content-type", b""))
        ):
            return await self._send(message)
        if b"accept-encoding" not in headers.get(b"vary", b"").lower():
            message = {**message, "headers": [*message["headers"], VARY]}
        if self._coding is None or status == 206:
            return await self._send(message)
        self._start = message
        return None

    async def _first(self, start: Message, message: Message) -> None:
        coding = self._coding
        assert coding is not None
        body, more = message.get("body", b""), message.get("more_body", False)
        headers = self._variants.headers_of(start["headers"], coding.name)
        start = {**start, "headers": headers}
        if self._method == "HEAD" and not body:
            await self._send(start)
            return await self._send(message)
        compressor = coding.open()
        if more:
            self._compressor = compressor
            await self._send(start)
            return await self._part(compressor, message)
        compressed = await compress(compressor, body, ends=True)
        headers.append((b"content-length", b"%d" % len(compressed)))
        await self._send(start)
        return await self._send({**message, "body": compressed})

    async def _part(self, compressor: Compressor, message: Message) -> None:
        more = message.get("more_body", False)
        compressed = await compress(compressor, message.get("body", b""), ends=not more)
        if compressed or not more:
            await self._send({**message, "body": compressed})


async def compress(compressor: Compressor, part: bytes, *, ends: bool) -> bytes:
    """What there is to send after a part; large ones are compressed in a thread, so that others are served meanwhile."""
    if len(part) < THREAD:
        return _compressed(compressor, part, ends)
    return await asyncio.to_thread(_compressed, compressor, part, ends)


def _compressed(compressor: Compressor, part: bytes, ends: bool) -> bytes:
    found = compressor.compress(part)
    return found + compressor.flush() if ends else found


@lru_cache(maxsize=256)
def _chosen(accepted: bytes, offered: tuple[str, ...]) -> tuple[str, bool]:
    """The coding for a client, and whether it takes nothing without one."""
    header = accepted.decode("latin-1")
    name = chosen_coding(header, offered)
    return name, name != IDENTITY and refuses_identity(header)
