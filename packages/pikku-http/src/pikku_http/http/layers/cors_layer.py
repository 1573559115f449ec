"""What answers preflights, and writes on every other answer which origin may read it (Fetch, 3.3)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pikku_http.http.answer import send_empty
from pikku_http.http.header import TCHAR
from pikku_http.http.layers.origins import ANY, Origins
from pikku_http.http.layers.preflight import preflight_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from pikku_http.http.asgi import Header, Message, Receive, Scope, Send
    from pikku_http.http.layers.cors import HttpCors
    from pikku_http.http.layers.preflight import Preflight
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle

OWN: Final = b"access-control-"
"""What the names of these headers begin with; what answers inside the layer has no say in them."""

ALLOW_ORIGIN: Final = b"access-control-allow-origin"
EXPOSE: Final = b"access-control-expose-headers"
CREDENTIALS: Final[Header] = (b"access-control-allow-credentials", b"true")
NONE: Final = frozenset[str]()
VARY: Final[Header] = (b"vary", b"origin")
LONGEST: Final = 512
"""Bytes that an origin has at most: a host has 253 (RFC 1035, 2.3.4)."""
PREFLIGHT_VARY: Final[Header] = (
    b"vary",
    b"origin, access-control-request-method, access-control-request-headers",
)
NAMES: Final = re.compile(rf"{TCHAR}+(?:[ \t]*,[ \t]*{TCHAR}+)*".encode())
"""A list of header names (RFC 9110, 5.1 and 5.6.1)."""


class CorsLayer:
    """The layer of an `http_cors`.

    Args:
        origins: Those of the declaration and of its variable.
        methods_at: See `LayerContext.methods_at`.
    """

    def __init__(
        self,
        cors: HttpCors,
        origins: Sequence[str],
        methods_at: Callable[[Scope], frozenset[str] | None],
    ) -> None:
        self._origins = Origins(origins)
        self._methods_at = methods_at
        self._methods = None if cors.methods is None else frozenset(map(str.upper, cors.methods))
        self._headers = None if ANY in cors.headers else joined(cors.headers)
        self._max_age: Header = (b"access-control-max-age", b"%d" % cors.max_age)
        self._private_network = cors.private_network
        self._credentials = [CREDENTIALS] if cors.credentials else []
        exposed = joined(cors.expose)
        self._further = [*self._credentials, *([(EXPOSE, exposed)] if exposed else [])]
        self._refused: list[Header] = [] if self._origins.is_any else [VARY]
        self._marks_of = lru_cache(maxsize=256)(self._judged)

    def around(self, handle: Handle, route: str) -> Handle:
        """What answers preflights itself, and marks all that `handle` answers."""
        del route
        methods, refused = self._methods, self._refused
        everybody = self._readable(ANY.encode()) if self._origins.is_any else None
        marks = self._marks

        # Neither of these is a coroutine: each that is awaited would be felt by every request.
        def answer(scope: Scope, receive: Receive, send: Send, values: Values) -> Awaitable[None]:
            method = scope["method"]
            if method == "OPTIONS" and (preflight := preflight_of(scope)) is not None:
                there = self._methods_at(scope)
                if there != NONE:
                    return self._answer(preflight, there, send)
            if methods is not None and method not in methods:
                added = refused
            else:
                added = marks(scope) if everybody is None else everybody

            def send_marked(message: Message) -> Awaitable[None]:
                if message["type"] == "http.response.start":
                    given = message.get("headers", ())
                    headers = [one for one in given if not one[0].startswith(OWN)]
                    message = {**message, "headers": headers + added}
                return send(message)

            return handle(scope, receive, send_marked, values)

        return answer

    def _marks(self, scope: Scope) -> list[Header]:
        """The headers that say whether the origin of a request may read its answer."""
        for name, value in scope["headers"]:
            if name == b"origin":
                return self._marks_of(value) if len(value) <= LONGEST else self._refused
        return self._refused

    def _judged(self, origin: bytes) -> list[Header]:
        return self._readable(origin) if origin in self._origins else self._refused

    def _readable(self, origin: bytes) -> list[Header]:
        """The headers of an answer that an origin may read; without `Vary` where all may."""
        return [(ALLOW_ORIGIN, origin), *self._further, *self._refused]

    async def _answer(self, preflight: Preflight, there: frozenset[str] | None, send: Send) -> None:
        """Answers a preflight for the methods that there are; None: nobody here knows them."""
        headers: list[Header] = [PREFLIGHT_VARY]
        if there is not None:
            headers.append((b"allow", listed({*there, "OPTIONS"})))
        if preflight.origin in self._origins:
            headers += self._leave(preflight, there)
        await send_empty(send, *headers)

    def _leave(self, preflight: Preflight, there: frozenset[str] | None) -> list[Header]:
        """What a browser is told that may send the request.

        Args:
            there: The methods that there are; None: whatever is asked for.
        """
        origin = ANY.encode() if self._origins.is_any else preflight.origin
        methods = there or frozenset({preflight.method.decode("ascii")})
        if self._methods is not None:
            methods &= self._methods
        asked = preflight.headers if NAMES.fullmatch(preflight.headers) else b""
        headers = asked if self._headers is None else self._headers
        leave: list[Header] = [(ALLOW_ORIGIN, origin), *self._credentials, self._max_age]
        if methods:
            leave.append((b"access-control-allow-methods", listed(methods)))
        if headers:
            leave.append((b"access-control-allow-headers", headers))
        if preflight.private_network and self._private_network:
            leave.append((b"access-control-allow-private-network", b"true"))
        return leave


def joined(names: Iterable[str]) -> bytes:
    """The value of a header that lists names of headers."""
    return ", ".join(names).lower().encode()


def listed(methods: Iterable[str]) -> bytes:
    """The value of a header that lists methods."""
    return ", ".join(sorted(methods)).encode()
