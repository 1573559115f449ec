"""Files from real servers, to real clients."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest
from tests.integration.http.conftest import SERVE, running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.http.conftest import Server

SIZE = 3_000_000


@pytest.fixture(scope="module")
def large(project: Path) -> Path:
    path = project / "large.bin"
    path.write_bytes(bytes(range(250)) * (SIZE // 250))
    return path


def test_a_large_file_arrives_whole(either: Server, large: Path) -> None:
    response = httpx.get(f"{either.url}/download/large.bin")
    assert response.headers["content-length"] == str(SIZE)
    assert response.content == large.read_bytes()


def test_curl_goes_on_with_a_download(server: Server, large: Path, tmp_path: Path) -> None:
    begun = tmp_path / "begun.bin"
    begun.write_bytes(large.read_bytes()[:1_000_000])
    curl = shutil.which("curl")
    assert curl is not None
    command = [curl, "-s", "-C", "-", "-o", str(begun), f"{server.url}/download/large.bin"]
    subprocess.run(command, check=True)
    assert begun.read_bytes() == large.read_bytes()


def test_who_has_it_is_sent_nothing(either: Server, large: Path) -> None:
    url = f"{either.url}/download/{large.name}"
    etag = httpx.head(url).headers["etag"]
    response = httpx.get(url, headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [b"../../etc/passwd", b"..%2f..%2fetc%2fpasswd", b"%2fetc/passwd", b"/etc/passwd", b"%00"],
)
def test_no_path_leads_out_of_the_folder(either: Server, path: bytes) -> None:
    answer = either.exchange(
        b"GET /download/%b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n" % path
    )
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))
    assert b"root:" not in answer


def test_a_client_that_leaves_in_the_middle_harms_nobody(either: Server, large: Path) -> None:
    with either.connect() as connection:
        connection.sendall(b"GET /download/%b HTTP/1.1\r\nhost: x\r\n\r\n" % large.name.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert either.alive()


RESET = struct.pack("ii", 1, 0)
"""Ends a connection without a word more (SO_LINGER)."""


def test_no_more_is_read_once_the_client_has_left(project: Path) -> None:
    with (project / "huge.bin").open("wb") as file:
        file.truncate(2**40)  # It takes no place, and minutes to be read.
    with running(project, SERVE, PIKKU_HTTP_ACCESS_LOG="always") as server:
        with server.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            connection.sendall(b"GET /download/huge.bin HTTP/1.1\r\nhost: x\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        (line,) = server.log.lines_with("GET /download/huge.bin 200")
        assert "client_gone" in line
        server.stop()
