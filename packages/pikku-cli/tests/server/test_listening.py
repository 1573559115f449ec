"""The TCP socket of a server."""

from __future__ import annotations

import socket

import pytest

from pikku_cli.exits import CommandError
from pikku_cli.server.listening import listen


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
