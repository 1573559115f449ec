"""From call sites to declarations of layers: `http_cors`, `http_headers`, `http_compression`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core import DeclarationError
from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic, DiagnosticError, Json
from pikku_core.plugin.expression import Constant, DictDisplay
from pikku_http.http.layers.compression import MINIMUM, TYPES, http_compression
from pikku_http.http.layers.cors import http_cors
from pikku_http.http.layers.response_headers import http_headers
from pikku_http.http.wiring import pattern_problem

if TYPE_CHECKING:
    from collections.abc import Callable

Found = Sequence[DeclarationModel | Diagnostic]

HEADERS: Final = (
    "strict_transport_security",
    "content_security_policy",
    "frame_options",
    "referrer_policy",
    "permissions_policy",
    "opener_policy",
    "resource_policy",
)


def read_cors(site: CallSite) -> Found:
    """Reads an `http_cors` call."""
    given: dict[str, Json] = {
        "pattern": site.literal("pattern", str, "*"),
        "origins": list(site.literals("origins")),
        "origins_from": site.literal("origins_from", str, ""),
        "methods": None if _is_none(site, "methods") else list(site.literals("methods")),
        "headers": list(site.literals("headers")) if "headers" in site.arguments else ["*"],
        "expose": list(site.literals("expose")),
        "credentials": site.literal("credentials", bool, default=False),
        "max_age": site.literal("max_age", int, 600),
        "private_network": site.literal("private_network", bool, default=False),
    }
    name = str(given["origins_from"])
    return _found(site, "PKU895", http_cors, given, [name] if name else [])


def read_headers(site: CallSite) -> Found:
    """Reads an `http_headers` call."""
    given: dict[str, Json] = {"pattern": site.literal("pattern", str, "*")}
    for name in HEADERS:
        if name in site.arguments:
            given[name] = None if _is_none(site, name) else site.literal(name, str)
    given["more"] = _pairs(site, "more")
    return _found(site, "PKU896", http_headers, given)


def read_compression(site: CallSite) -> Found:
    """Reads an `http_compression` call."""
    given: dict[str, Json] = {
        "pattern": site.literal("pattern", str, "*"),
        "minimum": site.literal("minimum", int, MINIMUM),
        "level": site.literal("level", str, "balanced"),
        "types": list(site.literals("types")) if "types" in site.arguments else list(TYPES),
    }
    return _found(site, "PKU897", http_compression, given)


def _pairs(site: CallSite, name: str) -> dict[str, Json]:
    """An option that is a mapping of texts to texts, written out."""
    given = site.arguments.get(name, Constant(None))
    if isinstance(given, Constant) and given.value is None:
        return {}
    found: dict[str, Json] = {}
    for key, value in given.items if isinstance(given, DictDisplay) else ((None, given),):
        if not (isinstance(key, Constant) and isinstance(value, Constant)):
            break
        if not (isinstance(key.value, str) and isinstance(value.value, str)):
            break
        found[key.value] = value.value
    else:
        return found
    message = f'The option "{name}" must be a mapping of headers that stand there: {{"x-robots-tag": "none"}}.'
    raise DiagnosticError(site.diagnostic("PKU896", message))


def _found(
    site: CallSite,
    code: str,
    declare: Callable[..., Any],
    given: dict[str, Json],
    variables: Sequence[str] = (),
) -> Found:
    """The declaration, once the function itself has taken its options."""
    pattern = cast("str", given["pattern"])
    problem = pattern_problem(pattern)
    if problem:
        return [site.diagnostic("PKU745", problem)]
    try:
        declare(**given)
    except DeclarationError as error:
        return [site.diagnostic(code, str(error))]
    layer = declare.__name__
    meta: dict[str, Json] = {"type": layer.removeprefix("http_"), "layer": layer, **given}
    identity = f"http:{meta['type']}:{pattern}"
    return [site.declaration(kind="http", id=identity, meta=meta, variables=variables)]


def _is_none(site: CallSite, name: str) -> bool:
    """Whether an option is left out, or None is written for it."""
    return site.arguments.get(name, Constant(None)) == Constant(None)
