"""The end of a connection whose client may still be sending."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

import pytest

from pikku_http.http.server.parting import Parting

pytestmark = pytest.mark.anyio


async def test_a_client_that_has_left_in_the_same_moment_harms_nobody() -> None:
    loop = asyncio.get_running_loop()
    connections = set[Any]()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname())
        ours, _ = listening.accept()
    ours.setblocking(False)
    transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, ours)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    Parting(connections, transport, b"", 0.1, 1.0)
    async with asyncio.timeout(30):
        while connections:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0)
