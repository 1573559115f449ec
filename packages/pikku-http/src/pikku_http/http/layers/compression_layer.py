"""What compresses answers on their way out."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pikku_http.http.accept_encoding import IDENTITY, chosen_coding, refuses_identity
from pikku_http.http.answer import NO_CONTENT
from pikku_http.http.layers.codings import available_codings
from pikku_http.http.layers.variants import CONDITIONS, MARK, Variants

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from pikku_http.http.asgi import Header, Message, Receive, Scope, Send
    from pikku_http.http.layers.codings import Coding, Compressor
    from pikku_http.http.layers.compression import HttpCompression
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle

THREAD: Final = 32 * 1024
"""Bytes from which on a part is compressed in a thread: a quarter of a millisecond, where the way there and back takes a
tenth of one."""

LONGEST: Final = 1024
"""Bytes of `Accept-Encoding` that are read; what clients send has less than a tenth."""

VARY: Final[Header] = (b"vary", b"accept-encoding")
NO_TRANSFORM: Final = b"no-transform"


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

        def answer(scope: Scope, receive: Receive, send: Send, values: Values) -> Awaitable[None]:
            accepted, has_variant = b"", False
            for name, value in scope["headers"]:
                if name == b"accept-encoding":
                    accepted = b"%b, %b" % (accepted, value) if accepted else value
                elif name in CONDITIONS and MARK in value:
                    has_variant = True
            coding, must = _chosen(_whole(accepted), self._offered)
            variants = Variants(coding)
            if has_variant:
                scope = variants.translated(scope)
            outgoing = Outgoing(
                send, self, variants, self._codings.get(coding), scope["method"], must=must
            )
            return handle(scope, receive, outgoing.send, values)

        return answer

    def _matches(self, content_type: bytes) -> bool:
        media_type = content_type.partition(b";")[0].strip(b" \t").lower()
        return self._types.fullmatch(media_type) is not None


class Outgoing:
    """One answer on its way out: its headers wait for the first part of its body, which tells what becomes of it.

    Args:
        coding: None: the client accepts none that there is.
        method: That of the request.
        must: Whether the client takes nothing that has no coding.
    """

    __slots__ = (
        "_coding",
        "_compressor",
        "_layer",
        "_method",
        "_must",
        "_send",
        "_start",
        "_variants",
    )

    def __init__(
        self,
        send: Send,
        layer: CompressionLayer,
        variants: Variants,
        coding: Coding | None,
        method: str,
        *,
        must: bool,
    ) -> None:
        self._send = send
        self._layer = layer
        self._variants = variants
        self._coding = coding
        self._must = must
        self._method = method
        self._start: Message | None = None
        self._compressor: Compressor | None = None

    def send(self, message: Message) -> Awaitable[None]:
        """Passes on what the application sends, as it is or compressed."""
        if message["type"] == "http.response.start":
            return self._begin(message)
        if self._start is not None:
            return self._first(self._start, message)
        if self._compressor is not None and message["type"] == "http.response.body":
            return self._part(self._compressor, message)
        return self._send(message)

    def _begin(self, message: Message) -> Awaitable[None]:
        status, headers = message["status"], message.get("headers", ())
        if status == 304:
            return self._send(self._variants.not_modified(with_vary(message)))
        if not self._may_be_compressed(status, headers):
            return self._send(message)
        message = with_vary(message)
        if self._coding is None or status == 206:
            return self._send(message)
        self._start = message
        return _later()

    def _may_be_compressed(self, status: int, headers: Sequence[Header]) -> bool:
        """Whether an answer is worth it, and not to be left as it is: whatever the client accepts."""
        sizes = [value for name, value in headers if name == b"content-length" and value.isdigit()]
        size = int(sizes[0]) if sizes else 0
        if not size or (size < self._layer.minimum and not self._must):
            return False
        named = dict(headers)
        return (
            status not in NO_CONTENT
            and b"content-encoding" not in named
            and not any(
                one[0] == b"cache-control" and NO_TRANSFORM in one[1].lower() for one in headers
            )
            and self._layer.is_compressible(named.get(b"content-type", b""))
        )

    async def _first(self, start: Message, message: Message) -> None:
        self._start, coding = None, self._coding
        if message["type"] != "http.response.body" or coding is None:
            await self._send(start)  # What an extension of ASGI sends is not to be seen here.
            return await self._send(message)
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


def with_vary(message: Message) -> Message:
    """The start of an answer that says that it depends on `Accept-Encoding`; one that does already stays."""
    headers = message.get("headers", ())
    if any(name == b"vary" and b"accept-encoding" in value.lower() for name, value in headers):
        return message
    return {**message, "headers": [*headers, VARY]}


def _whole(accepted: bytes) -> bytes:
    """What is read of `Accept-Encoding`: whole codings, since half of one would say something else."""
    return accepted if len(accepted) <= LONGEST else accepted[:LONGEST].rpartition(b",")[0]


async def _later() -> None:
    """Sends nothing yet."""


async def compress(compressor: Compressor, part: bytes, *, ends: bool) -> bytes:
    """What there is to send after a part; large ones are compressed in a thread, so that others are served meanwhile."""
    if len(part) < THREAD:
        return compress_now(compressor, part, ends)
    return await asyncio.to_thread(compress_now, compressor, part, ends)


def compress_now(compressor: Compressor, part: bytes, ends: bool) -> bytes:
    """The same in this thread."""
    found = compressor.compress(part)
    return found + compressor.flush() if ends else found


@lru_cache(maxsize=256)
def _chosen(accepted: bytes, offered: tuple[str, ...]) -> tuple[str, bool]:
    """The coding for a client, and whether it takes nothing without one."""
    header = accepted.decode("latin-1")
    name = chosen_coding(header, offered)
    return name, name != IDENTITY and refuses_identity(header)
