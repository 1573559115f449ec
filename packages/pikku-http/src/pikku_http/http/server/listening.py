"""The listening socket of a server that stops: nobody who has connected is sent away."""

from __future__ import annotations

import ctypes
import errno
import socket
import struct
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SO_ATTACH_FILTER: Final = 26
"""`setsockopt` of Linux; Python has no name for it."""

FLAGS, SYN, SYN_AND_ACK, ALL = 13, 0x02, 0x12, 0xFFFFFFFF
NOT_SYN: Final = (
    (0x30, 0, 0, FLAGS),  # ldb [13]: the flags of the TCP header
    (0x54, 0, 0, SYN_AND_ACK),  # and #0x12
    (0x15, 0, 1, SYN),  # jeq #0x02, next, next but one
    (0x06, 0, 0, 0),  # ret #0: dropped
    (0x06, 0, 0, ALL),  # ret #-1: taken whole
)
"""A socket filter (classic BPF) that drops what asks for a new connection, and nothing of one that is being made."""


def ignore_new(listening: socket.socket) -> None:
    """Lets no connection begin any more, while those that have begun still come to be accepted.

    Closing alone would break those that the system has taken for the process. Clients that come now try again after a
    second, and are refused once the socket is closed. Only Linux can do it; elsewhere nothing happens.
    """
    if not sys.platform.startswith("linux") or listening.family == socket.AF_UNIX:
        return
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *one) for one in NOT_SYN))
    program = struct.pack("@HP", len(NOT_SYN), ctypes.addressof(code))
    try:
        listening.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
    except OSError:
        return  # A sandbox may forbid it.


def accepted(listening: socket.socket) -> Iterator[socket.socket]:
    """The connections that wait to be accepted, until there is none.

    Args:
        listening: Non-blocking.
    """
    while True:
        try:
            connection, _ = listening.accept()
        except ConnectionAbortedError:
            continue  # The client is gone already.
        except OSError as error:
            if error.errno == errno.EPROTO:
                continue  # It is gone too, as some systems say it.
            return  # There is none, or no descriptor is left for it.
        connection.setblocking(False)
        yield connection
