"""The TCP socket of a server."""

from __future__ import annotations

import asyncio
import socket
from typing import Final

from pikku_cli.exits import CommandError

BACKLOG: Final = 2048

PAUSE: Final = 0.1
"""Seconds until the next try where a connection could not be accepted."""


class ListenError(CommandError):
    """Raised where an address cannot be taken: no change of the source mends that."""


def listen(host: str, port: int) -> socket.socket:
    """Opens a listening socket, which other processes inherit.

    Args:
        port: 0 takes a free one.

    Raises:
        ListenError: The address cannot be taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(address)
            opened.listen(BACKLOG)
        except OSError:
            opened.close()
            raise
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ListenError(
            f'The port {port} of "{host}" cannot be taken ({reason}): choose another with "--port".'
        ) from error
    opened.setblocking(False)
    return opened


async def turn_away(listening: socket.socket) -> None:
    """Closes each connection as it comes, until it is cancelled.

    Args:
        listening: Non-blocking; it stays open.
    """
    loop = asyncio.get_running_loop()
    while True:
        try:
            connection, _ = await loop.sock_accept(listening)
        except OSError:  # the client is gone already, or no descriptor is free
            await asyncio.sleep(PAUSE)
        else:
            connection.close()
