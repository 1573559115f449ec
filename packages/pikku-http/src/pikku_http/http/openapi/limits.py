"""Which operations are limited by `rate_limit`, as far as their middleware says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.tags import ancestry
from pikku_http.http.wiring import pattern_regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin import DeclarationModel, Project, WiringModel
    from pikku_http.http.openapi.components import Schema

LIMITED: Final = "pikku_http.http.rate_limit:rate_limit.<locals>.limited"
"""The key of the middleware that `rate_limit` makes."""

HEADERS: Final[Mapping[str, Schema]] = {
    "Retry-After": {
        "description": "The seconds until the call is let in (RFC 9110, 10.2.3).",
        "schema": {"type": "integer", "minimum": 1},
    },
    "RateLimit-Policy": {
        "description": "The limits of the operation: how much (q) within how many seconds (w).",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "What is left of them (r), and the seconds until that grows (t).",
        "schema": {"type": "string"},
    },
}
"""The headers of a 429."""


def is_limited(wiring: WiringModel, project: Project) -> bool:
    """Whether `rate_limit` stands round a wiring; middleware of the project's own that limits is not known."""
    return any(LIMITED in keys for keys in _middleware(wiring, project))


def _middleware(wiring: WiringModel, project: Project) -> Iterator[tuple[str, ...]]:
    function = project.functions[wiring.function]
    tags = frozenset(ancestry((*wiring.tags, *function.tags)))
    yield from (wiring.middleware, function.middleware)
    for declaration in project.declarations:
        if _stands_round(declaration, str(wiring.meta["route"]), tags):
            yield declaration.middleware


def _stands_round(declaration: DeclarationModel, route: str, tags: frozenset[str]) -> bool:
    if declaration.kind == "middleware":
        return not declaration.tag or declaration.tag in tags
    if declaration.kind != "http" or declaration.meta["type"] != "middleware":
        return False
    return pattern_regex(str(declaration.meta["pattern"])).fullmatch(route) is not None
