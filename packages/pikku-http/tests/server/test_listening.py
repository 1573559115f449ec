"""Connections that wait to be accepted."""

from __future__ import annotations

import resource
import socket

from pikku_http.http.server.listening import accepted


def test_those_that_wait_are_accepted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        clients = [socket.create_connection(listening.getsockname()) for _ in range(3)]
        taken = list(accepted(listening))
        assert len(taken) == 3
        for each in (*clients, *taken):
            each.close()


def test_a_socket_that_is_closed_has_none() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.close()
    assert list(accepted(listening)) == []


def test_where_no_descriptor_is_left_there_is_none() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        with socket.create_connection(listening.getsockname()):
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
            try:
                assert list(accepted(listening)) == []
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
