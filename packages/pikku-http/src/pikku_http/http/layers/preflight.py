"""Preflights: what a browser asks before it sends a request of another origin (Fetch, 3.3.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pikku_http.http.header import TOKEN

if TYPE_CHECKING:
    from pikku_http.http.asgi import Scope

METHOD: Final = re.compile(TOKEN.pattern.encode())


class Preflight(NamedTuple):
    """A preflight.

    Attributes:
        origin: Of the page that would send the request.
        method: That it would have, as it was sent.
        headers: The names of those that need leave; empty: none.
        private_network: Whether the request would come from a public network to a private one.
    """

    origin: bytes
    method: bytes
    headers: bytes
    private_network: bool


def preflight_of(scope: Scope) -> Preflight | None:
    """The preflight that a request is; None for any other, OPTIONS without the headers of one included."""
    if scope["method"] != "OPTIONS":
        return None
    sent = dict(reversed(scope["headers"]))  # Of two of one name the first counts.
    origin, method = sent.get(b"origin"), sent.get(b"access-control-request-method")
    if origin is None or method is None or not METHOD.fullmatch(method):
        return None
    headers = sent.get(b"access-control-request-headers", b"")
    private_network = sent.get(b"access-control-request-private-network") == b"true"
    return Preflight(origin, method, headers, private_network)


def requested_method(scope: Scope) -> str:
    """The method that a preflight asks about; empty where a request is none."""
    preflight = preflight_of(scope)
    return "" if preflight is None else preflight.method.decode("ascii")
