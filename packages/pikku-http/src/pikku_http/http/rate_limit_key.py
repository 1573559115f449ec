"""Whose calls a rate limit counts together."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from pikku_core import DeclarationError
from pikku_http.http.header import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_http.http.http import Http

CountBy: TypeAlias = "Callable[[Http | None, Any], str | None]"
"""Makes the key of who calls from the request, None on other transports, and the session, None where there is none."""


def by_client(http: Http | None, session: Any) -> str | None:  # noqa: ARG001 -- as every `CountBy`
    """Counts by the address of the client; of IPv6 by its network of 64 bits, which is what one client has.

    Who has no address, as on a Unix socket, is counted as one client. Calls on other transports are not limited.
    """
    if http is None:
        return None
    address = http.client or ""
    return f"client:{network(address) if ':' in address else address}"


def by_session(field: str) -> CountBy:
    """Counts by a field of the session: `by_session("user_id")`.

    It stands inside the middleware that finds the session. Who has none, or one whose field is None, is counted as by
    `by_client`.

    Args:
        field: An attribute of the session, or where that is a mapping one of its keys.

    Raises:
        DeclarationError: The field is no name.
    """
    if not field.isidentifier():
        raise DeclarationError(
            f'The field "{field}" of "by_session" is no name: write one of the session\'s attributes.'
        )

    def count_by_session(http: Http | None, session: Any) -> str | None:
        if session is None:
            return by_client(http, session)
        if isinstance(session, Mapping):
            value = cast("Mapping[str, object]", session)[field]
        else:
            value = getattr(session, field)
        return by_client(http, session) if value is None else f"session:{value}"

    return count_by_session


def by_header(name: str) -> CountBy:
    """Counts by the value of a header, such as an API key: `by_header("x-api-key")`.

    It stands inside the middleware that checks the key, or callers make up as many keys as they like. The store gets a hash
    of the value. Who sends none is counted as by `by_client`.

    Raises:
        DeclarationError: The name is none of a header.
    """
    if not TOKEN.fullmatch(name):
        raise DeclarationError(
            f'"{name}" is no name of a header: "by_header" could not count by it.'
        )

    def count_by_header(http: Http | None, session: Any) -> str | None:
        value = None if http is None else http.header(name)
        if value is None:
            return by_client(http, session)
        return f"{name.lower()}:{sha256(value.encode()).hexdigest()}"

    return count_by_header


def network(address: str) -> str:
    """What one client has: the network of 64 bits of an IPv6 address, and an IPv4 address that is written as one.

    >>> network("2001:db8::7:1")
    '2001:db8::/64'
    >>> network("::ffff:192.0.2.7")
    '192.0.2.7'
    """
    from ipaddress import IPv6Address, IPv6Network

    try:
        parsed = IPv6Address(address)
    except ValueError:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
