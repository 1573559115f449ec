"""What a server refuses by itself: no application has been asked, or none may answer any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from http import HTTPStatus

    from pikku_http.http.asgi import Header


class RefusedError(Exception):
    """A request that is refused while it is read.

    Args:
        status: Of the answer.
        message: What is wrong, for whoever has sent it: ASCII.
    """

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def final_answer(status: HTTPStatus, message: str, headers: Iterable[Header] = ()) -> bytes:
    """An answer of the server's own, as text, after which the connection ends.

    Args:
        status: Of the answer.
        message: Its body: ASCII.
        headers: Those that all answers have, such as `Date`.
    """
    body = message.encode("ascii")
    fields = "".join(
        f"{name.decode('ascii')}: {value.decode('ascii')}\r\n" for name, value in headers
    )
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"{fields}"
        "content-type: text/plain; charset=utf-8\r\n"
        f"content-length: {len(body)}\r\n"
        "connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
