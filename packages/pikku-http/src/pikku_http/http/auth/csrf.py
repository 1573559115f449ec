"""Requests that another site made a browser send: they carry its cookies, and are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError, ForbiddenError, Middleware, Next, pikku_middleware
from pikku_http.http.layers.origins import DEFAULT_PORTS, Origins, origin_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_http.http.http import Http

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""

OWN: Final = frozenset({"same-origin", "none"})
"""What `Sec-Fetch-Site` says of a request of the site itself, or of the person at the browser."""


class CrossSiteError(ForbiddenError):
    """A request that another site made a browser send."""

    code = "cross_site"
    default_message = "The request came from another site."


def csrf(*, trusted_origins: Sequence[str] = ()) -> Middleware:
    """Middleware that refuses what another site makes a browser send (403), so that cookies do not let it act for people.

    ```python
    http_middleware("*", [csrf(), stored_session(Session)])
    ```

    It goes by what every browser says of a request: `Sec-Fetch-Site`, or where that is missing `Origin`, which must be
    the host that was asked. No token goes into forms. GET, HEAD and OPTIONS pass, so they must change nothing; so does
    a request with neither header, which no browser sent.

    Args:
        trusted_origins: Other origins whose pages may send requests: `https://app.example`, `https://*.example.com`.

    Raises:
        DeclarationError: One of these is no origin.
    """
    if isinstance(trusted_origins, str):
        raise DeclarationError('The "trusted_origins" of "csrf" must be a list of origins.')
    for origin in trusted_origins:
        problem = origin_problem(origin)
        if problem:
            raise DeclarationError(f'{problem} It stands in the "trusted_origins" of "csrf".')
    trusted = Origins(trusted_origins)

    @pikku_middleware
    async def same_origin(next: Next, *, http: Http | None = None) -> Any:
        if http is not None and http.method not in SAFE and not is_own(http, trusted):
            raise CrossSiteError
        return await next()

    return same_origin


def is_own(http: Http, trusted: Origins) -> bool:
    """Whether a request is the site's own, that of a trusted one, or no browser's."""
    site, origin = http.header("sec-fetch-site"), http.header("origin")
    if origin is not None and origin.encode("latin-1") in trusted:
        return True
    if site is not None:
        return site in OWN
    if origin is None:
        return True
    scheme, separator, host = origin.partition("://")
    port = f":{DEFAULT_PORTS.get(scheme, '')}"
    asked = (http.header("host") or "").lower()
    return bool(separator and host) and asked.removesuffix(port) == host.removesuffix(port)
