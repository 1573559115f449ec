"""The answer of a route with `sse=True`, and what functions see of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeVar

from pikku_http.http.answer import NO_CONTENT
from pikku_http.http.streams.event import COMMENT, DONE, ServerSentEvent, framed, last_event_id
from pikku_http.http.streams.stream import Stream, StreamForm, StreamWire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from pikku_http.http.asgi import Send
    from pikku_http.http.http import HttpWire

T = TypeVar("T")

OPENING: Final = 1.0
"""Seconds after which a stream without events is opened: until then an error can be answered."""


class EventStream(Stream):
    """An answer of events."""

    def __init__(
        self, send: Send, form: StreamForm, *, headers_only: bool, heartbeat: float
    ) -> None:
        super().__init__(send, form, 200, headers_only=headers_only)
        self._lock = asyncio.Lock()
        self._heartbeat = heartbeat
        self._due = self.loop.time() + min(OPENING, heartbeat)

    async def emit(self, wire: HttpWire, content: bytes) -> None:
        """Sends an event; several wait for each other."""
        async with self._lock:
            await super().emit(wire, content)
            self._due = self.loop.time() + self._heartbeat

    def pause(self) -> float:
        """Seconds until `beat` shall be called."""
        return max(0.0, self._due - self.loop.time())

    async def beat(self, wire: HttpWire) -> None:
        """Sends a comment where nothing has been sent for long; where something waits to be sent, that will do."""
        due = self._due <= self.loop.time()
        if due and not self._lock.locked():
            async with self._lock:
                await self.open(wire)
                if not self.headers_only:
                    await self.part(COMMENT)
        self._due = self.loop.time() + self._heartbeat

    async def end(self, wire: HttpWire, result: bytes | None) -> None:
        """Sends the last event, which holds the result; none before a status that tells the client to stay away."""
        http = wire.http
        if self.headers_only:
            return await self.open(wire)
        if self.opened or http is None or http.status not in NO_CONTENT:
            await self.emit(wire, framed(b"null" if result is None else result, DONE))
        return await super().end(wire, None)

    def drain(self) -> None:
        """Ends the stream without a last event: the client comes back, to another server."""
        self.drained = True
        self.leave()


class EventChannel(Generic[T]):
    """The wire thing `channel` of a route with `sse=True`: sends events while the function runs.

    ```python
    @pikku_sessionless_func
    async def build(data: Job, *, channel: EventChannel[Progress]) -> Report:
        await channel.send(Progress(percent=50))
        return Report(...)  # the last event, of the type "done"
    ```

    Where the client does not accept events the function runs all the same: what is sent goes nowhere, and the result is
    answered as JSON.
    """

    __slots__ = ("_stream", "_wire")

    def __init__(self, wire: HttpWire, stream: EventStream | None) -> None:
        self._wire = wire
        self._stream = stream

    @property
    def is_open(self) -> bool:
        """Whether events reach somebody: the client accepts them, asks for more than headers, and has not left."""
        stream = self._stream
        return stream is not None and not (stream.headers_only or stream.over.done())

    @property
    def last_event_id(self) -> str | None:
        """The id of the last event that the client has seen; None for one that begins."""
        return last_event_id(self._wire.scope)

    async def send(
        self,
        data: T,
        *,
        event: str = "",
        id: str | None = None,
        retry: int | None = None,
    ) -> None:
        """Sends an event, and waits while the client takes no more; see `ServerSentEvent`.

        Args:
            data: Is written as JSON by its own type.

        Raises:
            ValueError: See `ServerSentEvent`.
        """
        from pydantic_core import to_json

        sent = ServerSentEvent(data, event, id, retry)
        if self._stream is not None:
            content = to_json(data, inf_nan_mode="null")
            await self._stream.emit(self._wire, framed(content, sent.event, sent.id, sent.retry))


class EventWire(StreamWire):
    """A request for a route with `sse=True`; `stream` is there only where the client accepts events."""

    __slots__ = ()

    def make_channel(self) -> EventChannel[Any]:
        """The wire thing `channel`."""
        stream = getattr(self, "stream", None)
        return EventChannel(self, stream if isinstance(stream, EventStream) else None)

    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {
        **StreamWire.things,
        "channel": make_channel,
    }
