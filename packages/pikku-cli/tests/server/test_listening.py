"""The TCP socket of a server."""

from __future__ import annotations

import asyncio
import socket

import pytest

from pikku_cli.exits import CommandError
from pikku_cli.server.listening import listen, turn_away


def test_port_0_takes_a_free_one() -> None:
    with listen("127.0.0.1", 0) as opened:
        assert opened.getsockname()[1] > 0
        with socket.create_connection(opened.getsockname()):
            pass


def test_a_port_that_is_taken_is_named() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f'The port {port} of "127.0.0.1" cannot be taken'):
            listen("127.0.0.1", port)


def test_a_host_that_is_not_here_is_named() -> None:
    with pytest.raises(CommandError, match=r'"192\.0\.2\.1" cannot be taken'):
        listen("192.0.2.1", 0)


@pytest.mark.anyio
async def test_who_is_turned_away_reads_the_end_at_once() -> None:
    with listen("127.0.0.1", 0) as opened:
        turning_away = asyncio.create_task(turn_away(opened))
        for _ in range(2):
            reader, writer = await asyncio.open_connection(*opened.getsockname())
            assert await reader.read() == b""
            writer.close()
        turning_away.cancel()
        await asyncio.wait([turning_away])
        with socket.create_connection(opened.getsockname()):
            accepted, _ = await asyncio.get_running_loop().sock_accept(opened)
            accepted.close()
