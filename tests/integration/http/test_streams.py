"""Streams from real servers, to real clients."""

from __future__ import annotations

import json
import shutil
import socket
import struct
import subprocess
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.http.conftest import Server

CLOSED_WITHIN = 1.0
"""Seconds that a stream may outlive the interest in it."""


def test_items_come_while_they_are_made(either: Server) -> None:
    with httpx.stream("GET", f"{either.url}/ticks/left") as response:
        assert response.headers["content-type"] == "application/x-ndjson"
        assert [json.loads(line) for line in first(2, response.iter_lines())] == [0, 1]


@pytest.mark.parametrize("route", ["count", "count-in-thread"])
def test_a_stream_ends_by_itself(either: Server, route: str) -> None:
    response = httpx.get(f"{either.url}/{route}?end=3")
    assert [json.loads(line) for line in response.text.splitlines()] == [0, 1, 2]


def test_a_large_stream_arrives_whole(either: Server) -> None:
    assert len(httpx.get(f"{either.url}/blocks?end=500").content) == 500 * 65536


def test_curl_reads_a_stream(server: Server) -> None:
    curl = shutil.which("curl")
    assert curl is not None
    done = subprocess.run(
        [curl, "-sN", f"{server.url}/count?end=2"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0\n1\n"


def test_an_error_after_an_item_cuts_the_stream_and_the_server_lives(either: Server) -> None:
    with httpx.stream("GET", f"{either.url}/breaks") as response:
        assert response.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            response.read()
    assert either.alive()


@pytest.mark.parametrize("reset", [False, True])
def test_a_client_that_leaves_ends_the_stream(either: Server, *, reset: bool) -> None:
    name = f"gone-{reset}"
    with either.connect() as connection:
        connection.sendall(b"GET /ticks/%b HTTP/1.1\r\nhost: x\r\n\r\n" % name.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        if reset:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    response = httpx.get(f"{either.url}/closed/{name}", timeout=CLOSED_WITHIN)
    assert response.json() == "CancelledError"


def test_a_client_that_reads_nothing_holds_the_function_back(either: Server) -> None:
    with either.connect() as connection:
        connection.sendall(b"GET /flood HTTP/1.1\r\nhost: x\r\n\r\n")
        connection.recv(100)
        made = httpx.get(f"{either.url}/flooded").json()
        assert made == httpx.get(f"{either.url}/flooded").json()
    assert made < 1000


def first(count: int, lines: Iterator[str]) -> list[str]:
    return [next(lines) for _ in range(count)]
