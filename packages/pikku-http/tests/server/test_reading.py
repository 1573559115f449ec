"""Requests that come in parts: however they are cut, they are the same requests."""

from __future__ import annotations

import asyncio
import socket
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState

from pikku_http.http.server.connection import Connection
from pikku_http.http.server.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = b"POST /%d HTTP/1.1\r\nhost: x\r\n"
H2C = b"connection: upgrade\r\nupgrade: h2c\r\n"
BODIES = (
    b"",
    b"a",
    b"GET / HTTP/1.1\r\nhost: x\r\n\r\n",
    b"0\r\n\r\n",
    b"\r\n\r\n",
    b"b" * 3_000,
)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the path and the body."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message["body"]
        more = message["more_body"]
    answer = scope["path"].encode() + b":" + body
    headers = [(b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


@st.composite
def requests(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """The bytes of some requests, and what they are answered with."""
    wire, expected = b"", list[bytes]()
    for number in range(draw(st.integers(1, 6))):
        body = draw(st.sampled_from(BODIES))
        head = HEAD % number + (H2C if draw(st.booleans()) else b"")
        if draw(st.booleans()):
            fields = b"host: y\r\n" if draw(st.booleans()) else b""
            cut = draw(st.integers(0, len(body)))
            chunks = b"".join(
                b"%x;a=b\r\n%b\r\n" % (len(part), part) for part in (body[:cut], body[cut:]) if part
            )
            wire += (
                head + b"transfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n" + fields + b"\r\n"
            )
        else:
            wire += head + b"content-length: %d\r\n\r\n" % len(body) + body
        expected.append(b"/%d:" % number + body)
    return wire, expected


async def answered(parts: Sequence[bytes]) -> bytes:
    """What a connection sends that reads these parts, and then no more."""
    config = uvicorn.Config(echo, ws="none", lifespan="off", log_config=None)
    config.load()
    ours, theirs = socket.socketpair()
    for each in (ours, theirs):
        each.setblocking(False)
    connection = Connection(
        limits=Limits(max_head=1024), config=config, server_state=ServerState(), app_state={}
    )
    loop = asyncio.get_running_loop()
    await loop.connect_accepted_socket(lambda: connection, ours)
    for part in parts:
        connection.data_received(part)
        await asyncio.sleep(0)
    theirs.shutdown(socket.SHUT_WR)
    got = b""
    while part := await loop.sock_recv(theirs, 65536):
        got += part
    theirs.close()
    return got


def cut(wire: bytes, sizes: list[int]) -> list[bytes]:
    """Parts of these sizes, and the rest."""
    ends = [*accumulate(sizes), len(wire)]
    parts = [wire[start:end] for start, end in pairwise([0, *ends]) if start < end]
    return [part for part in parts if part]


def read(got: bytes) -> list[tuple[int, bytes]]:
    """Status and body of all answers; they are all there is."""
    found: list[tuple[int, bytes]] = []
    while got:
        head, _, got = got.partition(b"\r\n\r\n")
        line, _, fields = head.partition(b"\r\n")
        length = int(fields.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        assert len(got) >= length
        assert line.startswith(b"HTTP/1.1 ")
        found.append((int(line[9:12]), got[:length]))
        got = got[length:]
    return found


@given(requests(), st.lists(st.integers(1, 400), max_size=60))
def test_however_requests_are_cut_their_answers_are_the_same(
    sent: tuple[bytes, list[bytes]], sizes: list[int]
) -> None:
    wire, expected = sent
    got = asyncio.run(answered(cut(wire, sizes)))
    assert [body for _, body in read(got)] == expected


@given(
    requests(),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 3), st.binary(max_size=3))),
    st.lists(st.integers(1, 400), max_size=60),
)
def test_whatever_comes_each_answer_is_whole(
    sent: tuple[bytes, list[bytes]], faults: list[tuple[int, int, bytes]], sizes: list[int]
) -> None:
    wire, _ = sent
    for at, removed, put in faults:
        wire = wire[:at] + put + wire[at + removed :]
    found = read(asyncio.run(answered(cut(wire, sizes))))
    assert all(status == 200 for status, _ in found[:-1])
    assert {status for status, _ in found} <= {200, 400, 431}
