"""Headers that tell browsers what not to do with an answer: `http_headers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from pikku_core import DeclarationError
from pikku_http.http.header import header_name, header_value
from pikku_http.http.layers.layer import HttpLayer
from pikku_http.http.wiring import pattern_problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from pikku_http.http.asgi import Header, Message, Receive, Scope, Send
    from pikku_http.http.layers.layer import LayerContext
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle

HSTS: Final = "strict-transport-security"
"""The one header that browsers heed over HTTPS alone, and that must not be sent otherwise (RFC 6797, 7.2)."""

LAYERS_OWN: Final = frozenset({"vary", "set-cookie", "content-type", "content-encoding"})
"""Headers that say something of one answer; the same on all of them would be wrong."""

POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
FEATURES: Final = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=()"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpHeaders(HttpLayer):
    """Headers for the answers of some routes; what `http_headers` returns."""

    rank: ClassVar[int] = 10
    headers: tuple[tuple[str, str], ...]

    def layer(self, context: LayerContext) -> HeadersLayer:
        """What adds them."""
        del context
        return HeadersLayer(self.headers)


def http_headers(
    pattern: str = "*",
    *,
    strict_transport_security: str | None = "max-age=31536000; includeSubDomains",
    content_security_policy: str | None = POLICY,
    frame_options: str | None = "DENY",
    referrer_policy: str | None = "no-referrer",
    permissions_policy: str | None = FEATURES,
    opener_policy: str | None = "same-origin",
    resource_policy: str | None = "same-origin",
    more: Mapping[str, str] | None = None,
) -> HttpHeaders:
    """Declares the security headers of all answers of routes; the defaults are those that OWASP recommends for an API.

    ```python
    http_headers()
    http_headers(
        "/pages/*", content_security_policy="default-src 'self'", more={"x-robots-tag": "none"}
    )
    ```

    None leaves a header out. `X-Content-Type-Options: nosniff` is always there. A header that an answer has already, set
    by a function or a page, stays as it is. Of several declarations the one with the longest pattern holds, alone.

    Args:
        pattern: The routes; `*` stands for any run of characters.
        strict_transport_security: For how long browsers use HTTPS alone. It is sent over HTTPS only (RFC 6797).
        content_security_policy: What a document may load; the default is nothing, which suits all but pages.
        frame_options: `X-Frame-Options`, for browsers without `frame-ancestors` in the policy.
        referrer_policy: What the next site is told of this one's address.
        permissions_policy: Which features of the device pages may ask for.
        opener_policy: `Cross-Origin-Opener-Policy`: whether pages that open this one keep hold of it.
        resource_policy: `Cross-Origin-Resource-Policy`: who may embed an answer, as an image is. Pages that `http_cors` lets
            in read it all the same.
        more: Further headers, by name.

    Raises:
        DeclarationError: A name or a value is not well-formed, a header is there twice, or is one that says something
            of a single answer.
    """
    named = {
        "content-security-policy": content_security_policy,
        "cross-origin-opener-policy": opener_policy,
        "cross-origin-resource-policy": resource_policy,
        "permissions-policy": permissions_policy,
        "referrer-policy": referrer_policy,
        HSTS: strict_transport_security,
        "x-content-type-options": "nosniff",
        "x-frame-options": frame_options,
    }
    given = {name: value for name, value in named.items() if value is not None}
    problem = pattern_problem(pattern) or headers_problem(given, more or {}, named)
    if problem:
        raise DeclarationError(problem)
    further = {name.lower(): value for name, value in (more or {}).items()}
    return HttpHeaders(pattern=pattern, headers=tuple(sorted({**given, **further}.items())))


def headers_problem(
    given: Mapping[str, str], more: Mapping[str, str], named: Mapping[str, str | None]
) -> str:
    """What is wrong with headers for every answer, or nothing.

    Args:
        named: Those that have an option of their own.
    """
    seen: set[str] = set()
    for name, value in [*given.items(), *more.items()]:
        try:
            header_name(name)
            header_value(value)
        except ValueError as error:
            return str(error)
        if not value.strip():
            return (
                f'The header "{name}" of "http_headers" has no value: write None to leave it out.'
            )
        lower = name.lower()
        if lower in seen or (name in more and lower in named):
            return f'The header "{name}" in "more" of "http_headers" is there already: it has an option of its own.'
        if lower in LAYERS_OWN or lower.startswith("access-control-"):
            return f'The header "{name}" in "more" of "http_headers" cannot be the same on every answer.'
        seen.add(lower)
    return ""


class HeadersLayer:
    """The layer of an `http_headers`.

    Args:
        headers: Names in lower case, with values.
    """

    def __init__(self, headers: tuple[tuple[str, str], ...]) -> None:
        given = [(header_name(name), header_value(value)) for name, value in headers]
        self._secure = _with_names(given)
        self._plain = _with_names([one for one in given if one[0] != HSTS.encode()])

    def around(self, handle: Handle, route: str) -> Handle:
        """What adds to each answer the headers that it lacks."""
        del route
        secure, plain = self._secure, self._plain

        def answer(scope: Scope, receive: Receive, send: Send, values: Values) -> Awaitable[None]:
            added, names = secure if scope.get("scheme") == "https" else plain

            def send_guarded(message: Message) -> Awaitable[None]:
                if message["type"] == "http.response.start":
                    headers = list(message.get("headers", ()))
                    has = {one[0] for one in headers}
                    if has.isdisjoint(names):
                        headers += added
                    else:
                        headers += [one for one in added if one[0] not in has]
                    message = {**message, "headers": headers}
                return send(message)

            return handle(scope, receive, send_guarded, values)

        return answer


def _with_names(headers: list[Header]) -> tuple[list[Header], frozenset[bytes]]:
    return headers, frozenset(name for name, _ in headers)
