"""Server-sent events: what one is, and how it looks on the wire (HTML, section 9.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from pikku_http.http.asgi import Scope

T = TypeVar("T")

LINE_BREAK: Final = re.compile(r"[\r\n]")
DONE: Final = "done"
"""The type of the last event, which says that the stream has ended by itself."""
COMMENT: Final = b":\n\n"
"""What clients pass over; it keeps a connection alive on which nothing happens."""


@dataclass(frozen=True, slots=True)
class ServerSentEvent(Generic[T]):
    """An event with more than its data: what a stream of events yields where plain items do not do.

    ```python
    async def watch() -> AsyncIterator[ServerSentEvent[Tick]]:
        yield ServerSentEvent(Tick(price=3), event="tick", id="17")
    ```

    Args:
        data: Is sent as JSON.
        event: The type that clients listen to. Default: `message`. `done` is that of the last event.
        id: What a client that connects again says it has seen (`Last-Event-ID`); empty forgets the one before.
        retry: Milliseconds after which a client connects again.

    Raises:
        ValueError: `event` is `done`, `event` or `id` holds a line break, `id` a null character, or `retry` is negative.
    """

    data: T
    event: str = ""
    id: str | None = None
    retry: int | None = None

    def __post_init__(self) -> None:
        """Checks what would break out of its line, or be taken for the end."""
        if self.event == DONE:
            raise ValueError(
                f'The type "{DONE}" is that of the last event, which says that the stream has ended: name another one.'
            )
        if LINE_BREAK.search(self.event):
            raise ValueError(f"The type {self.event!r} of an event holds a line break.")
        if self.id is not None and ("\0" in self.id or LINE_BREAK.search(self.id)):
            raise ValueError(f"The id {self.id!r} of an event holds a line break or a null.")
        if self.retry is not None and self.retry < 0:
            raise ValueError(f"The time {self.retry} to retry after is negative.")


def framed(
    data: bytes,
    event: str = "",
    id: str | None = None,
    retry: int | None = None,
) -> bytes:
    """An event on the wire.

    Args:
        data: JSON, in one line.
    """
    lines = [b"data: ", data, b"\n\n"]
    if retry is not None:
        lines.insert(0, b"retry: %d\n" % retry)
    if id is not None:
        lines.insert(0, b"id: %b\n" % id.encode())
    if event:
        lines.insert(0, b"event: %b\n" % event.encode())
    return b"".join(lines)


def wants_events(scope: Scope) -> bool:
    """Whether a client names `text/event-stream` among what it accepts; one that takes anything gets JSON."""
    return any(name == b"accept" and _names_events(value) for name, value in scope["headers"])


@lru_cache(maxsize=64)
def _names_events(accept: bytes) -> bool:
    for part in accept.lower().split(b","):
        media_type, *parameters = (one.strip() for one in part.split(b";"))
        if media_type == b"text/event-stream":
            quality = [one.replace(b" ", b"") for one in parameters if one.startswith(b"q")]
            return not any(re.fullmatch(rb"q=0(\.0*)?", one) for one in quality)
    return False


def last_event_id(scope: Scope) -> str | None:
    """The id of the last event that a client has seen; None for one that begins."""
    for name, value in scope["headers"]:
        if name == b"last-event-id":
            return str(value, "utf-8", "replace")
    return None
