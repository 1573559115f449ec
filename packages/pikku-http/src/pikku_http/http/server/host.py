"""The `Host` of a request: there is one, and it is a host (RFC 9112, 3.2)."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pikku_http.http.server.refusal import RefusedError

if TYPE_CHECKING:
    from pikku_http.http.asgi import Header

HOST: Final = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]|\[[vV][0-9A-Fa-f]+\.[\w.~!$&'()*+,;=:-]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)"
    rb"(?::[0-9]*)?"
)
"""`uri-host [ ":" port ]` of RFC 3986; the empty one is for targets without an authority."""


def check_host(host: bytes | None, version: str) -> None:
    """Refuses what is no host, and none where the version of HTTP asks for one.

    Raises:
        RefusedError: It is wrong.
    """
    if host is None:
        if version != "1.0":
            raise RefusedError(HTTPStatus.BAD_REQUEST, "The request names no host.")
    elif not HOST.fullmatch(host):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "The host of the request is none.")


def take_authority(target: bytes, headers: list[Header]) -> bytes | None:
    """Puts the host of a target that is a whole URL in the place of the field, which it wins over (RFC 9112, 3.2.2).

    Returns:
        The host; None where the target is no URL, or there is no field.
    """
    scheme, separator, rest = target.partition(b"://")
    if not separator or b"/" in scheme:
        return None
    host = re.split(rb"[/?#]", rest, maxsplit=1)[0].rpartition(b"@")[2]
    for index, (name, _) in enumerate(headers):
        if name == b"host":
            headers[index] = (name, host)
            return host
    return None
