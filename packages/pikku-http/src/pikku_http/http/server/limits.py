"""What a client may take of a server: bytes of a head, time, connections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_HEAD: Final = 32 * 1024
HEADER_TIMEOUT: Final = 10.0
BODY_TIMEOUT: Final = 30.0
KEEP_ALIVE: Final = 5.0
MAX_CONNECTIONS: Final = 10_000
SEND_TIMEOUT: Final = 60.0
MIN_INTERVAL: Final = 0.05
"""Seconds; connections are not looked at more often, however short a timeout is."""
BODY_RATE: Final = 100
"""Bytes of a body that must come each second, on an average of `body_timeout`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one server, which hold whatever the application does.

    Attributes:
        max_head: The largest request line with its headers, in bytes.
        header_timeout: Seconds in which a head must have arrived, from its first byte or, of the first one, from when
            the client connected.
        body_timeout: Seconds in which at least `BODY_RATE` bytes each of a body must arrive that is waited for.
        keep_alive: Seconds without a request after which a connection that has had one is closed.
        send_timeout: Seconds after which a client that takes nothing of its answer is let go.
        max_connections: How many may be open at once; 0: any number.
        parting: Seconds that a client which is sent away has to read why. A client that has shut its side may have left,
            so it is let go after as many in which nothing of its answer was sent.
        shut: Seconds in which the answer to a client that has shut its side must begin.
    """

    max_head: int = MAX_HEAD
    header_timeout: float = HEADER_TIMEOUT
    body_timeout: float = BODY_TIMEOUT
    keep_alive: float = KEEP_ALIVE
    send_timeout: float = SEND_TIMEOUT
    max_connections: int = MAX_CONNECTIONS
    parting: float = 5.0
    shut: float = 60.0

    @property
    def interval(self) -> float:
        """Seconds after which connections are looked at anew: timeouts are exceeded by about as much."""
        timeouts = (self.header_timeout, self.body_timeout, self.keep_alive, self.send_timeout)
        return min(1.0, max(MIN_INTERVAL, min(*timeouts, self.parting, self.shut) / 4))


def limits_of(settings: Mapping[str, Any]) -> Limits:
    """The limits that a project sets, in the table `http`, defaults filled in."""
    return Limits(
        max_head=settings["max_head"],
        header_timeout=settings["header_timeout"],
        body_timeout=settings["body_timeout"],
        keep_alive=settings["keep_alive"],
        send_timeout=settings["send_timeout"],
        max_connections=settings["max_connections"],
    )
