"""From `wire_http_routes` to wirings: one for each route, with all that the groups round it say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pikku_core.plugin.diagnostics import Diagnostic, DiagnosticError
from pikku_core.plugin.expression import (
    Call,
    Constant,
    ListDisplay,
    Name,
    Starred,
    TupleDisplay,
)
from pikku_core.plugin.model import WiringModel
from pikku_http.http.groups import auth_problem, base_path_problem, joined
from pikku_http.http.scan import read_wiring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import CallSite, DeclarationModel
    from pikku_core.plugin.expression import Expression

WIRE = Name("pikku_http", "wire_http")
JOIN = Name("pikku_http.http.groups", "joined_permissions")

Alternatives = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What the groups round a route say of it.

    Attributes:
        written: How `middleware` and `permissions` are written out again.
    """

    base_path: str = ""
    auth: bool | None = None
    scopes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    middleware: tuple[str, ...] = ()
    factory_calls: tuple[Call, ...] = ()
    permissions: tuple[str, ...] = ()
    alternatives: Alternatives = ()
    layers: tuple[Expression, ...] = ()
    checks: Expression | None = None

    def within(self, site: CallSite) -> _Common:
        """With what the call of one more group says."""
        base_path = site.literal("base_path", str, "")
        problem = base_path_problem(base_path)
        if problem:
            raise _fault(site, "PKU796", problem, "base_path")
        own = site.declaration(kind="http", id="http:group")
        path = self.base_path + base_path
        return _Common(
            base_path=path,
            auth=_auth(self.auth, _own_auth(site), site, path),
            scopes=joined(self.scopes, site.literals("scopes")),
            tags=joined(self.tags, site.literals("tags")),
            middleware=joined(self.middleware, own.middleware),
            factory_calls=(*self.factory_calls, *own.factory_calls),
            permissions=joined(self.permissions, own.permissions),
            alternatives=both(self.alternatives, own.alternatives),
            layers=(*self.layers, *_layers(site)),
            checks=_checks(self.checks, site),
        )


def read_groups(site: CallSite) -> list[DeclarationModel | Diagnostic]:
    """Reads a `wire_http_routes` call."""
    return list(_read(site, _Common()))


def _read(site: CallSite, outer: _Common) -> Iterator[DeclarationModel | Diagnostic]:
    try:
        common = outer.within(site)
        parts = site.parts("routes")
    except DiagnosticError as error:
        yield error.diagnostic
        return
    if "routes" not in site.arguments:
        yield site.diagnostic(
            "PKU111", 'A group of routes lacks "routes".', hint="Add routes=[…] to it."
        )
    for part in parts:
        if not part.target.endswith(".http_route"):
            yield from _read(part, common)
            continue
        try:
            for found in read_wiring(part, common.base_path):
                yield _wired(found, part, common) if isinstance(found, WiringModel) else found
        except DiagnosticError as error:
            yield error.diagnostic


def _wired(own: WiringModel, site: CallSite, common: _Common) -> WiringModel:
    route = str(own.meta["route"])
    auth = _auth(common.auth, own.auth, site, route)
    function = site.function()
    if auth is False and function.needs_session:
        raise DiagnosticError(
            replace(
                site.diagnostic(
                    "PKU573",
                    f'"auth=False" of a group cannot open "{function.id}", which needs a session on every transport.',
                    hint="Leave it out, or mark the function with pikku_sessionless_func.",
                ),
                related=(function.location,),
            )
        )
    scopes, tags = joined(common.scopes, own.scopes), joined(common.tags, own.tags)
    options: dict[str, Expression] = {name: value for name, value in own.call.keywords if name}
    options["route"] = Constant(route)
    layers = (*common.layers, *_layers(site))
    given: dict[str, Expression | None] = {
        "auth": None if auth is None else Constant(auth),
        "scopes": _texts(scopes),
        "permissions": _checks(common.checks, site),
        "middleware": ListDisplay(layers) if layers else None,
        "tags": _texts(tags),
    }
    for name, value in given.items():
        options.pop(name, None)
        if value is not None:
            options[name] = value
    return replace(
        own,
        call=Call(WIRE, keywords=tuple(options.items())),
        auth=auth,
        scopes=scopes,
        tags=tags,
        middleware=joined(common.middleware, own.middleware),
        factory_calls=(*common.factory_calls, *own.factory_calls),
        permissions=joined(common.permissions, own.permissions),
        alternatives=both(common.alternatives, own.alternatives),
    )


def both(outer: Alternatives, inner: Alternatives) -> Alternatives:
    """Each alternative of the one with each of the other."""
    if not outer or not inner:
        return outer or inner
    return tuple(joined(first, second) for first in outer for second in inner)


def _own_auth(site: CallSite) -> bool | None:
    given = site.arguments.get("auth")
    return None if given is None or given == Constant(None) else site.literal("auth", bool)


def _auth(outer: bool | None, inner: bool | None, site: CallSite, where: str) -> bool | None:
    if outer and inner is False:
        raise _fault(site, "PKU797", auth_problem(where), "auth")
    return outer if inner is None else inner


def _layers(site: CallSite) -> tuple[Expression, ...]:
    """The middleware of a call, as items of a list."""
    if "middleware" not in site.arguments:
        return ()
    given = site.once("middleware")
    return given.items if isinstance(given, ListDisplay | TupleDisplay) else (Starred(given),)


def _checks(outer: Expression | None, site: CallSite) -> Expression | None:
    own = site.arguments.get("permissions")
    if own is None or own == Constant(None):
        return outer
    own = site.once("permissions")
    return own if outer is None else Call(JOIN, (outer, own))


def _texts(texts: tuple[str, ...]) -> Expression | None:
    return ListDisplay(tuple(Constant(text) for text in texts)) if texts else None


def _fault(site: CallSite, code: str, message: str, argument: str) -> DiagnosticError:
    return DiagnosticError(replace(site.diagnostic(code, message), location=site.place(argument)))
