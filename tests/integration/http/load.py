"""Requests at a bounded rate over raw connections, each counted by how it ended."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

TIMEOUT: Final = 30.0

Outcome: TypeAlias = Literal["answered", "refused", "reused", "lost", "failed"]
"""`refused`: no connection was made. `reused`: a kept connection was closed before anything of an answer came, which a
client may retry (RFC 9110, 9.2.2). `lost`: the same on a new connection. `failed`: anything else than a whole 200.
"""


@dataclass(slots=True)
class Load:
    """What came of the requests to a server.

    Attributes:
        port: Of the server on this machine.
        path: What is asked for.
    """

    port: int
    path: str
    counts: Counter[Outcome] = field(default_factory=Counter[Outcome])
    faults: list[str] = field(default_factory=list[str])
    _progress: asyncio.Event = field(default_factory=asyncio.Event)

    async def answers(self, number: int) -> None:
        """Waits until so many requests have been answered."""
        while self.counts["answered"] < number:
            self._progress.clear()
            await asyncio.wait_for(self._progress.wait(), TIMEOUT)

    async def keep_asking(self, until: asyncio.Event, every: float) -> None:
        """One client that keeps its connection as long as the server does."""
        while not until.is_set() and await self._connection(until, every):
            pass

    async def keep_connecting(self, until: asyncio.Event, every: float) -> None:
        """Clients one after the other, each with a connection of its own."""
        asking: list[asyncio.Task[bool]] = []
        while not until.is_set():
            asking.append(asyncio.create_task(self._connection(None, 0)))
            await pause(until, every)
        await asyncio.gather(*asking)

    async def _connection(self, until: asyncio.Event | None, every: float) -> bool:
        """Uses one connection until it ends, or for one request; whether there was one."""
        try:
            reader, writer = await asyncio.wait_for(
                asyncio.open_connection("127.0.0.1", self.port), TIMEOUT
            )
        except ConnectionRefusedError:
            self.counts["refused"] += 1
            return False
        is_first = True
        try:
            while True:
                kept = await self._exchange(reader, writer, is_first=is_first)
                if not kept or until is None:
                    return True
                is_first = False
                await pause(until, every)
                if until.is_set():
                    return True
        finally:
            writer.close()

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_first: bool
    ) -> bool:
        """Sends one request; whether the connection is kept."""
        head = b""
        try:
            writer.write(f"GET {self.path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), TIMEOUT)
            length = int(field_of(head, b"content-length"))
            await asyncio.wait_for(reader.readexactly(length), TIMEOUT)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            partial = getattr(error, "partial", b"")
            outcome: Outcome = "lost" if is_first else "reused"
            if head or partial or isinstance(error, TimeoutError | ValueError):
                outcome = "failed"
            self.counts[outcome] += 1
            self.faults.append(f"{outcome}: {error!r} {head!r}")
            return False
        answered = head.startswith(b"HTTP/1.1 200 ")
        self.counts["answered" if answered else "failed"] += 1
        self._progress.set()
        return field_of(head, b"connection") != b"close"


async def pause(until: asyncio.Event, seconds: float) -> None:
    """Waits for the time of the next request, or for the end."""
    try:
        await asyncio.wait_for(until.wait(), seconds)
    except TimeoutError:
        return


def field_of(head: bytes, name: bytes) -> bytes:
    """The value of a header; empty where there is none."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip()
    return b""
