"""Origins: where a page comes from, as browsers write it in `Origin` (Fetch, 3.1; RFC 6454, 6.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ANY: Final = "*"
NULL: Final = "null"
"""The origin of what has none: a sandboxed frame, a `data:` URL, a file. Any site can have one made."""

HOST: Final = r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?"
ORIGIN: Final = re.compile(
    rf"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<all>\*\.)?(?P<host>{HOST}|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{{1,5}}))?"
)
LABELS: Final = r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+"
"""What `*.` stands for: one label or more, and nothing that could end a host."""

DEFAULT_PORTS: Final = {"http": "80", "https": "443", "ws": "80", "wss": "443"}


def origins_problem(origins: Sequence[str], *, credentials: bool) -> str:
    """What is wrong with a list of origins, or nothing.

    Args:
        credentials: Whether they may send cookies.
    """
    for origin in origins:
        if origin == ANY and len(origins) > 1:
            return 'The origin "*" stands for all: leave the others out, or leave it out.'
        if origin in {ANY, NULL}:
            if credentials:
                return (
                    f'The origin "{origin}" cannot be let in with "credentials": every site could act for whoever visits '
                    "it. Name the origins."
                )
            continue
        problem = origin_problem(origin)
        if problem:
            return problem
    return ""


def origin_problem(origin: str) -> str:
    """What is wrong with an origin that is written out, or with a `*.` for all below a host; or nothing."""
    found = ORIGIN.fullmatch(origin)
    if found is None:
        lower = origin.lower().rstrip("/")
        meant = lower if lower != origin and ORIGIN.fullmatch(lower) else "https://app.example"
        return (
            f'"{origin}" is no origin: write scheme, host and port as browsers do, "{meant}", with "*." before the host '
            "for all below it."
        )
    if found["port"] is not None and found["port"] == DEFAULT_PORTS.get(found["scheme"]):
        return (
            f'The origin "{origin}" has the port that "{found["scheme"]}" has anyway, which browsers leave out: write '
            f'"{origin.rpartition(":")[0]}".'
        )
    if found["all"] and "." not in found["host"] and found["host"] != "localhost":
        return (
            f'The origin "{origin}" would be everything below a top-level domain: name one in it.'
        )
    return ""


class Origins:
    """A list of origins without faults; see `origins_problem`."""

    __slots__ = ("_below", "is_any", "named")

    def __init__(self, origins: Iterable[str]) -> None:
        listed = list(origins)
        self.is_any: bool = ANY in listed
        """Whether it is all of them."""
        self.named: frozenset[bytes] = frozenset(one.encode() for one in listed if "*" not in one)
        """Those that are written out, as they stand in headers."""
        patterns = [_pattern(one) for one in listed if "*." in one]
        self._below = re.compile("|".join(patterns).encode()) if patterns else None

    def __contains__(self, origin: bytes) -> bool:
        if self.is_any or origin in self.named:
            return True
        return self._below is not None and self._below.fullmatch(origin) is not None


def _pattern(origin: str) -> str:
    scheme, _, rest = origin.partition("://*.")
    return f"{re.escape(scheme)}://{LABELS}{re.escape(rest)}"
