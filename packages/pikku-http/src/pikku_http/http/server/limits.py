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
BODY_RATE: Final = 100
"""Bytes of a body that must come each second, on an average of `body_timeout`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one server, all of them on what is there before an application is asked.

    Attributes:
        max_head: The largest request line with its headers, in bytes.
        header_timeout: Seconds in which a head must have arrived, from its first byte or, of the first one, from when
            the client connected.
        body_timeout: Seconds in which at least `BODY_RATE` bytes each of a body must arrive that is waited for.
        keep_alive: Seconds without a request after which a connection that has had one is closed.
        max_connections: How many may be open at once; 0: any number.
        parting: Seconds that a client which is sent away has to read why, and one that has shut its side to read a
            stream.
    """

    max_head: int = MAX_HEAD
    header_timeout: float = HEADER_TIMEOUT
    body_timeout: float = BODY_TIMEOUT
    keep_alive: float = KEEP_ALIVE
    max_connections: int = MAX_CONNECTIONS
    parting: float = 5.0

    @property
    def interval(self) -> float:
        """Seconds after which connections are looked at anew: timeouts are exceeded by no more."""
        shortest = min(self.header_timeout, self.body_timeout, self.keep_alive, self.parting)
        return min(1.0, shortest / 4)


def limits_of(settings: Mapping[str, Any]) -> Limits:
    """The limits that a project sets, in the table `http`, defaults filled in."""
    return Limits(
        max_head=settings["max_head"],
        header_timeout=settings["header_timeout"],
        body_timeout=settings["body_timeout"],
        keep_alive=settings["keep_alive"],
        max_connections=settings["max_connections"],
    )
