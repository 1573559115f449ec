"""Which content coding a client would have an answer in (RFC 9110, 12.5.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pikku_http.http.header import TCHAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

IDENTITY: Final = "identity"
CODING: Final = re.compile(
    rf"[ \t]*(?P<name>{TCHAR}+)"
    r"(?:[ \t]*;[ \t]*q=(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?[ \t]*"
)
ALIASES: Final = {"x-gzip": "gzip", "x-compress": "compress"}
"""Other names of codings (RFC 9110, 8.4.1)."""


def weights_of(header: str) -> dict[str, float]:
    """The codings that `Accept-Encoding` lists, each with its weight; what is not well-formed says nothing.

    >>> weights_of("gzip;q=0.5, br, *;q=0")
    {'gzip': 0.5, 'br': 1.0, '*': 0.0}
    """
    found: dict[str, float] = {}
    for part in header.lower().split(","):
        coding = CODING.fullmatch(part)
        if coding is not None:
            name = ALIASES.get(coding["name"], coding["name"])
            found.setdefault(name, float(coding["weight"] or 1))
    return found


def chosen_coding(header: str, offered: Sequence[str]) -> str:
    """The coding to answer in: that of the highest weight, of several the first that is offered.

    `identity` is what is sent where none of them will do; it is preferred where the client says so, or says nothing of
    codings. A client that takes neither gets it all the same, for there is no other answer.

    >>> chosen_coding("gzip, br", ["br", "gzip"])
    'br'
    >>> chosen_coding("identity, gzip;q=0.5", ["br", "gzip"])
    'identity'

    Args:
        header: The value of `Accept-Encoding`; empty where it was not sent.
        offered: Codings, best first.
    """
    weights = weights_of(header)
    best = max(offered, key=lambda one: _weight(weights, one), default=IDENTITY)
    weight = _weight(weights, best)
    return best if weight > 0 and weight >= weights.get(IDENTITY, 0.0) else IDENTITY


def refuses_identity(header: str) -> bool:
    """Whether a client takes no answer without a coding."""
    weights = weights_of(header)
    return weights.get(IDENTITY, weights.get("*", 1.0)) == 0


def _weight(weights: Mapping[str, float], coding: str) -> float:
    return weights.get(coding, weights.get("*", 0.0))
